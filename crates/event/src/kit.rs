use crate::{Actor, Aggregate, Effect};
use std::fmt::Debug;
use units::Instant;

/// The history a test of an aggregate begins with: `given([…]).when(command, &by, now).then([…])`.
///
/// ```
/// # use event::{Actor, Aggregate, Decision, given};
/// # use serde::{Deserialize, Serialize};
/// # struct Bell;
/// # #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)] struct Rings(u32);
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
/// # #[serde(tag = "event", rename_all = "snake_case")] enum Rang { Rang }
/// # #[derive(Debug, thiserror::Error)] #[error("X-1 worn out")] struct WornOut;
/// # impl Aggregate for Bell {
/// #     const KIND: &'static str = "bell";
/// #     type State = Rings; type Command = (); type Event = Rang; type Refusal = WornOut;
/// #     fn decide(s: &Rings, _: u64, _: (), _: &Actor, _: units::Instant) -> Result<Decision<Rang>, WornOut> {
/// #         if s.0 < 2 { Ok(Decision::one(Rang::Rang)) } else { Err(WornOut) }
/// #     }
/// #     fn apply(s: Rings, _: &Rang) -> Rings { Rings(s.0 + 1) }
/// # }
/// # let (account, organisation) = ("a".parse().unwrap(), "o".parse().unwrap());
/// # let by = Actor { account, organisation, on_behalf_of: None, origin: "test".into() };
/// # let now: units::Instant = "2018-01-13T20:00:00+08:00".parse().unwrap();
/// given::<Bell>([Rang::Rang]).when((), &by, now).then([Rang::Rang]);
/// given::<Bell>([Rang::Rang, Rang::Rang]).when((), &by, now).refused("X-1");
/// ```
pub struct Given<A: Aggregate> {
    state: A::State,
    version: u64,
}

/// A command that was given to a history.
pub struct When<A: Aggregate> {
    outcome: Result<Outcome<A>, A::Refusal>,
}

/// What an accepted command left behind.
pub struct Outcome<A: Aggregate> {
    /// What happened.
    pub events: Vec<A::Event>,
    /// What follows.
    pub effects: Vec<Effect>,
    /// The state afterwards.
    pub state: A::State,
}

/// A thing with this history.
pub fn given<A: Aggregate>(history: impl IntoIterator<Item = A::Event>) -> Given<A> {
    let start = Given { state: A::State::default(), version: 0 };
    history
        .into_iter()
        .fold(start, |given, event| Given { state: A::apply(given.state, &event), version: given.version + 1 })
}

impl<A: Aggregate> Given<A> {
    /// Gives the command.
    pub fn when(self, command: A::Command, by: &Actor, now: Instant) -> When<A> {
        let decided = A::decide(&self.state, self.version, command, by, now);
        When {
            outcome: decided.map(|decision| Outcome {
                state: decision.events.iter().fold(self.state, A::apply),
                events: decision.events,
                effects: decision.effects,
            }),
        }
    }
}

impl<A: Aggregate> When<A> {
    /// It was accepted; panics with the refusal otherwise.
    pub fn accepted(self) -> Outcome<A> {
        self.outcome.unwrap_or_else(|refusal| panic!("refused: {refusal}"))
    }

    /// It was accepted with these events; panics otherwise.
    pub fn then(self, events: impl IntoIterator<Item = A::Event>) -> Outcome<A>
    where
        A::Event: Debug + PartialEq,
    {
        let outcome = self.accepted();
        assert_eq!(outcome.events, events.into_iter().collect::<Vec<_>>());
        outcome
    }

    /// It was refused with this code; panics otherwise.
    pub fn refused(self, code: &str) -> A::Refusal {
        match self.outcome {
            Err(refusal) if refusal.to_string().starts_with(code) => refusal,
            Err(refusal) => panic!("expected {code}, refused: {refusal}"),
            Ok(_) => panic!("expected {code}, was accepted"),
        }
    }
}
