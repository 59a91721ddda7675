//! What the pages are told without asking (推送), and who may hear it.

use crate::auth::Person;
use crate::{AppState, ServerError};
use ::consult::{Bid, Room};
use ::warn::Warning;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use event::{Aggregate, Columns};
use futures_util::stream::{self, Stream};
use ledger::Matter;
use org::Right;
use serde::Serialize;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::{EventFilter, Executed, Order, Projected};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, broadcast, watch};
use tokio::time::{Instant, interval_at};
use units::{AccountId, BeijingHour};
use utoipa::ToSchema;

/// How far a slow listener may fall behind before it misses events. It then reads the state afresh.
const BACKLOG: usize = 256;
/// How often the event log is asked for what another process has written.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often an open page is asked for whether its session still counts.
const CHECK_EVERY: Duration = Duration::from_secs(10);
/// Records taken from the log at a time.
const RECORDS: u32 = 500;

impl AppState {
    /// Does a command, and has the open pages told without waiting for the next look at the log.
    pub(crate) async fn execute<A: Projected>(&self, order: Order<'_, A>) -> Result<Executed<A::State>, ServerError> {
        let executed = self.store().execute(order).await?;
        self.newsroom().written();
        if ![Matter::KIND, Room::KIND, Bid::KIND, Warning::KIND].contains(&A::KIND) {
            self.newsroom().doubt();
        }
        Ok(executed)
    }
}

/// What the pages are told without asking (推送).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum News {
    /// `event: clock`: the moment shown has changed.
    Clock {
        /// The new moment.
        #[schema(value_type = String, format = DateTime)]
        as_of: BeijingHour,
    },
    /// `event: run`: a forecast run is being made, is ready, or failed.
    Run {
        /// The run's issue time.
        #[schema(value_type = String, format = DateTime)]
        issue_time: BeijingHour,
        /// `pending`, `ready` or `failed`.
        state: &'static str,
    },
    /// `event: matter`: a matter within the listener's scope has changed.
    Matter {
        /// Which.
        id: String,
        /// Its version now.
        version: u64,
        /// What happened to it, for example `assigned`.
        name: String,
    },
    /// `event: consultation`: something happened in a consultation that the listener sees.
    Consultation {
        /// Which.
        id: String,
        /// What happened, for example `signed`; `bid_entered` for those alone who see how many bids there are.
        name: String,
    },
    /// `event: warning`: something happened to a warning that the listener sees.
    Warning {
        /// Which.
        id: String,
        /// What happened, for example `issued`; of drafts the house alone hears.
        name: String,
    },
    /// `event: notice`: something lies in the listener's own in-tray.
    Notice {
        /// Which.
        id: String,
        /// Whose in-tray; not told, because it is the listener.
        #[serde(skip)]
        to: AccountId,
    },
}

/// Tells every open page, and ends their streams when the server closes.
pub(crate) struct Newsroom {
    news: broadcast::Sender<News>,
    closing: watch::Sender<bool>,
    written: Notify,
    doubted: Notify,
    following: AtomicBool,
}

impl Newsroom {
    pub(crate) fn new() -> Newsroom {
        Newsroom {
            news: broadcast::channel(BACKLOG).0,
            closing: watch::channel(false).0,
            written: Notify::new(),
            doubted: Notify::new(),
            following: AtomicBool::new(false),
        }
    }

    /// Nobody listening is not a fault.
    pub(crate) fn tell(&self, news: News) {
        let listeners = self.news.send(news).unwrap_or(0);
        tracing::debug!(listeners, "told the open pages");
    }

    /// Says that the event log has grown, so that pages need not wait for the next look.
    pub(crate) fn written(&self) {
        self.written.notify_one();
    }

    /// Says that somebody's session or rights may have ended: every open page is asked again whether it may listen.
    pub(crate) fn doubt(&self) {
        self.doubted.notify_waiters();
    }

    /// Whether the log need not be followed any more. A page that has come meanwhile found it followed, so that its
    /// coming has to be looked for again afterwards.
    fn may_rest(&self) -> bool {
        self.following.store(false, Ordering::SeqCst);
        self.news.receiver_count() == 0 || self.following.swap(true, Ordering::SeqCst)
    }

    /// Ends all streams; without it a graceful stop would wait for ever.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
    }
}

impl News {
    fn name(&self) -> &'static str {
        match self {
            News::Clock { .. } => "clock",
            News::Run { .. } => "run",
            News::Matter { .. } => "matter",
            News::Consultation { .. } => "consultation",
            News::Warning { .. } => "warning",
            News::Notice { .. } => "notice",
        }
    }

    /// Whether this person may hear it: what a list would not show is not pushed either.
    async fn is_for(&self, person: &Person, state: &AppState) -> Result<bool, ServerError> {
        match self {
            News::Clock { .. } => Ok(true),
            News::Run { .. } => Ok(person.may(Right::ForecastRead)),
            News::Matter { id, .. } => Ok(state.store().sees_matter(&person.scope(Right::MatterRead), id).await?),
            News::Consultation { id, name } => crate::consult::hears(state, person, id, name).await,
            News::Warning { id, name } => crate::warn::hears(state, person, id, name).await,
            News::Notice { to, .. } => Ok(person.account() == to),
        }
    }
}

