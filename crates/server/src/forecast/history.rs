//! A run out of the store: read back, or trained, issued and stored.

use super::{Issued, Progress};
use crate::sight::{Sight, own_cities, sites};
use crate::{AppState, ServerError};
use ::forecast::{History, Model, Run, issue, train};
use store::{DenseSeries, ModelRow, RunRow, RunState};
use units::{BeijingDay, BeijingHour, Instant, Pollutant, SiteCode};

/// Hours of observations an issue is given; it looks at the last 31 days.
const ISSUE_HOURS: i64 = 32 * 24;
/// Hours before an issue that the warning rules may look at: the longest condition.
const TAIL_HOURS: i64 = 240;

/// The stored run of an issue with its model; `None` when there is none that this program can read.
pub(crate) async fn stored(state: &AppState, issue: BeijingHour) -> Result<Option<Issued>, ServerError> {
    let Some(row) = state.store().run(issue).await? else { return Ok(None) };
    let Some(model) = state.store().model(&row.model).await? else { return Ok(None) };
    match (Run::from_bytes(&row.body), Model::from_bytes(&model.body)) {
        (Ok(run), Ok(model)) => Ok(Some(Issued { run, model })),
        (Err(error), _) | (_, Err(error)) => {
            tracing::warn!(issue = %issue, "a stored run is made again: {error}");
            Ok(None)
        }
    }
}

