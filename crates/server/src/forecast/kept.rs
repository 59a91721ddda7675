//! What was computed before (已算结果): the same question has the same answer until observations or runs change.

use crate::sight::Sight;
use crate::{AppState, ServerError};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex};
use units::{BeijingHour, Instant};

/// Answers kept before the book starts afresh: what a few people click through in a morning.
const KEPT: usize = 32;

/// What an answer about past runs rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Ground {
    as_of: BeijingHour,
    imports: usize,
    runs: usize,
    /// When the newest of them was made: a run that is made again counts as another.
    made: Option<Instant>,
}

/// Answers by their question.
pub(crate) struct Kept<Q, A> {
    book: Mutex<BTreeMap<Q, (Ground, Arc<A>)>>,
    /// Held by whoever makes an answer: a page that asks for many cities at once has it made once.
    making: tokio::sync::Mutex<()>,
}

impl<Q, A> Default for Kept<Q, A> {
    fn default() -> Self {
        Kept { book: Mutex::default(), making: tokio::sync::Mutex::default() }
    }
}

impl<Q: Ord, A> Kept<Q, A> {
    /// The answer that is kept, else the one that `make` gives. Nothing is kept of a failure.
    pub(crate) async fn or(
        &self,
        state: &AppState,
        question: Q,
        make: impl Future<Output = Result<A, ServerError>>,
    ) -> Result<Arc<A>, ServerError> {
        let ground = Ground::now(state).await?;
        if let Some(answer) = self.of(&question, &ground) {
            return Ok(answer);
        }
        let _making = self.making.lock().await;
        if let Some(answer) = self.of(&question, &ground) {
            return Ok(answer);
        }
        let answer = Arc::new(make.await?);
        let mut kept = self.book.lock().expect("no one panics while holding the book");
        if kept.len() >= KEPT {
            kept.clear();
        }
        // The ground from before: what came meanwhile is not in the answer.
        kept.insert(question, (ground, answer.clone()));
        Ok(answer)
    }

    fn of(&self, question: &Q, ground: &Ground) -> Option<Arc<A>> {
        let kept = self.book.lock().expect("no one panics while holding the book");
        kept.get(question).filter(|(of, _)| of == ground).map(|(_, answer)| answer.clone())
    }
}

impl Ground {
    async fn now(state: &AppState) -> Result<Ground, ServerError> {
        let sight = Sight::now(state);
        let runs = state.store().runs().await?;
        let made = runs.iter().map(|run| run.created_at).max();
        Ok(Ground { as_of: sight.as_of(), imports: sight.version().await?, runs: runs.len(), made })
    }
}
