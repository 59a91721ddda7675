//! Verification (预报检验): stored runs, bids and conclusions beside what happened, always beside the references.

use super::authors::of_people;
use super::cycle::ask_backfill;
use super::definitions::{Definition, definitions};
use super::event_scores::{Joint, joint};
use super::history::off_the_reactor;
use super::kept::Kept;
use super::pairs::{Pairs, Target, pairs_of_runs};
use super::scored::{Group, groups, table};
use super::watch::{Watch, watches};
use crate::auth::Person;
use crate::extract::Query;
use crate::problem::Problem;
use crate::sight::Sight;
use crate::stamp::Stamp;
use crate::table::{Shape, answer};
use crate::{AppState, ServerError};
use ::forecast::LEADS;
use ::forecast::verification::{By, Item};
use ::standards::AqiEdition;
use axum::extract::State;
use axum::response::Response;
use org::Right;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use units::{BeijingDay, Pollutant};
use utoipa::{IntoParams, ToSchema};

/// Days of the usual period.
const USUAL_DAYS: i32 = 30;
/// Longest period: every run of it is read.
const MOST_DAYS: i32 = 366;

/// Whose forecasts are scored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Source {
    /// The daily model runs.
    #[default]
    Runs,
    /// Conclusions of consultations.
    Conclusions,
    /// Bids of forecasters.
    Bids,
}

/// Scores of a period.
#[derive(Serialize, ToSchema)]
pub(crate) struct Verification {
    pub(super) stamp: Stamp,
    /// First and last target day.
    #[schema(value_type = String, format = Date)]
    pub(super) from: BeijingDay,
    #[schema(value_type = String, format = Date)]
    pub(super) to: BeijingDay,
    #[schema(value_type = String)]
    pub(super) by: By,
    /// `PM2_5`, `PM10`, `O3_8h`, `NO2`, `SO2`, `CO` or `AQI`.
    pub(super) pollutant: &'static str,
    /// Of the scores of the value; empty of the AQI.
    pub(super) unit: String,
    source: Source,
    /// `scored`, or `none yet` when nothing of the period can be scored.
    state: &'static str,
    /// Daily runs that are stored for the period.
    runs: usize,
    pub(super) groups: Vec<Group>,
    /// Of all cities and days of the runs together, PM2.5; `null` for one lead, and of people's forecasts.
    joint: Option<Joint>,
    /// Recent coverage of the 90 % interval by lead, pooled over cities; of the runs alone.
    coverage: Vec<Watch>,
    definitions: Vec<Definition>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct VerificationQuery {
    /// First target day; usually thirty days before the last.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<BeijingDay>,
    /// Last target day; usually, and at most, the last day that is over.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<BeijingDay>,
    /// `lead` (usual), `city`, `level`, `season`, `month`, `model`, `forecaster` or `conclusion`.
    by: Option<String>,
    /// `PM2_5` (usual of runs), `AQI` (usual, and alone, of people's), `PM10`, `O3_8h`, `NO2`, `SO2` or `CO`.
    pollutant: Option<String>,
    /// One lead day, 1 to 7; usually all together, or one group each.
    lead: Option<u8>,
    /// Whose forecasts.
    #[serde(default)]
    #[param(inline)]
    of: Source,
    /// `json`, `csv` or `xlsx`; `Accept` works too.
    #[serde(rename = "format")]
    #[param(value_type = Option<String>)]
    _format: Option<String>,
}

/// Scores of the runs by what was asked.
pub(crate) type VerificationBook = Kept<Asked, Verification>;

/// What the query means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asked {
    target: Target,
    by: By,
    item: Item,
}

