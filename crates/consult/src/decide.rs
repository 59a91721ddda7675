use crate::guest::MOST_GUESTS;
use crate::text::{MOST_LINE, MOST_TEXT, lines, optional_lines};
use crate::{
    ConcludedDay, Conclusion, Considered, ConsultError, DayCall, LEAST_LEADS, Official, Opening, Prefilled, Room,
    RoomCommand, RoomEvent, RoomState, Weighted, call, effects, prefill, publication,
};
use event::{Actor, Aggregate, Decision, Effect};
use org::submitter_is_not;
use units::{AccountId, ConsultationId, Instant};

const MOST_REMARKS: u32 = 1000;
const MOST_INVITED: usize = 60;
const MOST_BID_DAYS: i64 = 7;
/// The origins of what the program does by itself.
const PROGRAM: [&str; 2] = ["timer", "job"];

impl Aggregate for Room {
    const KIND: &'static str = "consultation";
    type State = Room;
    type Command = RoomCommand;
    type Event = RoomEvent;
    type Refusal = ConsultError;

    fn decide(
        state: &Room,
        version: u64,
        command: RoomCommand,
        by: &Actor,
        now: Instant,
    ) -> Result<Decision<RoomEvent>, ConsultError> {
        match (&command, version) {
            (RoomCommand::Open { .. }, 0) => {}
            (RoomCommand::Open { .. }, _) => return Err(ConsultError::Exists),
            (_, 0) => return Err(ConsultError::NotFound),
            _ => {}
        }
        if let Some(step) = command.step().filter(|step| !step.fits(state)) {
            return Err(ConsultError::WrongState { state: state.state.as_str(), step: step.as_str() });
        }
        let tell = effects::Asked::of(&command);
        let Some(event) = state.event(command, by, now)? else { return Ok(Decision::nothing()) };
        let after = Room::apply(state.clone(), &event);
        let effects: Vec<Effect> = effects::of(&event, &after, version + 1, &tell, now);
        Ok(Decision { events: vec![event], effects })
    }

    fn apply(mut state: Room, event: &RoomEvent) -> Room {
        match event {
            RoomEvent::Opened { room } => return Room::clone(room),
            RoomEvent::Remarked { .. } => state.remarks = state.remarks.saturating_add(1),
            RoomEvent::Reminded {} => {}
            RoomEvent::Concluded { conclusion } | RoomEvent::Corrected { conclusion } => {
                state.pending = Some(Conclusion::clone(conclusion));
                state.state = RoomState::Concluded;
            }
            RoomEvent::Signed { by, at, told } => {
                let signed = |conclusion| Official { conclusion, signed_by: by.clone(), signed_at: *at };
                state.official = state.pending.take().map(signed).or(state.official);
                state.told.clone_from(told);
                state.state = RoomState::Signed;
            }
            RoomEvent::Superseded { by } => {
                state.superseded_by = Some(by.clone());
                state.pending = None;
                state.state = RoomState::Superseded;
            }
            RoomEvent::Cancelled { .. } => {
                state.pending = None;
                state.state = RoomState::Cancelled;
            }
            RoomEvent::GuestInvited { link } => state.guests.push(link.clone()),
            RoomEvent::GuestRevoked { guest } => {
                state.guests.iter_mut().filter(|link| link.id == *guest).for_each(|link| link.revoked = true);
            }
        }
        state
    }
}

impl Room {
    fn event(&self, command: RoomCommand, by: &Actor, now: Instant) -> Result<Option<RoomEvent>, ConsultError> {
        use RoomCommand::*;
        let author = || (by.account.clone(), now);
        Ok(Some(match command {
            Open { with, id: _ } => {
                let with = with.ok_or(ConsultError::NotFound)?;
                RoomEvent::Opened { room: Box::new(opened(*with, author())?) }
            }
            Remark { text, by } => {
                if self.remarks >= MOST_REMARKS {
                    return Err(ConsultError::TooMany { what: "remarks", most: MOST_REMARKS as usize });
                }
                RoomEvent::Remarked { text: lines("text", &text, MOST_TEXT)?, by }
            }
            Remind { .. } | Supersede { .. } if !PROGRAM.contains(&by.origin.as_str()) => {
                return Err(ConsultError::ProgramOnly);
            }
            Remind { missing } if self.state == RoomState::Open && !missing.is_empty() => RoomEvent::Reminded {},
            Conclude { days, text, bids, hidden, .. } => {
                if hidden {
                    return Err(ConsultError::BidsHidden(self.bids_until));
                }
                RoomEvent::Concluded { conclusion: Box::new(self.first(days, &text, &bids, author())?) }
            }
            Correct { days, text, reason, .. } => {
                RoomEvent::Corrected { conclusion: Box::new(self.corrected(days, &text, &reason, author())?) }
            }
            Sign { told } => {
                let (account, at) = author();
                if let Some(pending) = &self.pending {
                    submitter_is_not(&pending.by, &account).map_err(ConsultError::Separation)?;
                }
                RoomEvent::Signed { by: account, at, told }
            }
            Supersede { by } if self.is_official() && by != self.id => RoomEvent::Superseded { by },
            // Signed anew, replaced or closed meanwhile: what comes late has nothing to say.
            Remind { .. } | Supersede { .. } => return Ok(None),
            Cancel { text } => RoomEvent::Cancelled { text: lines("text", &text, MOST_TEXT)? },
            InviteGuest { link, wall, guest: _ } => {
                let (link, wall) = link.zip(wall).ok_or(ConsultError::NoGuest)?;
                if self.kind != crate::RoomKind::Joint {
                    return Err(ConsultError::NotJoint);
                }
                if self.guests.len() >= MOST_GUESTS {
                    return Err(ConsultError::TooMany { what: "guests", most: MOST_GUESTS });
                }
                RoomEvent::GuestInvited { link: link.checked(wall)? }
            }
            RevokeGuest { guest } => match self.guest(&guest) {
                None => return Err(ConsultError::NoGuest),
                Some(link) if link.revoked => return Ok(None),
                Some(_) => RoomEvent::GuestRevoked { guest },
            },
        }))
    }

