use crate::rules::lines;
use crate::{Plan, WarnError};
use event::{Actor, Aggregate, Decision};
use org::submitter_is_not;
use serde::{Deserialize, Serialize};
use units::{AccountId, BeijingDay, Instant, RegionCode};

/// Hours that a forecast covers, against which a plan is checked.
pub const FORECAST_HOURS: u32 = 172;
const MOST_TEXT: usize = 4000;
const PROGRAM: [&str; 2] = ["timer", "job"];

/// The record of one plan (预案) of the house, by the plan's own id: its text from draft over trial to approval, and its
/// end. Of a plan that comes with the program it holds the end alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanRecord {
    /// The plan's id.
    pub id: String,
    /// Its file; `None` of one that comes with the program.
    pub text: Option<String>,
    /// Where it stands.
    pub state: PlanRecordState,
    /// Who wrote the text as it stands.
    pub drafted_by: Option<AccountId>,
    /// When.
    pub drafted_at: Option<Instant>,
    /// What a past winter would have been under it.
    pub trial: Option<Trial>,
    /// Who approved it.
    pub approved_by: Option<AccountId>,
    /// When.
    pub approved_at: Option<Instant>,
    /// Its last day, once it was ended.
    pub until: Option<BeijingDay>,
}

/// Where the record of a plan stands (预案状态).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanRecordState {
    /// 草案.
    #[default]
    Draft,
    /// 已批准: in effect from its first day on.
    Approved,
    /// 已废止: in effect to its last day.
    Ended,
    /// 已放弃: the draft led to nothing.
    Dropped,
}

impl PlanRecordState {
    /// Stable text, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            PlanRecordState::Draft => "draft",
            PlanRecordState::Approved => "approved",
            PlanRecordState::Ended => "ended",
            PlanRecordState::Dropped => "dropped",
        }
    }
}

/// One past winter under a draft and under the plan in force (试算).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// The year in which the winter begins.
    pub winter: i32,
    /// Digest of the text that was tried.
    pub digest: String,
    /// Under the draft.
    pub draft: TrialSide,
    /// Under the plan in force.
    pub against: TrialSide,
}

/// A past winter under one plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialSide {
    /// The plan.
    pub plan: String,
    /// One row a city.
    pub rows: Vec<TrialRow>,
}

/// A past winter of one city under one plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialRow {
    /// The city.
    pub city: RegionCode,
    /// Episodes that the observations met.
    pub episodes: u32,
    /// Of these warned.
    pub hits: u32,
    /// Not warned.
    pub misses: u32,
    /// Warned without an episode.
    pub false_alarms: u32,
    /// Median lead of the hits, hours; `None` without a hit.
    pub lead_hours: Option<f64>,
    /// Hours warned.
    pub warned_hours: f64,
    /// Of these without need.
    pub needless_hours: f64,
}

/// What can be asked of the record of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum PlanCommand {
    /// Enter a draft.
    Draft {
        /// The file.
        text: String,
    },
    /// Write the draft anew; its trial is void then.
    Rewrite {
        /// The file.
        text: String,
    },
    /// Keep what a trial gave. The program's own.
    Try {
        /// What it gave.
        trial: Box<Trial>,
    },
    /// Approve it: in effect from its first day on.
    Approve {
        /// The other plans, as the server found.
        #[serde(skip)]
        others: Vec<Plan>,
    },
    /// Give the draft up.
    Drop {
        /// Why.
        text: String,
    },
    /// End a plan in effect, one that comes with the program too.
    End {
        /// Its last day.
        last: BeijingDay,
        /// The plan, as the server found.
        #[serde(skip)]
        plan: Option<Box<Plan>>,
    },
}

/// What happened to the record of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum PlanEvent {
    /// A draft was entered or written anew.
    Drafted {
        /// The plan's id.
        id: String,
        /// The file.
        text: String,
        /// By whom.
        by: AccountId,
        /// When.
        at: Instant,
    },
    /// It was tried.
    Tried {
        /// What that gave.
        trial: Box<Trial>,
    },
    /// It was approved.
    Approved {
        /// By whom.
        by: AccountId,
        /// When.
        at: Instant,
    },
    /// The draft was given up.
    Dropped {
        /// Why.
        text: String,
    },
    /// It was ended.
    Ended {
        /// The plan's id.
        id: String,
        /// Its last day.
        last: BeijingDay,
    },
}