/// Server-sent events `clock`, `run`, `matter`, `consultation`, `warning` and `notice`, with a comment every 15 seconds to keep the line open.
///
/// Each listener hears of the matters in its own scope and of its own notices only. The stream ends with the session.
#[utoipa::path(get, path = "/api/v1/events", tag = "clock",
    responses((status = 200, description = "A stream of events; `data` is JSON", body = News, content_type = "text/event-stream")))]
pub(crate) async fn events(
    State(state): State<AppState>,
    person: Person,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ServerError> {
    let listener = Listener::of(state, person).await?;
    let stream = stream::unfold(listener, |mut listener| async move {
        let item = listener.next().await?;
        let event = Event::default().event(item.name()).json_data(&item).expect("news are plain words and times");
        Some((Ok(event), listener))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

/// One open page.
struct Listener {
    news: broadcast::Receiver<News>,
    closing: watch::Receiver<bool>,
    state: AppState,
    person: Person,
}

impl Listener {
    async fn of(state: AppState, person: Person) -> Result<Listener, ServerError> {
        let room = state.newsroom();
        let (news, closing) = (room.news.subscribe(), room.closing.subscribe());
        follow(&state).await?;
        Ok(Listener { news, closing, state, person })
    }

    /// The next item this person may hear; `None` ends the stream.
    async fn next(&mut self) -> Option<News> {
        let state = self.state.clone();
        let mut check = interval_at(Instant::now() + CHECK_EVERY, CHECK_EVERY);
        loop {
            let item = tokio::select! {
                item = received(&mut self.news) => Some(item?),
                _ = check.tick() => None,
                _ = state.newsroom().doubted.notified() => None,
                _ = self.closing.wait_for(|closing| *closing) => return None,
            };
            match self.hears(item.as_ref()).await {
                Ok(true) => return item,
                Ok(false) => {}
                Err(error) => {
                    tracing::debug!(%error, "a page's stream has ended");
                    return None;
                }
            }
        }
    }

    /// Rights may have changed and the session may have ended since the page was opened: they are read afresh.
    async fn hears(&mut self, item: Option<&News>) -> Result<bool, ServerError> {
        self.person = self.person.again(&self.state).await?;
        match item {
            Some(item) => item.is_for(&self.person, &self.state).await,
            None => Ok(false),
        }
    }
}

async fn received(news: &mut broadcast::Receiver<News>) -> Option<News> {
    loop {
        match news.recv().await {
            Ok(item) => return Some(item),
            Err(RecvError::Lagged(missed)) => tracing::debug!(missed, "a slow page missed events"),
            Err(RecvError::Closed) => return None,
        }
    }
}

/// Follows the event log as long as anybody listens: it is the one source of news of matters, because another process
/// may have written them.
async fn follow(state: &AppState) -> Result<(), ServerError> {
    let newest = EventFilter { newest_first: true, limit: 1, ..EventFilter::default() };
    let last = state.store().events(&newest).await?.first().map_or(0, |record| record.seq);
    if !state.newsroom().following.swap(true, Ordering::SeqCst) {
        tokio::spawn(followed(state.clone(), last));
    }
    Ok(())
}

async fn followed(state: AppState, mut last: i64) {
    let room = state.newsroom();
    let mut closing = room.closing.subscribe();
    loop {
        tokio::select! {
            _ = room.written.notified() => {}
            _ = tokio::time::sleep(LOOK_EVERY) => {}
            _ = closing.wait_for(|closing| *closing) => return,
        }
        match look(&state, last).await {
            Ok(seen) => last = seen,
            Err(error) => tracing::warn!(%error, "the event log could not be read; looking again"),
        }
        if room.news.receiver_count() == 0 && room.may_rest() {
            return;
        }
    }
}

/// What is told of a record; nothing of kinds that no page follows.
fn news_of(columns: &Columns) -> Option<News> {
    let (id, name) = (columns.stream_id.clone(), columns.name.clone());
    match columns.stream_kind.as_str() {
        Matter::KIND => {
            let version = u64::try_from(columns.version).unwrap_or_default();
            Some(News::Matter { id, version, name })
        }
        Room::KIND => Some(News::Consultation { id, name }),
        Warning::KIND => Some(News::Warning { id, name }),
        // The id of a bid is its room and whose it is; whose is nobody's business here.
        Bid::KIND => id.split_once('/').map(|(room, _)| News::Consultation { id: room.to_string(), name }),
        _ => None,
    }
}

/// Tells what has been written after `last`, and returns where that ended.
async fn look(state: &AppState, mut last: i64) -> Result<i64, ServerError> {
    loop {
        let filter = EventFilter { after_seq: Some(last), limit: RECORDS, ..EventFilter::default() };
        let records = state.store().events(&filter).await?;
        for record in &records {
            last = record.seq;
            if let Some(item) = news_of(&record.columns) {
                state.newsroom().tell(item);
            }
        }
        if records.len() < RECORDS as usize {
            return Ok(last);
        }
    }
}
