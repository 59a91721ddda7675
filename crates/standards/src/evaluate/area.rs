use super::days::DayTally;
use super::result::{AreaEvaluation, AreaKind, DustFigures, Evaluation, PollutantEvaluation};
use super::{Request, Standard};
use crate::statistics::ratio;
use crate::{
    DayMeans, DustConvention, DustDays, EvaluationRules, Hours, IndexRule, Limits, Particles, Period, Weights,
    exceedance_multiple, percentile,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::BTreeMap;
use units::{BeijingDay, Concentration, Pollutant, SiteCode};

/// What holds for all areas of one evaluation.
pub(super) struct Context<'a> {
    pub from: BeijingDay,
    pub to: BeijingDay,
    pub standard: Standard,
    pub rules: &'static EvaluationRules,
    limits: &'static Limits,
    index_rule: &'static IndexRule,
    weights: Weights,
    dust: &'a DustDays,
    convention: &'static DustConvention,
}

/// Mean and percentile of one pollutant, rounded for reporting; `None` where validity fails.
#[derive(Clone, Copy)]
struct Statistic {
    mean: Option<Concentration>,
    percentile: Option<Concentration>,
    exact_mean: Option<Concentration>,
    exact_percentile: Option<Concentration>,
    valid_days: u32,
}

impl<'a> Context<'a> {
    pub fn new(hours: &Hours, request: &Request<'a>) -> Self {
        let (from, to) = (hours.from(), hours.to());
        Context {
            from,
            to,
            standard: request.standard,
            rules: request.standard.rules(to),
            limits: request.standard.limits(to),
            index_rule: request.standard.index_rule(to),
            weights: request.weights,
            dust: request.dust,
            convention: request.convention,
        }
    }

    /// The days of one site, each by the limits of its own date.
    pub fn site_days(&self, hours: &Hours, place: usize) -> Vec<DayMeans> {
        (0..hours.days())
            .map(|day| self.rules.day_means(&hours.day(place, day), self.standard.limits(self.from + day as i32)))
            .collect()
    }

    /// The days of a city from those of its points.
    pub fn city_days(&self, points: &[&[DayMeans]]) -> Vec<DayMeans> {
        let days = points.first().map_or(0, |days| days.len());
        (0..days).map(|day| self.rules.city_day(&points.iter().map(|days| days[day]).collect::<Vec<_>>())).collect()
    }

    pub fn evaluation(&self, areas: Vec<AreaEvaluation>) -> Evaluation {
        Evaluation {
            standard: self.standard.editions(self.from, self.to).join("|"),
            from: self.from,
            to: self.to,
            rules: self.rules.id(),
            limits: self.limits.id(),
            index_rule: self.index_rule.label(self.weights),
            dust_convention: &self.convention.id,
            areas,
        }
    }

    fn statistics(&self, days: &[DayMeans], dusty: &[bool], convention: &DustConvention) -> [Statistic; 6] {
        Pollutant::ALL.map(|pollutant| {
            let left_out =
                convention.particles == Particles::Exclude && matches!(pollutant, Pollutant::Pm10 | Pollutant::Pm25);
            self.statistic(pollutant, days, |place| left_out && dusty[place])
        })
    }

    /// Validity is a matter of what was measured, so a day left out for dust still counts towards it.
    fn statistic(&self, pollutant: Pollutant, days: &[DayMeans], left_out: impl Fn(usize) -> bool) -> Statistic {
        let measured: Vec<bool> = days.iter().map(|day| day.evaluated(pollutant).is_some()).collect();
        let values: Vec<Concentration> = days
            .iter()
            .enumerate()
            .filter(|(place, _)| !left_out(*place))
            .filter_map(|(_, day)| day.evaluated(pollutant))
            .collect();
        let mean = Concentration::mean(values.iter().copied()).filter(|_| self.rules.mean_valid(self.from, &measured));
        let top = percentile(&values, self.rules.percentile(pollutant))
            .filter(|_| self.rules.percentile_valid(self.from, &measured));
        Statistic {
            mean: mean.map(|value| self.rules.round_statistic(pollutant, value)),
            percentile: top.map(|value| self.rules.round_statistic(pollutant, value)),
            exact_mean: mean,
            exact_percentile: top,
            valid_days: values.len() as u32,
        }
    }

