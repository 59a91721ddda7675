use crate::rules::{Asked, check_draft, check_fresh, line, lines, optional_lines};
use crate::{
    Change, Draft, Issued, Passed, Proposing, Summary, WarnError, Warning, WarningCommand, WarningEvent, WarningState,
    effects,
};
use event::{Actor, Aggregate, Decision};
use org::submitter_is_not;
use units::{AccountId, Instant};

const MOST_TEXT: usize = 4000;
const MOST_LINE: usize = 80;
/// The origins of what the program does by itself.
const PROGRAM: [&str; 2] = ["timer", "job"];

impl Aggregate for Warning {
    const KIND: &'static str = "warning";
    type State = Warning;
    type Command = WarningCommand;
    type Event = WarningEvent;
    type Refusal = WarnError;

    fn decide(
        state: &Warning,
        version: u64,
        command: WarningCommand,
        by: &Actor,
        now: Instant,
    ) -> Result<Decision<WarningEvent>, WarnError> {
        match (&command, version) {
            (WarningCommand::Propose { .. }, 0) => {}
            (WarningCommand::Propose { .. }, _) => return Err(WarnError::Exists),
            (_, 0) => return Err(WarnError::NotFound),
            _ => {}
        }
        if let Some(step) = command.step().filter(|step| !step.fits(state)) {
            return Err(match state.state {
                WarningState::Lifted | WarningState::Withdrawn | WarningState::Summarised => {
                    WarnError::AlreadyOver(state.state.as_str())
                }
                _ => WarnError::WrongState { state: state.standing(), step: step.as_str() },
            });
        }
        let tell = effects::Tell::of(&command);
        let Some(event) = state.event(command, by, now)? else { return Ok(Decision::nothing()) };
        let after = Warning::apply(state.clone(), &event);
        let effects = effects::of(&event, &after, version + 1, &tell, now);
        Ok(Decision { events: vec![event], effects })
    }

    fn apply(mut state: Warning, event: &WarningEvent) -> Warning {
        match event {
            WarningEvent::Proposed { warning } => return Warning::clone(warning),
            WarningEvent::Drafted { draft } => {
                state.drafts = draft.number;
                state.draft = Some(Draft::clone(draft));
            }
            WarningEvent::Assessed { by, at, opinion } => {
                if let Some(draft) = &mut state.draft {
                    draft.assessed = Some(Passed { by: by.clone(), at: *at, opinion: opinion.clone() });
                }
            }
            WarningEvent::Signed { by, at, opinion, .. } => {
                if let Some(draft) = &mut state.draft {
                    draft.signed = Some(Passed { by: by.clone(), at: *at, opinion: opinion.clone() });
                }
            }
            WarningEvent::Issued { document, digest, by, at, .. } => {
                if let Some(draft) = state.draft.take() {
                    state.state = match draft.change {
                        Change::Lift => WarningState::Lifted,
                        Change::Withdraw => WarningState::Withdrawn,
                        Change::Issue | Change::Raise | Change::Lower | Change::Extend => WarningState::InForce,
                    };
                    let (document, digest, by) = (document.clone(), digest.clone(), by.clone());
                    state.issued.push(Issued { document, draft, digest, by, at: *at });
                }
            }
            WarningEvent::Dropped { .. } => {
                state.draft = None;
                if state.issued.is_empty() {
                    state.state = WarningState::Dropped;
                }
            }
            WarningEvent::Summarised { summary } => {
                state.summary = Some(summary.clone());
                state.state = WarningState::Summarised;
            }
            WarningEvent::Reminded {} | WarningEvent::GateReminded {} => {}
        }
        state
    }
}

