//! Evaluation of a period (环境空气质量评价): means, percentiles, validity, attainment, day counts,
//! composite index and rank, of sites and of cities.

mod area;
mod days;
mod result;
mod standard;

pub use result::{AreaEvaluation, AreaKind, DustFigures, Evaluation, PollutantEvaluation};
pub use standard::Standard;

use crate::{DayMeans, DustConvention, DustDays, Hours, Weights, shared_ranks};
use area::{Context, evaluate_area};
use units::SiteCode;

/// What an evaluation is made with, beside the hours.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The edition of the index, or each day's own.
    pub standard: Standard,
    /// The weights of the composite index.
    pub weights: Weights,
    /// Decided sand-dust days.
    pub dust: &'a DustDays,
    /// The convention the main figures follow when there are dust days.
    pub convention: &'static DustConvention,
}

/// Evaluates the period of `hours` for every site and every city, in the order of their codes.
///
/// ```
/// use standards::evaluate::{Request, Standard, evaluate};
/// use standards::{DustConvention, DustDays, Hours, Weights};
/// use units::{Concentration, Pollutant};
/// let (from, to) = ("2018-01-01".parse().unwrap(), "2018-01-31".parse().unwrap());
/// let mut hours = Hours::new(from, to).unwrap();
/// let site = "320100".parse().unwrap();
/// for day in 0..31 {
///     for hour in (from + day).hours() {
///         hours.insert(&site, Pollutant::Pm25, hour, Concentration::micrograms(42)).unwrap();
///     }
/// }
/// let request = Request {
///     standard: Standard::Auto,
///     weights: Weights::Plain,
///     dust: &DustDays::default(),
///     convention: DustConvention::kept(),
/// };
/// let evaluation = evaluate(&hours, &request);
/// let pm25 = &evaluation.areas[0].pollutants["PM2_5"];
/// assert_eq!((pm25.mean, pm25.attained, pm25.exceedance_multiple), (Some(42.0), Some(false), Some(0.2)));
/// ```
pub fn evaluate(hours: &Hours, request: &Request) -> Evaluation {
    let context = Context::new(hours, request);
    let days: Vec<(&SiteCode, usize, Vec<DayMeans>)> =
        hours.sites().map(|(code, place)| (code, place, context.site_days(hours, place))).collect();
    let cities = hours.cities();
    let mut areas: Vec<AreaEvaluation> =
        days.iter().map(|(code, _, days)| evaluate_area(&context, code, AreaKind::Site, days)).collect();
    for (city, places) in cities {
        let points: Vec<&[DayMeans]> =
            days.iter().filter(|(_, place, _)| places.contains(place)).map(|(_, _, days)| days.as_slice()).collect();
        areas.push(evaluate_area(&context, city, AreaKind::City, &context.city_days(&points)));
    }
    rank(&mut areas);
    context.evaluation(areas)
}

/// Cities compete with cities and sites with sites.
fn rank(areas: &mut [AreaEvaluation]) {
    for kind in [AreaKind::Site, AreaKind::City] {
        let of_kind = |area: &AreaEvaluation| area.composite.filter(|_| area.kind == kind);
        let ranks = shared_ranks(&areas.iter().map(of_kind).collect::<Vec<_>>());
        for (area, rank) in areas.iter_mut().zip(ranks).filter(|(area, _)| area.kind == kind) {
            area.rank = rank;
        }
    }
}

#[cfg(test)]
mod tests;
