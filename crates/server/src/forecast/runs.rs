//! Which run is shown, and how it comes to be: from the store, else made in the background, once.

use super::{Progress, history};
use crate::events::News;
use crate::{AppState, ServerError};
use ::forecast::{Model, Run};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use units::BeijingHour;
use utoipa::ToSchema;

/// The label of the daily issue.
pub(super) const ISSUE_LABEL: i64 = ::forecast::ISSUE_LABEL as i64;
/// Runs kept decoded in memory, about 3 MB each.
const KEPT: usize = 8;

/// A run with the model that made it.
#[derive(Debug)]
pub struct Issued {
    /// The run.
    pub run: Run,
    /// The model, for its skill.
    pub model: Model,
}

/// The state of the run that belongs to the moment shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RunStatus {
    #[schema(value_type = String, format = DateTime)]
    issue_time: BeijingHour,
    /// `ready`, `pending`, `failed` or `none`.
    state: &'static str,
    /// Why it failed.
    detail: Option<String>,
    model: Option<String>,
}

/// What is known of each issue.
#[derive(Default)]
pub(crate) struct RunBook {
    entries: Mutex<HashMap<BeijingHour, Entry>>,
    /// Held while a run is made: one at a time, for training takes all cores.
    making: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
enum Entry {
    Pending,
    Ready(Arc<Issued>),
    Failed(String),
}

/// What a reader gets.
pub(crate) enum Found {
    Ready(Arc<Issued>),
    Pending,
    Failed(String),
}

/// The latest daily issue that is not after `as_of`.
pub fn issue_shown(as_of: BeijingHour) -> BeijingHour {
    BeijingHour::from_index((as_of.index() - ISSUE_LABEL).div_euclid(24) * 24 + ISSUE_LABEL)
}

impl RunBook {
    fn get(&self, issue: BeijingHour) -> Option<Entry> {
        self.entries.lock().expect("no one panics while holding the book").get(&issue).cloned()
    }

    fn set(&self, issue: BeijingHour, entry: Entry) {
        let mut entries = self.entries.lock().expect("no one panics while holding the book");
        entries.insert(issue, entry);
        // The furthest from the issue at hand goes first: people step back and forth around it.
        while entries.values().filter(|entry| matches!(entry, Entry::Ready(_))).count() > KEPT {
            let ready = entries.iter().filter(|(_, entry)| matches!(entry, Entry::Ready(_)));
            let Some(furthest) = ready.map(|(hour, _)| *hour).max_by_key(|hour| (*hour - issue).abs()) else { break };
            entries.remove(&furthest);
        }
    }

    /// Marks as pending unless it is known; true when the caller shall make it.
    fn claim(&self, issue: BeijingHour) -> bool {
        let mut entries = self.entries.lock().expect("no one panics while holding the book");
        let free = !entries.contains_key(&issue);
        if free {
            entries.insert(issue, Entry::Pending);
        }
        free
    }

