use crate::AppState;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use serde::Serialize;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use units::BeijingHour;
use utoipa::ToSchema;

/// How far a slow listener may fall behind before it misses events. It then reads the state afresh.
const BACKLOG: usize = 64;

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
}

/// Tells every open page, and ends their streams when the server closes.
pub(crate) struct Newsroom {
    news: broadcast::Sender<News>,
    closing: watch::Sender<bool>,
}

impl Newsroom {
    pub(crate) fn new() -> Newsroom {
        Newsroom { news: broadcast::channel(BACKLOG).0, closing: watch::channel(false).0 }
    }

    /// Nobody listening is not a fault.
    pub(crate) fn tell(&self, news: News) {
        let listeners = self.news.send(news).unwrap_or(0);
        tracing::debug!(listeners, "told the open pages");
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
        }
    }
}

/// Server-sent events `clock` and `run`, with a comment every 15 seconds to keep the line open.
#[utoipa::path(get, path = "/api/v1/events", tag = "clock",
    responses((status = 200, description = "A stream of events; `data` is JSON", body = News, content_type = "text/event-stream")))]
pub(crate) async fn events(State(state): State<AppState>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let room = state.newsroom();
    let listener = (room.news.subscribe(), room.closing.subscribe());
    let stream = stream::unfold(listener, |(mut news, mut closing)| async move {
        let item = tokio::select! {
            item = next(&mut news) => item?,
            _ = closing.wait_for(|closing| *closing) => return None,
        };
        let event = Event::default().event(item.name()).json_data(&item).expect("news are plain words and times");
        Some((Ok(event), (news, closing)))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

async fn next(news: &mut broadcast::Receiver<News>) -> Option<News> {
    loop {
        match news.recv().await {
            Ok(item) => return Some(item),
            Err(RecvError::Lagged(missed)) => tracing::debug!(missed, "a slow page missed events"),
            Err(RecvError::Closed) => return None,
        }
    }
}