impl Warning {
    fn event(&self, command: WarningCommand, by: &Actor, now: Instant) -> Result<Option<WarningEvent>, WarnError> {
        use WarningCommand as Command;
        let (account, at) = (by.account.clone(), now);
        Ok(Some(match command {
            Command::Propose { with, terms, reason, prompt, found } => {
                let empty = Warning { exercise: with.exercise, ..Warning::default() };
                let asked = Asked { change: Change::Issue, terms, reason, prompt };
                let draft = empty.drafted(asked, found, account, at)?;
                WarningEvent::Proposed { warning: Box::new(proposed(with, draft)) }
            }
            Command::Draft { change, terms, reason, prompt, found } => {
                let asked = Asked { change, terms, reason, prompt };
                WarningEvent::Drafted { draft: Box::new(self.drafted(asked, found, account, at)?) }
            }
            Command::Assess { draft, opinion, .. } => {
                let waiting = self.waiting()?;
                if waiting.number != draft {
                    return Err(WarnError::DraftChanged);
                }
                check_fresh(&waiting.basis, now)?;
                WarningEvent::Assessed { by: account, at, opinion: lines("opinion", &opinion, MOST_TEXT)? }
            }
            Command::Sign { digest, opinion, .. } => {
                let waiting = self.waiting()?;
                if digest != waiting.digest().map_err(WarnError::NotSignable)? {
                    return Err(WarnError::DraftChanged);
                }
                let assessor = waiting.assessed.as_ref().map_or(&waiting.by, |assessed| &assessed.by);
                submitter_is_not(assessor, &account).map_err(WarnError::Separation)?;
                check_fresh(&waiting.basis, now)?;
                WarningEvent::Signed {
                    by: account,
                    at,
                    opinion: optional_lines("opinion", &opinion, MOST_TEXT)?,
                    digest,
                }
            }
            Command::Issue { document, found } => {
                let document = line("document", &document, MOST_LINE)?;
                if self.issued.iter().any(|issued| issued.document == document) {
                    return Err(WarnError::DocumentUsed(document));
                }
                let waiting = self.waiting()?;
                crate::rules::check_elsewhere(&waiting.terms, waiting.change, &found)?;
                let digest = waiting.digest().map_err(WarnError::NotSignable)?;
                let told = if self.exercise { Vec::new() } else { found.told };
                WarningEvent::Issued { document, digest, by: account, at, told }
            }
            Command::Drop { text } => WarningEvent::Dropped { text: lines("text", &text, MOST_TEXT)? },
            Command::Summarise { text } => {
                let summary = Summary { text: lines("text", &text, MOST_TEXT)?, by: account, at };
                WarningEvent::Summarised { summary }
            }
            Command::Remind { .. } | Command::RemindGate { .. } if !PROGRAM.contains(&by.origin.as_str()) => {
                return Err(WarnError::ProgramOnly);
            }
            Command::Remind { .. } if self.in_force() => WarningEvent::Reminded {},
            Command::RemindGate { .. } if self.draft.is_some() => WarningEvent::GateReminded {},
            // Ended meanwhile: what comes late has nothing to say.
            Command::Remind { .. } | Command::RemindGate { .. } => return Ok(None),
        }))
    }

    fn drafted(&self, asked: Asked, found: crate::Found, by: AccountId, at: Instant) -> Result<Draft, WarnError> {
        check_draft(self, &asked, &found, at)?;
        let Asked { change, terms, reason, prompt } = asked;
        Ok(Draft {
            number: self.drafts.saturating_add(1),
            change,
            terms,
            reason: optional_lines("reason", &reason, MOST_TEXT)?,
            prompt,
            basis: *found.basis.ok_or(WarnError::NoBasis)?,
            by,
            at,
            assessed: None,
            signed: None,
        })
    }

    fn waiting(&self) -> Result<&Draft, WarnError> {
        self.draft.as_ref().ok_or(WarnError::DraftChanged)
    }

    /// The state, or the gate where a draft waits.
    fn standing(&self) -> &'static str {
        self.draft.as_ref().map_or(self.state.as_str(), |draft| match draft.gate() {
            crate::Gate::Assessment => "waiting for its assessment",
            crate::Gate::SignOff => "waiting for its sign-off",
            crate::Gate::Issue => "waiting for its issue",
        })
    }
}

fn proposed(with: Proposing, draft: Draft) -> Warning {
    let Proposing { id, code, owner, exercise } = with;
    Warning {
        id,
        code,
        owner,
        exercise,
        state: WarningState::Proposed,
        proposed_by: draft.by.clone(),
        proposed_at: draft.at,
        drafts: draft.number,
        draft: Some(draft),
        issued: Vec::new(),
        summary: None,
    }
}
