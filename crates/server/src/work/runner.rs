use super::chores;
use super::handler::{Task, handle};
use crate::auth::now;
use crate::forecast::ask_issue;
use crate::warn::ask_late;
use crate::{AppState, ServerError};
use std::time::{Duration, Instant};
use store::{Claim, WorkState};
use tokio::sync::watch;
use tokio::task::JoinSet;
use units::{BeijingDay, BeijingHour};

/// How often it is looked whether something is due. A look that finds nothing reads one row of an index.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Timers only give commands. One that was taken by a process that was killed is taken again after so long.
const TIMER_LEASE_SECONDS: u32 = 5;
/// A job may walk through the whole event log.
const JOB_LEASE_SECONDS: u32 = 900;
/// An attempt ends before its lease, so that nobody else has begun when it is given up.
const MARGIN_SECONDS: u32 = 2;
/// How often it is looked whether the data of the hour have come.
const DATA_EVERY: Duration = Duration::from_secs(20);
const TIMERS_AT_ONCE: u32 = 20;
/// Workers for jobs in one process. Timers have one, because they fire in the order in which they are due.
const JOB_WORKERS: usize = 2;

/// The workers of one process (后台工作线程). Several processes on one database share the work.
pub struct Workers {
    closing: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Workers {
    /// Starts them.
    pub fn start(state: &AppState) -> Workers {
        let (closing, closed) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(watch_timers(state.clone(), name("timers"), closed.clone()));
        for number in 0..JOB_WORKERS {
            tasks.spawn(watch_jobs(state.clone(), name(&format!("jobs-{number}")), closed.clone()));
        }
        Workers { closing, tasks }
    }

    /// Lets each finish what it is doing, and ends them.
    pub async fn stop(mut self) {
        self.closing.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Does everything that is due now, by the clock that the screen shows, and returns how much that was.
///
/// What fails is counted too; it is tried again later.
pub async fn work_due(state: &AppState) -> Result<usize, ServerError> {
    let worker = name("once");
    let (_open, closed) = watch::channel(false);
    let mut done = 0;
    loop {
        let step = timers(state, &worker, &closed).await? + job(state, &worker).await?;
        if step == 0 {
            return Ok(done);
        }
        done += step;
    }
}

/// The name of a worker differs also between processes: a lease belongs to one of them.
fn name(what: &str) -> String {
    format!("{what}-{}", uuid::Uuid::now_v7())
}

async fn watch_timers(state: AppState, worker: String, mut closed: watch::Receiver<bool>) {
    let mut asked: Option<BeijingDay> = None;
    let (mut issued, mut looked): (Option<BeijingHour>, Option<Instant>) = (None, None);
    let hourly = state.options().forecast.hourly && !state.options().demo;
    loop {
        let today = now().last_ended_hour().day();
        if asked != Some(today) {
            match chores::ask(&state, today, now()).await {
                Ok(()) => asked = Some(today),
                Err(error) => tracing::warn!(%error, "the chores of the day could not be asked for; trying again"),
            }
        }
        let shown = state.as_of();
        if hourly && issued != Some(shown) && looked.is_none_or(|looked| looked.elapsed() >= DATA_EVERY) {
            looked = Some(Instant::now());
            match ask_issue(&state, shown).await {
                Ok(true) => {
                    issued = Some(shown);
                    if let Err(error) = ask_late(&state, shown).await {
                        tracing::warn!(%error, "the look for late detection could not be asked for");
                    }
                }
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "the run of the hour could not be asked for; trying again"),
            }
        }
        let step = timers(&state, &worker, &closed).await;
        if rest(step, &mut closed).await {
            break;
        }
    }
}

async fn watch_jobs(state: AppState, worker: String, mut closed: watch::Receiver<bool>) {
    loop {
        let step = job(&state, &worker).await;
        if rest(step, &mut closed).await {
            break;
        }
    }
}

/// Waits a moment when there was nothing to do; true when the server closes.
async fn rest(step: Result<usize, ServerError>, closed: &mut watch::Receiver<bool>) -> bool {
    let pause = match step {
        Ok(0) => LOOK_EVERY,
        Ok(_) => Duration::ZERO,
        Err(error) => {
            tracing::warn!(%error, "work could not be taken; trying again");
            10 * LOOK_EVERY
        }
    };
    tokio::select! {
        biased;
        _ = closed.wait_for(|closed| *closed) => true,
        () = tokio::time::sleep(pause) => false,
    }
}

/// Takes the timers that are due and lets them fire, first due first.
async fn timers(state: &AppState, worker: &str, closed: &watch::Receiver<bool>) -> Result<usize, ServerError> {
    let (store, shown) = (state.store(), state.shown());
    if store.next_timer().await?.is_none_or(|due| due > shown) {
        return Ok(0);
    }
    let claim = Claim { worker, at: now(), lease_seconds: TIMER_LEASE_SECONDS, limit: TIMERS_AT_ONCE };
    let due = store.due_timers(&claim, shown).await?;
    let fired = due.len();
    for timer in due {
        // What is left keeps its lease and is taken again when that ends: nothing is lost by stopping here.
        if *closed.borrow() {
            break;
        }
        let within = Duration::from_secs((TIMER_LEASE_SECONDS - MARGIN_SECONDS).into());
        let held = match handle(state, Task::from(&timer), within).await {
            Ok(()) => store.timer_done(&timer).await?,
            Err(error) => {
                tracing::warn!(timer = timer.key, attempts = timer.attempts, %error, "a timer failed");
                store.timer_failed(&timer, &error.to_string(), now()).await?
            }
        };
        if !held {
            tracing::debug!(timer = timer.key, "a timer was set anew or taken by another meanwhile");
        }
    }
    Ok(fired)
}

/// Takes one job and does it.
async fn job(state: &AppState, worker: &str) -> Result<usize, ServerError> {
    let store = state.store();
    if store.jobs(Some(WorkState::Pending), 1).await?.is_empty() {
        return Ok(0);
    }
    let claim = Claim { worker, at: now(), lease_seconds: JOB_LEASE_SECONDS, limit: 1 };
    let Some(job) = store.claim_jobs(&claim).await?.pop() else { return Ok(0) };
    let within = Duration::from_secs((JOB_LEASE_SECONDS - MARGIN_SECONDS).into());
    match handle(state, Task::from(&job), within).await {
        Ok(()) => drop(store.finish_job(&job).await?),
        Err(error) => {
            tracing::warn!(job = job.key, attempts = job.attempts, %error, "a job failed");
            store.fail_job(&job, &error.to_string(), now()).await?;
        }
    }
    Ok(1)
}