    /// Each evaluated value with its exact form and its limit: the mean where there is an annual limit, and
    /// the percentile.
    fn judged(
        &self,
        pollutant: Pollutant,
        of: &Statistic,
    ) -> Vec<Option<(Concentration, Concentration, Concentration)>> {
        let pair = |shown: Option<Concentration>, exact: Option<Concentration>, limit| Some((shown?, exact?, limit));
        let annual = self.limits.class2(pollutant, Period::Year);
        let mean = annual.map(|limit| pair(of.mean, of.exact_mean, limit));
        let daily = self.limits.daily_class2(pollutant);
        mean.into_iter().chain([pair(of.percentile, of.exact_percentile, daily)]).collect()
    }

    fn pollutant(&self, pollutant: Pollutant, of: &Statistic) -> PollutantEvaluation {
        let judged: Option<Vec<_>> = self.judged(pollutant, of).into_iter().collect();
        let within = |exact| self.rules.round_compliance(pollutant, exact);
        let places = self.rules.multiple_decimals;
        PollutantEvaluation {
            mean: of.mean.and_then(|value| value.reported(pollutant).to_f64()),
            percentile: of.percentile.and_then(|value| value.reported(pollutant).to_f64()),
            valid_days: of.valid_days,
            valid: of.mean.is_some() && of.percentile.is_some(),
            attained: judged.as_ref().map(|all| all.iter().all(|(_, exact, limit)| within(*exact) <= *limit)),
            exceedance_multiple: judged
                .and_then(|all| all.iter().map(|(shown, _, limit)| exceedance_multiple(*shown, *limit, places)).max())
                .and_then(|multiple| multiple.to_f64()),
        }
    }

    fn composite(&self, statistics: &[Statistic; 6]) -> Option<Decimal> {
        let mut values = [Concentration::ZERO; 6];
        for pollutant in Pollutant::ALL {
            let of = &statistics[pollutant.index()];
            let annual = self.limits.class2(pollutant, Period::Year).is_some();
            values[pollutant.index()] = if annual { of.mean? } else { of.percentile? };
        }
        Some(self.index_rule.index(&values, self.limits, self.weights))
    }

    fn good_ratio(&self, tally: &DayTally) -> Option<f64> {
        // A percentage with d decimals is a share with d + 2.
        let share = || ratio(tally.good.into(), tally.counted.into(), self.rules.rate_decimals + 2);
        (tally.counted > 0).then(share).and_then(|share| share.to_f64())
    }

    fn figures(&self, days: &[DayMeans], dusty: &[bool], convention: &DustConvention) -> DustFigures {
        let statistics = self.statistics(days, dusty, convention);
        let mean = |pollutant: Pollutant| {
            statistics[pollutant.index()].mean.and_then(|value| value.reported(pollutant).to_f64())
        };
        let tally = self.count(days, dusty, convention);
        DustFigures {
            pm10_mean: mean(Pollutant::Pm10),
            pm25_mean: mean(Pollutant::Pm25),
            composite_index: self.composite(&statistics).and_then(|index| index.to_f64()),
            good_days: tally.good,
            valid_days: tally.counted,
            good_ratio: self.good_ratio(&tally),
            heavy_days: tally.heavy,
        }
    }
}

/// Evaluates one area from its days.
pub(super) fn evaluate_area(context: &Context, area: &SiteCode, kind: AreaKind, days: &[DayMeans]) -> AreaEvaluation {
    let dusty: Vec<bool> = (0..days.len()).map(|day| context.dust.contains(area, context.from + day as i32)).collect();
    let statistics = context.statistics(days, &dusty, context.convention);
    let pollutants: BTreeMap<&'static str, PollutantEvaluation> = Pollutant::ALL
        .into_iter()
        .map(|pollutant| (pollutant.code(), context.pollutant(pollutant, &statistics[pollutant.index()])))
        .collect();
    let tally = context.count(days, &dusty, context.convention);
    let composite = context.composite(&statistics);
    let conventions = if context.dust.is_empty() { &[] } else { DustConvention::all() };
    AreaEvaluation {
        area: area.clone(),
        kind,
        attained: all_attained(&pollutants),
        pollutants,
        good_days: tally.good,
        valid_days: tally.counted,
        good_ratio: context.good_ratio(&tally),
        heavy_days: tally.heavy,
        composite_index: composite.and_then(|index| index.to_f64()),
        rank: None,
        by_dust_convention: conventions
            .iter()
            .map(|convention| (convention.id.as_str(), context.figures(days, &dusty, convention)))
            .collect(),
        composite,
    }
}

/// One pollutant above its limits decides; otherwise all must be known.
fn all_attained(pollutants: &BTreeMap<&'static str, PollutantEvaluation>) -> Option<bool> {
    if pollutants.values().any(|one| one.attained == Some(false)) {
        return Some(false);
    }
    pollutants.values().all(|one| one.attained == Some(true)).then_some(true)
}