impl Aggregate for PlanRecord {
    const KIND: &'static str = "warning_plan";
    type State = PlanRecord;
    type Command = PlanCommand;
    type Event = PlanEvent;
    type Refusal = WarnError;

    fn decide(
        state: &PlanRecord,
        version: u64,
        command: PlanCommand,
        by: &Actor,
        now: Instant,
    ) -> Result<Decision<PlanEvent>, WarnError> {
        let draft = |step: &'static str| match (version, state.state) {
            (0, _) => Err(WarnError::NoPlanRecord(state.id.clone())),
            (_, PlanRecordState::Draft) => Ok(()),
            (_, other) => Err(WarnError::PlanState { state: other.as_str(), step }),
        };
        let (account, at) = (by.account.clone(), now);
        let event = match command {
            PlanCommand::Draft { .. } if version > 0 => return Err(WarnError::PlanExists(state.id.clone())),
            PlanCommand::Draft { text } => {
                let id = Plan::parse("draft", &text)?.id;
                if Plan::bundled_ids().contains(&id.as_str()) {
                    return Err(WarnError::PlanExists(id));
                }
                PlanEvent::Drafted { id, text, by: account, at }
            }
            PlanCommand::Rewrite { text } => {
                draft("rewrite")?;
                let found = Plan::parse("draft", &text)?.id;
                if found != state.id {
                    return Err(WarnError::PlanIdChanged { expected: state.id.clone(), found });
                }
                PlanEvent::Drafted { id: found, text, by: account, at }
            }
            PlanCommand::Try { .. } if !PROGRAM.contains(&by.origin.as_str()) => return Err(WarnError::ProgramOnly),
            PlanCommand::Try { trial } => {
                draft("trial")?;
                // Written anew while it was being tried: what was tried is no longer what stands here.
                if trial.digest != state.plan()?.digest {
                    return Ok(Decision::nothing());
                }
                PlanEvent::Tried { trial }
            }
            PlanCommand::Approve { others } => {
                draft("approve")?;
                state.check_approval(&account, &others)?;
                PlanEvent::Approved { by: account, at }
            }
            PlanCommand::Drop { text } => {
                draft("drop")?;
                PlanEvent::Dropped { text: lines("text", &text, MOST_TEXT)? }
            }
            PlanCommand::End { last, plan } => {
                let plan = plan.ok_or_else(|| WarnError::NoPlanRecord(state.id.clone()))?;
                if version > 0 && state.state != PlanRecordState::Approved {
                    return Err(WarnError::PlanState { state: state.state.as_str(), step: "end" });
                }
                if last < plan.effective_from || last < now.last_ended_hour().day() {
                    return Err(WarnError::PlanEnd);
                }
                PlanEvent::Ended { id: plan.id.clone(), last }
            }
        };
        Ok(Decision { events: vec![event], effects: Vec::new() })
    }

    fn apply(mut state: PlanRecord, event: &PlanEvent) -> PlanRecord {
        match event {
            PlanEvent::Drafted { id, text, by, at } => PlanRecord {
                id: id.clone(),
                text: Some(text.clone()),
                drafted_by: Some(by.clone()),
                drafted_at: Some(*at),
                ..PlanRecord::default()
            },
            PlanEvent::Tried { trial } => PlanRecord { trial: Some(Trial::clone(trial)), ..state },
            PlanEvent::Approved { by, at } => {
                state.state = PlanRecordState::Approved;
                (state.approved_by, state.approved_at) = (Some(by.clone()), Some(*at));
                state
            }
            PlanEvent::Dropped { .. } => PlanRecord { state: PlanRecordState::Dropped, ..state },
            PlanEvent::Ended { id, last } => {
                PlanRecord { id: id.clone(), state: PlanRecordState::Ended, until: Some(*last), ..state }
            }
        }
    }
}

