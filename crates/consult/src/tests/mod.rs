//! A room of two cities from its opening to its correction, and what it refuses on the way.

mod bids;
mod room;
mod tempo;

use crate::*;
use event::Actor;
use units::{AccountId, Aqi, BeijingHour, ConsultationId, Instant, Pollutant, RegionCode, Share};

pub(super) const NANJING: &str = "320100";
pub(super) const XUZHOU: &str = "320300";

pub(super) fn at(clock: &str) -> Instant {
    format!("2018-01-14T{clock}:00+08:00").parse().unwrap()
}

pub(super) fn account(id: &str) -> AccountId {
    id.parse().unwrap()
}

pub(super) fn by(id: &str) -> Actor {
    let organisation = "js-jemc".parse().unwrap();
    Actor { account: account(id), organisation, on_behalf_of: None, origin: "web 10.0.0.1".into() }
}

pub(super) fn program() -> Actor {
    Actor { origin: "timer".into(), ..by("system") }
}

pub(super) fn room_id() -> ConsultationId {
    "room-1".parse().unwrap()
}

pub(super) fn aqi(value: u16) -> Aqi {
    Aqi::new(value).unwrap()
}

pub(super) fn city(code: &str) -> RegionCode {
    code.parse().unwrap()
}

/// PM2.5 above 50, nothing below.
pub(super) fn call(code: &str, lead: u8, lo: u16, hi: u16) -> DayCall {
    let primary = if hi > 50 { vec![Pollutant::Pm25] } else { Vec::new() };
    let (lo, hi) = (aqi(lo), aqi(hi));
    DayCall { city: city(code), lead, lo, hi, primary, confidence: Confidence::Medium, reason: String::new() }
}

/// Three days of both cities with one range.
pub(super) fn three_days(lo: u16, hi: u16) -> Vec<DayCall> {
    [NANJING, XUZHOU].into_iter().flat_map(|code| (1..=3).map(move |lead| call(code, lead, lo, hi))).collect()
}

pub(super) fn material() -> Material {
    let issue: BeijingHour = "2018-01-13T20:00:00+08:00".parse().unwrap();
    let day = |lead| ModelDay {
        lead,
        lo: aqi(85),
        hi: aqi(115),
        primary: vec![Pollutant::Pm25],
        above150: Share::new(0.1).ok(),
        above200: None,
    };
    let of = |code: &str, name: &str, name_en: &str| CityMaterial {
        city: city(code),
        name: name.into(),
        name_en: name_en.into(),
        last_hour: Some(issue),
        fresh: true,
        days: (1..=5).map(day).collect(),
    };
    Material {
        issue,
        data_time: Some(issue),
        standard: "HJ 633-2012".into(),
        run: RunMaterial { state: RunState::Ready, model: Some("m1".into()), trained_until: None, members: 50 },
        cities: vec![of(NANJING, "南京", "Nanjing"), of(XUZHOU, "徐州", "Xuzhou")],
        members: Vec::new(),
    }
}

pub(super) fn opening(kind: RoomKind) -> Opening {
    Opening {
        id: room_id(),
        code: "HS-1".into(),
        kind,
        owner: "js-jemc".parse().unwrap(),
        opening: Words { zh: "人工发起".into(), en: "opened by hand".into() },
        material: material(),
        hide_bids: true,
        bids_until: at("10:30"),
        remind_at: at("10:00"),
        invited: ["chair", "a", "b", "c", "a"].map(account).to_vec(),
    }
}

pub(super) fn open(opening: Opening) -> RoomCommand {
    RoomCommand::Open { id: opening.id.clone(), with: Some(Box::new(opening)) }
}

pub(super) fn opened(kind: RoomKind) -> RoomEvent {
    let outcome = event::given::<Room>([]).when(open(opening(kind)), &by("chair"), at("09:00")).accepted();
    outcome.events.into_iter().next().unwrap()
}

pub(super) fn entered(who: &str, days: Vec<DayCall>) -> Entered {
    let participant = Participant::Account(account(who));
    Entered { room: room_id(), participant, label: String::new(), number: 1, days, at: at("09:30") }
}

pub(super) fn weighted(who: &str, weight: f64, days: Vec<DayCall>) -> Weighted {
    Weighted { bid: entered(who, days), weight, past: None }
}
