//! What follows from a command, written in its transaction.

use crate::database::Writer;
use crate::{StoreError, job, outbox, timer};
use event::Effect;
use units::Instant;

/// Writes the effects in order.
pub(crate) async fn write(writer: &mut Writer, effects: &[Effect], at: Instant) -> Result<(), StoreError> {
    for effect in effects {
        match effect {
            Effect::SetTimer { key, due, action, payload } => timer::set(writer, key, *due, action, payload).await?,
            Effect::CancelTimer { key } => timer::cancel(writer, key).await?,
            Effect::Enqueue { key, kind, payload } => job::add(writer, key, kind, payload, at, at).await.map(drop)?,
            Effect::Notify { key, to, template, values, urgency } => {
                outbox::add(writer, outbox::New { key, to, template, values, urgency: *urgency, at }).await?;
            }
        }
    }
    Ok(())
}
