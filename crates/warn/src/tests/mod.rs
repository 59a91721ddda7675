//! A warning from its proposal to its summary, and what it refuses on the way.

mod life;
mod members_said;
mod papers;
mod plans;
mod prefilled;
mod refusals;
mod reviews;

use crate::*;
use event::Actor;
use units::{AccountId, BeijingHour, Instant, RegionCode, Share, WarningId, WarningLevel};

pub(super) const NANJING: &str = "320100";
pub(super) const XUZHOU: &str = "320300";

/// A moment of January 2026, `15 08:00`.
pub(super) fn at(day_and_clock: &str) -> Instant {
    let (day, clock) = day_and_clock.split_once(' ').unwrap();
    format!("2026-01-{day}T{clock}:00+08:00").parse().unwrap()
}

pub(super) fn by(id: &str) -> Actor {
    let organisation = "js-jemc".parse().unwrap();
    Actor { account: account(id), organisation, on_behalf_of: None, origin: "web 10.0.0.1".into() }
}

pub(super) fn program() -> Actor {
    Actor { origin: "timer".into(), ..by("system") }
}

pub(super) fn account(id: &str) -> AccountId {
    id.parse().unwrap()
}

pub(super) fn city(code: &str) -> RegionCode {
    code.parse().unwrap()
}

pub(super) fn warning_id() -> WarningId {
    "warning-1".parse().unwrap()
}

pub(super) fn share(value: f64) -> Share {
    Share::new(value).unwrap()
}

/// The run of 14 January, 20:00: orange for Xuzhou from the 17th to the 20th, nothing for Nanjing.
pub(super) fn basis() -> Basis {
    let issue: BeijingHour = "2026-01-14T20:00:00+08:00".parse().unwrap();
    let one = |code: &str, name: &str, name_en: &str, level: Option<WarningLevel>, orange: f64| CityBasis {
        city: city(code),
        name: name.into(),
        name_en: name_en.into(),
        level,
        start: level.map(|_| at("17 20:00")),
        end: level.map(|_| at("20 20:00")),
        rule: String::new(),
        rule_en: String::new(),
        yellow: share(orange),
        orange: share(orange),
        red: share(0.0),
        late: false,
        again: Some(share(orange)),
        course: vec![CoursePoint { hour: issue + 24, q10: Some(120), q50: Some(180), q90: None }],
    };
    Basis {
        run: RunBasis { id: "run-1".into(), digest: "sha256:00".into(), issue, members: 50, model: "hist-1".into() },
        plan: PlanBasis::of(&Plan::bundled("jiangsu-2025").unwrap()),
        data_time: Some(issue),
        standard: "HJ 633-2012".into(),
        demonstration: false,
        cities: vec![
            one(NANJING, "南京", "Nanjing", None, 0.1),
            one(XUZHOU, "徐州", "Xuzhou", Some(WarningLevel::Orange), 0.8),
        ],
    }
}

pub(super) fn found(basis: Basis) -> Found {
    Found {
        basis: Some(Box::new(basis)),
        warned_elsewhere: Vec::new(),
        tell: vec![account("next")],
        told: vec!["xz-bureau".parse().unwrap()],
    }
}

pub(super) fn terms(level: WarningLevel, cities: &[&str]) -> Terms {
    let cities = cities.iter().map(|code| city(code)).collect();
    Terms { level, cause: Cause::Pm25, cities, start: at("17 20:00"), end: at("20 20:00") }
}

pub(super) fn orange() -> Terms {
    terms(WarningLevel::Orange, &[XUZHOU])
}

pub(super) fn propose(exercise: bool, terms: Terms, reason: &str, found: Found) -> WarningCommand {
    let with =
        Proposing { id: warning_id(), code: "YJ-20260115-7K3M2".into(), owner: "js-jemc".parse().unwrap(), exercise };
    WarningCommand::Propose { with, terms, reason: reason.into(), prompt: None, found }
}

pub(super) fn draft(change: Change, terms: Terms, reason: &str) -> WarningCommand {
    WarningCommand::Draft { change, terms, reason: reason.into(), prompt: None, found: found(basis()) }
}

/// A warning on which commands are tried one after the other.
pub(super) struct Desk {
    pub state: Warning,
    pub version: u64,
    pub effects: Vec<event::Effect>,
}

impl Desk {
    pub fn new() -> Desk {
        Desk { state: Warning::default(), version: 0, effects: Vec::new() }
    }

    pub fn give(&mut self, command: WarningCommand, by: &Actor, now: &str) -> Result<(), String> {
        use event::Aggregate;
        let decided = Warning::decide(&self.state, self.version, command, by, at(now));
        let decision = decided.map_err(|refusal| refusal.to_string())?;
        for event in &decision.events {
            // What is stored is what is applied.
            let json = serde_json::to_string(event).unwrap();
            self.state = Warning::apply(self.state.clone(), &serde_json::from_str(&json).unwrap());
            self.version += 1;
        }
        self.effects.extend(decision.effects);
        Ok(())
    }

    pub fn assess(&mut self, who: &str, now: &str) -> Result<(), String> {
        let draft = self.state.drafts;
        let command = WarningCommand::Assess { draft, opinion: "同意".into(), found: found(basis()) };
        self.give(command, &by(who), now)
    }

    pub fn sign(&mut self, who: &str, now: &str) -> Result<(), String> {
        let digest = self.state.draft.as_ref().unwrap().digest().unwrap();
        let command = WarningCommand::Sign { digest, opinion: String::new(), found: found(basis()) };
        self.give(command, &by(who), now)
    }

    pub fn issue(&mut self, document: &str, now: &str) -> Result<(), String> {
        self.give(WarningCommand::Issue { document: document.into(), found: found(basis()) }, &by("duty"), now)
    }

    /// Through all gates.
    pub fn pass(&mut self, document: &str, now: &str) {
        self.assess("assessor", now).unwrap();
        self.sign("leader", now).unwrap();
        self.issue(document, now).unwrap();
    }

    /// With an orange warning for Xuzhou in force.
    pub fn in_force(exercise: bool) -> Desk {
        let mut desk = Desk::new();
        desk.give(propose(exercise, orange(), "", found(basis())), &by("duty"), "15 08:00").unwrap();
        desk.pass("苏环预警〔2026〕1号", "15 09:00");
        desk
    }
}
