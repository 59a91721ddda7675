use crate::{LedgerError, Matter, MatterCommand, MatterEvent, MatterState, Standing, Step, effects};
use event::{Actor, Aggregate, Decision};
use org::{OrgKind, Place, acting_organisation, submitter_is_not, verifier_outside};
use units::{AccountId, BeijingDay, Instant, OrgId};

/// The kinds of matter there are.
const KINDS: [&str; 1] = ["task"];
const MOST_TITLE: usize = 120;
const MOST_TEXT: usize = 4000;
const MOST_CODE: usize = 40;
const MOST_NAME: usize = 200;
const MOST_ASSIGNED: usize = 200;
const MOST_ATTACHMENTS: usize = 200;

impl Aggregate for Matter {
    const KIND: &'static str = "matter";
    type State = Matter;
    type Command = MatterCommand;
    type Event = MatterEvent;
    type Refusal = LedgerError;

    fn decide(
        state: &Matter,
        version: u64,
        command: MatterCommand,
        by: &Actor,
        now: Instant,
    ) -> Result<Decision<MatterEvent>, LedgerError> {
        match (&command, version) {
            (MatterCommand::Create { .. }, 0) => {}
            (MatterCommand::Create { .. }, _) => return Err(LedgerError::Exists),
            (_, 0) => return Err(LedgerError::NotFound),
            _ => {}
        }
        if let Some(step) = command.step() {
            state.fits(step)?;
        }
        let remind_on = match &command {
            MatterCommand::Create { remind_on, .. } | MatterCommand::Reschedule { remind_on, .. } => *remind_on,
            _ => None,
        };
        let event = state.event(command, by, now)?;
        let Some(event) = event else { return Ok(Decision::nothing()) };
        let after = Matter::apply(state.clone(), &event);
        let effects = effects::of(state, &event, &after, version + 1, remind_on, now);
        Ok(Decision { events: vec![event], effects })
    }

    fn apply(mut state: Matter, event: &MatterEvent) -> Matter {
        match event {
            MatterEvent::Created { matter } => return Matter::clone(matter),
            MatterEvent::Assigned { assigned, responsible } => {
                state.assigned.clone_from(assigned);
                state.responsible.clone_from(responsible);
                state.acknowledged.retain(|id| assigned.contains(id));
                state.settle();
            }
            MatterEvent::Acknowledged { organisation } => {
                state.acknowledged.insert(organisation.clone());
                state.settle();
            }
            MatterEvent::Commented { .. } => state.comments = state.comments.saturating_add(1),
            MatterEvent::EvidenceAttached { digest, .. } => state.attachments.push(digest.clone()),
            MatterEvent::Submitted { by, .. } => {
                state.state = MatterState::Submitted;
                state.submitted_by = Some(by.clone());
            }
            MatterEvent::Approved { .. } => state.state = MatterState::Closed,
            MatterEvent::Returned { .. } => {
                state.returns = state.returns.saturating_add(1);
                state.state = MatterState::Acknowledged;
                state.settle();
            }
            MatterEvent::Cancelled { .. } => state.state = MatterState::Cancelled,
            MatterEvent::Renamed { title, text } => {
                state.title.clone_from(title);
                state.text.clone_from(text);
            }
            MatterEvent::Rescheduled { due } => {
                state.due = *due;
                state.overdue = false;
            }
            MatterEvent::Reminded { .. } => {}
            MatterEvent::BecameOverdue { .. } => state.overdue = true,
        }
        state
    }
}

impl Matter {
    /// Open until all have acknowledged; a submitted or finished matter stays what it is.
    fn settle(&mut self) {
        if matches!(self.state, MatterState::Open | MatterState::Acknowledged) {
            let all = !self.assigned.is_empty() && self.assigned.iter().all(|id| self.acknowledged.contains(id));
            self.state = if all { MatterState::Acknowledged } else { MatterState::Open };
        }
    }

    fn fits(&self, step: Step) -> Result<(), LedgerError> {
        let wrong = LedgerError::WrongState { state: self.state.as_str(), step: step.as_str() };
        if step.fits(self.state) { Ok(()) } else { Err(wrong) }
    }

