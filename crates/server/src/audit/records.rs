//! The records of the log, page by page.

use crate::auth::Person;
use crate::extract::Query;
use crate::list::{Listed, MOST_EXPORTED, Paging};
use crate::people::{Named, Names, Unnamed};
use crate::problem::Problem;
use crate::stamp::Stamp;
use crate::table::{Cell, Shape, Table, answer};
use crate::{AppState, ServerError};
use axum::extract::State;
use axum::response::Response;
use event::{Record, StoredRecord};
use org::Right;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::EventFilter;
use units::{BeijingDay, Instant};
use utoipa::{IntoParams, ToSchema};

/// Records looked through for a text in one request; the next page goes on from there.
const LOOKED_THROUGH: usize = 20_000;
/// Records read at a time.
const PART: u32 = 1000;

/// A record of the event log (事件记录).
#[derive(Serialize, ToSchema)]
pub(crate) struct RecordLine {
    seq: i64,
    /// By the wall clock.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// By the clock that the screen showed.
    #[schema(value_type = String, format = DateTime)]
    shown: Instant,
    account: Named,
    organisation: Named,
    /// For which organisation, when that is another one.
    on_behalf_of: Option<Named>,
    /// The way it came, for example `web 10.0.0.1`.
    origin: String,
    /// The kind of thing that changed.
    kind: String,
    /// Which one.
    id: String,
    version: u64,
    /// The event, for example `assigned`.
    name: String,
    /// The command, for example `assign`.
    command: String,
    reason: Option<String>,
    /// The fields that changed, as they were.
    #[schema(value_type = Object)]
    before: Value,
    /// The same fields afterwards.
    #[schema(value_type = Object)]
    after: Value,
    /// The record's own hash, which covers the one before.
    hash: String,
}

/// Which records; what is left out does not narrow.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// At this moment or day, or later.
    from: Option<String>,
    /// Before this moment, or up to the end of this day.
    to: Option<String>,
    account: Option<String>,
    /// Kind of thing, for example `matter`.
    kind: Option<String>,
    /// Id of the thing.
    id: Option<String>,
    /// Name of the event.
    name: Option<String>,
    /// A text anywhere in the record. `total` then counts this page only, and a page may be short of its limit.
    q: Option<String>,
}