/// Scores by group, with the joint scores of the runs. Runs that are missing begin to be made in the background.
#[utoipa::path(get, path = "/api/v1/verification", tag = "forecast", params(VerificationQuery),
    responses((status = 200, body = Verification), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn verification(
    State(state): State<AppState>,
    person: Person,
    Query(query): Query<VerificationQuery>,
    shape: Shape,
) -> Result<Response, ServerError> {
    let asked = query.read(Sight::now(&state).last_whole_day())?;
    let body = match query.of {
        Source::Runs => {
            ask_backfill(&state).await?;
            let made = async { scored(&state, asked, query.of, pairs_of_runs(&state, asked.target).await?).await };
            state.verifications().or(&state, asked, made).await?
        }
        // What is seen of people's forecasts is another thing for each person, and few.
        Source::Bids | Source::Conclusions => {
            person.need(Right::ConsultRead)?;
            let pairs = of_people(&state, &person, query.of, asked.target).await?;
            Arc::new(scored(&state, asked, query.of, pairs).await?)
        }
    };
    answer(shape, &*body, |body| table(body))
}

async fn scored(state: &AppState, asked: Asked, source: Source, pairs: Pairs) -> Result<Verification, ServerError> {
    let seed = state.options().seed;
    let edition = AqiEdition::in_force(asked.target.to).id();
    let stamp = Stamp::forecast(state.as_of(), edition, state.options().demo);
    off_the_reactor(move || view(stamp, asked, source, &pairs, seed)).await
}

impl VerificationQuery {
    fn read(&self, last: BeijingDay) -> Result<Asked, ServerError> {
        let to = self.to.unwrap_or(last).min(last);
        let from = self.from.unwrap_or(to + 1 - USUAL_DAYS);
        let refuse = |why: String| ServerError::BadPeriod { from: from.to_string(), to: to.to_string(), why };
        if from > to {
            return Err(refuse(format!("ends before it begins; the last day that is over is {last}")));
        }
        if to - from > MOST_DAYS {
            return Err(refuse(format!("is longer than {MOST_DAYS} days")));
        }
        let by = self.by.as_deref().map_or(Ok(By::Lead), str::parse);
        let by = by.map_err(|why| ServerError::BadQuery(format!("by is {why}")))?;
        let people = self.of != Source::Runs;
        let usual = if people { Item::Aqi } else { Item::Pollutant(Pollutant::Pm25) };
        let item = self.pollutant.as_deref().map_or(Some(usual), Item::from_code);
        let known = || Item::ALL.map(Item::code).join(", ");
        let item = item.ok_or_else(|| ServerError::BadQuery(format!("no such pollutant; known are {}", known())))?;
        if people && item != Item::Aqi {
            return Err(ServerError::BadQuery("bids and conclusions speak of the AQI: pollutant is AQI".to_string()));
        }
        match self.lead {
            Some(lead) if !(1..=LEADS as u8).contains(&lead) => {
                Err(ServerError::BadQuery(format!("lead is 1 to {LEADS}")))
            }
            lead => Ok(Asked { target: Target { from, to, lead }, by, item }),
        }
    }
}

fn view(stamp: Stamp, asked: Asked, source: Source, pairs: &Pairs, seed: u64) -> Verification {
    let groups = groups(pairs, asked.by, asked.item, seed);
    Verification {
        stamp,
        from: asked.target.from,
        to: asked.target.to,
        by: asked.by,
        pollutant: asked.item.code(),
        unit: match asked.item {
            Item::Pollutant(pollutant) => pollutant.unit().to_string(),
            Item::Aqi => String::new(),
        },
        source,
        state: if groups.is_empty() { "none yet" } else { "scored" },
        runs: pairs.runs,
        groups,
        joint: joint(&pairs.joint, &pairs.events, seed),
        coverage: watches(pairs, asked.item),
        definitions: definitions(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(text: &str) -> Result<Asked, ServerError> {
        let query = serde_urlencoded(text);
        query.read("2018-01-12".parse().unwrap())
    }

    fn serde_urlencoded(text: &str) -> VerificationQuery {
        let uri = format!("/?{text}").parse::<axum::http::Uri>().unwrap();
        axum::extract::Query::try_from_uri(&uri).unwrap().0
    }

    #[test]
    fn a_period_ends_with_the_last_day_that_is_over() {
        let asked = ask("to=2018-02-01").unwrap();
        assert_eq!(
            (asked.target.from.to_string(), asked.target.to.to_string()),
            ("2017-12-14".into(), "2018-01-12".into())
        );
        assert_eq!((asked.by, asked.item), (By::Lead, Item::Pollutant(Pollutant::Pm25)));
        assert!(ask("from=2018-01-13").is_err() && ask("from=2016-01-01").is_err());
    }

    #[test]
    fn what_is_not_known_is_refused_with_what_is() {
        for (text, known) in
            [("of=bids&pollutant=CO", "AQI"), ("by=week", "season"), ("pollutant=PM1", "O3_8h"), ("lead=8", "1 to 7")]
        {
            let refused = ask(text).unwrap_err().to_string();
            assert!(refused.starts_with("A-101") && refused.contains(known), "{refused}");
        }
    }
}