impl PlanRecord {
    /// The plan as it is written, with the end it was given; refuses `W-321` without a text, and `W-101`.
    pub fn plan(&self) -> Result<Plan, WarnError> {
        let text = self.text.as_deref().ok_or_else(|| WarnError::NoPlanRecord(self.id.clone()))?;
        let mut plan = Plan::parse(&self.id, text)?;
        plan.effective_until = self.until.or(plan.effective_until);
        Ok(plan)
    }

    fn check_approval(&self, by: &AccountId, others: &[Plan]) -> Result<(), WarnError> {
        let plan = self.plan()?;
        let faults: Vec<String> =
            plan.validate(FORECAST_HOURS).into_iter().filter(|fault| fault.blocks).map(|fault| fault.en).collect();
        if !faults.is_empty() {
            return Err(WarnError::PlanFaulty { plan: plan.id, faults: faults.join("; ") });
        }
        if let Some(drafter) = &self.drafted_by {
            submitter_is_not(drafter, by).map_err(WarnError::Separation)?;
        }
        if self.trial.as_ref().is_none_or(|trial| trial.digest != plan.digest) {
            return Err(WarnError::PlanNotTried(plan.id));
        }
        let overlaps = |other: &&Plan| other.id != plan.id && other.region == plan.region && overlap(&plan, other);
        match others.iter().find(overlaps) {
            None => Ok(()),
            Some(other) => Err(WarnError::PlanOverlap {
                older: other.id.clone(),
                day: other.effective_from.max(plan.effective_from).to_string(),
                newer: plan.id,
            }),
        }
    }
}

/// The plans that decide (现行及历次预案): those that come with the program and the approved ones of the house, each
/// with the end it was given, in the order of their first day.
pub fn known_plans(records: &[PlanRecord]) -> Result<Vec<Plan>, WarnError> {
    let mut plans = Plan::all()?;
    for record in records {
        match (&record.text, record.state) {
            (None, PlanRecordState::Ended) => {
                let ended = plans.iter_mut().filter(|plan| plan.id == record.id);
                ended.for_each(|plan| plan.effective_until = record.until);
            }
            (Some(_), PlanRecordState::Approved | PlanRecordState::Ended) => plans.push(record.plan()?),
            _ => {}
        }
    }
    plans.sort_by_key(|plan| plan.effective_from);
    Ok(plans)
}