    fn event(&self, command: MatterCommand, by: &Actor, now: Instant) -> Result<Option<MatterEvent>, LedgerError> {
        use MatterCommand::*;
        let account = || by.account.clone();
        Ok(Some(match command {
            Create {
                id,
                code,
                kind,
                title,
                text,
                owner,
                assigned,
                responsible,
                secrecy,
                due,
                places,
                remind_on: _,
            } => {
                let (created_by, created_at) = (account(), now);
                let asked = Matter {
                    id,
                    code,
                    kind,
                    title,
                    text,
                    owner,
                    assigned,
                    responsible,
                    secrecy,
                    due,
                    created_by,
                    created_at,
                    ..Matter::default()
                };
                let matter = Box::new(created(asked, &places, now)?);
                MatterEvent::Created { matter }
            }
            Assign { assigned, responsible, places } => {
                let assigned = organisations(assigned, &places)?;
                if assigned == self.assigned && responsible == self.responsible {
                    return Ok(None);
                }
                MatterEvent::Assigned { assigned, responsible }
            }
            Acknowledge { standing } => {
                let organisation = self.for_whom(acting_organisation(by), &standing)?;
                if self.acknowledged.contains(&organisation) {
                    return Err(LedgerError::Acknowledged(organisation));
                }
                MatterEvent::Acknowledged { organisation }
            }
            Comment { text } => MatterEvent::Commented { text: lines("text", &text, MOST_TEXT)? },
            AttachEvidence { digest, name } => self.evidence(&digest, &name)?,
            Submit { text, standing } => {
                let organisation = self.for_whom(acting_organisation(by), &standing)?;
                if !self.acknowledged.contains(&organisation) {
                    return Err(LedgerError::NotAcknowledged);
                }
                MatterEvent::Submitted { text: lines("text", &text, MOST_TEXT)?, by: account(), organisation }
            }
            Approve { text, standing } => {
                self.second_person(&by.account, &standing)?;
                let text = if text.trim().is_empty() { String::new() } else { lines("text", &text, MOST_TEXT)? };
                MatterEvent::Approved { text, by: account() }
            }
            Return { text, standing } => {
                self.second_person(&by.account, &standing)?;
                MatterEvent::Returned { text: lines("text", &text, MOST_TEXT)?, by: account() }
            }
            Cancel { text } => MatterEvent::Cancelled { text: lines("text", &text, MOST_TEXT)? },
            Rename { title, text } => {
                let (title, text) = (line("title", &title, MOST_TITLE)?, optional_lines(&text)?);
                if title == self.title && text == self.text {
                    return Ok(None);
                }
                MatterEvent::Renamed { title, text }
            }
            Reschedule { due, .. } if due == self.due => return Ok(None),
            Reschedule { due, .. } => MatterEvent::Rescheduled { due: not_past(due, now)? },
            Remind { .. } | MarkOverdue { .. } if by.origin != "timer" => return Err(LedgerError::TimerOnly),
            Remind { due } if self.waits_for(due) => MatterEvent::Reminded { due },
            MarkOverdue { due } if self.waits_for(due) && !self.overdue => MatterEvent::BecameOverdue { due },
            // The day was changed, or it is done: a timer that comes late has nothing to say.
            Remind { .. } | MarkOverdue { .. } => return Ok(None),
        }))
    }

    fn waits_for(&self, due: BeijingDay) -> bool {
        self.due == Some(due) && matches!(self.state, MatterState::Open | MatterState::Acknowledged)
    }

    /// For which of the assigned organisations somebody acts: the own one, or the one it lies under.
    pub(crate) fn for_whom(&self, acting: &OrgId, standing: &Standing) -> Result<OrgId, LedgerError> {
        if self.assigned.contains(acting) {
            return Ok(acting.clone());
        }
        let above = standing.by.as_ref().and_then(|path| {
            let above =
                standing.assigned.iter().filter(|(id, place)| self.assigned.contains(id) && place.contains(path));
            above.max_by_key(|(_, place)| place.levels())
        });
        above.map(|(id, _)| id.clone()).ok_or(LedgerError::NotAssigned)
    }

