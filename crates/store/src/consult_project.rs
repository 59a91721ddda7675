use crate::StoreError;
use crate::code::{hour_number, moment_number};
use crate::database::Writer;
use crate::event_log::Projected;
use crate::organisation_project::path_of;
use crate::scope::secrecy_number;
use crate::scope_statement::{Statement, act};
use ::consult::{Bid, BidEvent, GuestLink, Official, Room, RoomEvent, Tempo, TempoEvent};
use units::Instant;

impl Projected for Room {
    const TABLES: &'static [&'static str] =
        &["consultation", "consultation_told", "consultation_official", "consultation_guest"];

    async fn project(
        writer: &mut Writer,
        id: &str,
        event: &RoomEvent,
        _before: &Room,
        after: &Room,
        version: u64,
        at: Instant,
    ) -> Result<(), StoreError> {
        match event {
            RoomEvent::Opened { .. } => return open(writer, id, after, version, at).await,
            RoomEvent::Signed { .. } => sign(writer, id, after).await?,
            RoomEvent::Superseded { .. } => supersede(writer, id).await?,
            RoomEvent::GuestInvited { link } => invite(writer, id, link).await?,
            _ => {}
        }
        change(writer, id, after, version, at).await
    }
}

impl Projected for Bid {
    const TABLES: &'static [&'static str] = &["consultation_bid"];

    async fn project(
        writer: &mut Writer,
        _id: &str,
        event: &BidEvent,
        _before: &Bid,
        _after: &Bid,
        _version: u64,
        _at: Instant,
    ) -> Result<(), StoreError> {
        let BidEvent::BidEntered { bid } = event;
        let mut statement =
            Statement::new("INSERT INTO consultation_bid (room, participant, bid, number, entered_at) VALUES (");
        let body = serde_json::to_string(bid).map_err(StoreError::not_json)?;
        statement.bind_list([bid.room.as_str(), &bid.participant.to_string(), &body]).push(", ");
        statement.bind_list([i64::from(bid.number), moment_number(bid.at)]);
        statement.push(
            ") ON CONFLICT (room, participant) DO UPDATE SET number = excluded.number, \
             entered_at = excluded.entered_at, bid = excluded.bid",
        );
        act!(writer, statement).map(drop)
    }
}

/// How often to meet is read as a whole and needs no table of its own.
impl Projected for Tempo {
    const TABLES: &'static [&'static str] = &[];

    async fn project(
        _writer: &mut Writer,
        _id: &str,
        _event: &TempoEvent,
        _before: &Tempo,
        _after: &Tempo,
        _version: u64,
        _at: Instant,
    ) -> Result<(), StoreError> {
        Ok(())
    }
}

async fn open(writer: &mut Writer, id: &str, room: &Room, version: u64, at: Instant) -> Result<(), StoreError> {
    let path = path_of(writer, room.owner.as_str()).await?;
    let mut statement = Statement::new(
        "INSERT INTO consultation (id, code, kind, owner, owner_path, state, opened_by, issue, issue_day, opened_at, \
         bids_until, number, secrecy, changed_at, version) VALUES (",
    );
    let texts = [id, &room.code, room.kind.as_str(), room.owner.as_str(), path.as_str(), room.state.as_str()];
    statement.bind_list(texts).push(", ").bind(room.opened_by.as_str()).push(", ");
    statement.bind_list([
        i64::from(hour_number(room.issue())?),
        i64::from(room.issue().day().index()),
        moment_number(room.opened_at),
        moment_number(room.bids_until),
        0,
        secrecy_number(Room::SECRECY),
        moment_number(at),
        version_number(version),
    ]);
    statement.push(")");
    act!(writer, statement).map(drop)
}

/// Number, kind, owner and run of a room stay what they are.
async fn change(writer: &mut Writer, id: &str, room: &Room, version: u64, at: Instant) -> Result<(), StoreError> {
    let number = room.official.as_ref().map_or(0, |official| official.conclusion.number);
    let mut statement = Statement::new("UPDATE consultation SET state = ");
    statement.bind(room.state.as_str()).push(", number = ").bind(i64::from(number));
    statement.push(", changed_at = ").bind(moment_number(at)).push(", version = ").bind(version_number(version));
    statement.push(" WHERE id = ").bind(id);
    act!(writer, statement).map(drop)
}

/// The signed version is the official one; the one before stays readable as superseded.
async fn sign(writer: &mut Writer, id: &str, room: &Room) -> Result<(), StoreError> {
    supersede(writer, id).await?;
    if let Some(official) = &room.official {
        keep(writer, id, room, official).await?;
    }
    let mut statement = Statement::new("DELETE FROM consultation_told WHERE id = ");
    statement.bind(id);
    act!(writer, statement)?;
    for org in &room.told {
        let mut statement = Statement::new("INSERT INTO consultation_told (org, id) VALUES (");
        statement.bind_list([org.as_str(), id]).push(") ON CONFLICT (org, id) DO NOTHING");
        act!(writer, statement)?;
    }
    Ok(())
}

async fn keep(writer: &mut Writer, id: &str, room: &Room, official: &Official) -> Result<(), StoreError> {
    let body = serde_json::to_string(official).map_err(StoreError::not_json)?;
    let mut statement =
        Statement::new("INSERT INTO consultation_official (room, state, body, number, issue_day, signed_at) VALUES (");
    statement.bind_list([id, "official", &body]).push(", ").bind_list([
        i64::from(official.conclusion.number),
        i64::from(room.issue().day().index()),
        moment_number(official.signed_at),
    ]);
    statement.push(") ON CONFLICT (room, number) DO NOTHING");
    act!(writer, statement).map(drop)
}

async fn supersede(writer: &mut Writer, id: &str) -> Result<(), StoreError> {
    let mut statement = Statement::new("UPDATE consultation_official SET state = 'superseded' WHERE room = ");
    statement.bind(id);
    act!(writer, statement).map(drop)
}

async fn invite(writer: &mut Writer, id: &str, link: &GuestLink) -> Result<(), StoreError> {
    let mut statement = Statement::new("INSERT INTO consultation_guest (hash, room, id) VALUES (");
    statement.bind_list([link.hash.as_str(), id, &link.id]).push(") ON CONFLICT (hash) DO NOTHING");
    act!(writer, statement).map(drop)
}

fn version_number(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}