/// Makes the run of `at` from what was known then, and stores model and run.
pub(super) async fn train_and_issue(
    state: &AppState,
    at: BeijingHour,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Issued, ServerError> {
    let until = training_bound(at);
    let model = match usable_model(state, until, at).await? {
        Some(model) => model,
        None => new_model(state, until, at.label(), progress).await?,
    };
    progress(Progress::Issuing);
    let history = load(state, at - ISSUE_HOURS, at).await?;
    let members = state.options().members;
    let (run, model) = off_the_reactor(move || issue(&model, &history, at, members).map(|run| (run, model))).await??;
    let row = RunRow {
        issue: at,
        model: run.model_id.clone(),
        trained_until: run.trained_until,
        state: RunState::Automatic,
        created_at: wall_clock(),
        body: run.to_bytes(),
    };
    state.store().save_run(&row).await?;
    Ok(Issued { run, model })
}

/// The hours before an issue that a block of the warning rules may begin in; nothing unknown at the issue.
pub(crate) async fn observed_before(state: &AppState, issue: BeijingHour) -> Result<History, ServerError> {
    load(state, issue - TAIL_HOURS, issue).await
}

/// A model is trained on everything before the month of the issue. A run is then the same whatever was looked at
/// before, and stepping the clock within a month trains once.
fn training_bound(at: BeijingHour) -> BeijingHour {
    let day = at.day();
    let first = BeijingDay::from_ymd(day.year(), day.month(), 1).expect("every month has a first day");
    first.hours().next().expect("a day has hours")
}

/// The newest stored model of this hour of issue that has seen nothing after the issue and everything before its month.
async fn usable_model(state: &AppState, until: BeijingHour, at: BeijingHour) -> Result<Option<Model>, ServerError> {
    let models = state.store().models().await?;
    let usable =
        |id: &str, trained: BeijingHour| Model::is_named_for(id, at.label()) && (until..=at).contains(&trained);
    for summary in models.iter().filter(|model| usable(&model.id, model.trained_until)) {
        let Some(row) = state.store().model(&summary.id).await? else { continue };
        match Model::from_bytes(&row.body) {
            Ok(model) => return Ok(Some(model)),
            Err(error) => tracing::warn!(model = %summary.id, "a stored model is passed over: {error}"),
        }
    }
    Ok(None)
}

async fn new_model(
    state: &AppState,
    until: BeijingHour,
    issue_hour: u8,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Model, ServerError> {
    progress(Progress::Loading);
    let from = Sight::span(state).await?.map_or(until, |(first, _)| first);
    let history = load(state, from, until).await?;
    progress(Progress::Training { hours: history.hours });
    let seed = state.options().seed;
    let model = off_the_reactor(move || train(&history, until, issue_hour, seed)).await??;
    let row = ModelRow {
        id: model.id.clone(),
        trained_until: model.trained_until,
        created_at: wall_clock(),
        body: model.to_bytes(),
    };
    state.store().save_model(&row).await?;
    Ok(model)
}

/// The cities' hours from `from` up to, not including, `until`: nothing later is ever read for a run.
pub(crate) async fn load(state: &AppState, from: BeijingHour, until: BeijingHour) -> Result<History, ServerError> {
    load_of(state, &Pollutant::ALL, from, until).await
}

/// The same of some pollutants; the others are missing throughout.
pub(super) async fn load_of(
    state: &AppState,
    pollutants: &[Pollutant],
    from: BeijingHour,
    until: BeijingHour,
) -> Result<History, ServerError> {
    let cities = sites(&own_cities());
    let last = until - 1;
    let names = cities.iter().map(SiteCode::to_string).collect();
    let mut history = History::empty(names, from, usize::try_from(until - from).unwrap_or(0));
    if last >= from {
        fill(&mut history, &state.store().dense(&cities, pollutants, from, last).await?);
    }
    Ok(history)
}

/// Columns come by site and pollutant, in the order asked for; the history is laid out by pollutant and city.
fn fill(history: &mut History, columns: &[DenseSeries]) {
    let pollutants = columns.len() / history.cities.len().max(1);
    for (city, of_city) in columns.chunks(pollutants.max(1)).enumerate() {
        for column in of_city {
            let unit = column.pollutant.unit();
            let place = &mut history.series[column.pollutant.index()][city * history.hours..][..history.hours];
            for (cell, value) in place.iter_mut().zip(&column.values) {
                *cell = value.map_or(f64::NAN, |value| value.to_f64(unit));
            }
        }
    }
}

/// Pure computing of more than some milliseconds, which must not hold up the answers of other requests.
pub(crate) async fn off_the_reactor<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ServerError> {
    tokio::task::spawn_blocking(work).await.map_err(|e| ServerError::Broken(format!("the forecast broke down: {e}")))
}

fn wall_clock() -> Instant {
    Instant::from_utc(chrono::Utc::now())
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::Concentration;

    #[test]
    fn a_model_sees_nothing_of_the_month_it_is_used_in() {
        let bound = training_bound("2018-01-13T20:00:00+08:00".parse().unwrap());
        assert_eq!(bound.to_string(), "2018-01-01T01:00:00+08:00");
        assert_eq!(training_bound("2018-01-01T20:00:00+08:00".parse().unwrap()), bound);
    }

    #[test]
    fn columns_find_their_place_and_carbon_monoxide_its_unit() {
        let sites: [SiteCode; 2] = ["320100", "320200"].map(|code| code.parse().unwrap());
        let first = "2018-01-01T01:00:00+08:00".parse().unwrap();
        let mut history = History::empty(sites.iter().map(SiteCode::to_string).collect(), first, 2);
        let columns: Vec<DenseSeries> = sites
            .iter()
            .flat_map(|site| Pollutant::ALL.into_iter().map(move |pollutant| (site.clone(), pollutant)))
            .map(|(site, pollutant)| {
                let value = Concentration::micrograms(if site.as_str() == "320200" { 2200 } else { 100 });
                DenseSeries { site, pollutant, values: vec![None, Some(value)] }
            })
            .collect();
        fill(&mut history, &columns);
        assert_eq!(history.value(Pollutant::Co, 1, first + 1), 2.2);
        assert_eq!(history.value(Pollutant::So2, 0, first + 1), 100.0);
        assert!(history.value(Pollutant::Pm25, 0, first).is_nan());
    }
}