    /// Lets a failed issue be tried again.
    pub(crate) fn forgive(&self, issue: BeijingHour) {
        let mut entries = self.entries.lock().expect("no one panics while holding the book");
        if matches!(entries.get(&issue), Some(Entry::Failed(_))) {
            entries.remove(&issue);
        }
    }
}

/// The run for the moment shown; when there is none yet, it begins to be made in the background.
pub(crate) async fn run_shown(state: &AppState, as_of: BeijingHour) -> Result<Found, ServerError> {
    run_of(state, issue_shown(as_of)).await
}

/// The run of an issue time, of any hour of the day; made in the background like the one shown.
pub(super) async fn run_of(state: &AppState, issue: BeijingHour) -> Result<Found, ServerError> {
    if state.runs().get(issue).is_none()
        && let Some(issued) = history::stored(state, issue).await?
    {
        state.runs().set(issue, Entry::Ready(Arc::new(issued)));
    }
    if state.runs().claim(issue) {
        state.newsroom().tell(News::Run { issue_time: issue, state: "pending" });
        let state = state.clone();
        tokio::spawn(async move { make(&state, issue, &mut |_| {}).await });
    }
    Ok(match state.runs().get(issue) {
        Some(Entry::Ready(issued)) => Found::Ready(issued),
        Some(Entry::Failed(reason)) => Found::Failed(reason),
        Some(Entry::Pending) | None => Found::Pending,
    })
}

/// The run of `issue`: from the store when it was made before, else trained and issued now, and stored.
///
/// `progress` is told each step. Only observations up to the issue are used.
pub async fn ensure_run(
    state: &AppState,
    issue: BeijingHour,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Arc<Issued>, ServerError> {
    if let Some(Entry::Ready(issued)) = state.runs().get(issue) {
        return Ok(issued);
    }
    state.runs().forgive(issue);
    state.runs().claim(issue);
    make(state, issue, progress).await
}

/// Makes and stores the run of an issue that nobody waits for; true when it was not stored before.
///
/// It is not kept in memory: the runs that people look at are.
pub(super) async fn make_stored(state: &AppState, issue: BeijingHour) -> Result<bool, ServerError> {
    let _turn = state.runs().making.lock().await;
    if history::stored(state, issue).await?.is_some() {
        return Ok(false);
    }
    history::train_and_issue(state, issue, &mut |_| {}).await?;
    Ok(true)
}

async fn make(
    state: &AppState,
    issue: BeijingHour,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Arc<Issued>, ServerError> {
    let _turn = state.runs().making.lock().await;
    if let Some(Entry::Ready(issued)) = state.runs().get(issue) {
        return Ok(issued);
    }
    let made = match history::stored(state, issue).await {
        Ok(Some(issued)) => Ok(issued),
        Ok(None) => history::train_and_issue(state, issue, progress).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(issued) => {
            let issued = Arc::new(issued);
            state.runs().set(issue, Entry::Ready(issued.clone()));
            state.newsroom().tell(News::Run { issue_time: issue, state: "ready" });
            tracing::info!(issue = %issue, model = %issued.run.model_id, "a forecast run is ready");
            Ok(issued)
        }
        Err(error) => {
            tracing::warn!(issue = %issue, "a forecast run could not be made: {error}");
            state.runs().set(issue, Entry::Failed(error.to_string()));
            state.newsroom().tell(News::Run { issue_time: issue, state: "failed" });
            Err(error)
        }
    }
}

/// The state of the run for the status line; asks for the run as any page would.
pub(crate) async fn run_status(state: &AppState, as_of: BeijingHour) -> Result<RunStatus, ServerError> {
    let issue_time = issue_shown(as_of);
    let (state, detail, model) = match run_shown(state, as_of).await? {
        Found::Ready(issued) => ("ready", None, Some(issued.run.model_id.clone())),
        Found::Pending => ("pending", None, None),
        Found::Failed(reason) => ("failed", Some(reason), None),
    };
    Ok(RunStatus { issue_time, state, detail, model })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issue_shown_is_the_last_eight_in_the_evening() {
        let hour = |text: &str| -> BeijingHour { format!("2018-01-{text}:00:00+08:00").parse().unwrap() };
        assert_eq!(issue_shown(hour("13T20")), hour("13T20"));
        assert_eq!(issue_shown(hour("14T19")), hour("13T20"));
        assert_eq!(issue_shown(hour("14T00")), hour("13T20"));
        assert_eq!(issue_shown(hour("14T21")), hour("14T20"));
    }

    #[test]
    fn an_issue_is_claimed_once_and_again_only_after_a_failure_was_forgiven() {
        let (book, issue) = (RunBook::default(), BeijingHour::from_index(20));
        assert!(book.claim(issue) && !book.claim(issue));
        book.forgive(issue);
        assert!(!book.claim(issue), "a pending run is not forgiven");
        book.set(issue, Entry::Failed("F-102 too few days".into()));
        assert!(!book.claim(issue));
        book.forgive(issue);
        assert!(book.claim(issue));
    }
}