    /// The first version of the conclusion, measured against what the bids give.
    fn first(
        &self,
        days: Vec<DayCall>,
        text: &str,
        bids: &[Weighted],
        author: (AccountId, Instant),
    ) -> Result<Conclusion, ConsultError> {
        let given = prefill(&self.material, bids);
        let days = self.concluded(days, &given)?;
        if let Some(day) = days.iter().find(|day| day.departs() && day.call.reason.is_empty()) {
            return Err(ConsultError::DepartsWithoutReason { city: day.call.city, lead: day.call.lead });
        }
        let considered = |one: &Weighted| Considered {
            participant: one.bid.participant.clone(),
            number: one.bid.number,
            weight: one.weight,
            past: one.past.clone(),
        };
        Ok(Conclusion {
            number: 1,
            publication: publication(&self.material, &days),
            days,
            text: optional_lines("text", text, MOST_TEXT)?,
            correction: String::new(),
            by: author.0,
            at: author.1,
            considered: bids.iter().map(considered).collect(),
        })
    }

    /// The next version, measured against the signed one.
    fn corrected(
        &self,
        days: Vec<DayCall>,
        text: &str,
        reason: &str,
        author: (AccountId, Instant),
    ) -> Result<Conclusion, ConsultError> {
        let signed = &self.official.as_ref().ok_or(ConsultError::NothingCorrected)?.conclusion;
        let given: Vec<Prefilled> = signed.days.iter().filter_map(|day| day.prefilled.clone()).collect();
        let days = self.concluded(days, &given)?;
        let text = optional_lines("text", text, MOST_TEXT)?;
        if text == signed.text && days.iter().map(|day| &day.call).eq(signed.days.iter().map(|day| &day.call)) {
            return Err(ConsultError::NothingCorrected);
        }
        Ok(Conclusion {
            number: signed.number.saturating_add(1),
            publication: publication(&self.material, &days),
            days,
            text,
            correction: lines("reason", reason, MOST_LINE)?,
            by: author.0,
            at: author.1,
            considered: signed.considered.clone(),
        })
    }

    /// The days beside what was given for them; refuses `C-104` to `C-109` and `C-205`.
    fn concluded(&self, days: Vec<DayCall>, given: &[Prefilled]) -> Result<Vec<ConcludedDay>, ConsultError> {
        let days = call::checked(days, &self.material)?;
        for city in self.material.cities.iter().map(|city| city.city) {
            let covered = |lead: &u8| days.iter().any(|day| day.city == city && day.lead == *lead);
            if let Some(lead) = (1..=LEAST_LEADS).find(|lead| !covered(lead)) {
                return Err(ConsultError::DayMissing { city, lead });
            }
        }
        let beside = |call: DayCall| {
            let prefilled = given.iter().find(|one| one.city == call.city && one.lead == call.lead).cloned();
            ConcludedDay { call, prefilled }
        };
        Ok(days.into_iter().map(beside).collect())
    }
}

impl ConcludedDay {
    /// Whether it says something else than the bids give.
    pub fn departs(&self) -> bool {
        self.prefilled.as_ref().is_some_and(|prefilled| prefilled.bids > 0 && !prefilled.is(&self.call))
    }
}

fn opened(with: Opening, (opened_by, opened_at): (AccountId, Instant)) -> Result<Room, ConsultError> {
    let Opening { id, code, kind, owner, opening, material, hide_bids, bids_until, remind_at: _, mut invited } = with;
    material.check()?;
    let latest = Instant::from_utc(opened_at.to_utc() + chrono::TimeDelta::days(MOST_BID_DAYS));
    if bids_until <= opened_at || bids_until > latest {
        return Err(ConsultError::BadDeadline);
    }
    invited.sort();
    invited.dedup();
    if invited.len() > MOST_INVITED {
        return Err(ConsultError::TooMany { what: "invited accounts", most: MOST_INVITED });
    }
    Ok(Room {
        id: ConsultationId::clone(&id),
        code: crate::text::line("code", &code, 40)?,
        kind,
        owner,
        opening: crate::Words {
            zh: crate::text::line("opening", &opening.zh, MOST_LINE)?,
            en: crate::text::line("opening", &opening.en, MOST_LINE)?,
        },
        opened_by,
        opened_at,
        material,
        hide_bids,
        bids_until,
        invited,
        ..Room::default()
    })
}
