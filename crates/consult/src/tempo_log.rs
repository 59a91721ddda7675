use crate::{ConsultError, EpisodeProbabilities, TempoPlan, TempoStanding, Words};
use event::{Actor, Aggregate, Decision, Effect};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use units::{Instant, OrgId};

/// The action of the timer that looks how often to meet.
pub const TEMPO: &str = "consult.tempo";

/// The house that a tempo timer of this program is about; `None` for a payload of another kind.
pub fn tempo_owner(payload: &Value) -> Option<OrgId> {
    payload.get("owner")?.as_str()?.parse().ok()
}

/// How often one house meets, with its history (频次记录): why there were how many rooms can be read years later.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tempo {
    /// Where it stands; `None` before the first look.
    pub standing: Option<TempoStanding>,
    /// Why.
    pub reason: Words,
    /// The rule it was found by.
    pub rule: String,
    /// What it was found from.
    pub probabilities: EpisodeProbabilities,
    /// The rooms to come, if nothing changes.
    pub next: Vec<Instant>,
    /// When it is looked at again.
    pub look: Option<Instant>,
}

/// What can be asked of a tempo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum TempoCommand {
    /// Keep what the rule says now, and look again when it says.
    Keep {
        /// The house.
        owner: OrgId,
        /// The rule's id.
        rule: String,
        /// What the rule says; found by [`crate::tempo`].
        #[serde(skip)]
        plan: Option<Box<TempoPlan>>,
        /// What it was found from.
        #[serde(skip)]
        probabilities: EpisodeProbabilities,
    },
}

/// What happened to a tempo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum TempoEvent {
    /// It was looked at.
    TempoKept {
        /// As it is from now on.
        tempo: Box<Tempo>,
    },
}

impl Aggregate for Tempo {
    const KIND: &'static str = "consultation_tempo";
    type State = Tempo;
    type Command = TempoCommand;
    type Event = TempoEvent;
    type Refusal = ConsultError;

    fn decide(
        _state: &Tempo,
        _version: u64,
        command: TempoCommand,
        by: &Actor,
        _now: Instant,
    ) -> Result<Decision<TempoEvent>, ConsultError> {
        let TempoCommand::Keep { owner, rule, plan, probabilities } = command;
        let plan = plan.filter(|_| ["timer", "job"].contains(&by.origin.as_str())).ok_or(ConsultError::ProgramOnly)?;
        let TempoPlan { standing, next, look, reason, .. } = *plan;
        let timer = Effect::SetTimer {
            key: format!("consultation:tempo:{owner}"),
            due: look,
            action: TEMPO.to_string(),
            payload: json!({ "owner": owner }),
        };
        let tempo = Tempo { standing: Some(standing), reason, rule, probabilities, next, look: Some(look) };
        Ok(Decision::one(TempoEvent::TempoKept { tempo: Box::new(tempo) }).and(timer))
    }

    fn apply(_: Tempo, event: &TempoEvent) -> Tempo {
        let TempoEvent::TempoKept { tempo } = event;
        Tempo::clone(tempo)
    }
}