/// Whether there is a day on which both are in effect.
fn overlap(a: &Plan, b: &Plan) -> bool {
    let ends_before = |one: &Plan, other: &Plan| one.effective_until.is_some_and(|last| last < other.effective_from);
    !ends_before(a, b) && !ends_before(b, a)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = include_str!("../../../data/plans/jiangsu-2025.toml");

    fn text(id: &str, from: &str) -> String {
        OLD.replace("\"jiangsu-2025\"", &format!("\"{id}\""))
            .replace("effective_from = 2025-05-16", &format!("effective_from = {from}"))
    }

    fn by(account: &str, origin: &str) -> Actor {
        let organisation = "js".parse().unwrap();
        Actor { account: account.parse().unwrap(), organisation, on_behalf_of: None, origin: origin.into() }
    }

    fn day(text: &str) -> BeijingDay {
        text.parse().unwrap()
    }

    #[derive(Default)]
    struct Desk {
        state: PlanRecord,
        version: u64,
    }

    impl Desk {
        fn give(&mut self, command: PlanCommand, who: &str) -> Result<(), String> {
            let origin = if who == "program" { "job" } else { "web" };
            let now = "2026-01-15T08:00:00+08:00".parse().unwrap();
            let decided = PlanRecord::decide(&self.state, self.version, command, &by(who, origin), now);
            for event in decided.map_err(|error| error.to_string())?.events {
                self.state = PlanRecord::apply(std::mem::take(&mut self.state), &event);
                self.version += 1;
            }
            Ok(())
        }

        fn tried(&self) -> PlanCommand {
            let side = TrialSide { plan: "x".into(), rows: Vec::new() };
            let digest = self.state.plan().unwrap().digest;
            let trial = Trial { winter: 2017, digest, draft: side.clone(), against: side };
            PlanCommand::Try { trial: Box::new(trial) }
        }

        fn approve(&mut self, others: Vec<Plan>, who: &str) -> Result<(), String> {
            self.give(PlanCommand::Approve { others }, who)
        }
    }

    fn refused(outcome: Result<(), String>, code: &str) {
        let text = outcome.unwrap_err();
        assert!(text.starts_with(code), "{text}");
    }

    #[test]
    fn a_plan_is_drafted_tried_and_approved_by_another_once_the_old_one_ends() {
        let mut desk = Desk::default();
        desk.give(PlanCommand::Draft { text: text("jiangsu-2027", "2027-01-01") }, "air").unwrap();
        refused(desk.approve(Vec::new(), "leader"), "W-323");
        desk.give(desk.tried(), "program").unwrap();
        refused(desk.approve(Vec::new(), "air"), "W-302");
        refused(desk.approve(known_plans(&[]).unwrap(), "leader"), "W-327 plans jiangsu-2025 and jiangsu-2027");
        let mut old = Desk::default();
        let plan = || Some(Box::new(Plan::bundled("jiangsu-2025").unwrap()));
        refused(old.give(PlanCommand::End { last: day("2026-01-14"), plan: plan() }, "leader"), "W-325");
        old.give(PlanCommand::End { last: day("2026-12-31"), plan: plan() }, "leader").unwrap();
        desk.approve(known_plans(std::slice::from_ref(&old.state)).unwrap(), "leader").unwrap();
        refused(desk.approve(Vec::new(), "leader"), "W-324");

        let plans = known_plans(&[old.state, desk.state]).unwrap();
        let on = |at: &str| crate::plan_in_force(&plans, "320300".parse().unwrap(), day(at)).unwrap().id.clone();
        assert_eq!([on("2026-12-31"), on("2027-01-01")], ["jiangsu-2025", "jiangsu-2027"]);
    }

    #[test]
    fn a_plan_with_a_level_that_is_never_reached_is_not_approved() {
        let mut desk = Desk::default();
        let unreachable = text("jiangsu-2027", "2027-01-01").replace("hours = 48", "hours = 192");
        desk.give(PlanCommand::Draft { text: unreachable }, "air").unwrap();
        desk.give(desk.tried(), "program").unwrap();
        refused(desk.approve(Vec::new(), "leader"), "W-322");
        assert_eq!(desk.state.state, PlanRecordState::Draft);
    }

    #[test]
    fn a_draft_written_anew_has_to_be_tried_again() {
        let mut desk = Desk::default();
        desk.give(PlanCommand::Draft { text: text("jiangsu-2027", "2027-01-01") }, "air").unwrap();
        let stale = desk.tried();
        desk.give(PlanCommand::Rewrite { text: text("jiangsu-2027", "2027-02-01") }, "chair").unwrap();
        desk.give(stale, "program").unwrap();
        assert_eq!((desk.state.trial.as_ref(), desk.version), (None, 2), "a trial of what stands no more is not kept");
        refused(desk.give(PlanCommand::Rewrite { text: text("other", "2027-02-01") }, "air"), "W-326");
        desk.give(PlanCommand::Drop { text: "不采用".into() }, "leader").unwrap();
        refused(desk.give(PlanCommand::Rewrite { text: text("jiangsu-2027", "2027-02-01") }, "air"), "W-324");
        assert_eq!(known_plans(&[desk.state]).unwrap().len(), Plan::all().unwrap().len());
    }

    #[test]
    fn an_id_is_given_once_and_a_bundled_plan_is_no_draft() {
        let mut desk = Desk::default();
        refused(desk.give(PlanCommand::Draft { text: OLD.into() }, "air"), "W-320");
        refused(desk.give(PlanCommand::Drop { text: "x".into() }, "air"), "W-321");
        refused(desk.give(PlanCommand::Draft { text: "id = 1".into() }, "air"), "W-101");
        let new = text("jiangsu-2027", "2027-01-01");
        desk.give(PlanCommand::Draft { text: new.clone() }, "air").unwrap();
        refused(desk.give(PlanCommand::Draft { text: new }, "air"), "W-320");
        refused(desk.give(desk.tried(), "air"), "W-306");
    }
}