/// The event log, the newest first; all of it as CSV or xlsx with `audit.export`.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit",
    params(Wanted, Paging, ("format" = Option<String>, Query, description = "`json`, `csv` or `xlsx`")),
    responses((status = 200, body = Listed<RecordLine>), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn records(
    State(state): State<AppState>,
    person: Person,
    Query(wanted): Query<Wanted>,
    Query(paging): Query<Paging>,
    shape: Shape,
) -> Result<Response, ServerError> {
    person.need(Right::AuditRead)?;
    let limit = match shape {
        Shape::Json => paging.limit()? as usize,
        Shape::Csv | Shape::Xlsx => {
            person.need(Right::AuditExport)?;
            MOST_EXPORTED
        }
    };
    let found = found(&state, &person, &wanted, paging.cursor(), limit).await?;
    if shape != Shape::Json && found.next.is_some() {
        return Err(ServerError::TooMuchToExport(MOST_EXPORTED));
    }
    let names = names(&found.items).read(&state).await?;
    let list = found.map(|(record, hash)| RecordLine::of(record, hash, &names));
    answer(shape, list, |list| table(list, &state))
}

/// A page of records and hashes, the newest first.
async fn found(
    state: &AppState,
    person: &Person,
    wanted: &Wanted,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Listed<(Record, String)>, ServerError> {
    let scope = person.scope(Right::AuditRead);
    let text = wanted.q.as_deref().map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty());
    let (mut items, mut looked) = (Vec::new(), 0);
    let mut filter = wanted.filter(cursor)?;
    loop {
        let asked = if text.is_some() { PART } else { PART.min((limit - items.len()) as u32 + 1) };
        filter.limit = asked;
        let part = state.store().events_seen(&scope, &filter).await?;
        let (whole, last) = (part.len() < asked as usize, part.last().map(|record| record.seq));
        looked += part.len();
        let mut full = None;
        for stored in part {
            if items.len() == limit {
                full = items.last().map(|(record, _): &(Record, String)| record.seq);
                break;
            }
            if text.as_ref().is_none_or(|text| stored.text.to_lowercase().contains(text)) {
                items.push(read(&stored)?);
            }
        }
        let mark = full.or(last.filter(|_| !whole && looked >= LOOKED_THROUGH && text.is_some()));
        if mark.is_some() || whole {
            let total = match &text {
                None => state.store().count_events_seen(&scope, &wanted.filter(None)?).await?,
                Some(_) => items.len() as u64,
            };
            return Ok(Listed { items, total, next: mark.map(|seq| seq.to_string()) });
        }
        filter.before_seq = last;
    }
}

fn read(stored: &StoredRecord) -> Result<(Record, String), ServerError> {
    let record = stored.record().map_err(|error| ServerError::Broken(error.to_string()))?;
    Ok((record, stored.hash.clone()))
}

fn names(items: &[(Record, String)]) -> Unnamed {
    let actors = || items.iter().map(|(record, _)| &record.actor);
    let organisations = actors().map(|actor| &actor.organisation);
    let organisations = organisations.chain(actors().filter_map(|actor| actor.on_behalf_of.as_ref()));
    Names::of(organisations, actors().map(|actor| &actor.account))
}

fn table(list: &Listed<RecordLine>, state: &AppState) -> Table {
    let columns = [
        "seq",
        "at",
        "shown",
        "account",
        "account_name",
        "organisation",
        "on_behalf_of",
        "origin",
        "kind",
        "id",
        "version",
        "name",
        "command",
        "reason",
        "before",
        "after",
        "hash",
    ];
    let cells = |line: &RecordLine| -> Vec<Cell> {
        vec![
            line.seq.into(),
            line.at.to_string().into(),
            line.shown.to_string().into(),
            line.account.id.clone().into(),
            line.account.name.clone().into(),
            line.organisation.name.clone().into(),
            line.on_behalf_of.as_ref().map(|named| named.name.clone()).into(),
            line.origin.clone().into(),
            line.kind.clone().into(),
            line.id.clone().into(),
            line.version.into(),
            line.name.clone().into(),
            line.command.clone().into(),
            line.reason.clone().into(),
            line.before.to_string().into(),
            line.after.to_string().into(),
            line.hash.clone().into(),
        ]
    };
    Table {
        title: "审计日志".into(),
        file: "audit".into(),
        stamp: Stamp::records(state.as_of(), state.options().demo),
        columns: columns.map(String::from).to_vec(),
        rows: list.items.iter().map(cells).collect(),
    }
}

impl Wanted {
    fn filter(&self, cursor: Option<&str>) -> Result<EventFilter, ServerError> {
        let text =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_string);
        let mark =
            |mark: &str| mark.parse().map_err(|_| ServerError::BadQuery("cursor is not the next of a page".into()));
        Ok(EventFilter {
            before_seq: cursor.map(mark).transpose()?,
            kind: text(&self.kind),
            id: text(&self.id),
            account: text(&self.account),
            name: text(&self.name),
            from: text(&self.from).map(|text| moment(&text, 0)).transpose()?,
            to: text(&self.to).map(|text| moment(&text, 1)).transpose()?,
            newest_first: true,
            ..EventFilter::default()
        })
    }
}

/// A moment, or the midnight that begins a day `after` days later.
fn moment(text: &str, after: i32) -> Result<Instant, ServerError> {
    match text.parse::<BeijingDay>() {
        Ok(day) => Ok(format!("{}T00:00:00+08:00", day + after).parse()?),
        Err(_) => Ok(text.parse()?),
    }
}

impl RecordLine {
    fn of(record: Record, hash: String, names: &Names) -> RecordLine {
        let actor = record.actor;
        RecordLine {
            seq: record.seq,
            at: record.at,
            shown: record.shown,
            account: names.account(&actor.account),
            organisation: names.organisation(&actor.organisation),
            on_behalf_of: actor.on_behalf_of.as_ref().map(|id| names.organisation(id)),
            origin: actor.origin,
            kind: record.stream_kind,
            id: record.stream_id,
            version: record.version,
            name: record.name,
            command: record.command,
            reason: record.reason,
            before: record.before,
            after: record.after,
            hash,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_beijing_and_ends_with_the_next() {
        assert_eq!(moment("2018-01-13", 0).unwrap().to_string(), "2018-01-13T00:00:00+08:00");
        assert_eq!(moment("2018-01-31", 1).unwrap().to_string(), "2018-02-01T00:00:00+08:00");
        assert_eq!(moment("2018-01-13T08:30:00+08:00", 1).unwrap().to_string(), "2018-01-13T08:30:00+08:00");
        assert!(moment("yesterday", 0).is_err());
    }
}
