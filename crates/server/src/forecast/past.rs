//! The daily runs of the past (历史起报) as verification needs them: what they said, without their hourly courses.

use super::history::off_the_reactor;
use super::runs::ISSUE_LABEL;
use crate::{AppState, ServerError};
use ::forecast::{DayForecast, Flag, LEADS, PairEvent, Run};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use units::{BeijingDay, BeijingHour, Instant};

/// Runs kept in memory, some 0.1 MB each: a year and its margins.
const KEPT: usize = 400;

/// What a stored run said of its days.
#[derive(Debug)]
pub(super) struct PastRun {
    pub issue: BeijingDay,
    /// The model that made it.
    pub model: String,
    /// In the order of `courses`.
    pub cities: Vec<String>,
    pub days: Vec<DayForecast>,
    /// Two heavy days in a row.
    pub events: Vec<PairEvent>,
    /// Day means of PM2.5 of every member, `[city * LEADS + lead]`, µg/m³.
    pub courses: Vec<Vec<f64>>,
}

/// When a run was made, and what of it can be read.
type Read = (Instant, Option<Arc<PastRun>>);

/// What was read of stored runs, each with the time it was made: a run that was made again is read again.
#[derive(Default)]
pub(crate) struct PastBook(Mutex<BTreeMap<BeijingHour, Read>>);

impl PastBook {
    fn get(&self, issue: BeijingHour, made: Instant) -> Option<Option<Arc<PastRun>>> {
        let kept = self.0.lock().expect("no one panics while holding the book");
        kept.get(&issue).filter(|(at, _)| *at == made).map(|(_, run)| run.clone())
    }

    fn keep(&self, issue: BeijingHour, made: Instant, run: Option<Arc<PastRun>>) {
        let mut kept = self.0.lock().expect("no one panics while holding the book");
        kept.insert(issue, (made, run));
        while kept.len() > KEPT {
            kept.pop_first();
        }
    }
}

/// The daily runs of the issue days from `first` to `last` that are stored and readable, in order; none after the
/// hour shown.
pub(super) async fn past_runs(
    state: &AppState,
    first: BeijingDay,
    last: BeijingDay,
) -> Result<Vec<Arc<PastRun>>, ServerError> {
    // Of several models at one issue the one that was made last is the first told, as on the pages.
    let mut wanted: BTreeMap<BeijingHour, Instant> = BTreeMap::new();
    for run in state.store().runs().await? {
        let daily = i64::from(run.issue.label()) == ISSUE_LABEL && run.issue <= state.as_of();
        if daily && (first..=last).contains(&run.issue.day()) {
            wanted.entry(run.issue).or_insert(run.created_at);
        }
    }
    let mut runs = Vec::with_capacity(wanted.len());
    for (issue, made) in wanted {
        let run = match state.past().get(issue, made) {
            Some(known) => known,
            None => read(state, issue, made).await?,
        };
        runs.extend(run);
    }
    Ok(runs)
}

/// The issue days from `first` to `last` whose daily run is stored.
pub(super) async fn stored_days(
    state: &AppState,
    first: BeijingDay,
    last: BeijingDay,
) -> Result<BTreeSet<BeijingDay>, ServerError> {
    let runs = state.store().runs().await?.into_iter();
    let daily = runs.filter(|run| i64::from(run.issue.label()) == ISSUE_LABEL).map(|run| run.issue.day());
    Ok(daily.filter(|day| (first..=last).contains(day)).collect())
}

async fn read(state: &AppState, issue: BeijingHour, made: Instant) -> Result<Option<Arc<PastRun>>, ServerError> {
    let Some(row) = state.store().run(issue).await? else { return Ok(None) };
    let run = match off_the_reactor(move || Run::from_bytes(&row.body)).await? {
        Ok(run) => honest(run).map(Arc::new),
        Err(error) => {
            tracing::warn!(issue = %issue, "a stored run is not scored: {error}");
            None
        }
    };
    state.past().keep(issue, made, run.clone());
    Ok(run)
}

/// A run whose model has seen what came later proves nothing.
fn honest(run: Run) -> Option<PastRun> {
    let knew = run.flags.iter().any(|flag| matches!(flag, Flag::ModelKnowsLater { .. }));
    let cities = run.trajectories.cities.len();
    let course = |member: usize| (0..cities).flat_map(|city| run.day_means(member, city)).collect::<Vec<f64>>();
    let courses: Vec<Vec<f64>> = (0..run.trajectories.members).map(course).collect();
    debug_assert!(courses.iter().all(|course| course.len() == cities * LEADS), "every city has every lead");
    (!knew).then_some(PastRun {
        issue: run.issue.day(),
        model: run.model_id,
        cities: run.trajectories.cities,
        days: run.days,
        events: run.events,
        courses,
    })
}