    /// Who decides did not submit, and does not belong to those who did the work. Within one organisation, where owner
    /// and assigned are the same house, the other person is enough.
    pub(crate) fn second_person(&self, account: &AccountId, standing: &Standing) -> Result<(), LedgerError> {
        if let Some(submitter) = &self.submitted_by {
            submitter_is_not(submitter, account).map_err(LedgerError::Separation)?;
        }
        let (Some(path), Some(owner)) = (&standing.by, &standing.owner) else {
            return Err(LedgerError::StandingUnknown);
        };
        for id in &self.assigned {
            let place = standing.assigned.iter().find(|(known, _)| known == id).ok_or(LedgerError::StandingUnknown)?;
            if !place.1.contains(owner) {
                verifier_outside(&place.1, path).map_err(LedgerError::Separation)?;
            }
        }
        Ok(())
    }

    fn evidence(&self, digest: &str, name: &str) -> Result<MatterEvent, LedgerError> {
        let (digest, name) = (line("digest", digest, MOST_NAME)?, line("name", name, MOST_NAME)?);
        if self.attachments.contains(&digest) {
            return Err(LedgerError::AttachedAlready);
        }
        if self.attachments.len() >= MOST_ATTACHMENTS {
            return Err(LedgerError::TooMany { what: "attachments", most: MOST_ATTACHMENTS });
        }
        Ok(MatterEvent::EvidenceAttached { digest, name })
    }
}

/// A matter as asked for, with its texts in order and everybody it names there.
fn created(asked: Matter, places: &[Place], now: Instant) -> Result<Matter, LedgerError> {
    if !KINDS.contains(&asked.kind.as_str()) {
        return Err(LedgerError::UnknownKind(asked.kind.chars().take(MOST_CODE).collect()));
    }
    open(&asked.owner, places)?;
    Ok(Matter {
        code: line("code", &asked.code, MOST_CODE)?,
        title: line("title", &asked.title, MOST_TITLE)?,
        text: optional_lines(&asked.text)?,
        assigned: organisations(asked.assigned, places)?,
        due: not_past(asked.due, now)?,
        ..asked
    })
}

fn open<'a>(id: &OrgId, places: &'a [Place]) -> Result<&'a Place, LedgerError> {
    let found = places.iter().find(|place| place.id == *id && place.active);
    found.ok_or_else(|| LedgerError::UnknownOrganisation(id.clone()))
}

/// Open organisations, each once, in the order given; nothing is assigned to the department as a whole.
fn organisations(ids: Vec<OrgId>, places: &[Place]) -> Result<Vec<OrgId>, LedgerError> {
    let mut once: Vec<OrgId> = Vec::with_capacity(ids.len().min(MOST_ASSIGNED));
    for id in ids {
        if open(&id, places)?.kind == OrgKind::Department {
            return Err(LedgerError::UnknownOrganisation(id));
        }
        if !once.contains(&id) {
            once.push(id);
        }
        if once.len() > MOST_ASSIGNED {
            return Err(LedgerError::TooMany { what: "assigned organisations", most: MOST_ASSIGNED });
        }
    }
    Ok(once)
}

fn not_past(due: Option<BeijingDay>, now: Instant) -> Result<Option<BeijingDay>, LedgerError> {
    let today = (now.last_ended_hour() + 1).day();
    if due.is_some_and(|due| due < today) { Err(LedgerError::DueInThePast) } else { Ok(due) }
}

fn line(what: &'static str, text: &str, most: usize) -> Result<String, LedgerError> {
    checked(what, text, most, |c| c.is_control())
}

fn lines(what: &'static str, text: &str, most: usize) -> Result<String, LedgerError> {
    checked(what, text, most, |c| c.is_control() && c != '\n' && c != '\t')
}

fn optional_lines(text: &str) -> Result<String, LedgerError> {
    if text.trim().is_empty() { Ok(String::new()) } else { lines("text", text, MOST_TEXT) }
}

fn checked(what: &'static str, text: &str, most: usize, bad: impl Fn(char) -> bool) -> Result<String, LedgerError> {
    let text = text.trim().replace("\r\n", "\n");
    let good = !text.is_empty() && text.chars().count() <= most && !text.chars().any(bad);
    if good { Ok(text) } else { Err(LedgerError::BadText { what, most }) }
}
