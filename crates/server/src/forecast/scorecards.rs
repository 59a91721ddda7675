//! Monthly scorecards (月度评分卡) of the model, the forecasters and the conclusions.

use super::authors::of_people;
use super::cycle::ask_backfill;
use super::history::off_the_reactor;
use super::kept::Kept;
use super::models::Bounded;
use super::named::{Said, names as places};
use super::pairs::{Target, pairs_of_runs};
use super::verification::Source;
use crate::auth::Person;
use crate::extract::Query;
use crate::figure::Figure;
use crate::problem::Problem;
use crate::sight::Sight;
use crate::stamp::Stamp;
use crate::table::{Cell, Shape, Table, answer};
use crate::{AppState, ServerError};
use ::forecast::verification::{Author, Estimate, IndexCase, Scorecard, index_scores, scorecards as score};
use ::standards::AqiEdition;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::BeijingDay;
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};
use utoipa::{IntoParams, ToSchema};

/// The month's models under one name: a model is trained anew each month, and a card is about a month.
const MODEL: &str = "model";

/// The model's part of a month, the same for everybody; what people said is another thing for each person, and few.
pub(crate) type CardBook = Kept<Target, Vec<IndexCase>>;

/// Scorecards of one month of target days.
#[derive(Serialize, ToSchema)]
pub(crate) struct Scorecards {
    stamp: Stamp,
    /// `YYYY-MM`.
    month: String,
    /// Over all cities first, then city by city; within each by rank.
    rows: Vec<Card>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Card {
    #[schema(schema_with = kinds)]
    kind: &'static str,
    id: String,
    name: String,
    name_en: String,
    /// Code; `null` over all cities.
    city: Option<String>,
    city_name: String,
    city_name_en: String,
    cases: usize,
    range_hit: Option<Figure>,
    /// The same with its 95 % bounds.
    range_hit_bounds: Option<Bounded>,
    level_hit: Option<Figure>,
    primary_hit: Option<Figure>,
    /// Mean width of the range, index points: read every hit rate beside it.
    width: Option<Figure>,
    /// Index points, smaller is better.
    interval_score: Option<Figure>,
    /// The same with its 95 % bounds.
    interval_score_bounds: Option<Bounded>,
    /// Middle of the range less observation, index points.
    bias: Option<Figure>,
    /// By the interval score on the same city days; `null` with too few cases.
    rank: Option<usize>,
}

fn kinds() -> Object {
    let words = ["forecaster", "model", "conclusion"];
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some(words)).build()
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MonthQuery {
    /// `YYYY-MM`; usually the month of the last day that is over.
    month: Option<String>,
    /// `json`, `csv` or `xlsx`; `Accept` works too.
    #[serde(rename = "format")]
    #[param(value_type = Option<String>)]
    _format: Option<String>,
}

/// The scorecards of a month, as far as it is over.
#[utoipa::path(get, path = "/api/v1/scorecards", tag = "forecast", params(MonthQuery),
    responses((status = 200, body = Scorecards), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn scorecards(
    State(state): State<AppState>,
    person: Person,
    Query(query): Query<MonthQuery>,
    shape: Shape,
) -> Result<Response, ServerError> {
    let last = Sight::now(&state).last_whole_day();
    let target = month(query.month.as_deref(), last)?;
    ask_backfill(&state).await?;
    let of_model = async {
        let mut cases = pairs_of_runs(&state, target).await?.indices;
        cases.iter_mut().for_each(|case| case.occasion.author = Author::Model(MODEL.to_string()));
        Ok(cases)
    };
    let mut cases = state.cards().or(&state, target, of_model).await?.to_vec();
    let mut names = BTreeMap::from([(MODEL.to_string(), Said::new("晴空统计预报", "Qingkong statistical forecast"))]);
    for source in [Source::Bids, Source::Conclusions] {
        let people = of_people(&state, &person, source, target).await?;
        cases.extend(people.indices);
        names.extend(people.names);
    }
    let stamp = Stamp::forecast(state.as_of(), AqiEdition::in_force(target.from).id(), state.options().demo);
    let month = target.from.to_string()[..7].to_string();
    let seed = state.options().seed;
    answer(shape, off_the_reactor(move || view(stamp, month, &cases, &names, seed)).await?, table)
}

/// The days of a month up to the last that is over. Refuses `A-101` what is no month, or one that lies ahead.
fn month(text: Option<&str>, last: BeijingDay) -> Result<Target, ServerError> {
    let refuse = || ServerError::BadQuery("month is YYYY-MM, and not after the last day that is over".to_string());
    let month = text.map_or_else(|| last.to_string()[..7].to_string(), String::from);
    let from: BeijingDay = format!("{month}-01").parse().map_err(|_| refuse())?;
    // Thirty-one days from the first always reach into the next month, or its end.
    let next = from + 31;
    let after = BeijingDay::from_ymd(next.year(), next.month(), 1).ok_or_else(refuse)?;
    let to = (after - 1).min(last);
    if from > to { Err(refuse()) } else { Ok(Target { from, to, lead: None }) }
}

fn view(stamp: Stamp, month: String, cases: &[IndexCase], names: &BTreeMap<String, Said>, seed: u64) -> Scorecards {
    let one = |scored: &Scorecard| {
        let id = scored.author.id();
        let name = names.get(id).cloned().unwrap_or_else(|| Said::new(id, id));
        card(scored, name, bounds(scored, cases, seed))
    };
    Scorecards { stamp, month, rows: score(cases).iter().map(one).collect() }
}

/// Bounds of range hit and interval score over the cases of a card.
fn bounds(card: &Scorecard, cases: &[IndexCase], seed: u64) -> Option<(Estimate, Estimate)> {
    let of_card = |case: &&IndexCase| {
        case.occasion.author == card.author && card.city.as_ref().is_none_or(|city| *city == case.occasion.city)
    };
    let cases: Vec<&IndexCase> = cases.iter().filter(of_card).collect();
    index_scores(&cases, seed).map(|all| (all.forecast.range_hit, all.forecast.interval_score))
}

fn card(card: &Scorecard, name: Said, bounds: Option<(Estimate, Estimate)>) -> Card {
    let kind = match &card.author {
        Author::Model(_) => "model",
        Author::Forecaster(_) => "forecaster",
        Author::Conclusion(_) => "conclusion",
    };
    let (share, points) = (|value| Figure::rounded(value, 3), |value| Figure::rounded(value, 1));
    let place = places(card.city.as_deref());
    Card {
        kind,
        id: card.author.id().to_string(),
        name: name.text,
        name_en: name.text_en,
        city: card.city.clone(),
        city_name: place.text,
        city_name_en: place.text_en,
        cases: card.cases,
        range_hit: share(card.range_hit),
        range_hit_bounds: bounds.map(|(hit, _)| Bounded::from(hit)),
        level_hit: share(card.level_hit),
        primary_hit: card.primary_hit.and_then(share),
        width: points(card.width),
        interval_score: points(card.interval_score),
        interval_score_bounds: bounds.map(|(_, score)| Bounded::from(score)),
        bias: points(card.bias),
        rank: card.rank,
    }
}

fn table(cards: &Scorecards) -> Table {
    let columns = [
        "month",
        "kind",
        "id",
        "name",
        "code",
        "city",
        "cases",
        "range_hit",
        "range_hit_low",
        "range_hit_high",
        "level_hit",
        "primary_hit",
        "width",
        "interval_score",
        "interval_score_low",
        "interval_score_high",
        "bias",
        "rank",
    ];
    let low = |bounds: &Option<Bounded>| bounds.as_ref().and_then(|bounds| bounds.low);
    let high = |bounds: &Option<Bounded>| bounds.as_ref().and_then(|bounds| bounds.high);
    let row = |card: &Card| -> Vec<Cell> {
        vec![
            cards.month.clone().into(),
            card.kind.into(),
            card.id.clone().into(),
            card.name.clone().into(),
            card.city.clone().into(),
            card.city_name.clone().into(),
            card.cases.into(),
            card.range_hit.into(),
            low(&card.range_hit_bounds).into(),
            high(&card.range_hit_bounds).into(),
            card.level_hit.into(),
            card.primary_hit.into(),
            card.width.into(),
            card.interval_score.into(),
            low(&card.interval_score_bounds).into(),
            high(&card.interval_score_bounds).into(),
            card.bias.into(),
            card.rank.into(),
        ]
    };
    Table {
        title: format!("预报评分卡 {}", cards.month),
        file: format!("scorecards-{}", cards.month),
        stamp: cards.stamp.clone(),
        columns: columns.map(String::from).to_vec(),
        rows: cards.rows.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_with_its_last_day_or_the_last_that_is_over() {
        let last: BeijingDay = "2018-01-12".parse().unwrap();
        let days = |text| month(text, last).map(|target| (target.from.to_string(), target.to.to_string())).ok();
        assert_eq!(days(None), Some(("2018-01-01".into(), "2018-01-12".into())));
        assert_eq!(days(Some("2016-02")), Some(("2016-02-01".into(), "2016-02-29".into())));
        assert_eq!(days(Some("2017-12")), Some(("2017-12-01".into(), "2017-12-31".into())));
        assert_eq!([days(Some("2018-02")), days(Some("2018")), days(Some("2018-13"))], [None, None, None]);
    }
}
