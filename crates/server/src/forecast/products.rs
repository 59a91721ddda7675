//! Forecast products (预报产品): every city, day and pollutant of one run.

use super::asked::{Asked, IssueQuery};
use super::named::{Flagged, Place, Said, city_of, flagged};
use super::{Issued, Pending};
use crate::extract::Query;
use crate::figure::Figure;
use crate::observe::level;
use crate::problem::Problem;
use crate::sight::own_cities;
use crate::stamp::Stamp;
use crate::table::{Cell, Shape, Table, answer};
use crate::{AppState, ServerError};
use ::forecast::verification::Item;
use ::forecast::{DayForecast, DayValue, PairEvent, RangeRule, Run};
use ::standards::AqiEdition;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use units::{BeijingDay, BeijingHour, Pollutant};
use utoipa::ToSchema;

/// All products of a run.
#[derive(Serialize, ToSchema)]
pub(crate) struct Products {
    stamp: Stamp,
    #[schema(value_type = String, format = DateTime)]
    issue_time: BeijingHour,
    model: ModelName,
    members: usize,
    /// Edition of the index on the day of issue; each day's is its own.
    standard: String,
    /// Issue times that can be looked at, newest first.
    #[schema(value_type = Vec<String>)]
    issues: Vec<BeijingHour>,
    #[schema(value_type = Vec<String>)]
    days: Vec<BeijingDay>,
    cities: Vec<CityProducts>,
    range_rule: RangeRuleName,
    notes: Vec<Said>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ModelName {
    id: String,
    /// The model has seen nothing of this hour or later.
    #[schema(value_type = String, format = DateTime)]
    trained_until: BeijingHour,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RangeRuleName {
    id: String,
    title: String,
    title_en: String,
    confidence: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct CityProducts {
    #[serde(flatten)]
    place: Place,
    /// Too few recent hours: nothing is forecast.
    left_out: bool,
    flags: Vec<Flagged>,
    days: Vec<ProductDay>,
    /// Two days in a row with an index above 150: the likeliest pair.
    event48: Option<Event48>,
}

/// The probability of two heavy days in a row; decisions use `calibrated`.
#[derive(Serialize, ToSchema)]
pub(crate) struct Event48 {
    #[schema(value_type = String, format = Date)]
    first_day: BeijingDay,
    raw: Option<Figure>,
    calibrated: Option<Figure>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ProductDay {
    lead_day: u8,
    #[schema(value_type = String, format = Date)]
    date: BeijingDay,
    aqi: IndexRange,
    /// Levels that the published range touches.
    levels: Vec<u8>,
    /// Level of the median.
    level: Option<u8>,
    primary: Vec<&'static str>,
    /// Share of members with an index above 100.
    p_aqi100: Option<Figure>,
    p_aqi150: Option<Figure>,
    p_aqi200: Option<Figure>,
    p_aqi300: Option<Figure>,
    /// Edition of the index on this day.
    standard: String,
    /// By pollutant, `O3_8h` the largest 8 h mean; µg/m³, CO mg/m³; `null` where it is not forecast.
    #[schema(value_type = BTreeMap<String, ValueRange>)]
    pollutants: BTreeMap<&'static str, Option<ValueRange>>,
}

/// Quantiles over the members and the published range.
#[derive(Serialize, ToSchema)]
pub(crate) struct IndexRange {
    q05: u16,
    q25: u16,
    q50: u16,
    q75: u16,
    q95: u16,
    lo: u16,
    hi: u16,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ValueRange {
    mean: Option<Figure>,
    q05: Option<Figure>,
    q25: Option<Figure>,
    q50: Option<Figure>,
    q75: Option<Figure>,
    q95: Option<Figure>,
}

/// What a run says of all cities. 202 while it is being made.
#[utoipa::path(get, path = "/api/v1/forecasts", tag = "forecast", params(IssueQuery),
    responses((status = 200, body = Products), (status = 202, body = Pending), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn products(
    State(state): State<AppState>,
    Query(query): Query<IssueQuery>,
    shape: Shape,
) -> Result<Response, ServerError> {
    let issued = match query.run(&state).await? {
        Asked::Run(issued) => issued,
        Asked::Instead(response) => return Ok(response),
    };
    let stored = state.store().runs().await?.into_iter().map(|run| run.issue);
    let seen = stored.filter(|issue| *issue <= state.as_of()).chain([issued.run.issue]);
    let issues: BTreeSet<BeijingHour> = seen.collect();
    answer(shape, view(&issued, issues.into_iter().rev().collect(), state.options().demo), table)
}

fn view(issued: &Issued, issues: Vec<BeijingHour>, demo: bool) -> Products {
    let run = &issued.run;
    let (standard, rule) = (AqiEdition::in_force(run.issue.day()).id(), RangeRule::bundled());
    Products {
        stamp: Stamp::forecast(run.issue, standard, demo),
        issue_time: run.issue,
        model: ModelName { id: run.model_id.clone(), trained_until: run.trained_until },
        members: run.trajectories.members,
        standard: standard.to_string(),
        issues,
        days: run.days.iter().map(|day| day.date).collect::<BTreeSet<_>>().into_iter().collect(),
        cities: own_cities().iter().map(|region| city(run, &region.code.to_string())).collect(),
        range_rule: RangeRuleName {
            id: rule.id.clone(),
            title: rule.title.clone(),
            title_en: rule.title_en.clone(),
            confidence: rule.confidence.clone(),
        },
        notes: notes(run),
    }
}

fn city(run: &Run, code: &str) -> CityProducts {
    let pairs = run.events.iter().filter(|pair| pair.city == code);
    CityProducts {
        place: Place::of(Some(code)),
        left_out: !run.cities.iter().any(|city| city == code),
        flags: run.flags.iter().filter(|flag| city_of(flag) == Some(code)).map(flagged).collect(),
        days: run.days.iter().filter(|day| day.city == code).map(day).collect(),
        event48: pairs.max_by(|a, b| likelier(a, b)).map(event),
    }
}

/// By the calibrated probability, then by what the members say; of equal pairs the earlier is the likelier.
fn likelier(a: &PairEvent, b: &PairEvent) -> std::cmp::Ordering {
    a.calibrated.total_cmp(&b.calibrated).then(a.raw.total_cmp(&b.raw)).then(b.first_lead.cmp(&a.first_lead))
}

fn event(pair: &PairEvent) -> Event48 {
    let share = |share| Figure::rounded(share, 3);
    Event48 { first_day: pair.first_day, raw: share(pair.raw), calibrated: share(pair.calibrated) }
}

fn day(day: &DayForecast) -> ProductDay {
    let [q05, q25, q50, q75, q95] = day.aqi.quantiles;
    let share = |share| Figure::rounded(share, 3);
    let pollutant = |p: Pollutant| (Item::Pollutant(p).code(), day.value(p).map(|value| range(value, p)));
    ProductDay {
        lead_day: day.lead_day,
        date: day.date,
        aqi: IndexRange { q05, q25, q50, q75, q95, lo: day.aqi.lo, hi: day.aqi.hi },
        levels: day.aqi.levels.iter().map(|level| level.number()).collect(),
        level: level(Some(q50)).map(|level| level.number()),
        primary: day.aqi.primary.iter().map(|pollutant| pollutant.code()).collect(),
        p_aqi100: share(day.aqi.p_aqi100),
        p_aqi150: share(day.aqi.p_aqi150),
        p_aqi200: share(day.aqi.p_aqi200),
        p_aqi300: share(day.aqi.p_aqi300),
        standard: day.aqi.standard.clone(),
        pollutants: Pollutant::ALL.into_iter().map(pollutant).collect(),
    }
}

fn range(value: &DayValue, pollutant: Pollutant) -> ValueRange {
    let [q05, q25, q50, q75, q95] = value.quantiles.map(|quantile| Figure::of(quantile, pollutant));
    ValueRange { mean: Figure::of(value.mean, pollutant), q05, q25, q50, q75, q95 }
}

fn notes(run: &Run) -> Vec<Said> {
    let of_run = run.flags.iter().filter(|flag| city_of(flag).is_none()).map(|flag| flagged(flag).said());
    let always = [
        Said::new(
            "重污染研判以超标概率为准，不以中位数为准：中位数对重污染系统性偏低。",
            "Heavy pollution is judged by the exceedance probabilities, never by the median, which is too low then.",
        ),
        Said::new(
            "第 4 至 7 天只预报日值，其逐小时曲线为典型日变化。",
            "From day 4 to day 7 day values are forecast; their hours follow a typical daily course.",
        ),
    ];
    of_run.chain(always).collect()
}

fn table(products: &Products) -> Table {
    let head = [
        "issue_time",
        "code",
        "city",
        "date",
        "lead_day",
        "aqi_lo",
        "aqi_hi",
        "aqi_q05",
        "aqi_q25",
        "aqi_q50",
        "aqi_q75",
        "aqi_q95",
        "primary",
        "p_aqi100",
        "p_aqi150",
        "p_aqi200",
        "p_aqi300",
    ];
    let with_unit = |p: Pollutant| {
        ["mean", "q05", "q50", "q95"].map(|what| format!("{} {what} ({})", Item::Pollutant(p).code(), p.unit()))
    };
    let days = products.cities.iter().flat_map(|city| city.days.iter().map(move |day| (city, day)));
    Table {
        title: format!("城市空气质量预报 {}", products.issue_time),
        file: format!("forecasts-{}", products.issue_time.to_string()[..13].replace('T', "-")),
        stamp: products.stamp.clone(),
        columns: head.map(String::from).into_iter().chain(Pollutant::ALL.into_iter().flat_map(with_unit)).collect(),
        rows: days.map(|(city, day)| row(products.issue_time, city, day)).collect(),
    }
}

fn row(issue: BeijingHour, city: &CityProducts, day: &ProductDay) -> Vec<Cell> {
    let aqi = &day.aqi;
    let head: [Cell; 17] = [
        issue.to_string().into(),
        city.place.code.clone().into(),
        city.place.name.clone().into(),
        day.date.to_string().into(),
        day.lead_day.into(),
        aqi.lo.into(),
        aqi.hi.into(),
        aqi.q05.into(),
        aqi.q25.into(),
        aqi.q50.into(),
        aqi.q75.into(),
        aqi.q95.into(),
        day.primary.join("|").into(),
        day.p_aqi100.into(),
        day.p_aqi150.into(),
        day.p_aqi200.into(),
        day.p_aqi300.into(),
    ];
    let values = |p: Pollutant| -> [Cell; 4] {
        let value = day.pollutants.get(Item::Pollutant(p).code()).and_then(Option::as_ref);
        let cell = |of: fn(&ValueRange) -> Option<Figure>| value.and_then(of).into();
        [cell(|value| value.mean), cell(|value| value.q05), cell(|value| value.q50), cell(|value| value.q95)]
    };
    head.into_iter().chain(Pollutant::ALL.into_iter().flat_map(values)).collect()
}
