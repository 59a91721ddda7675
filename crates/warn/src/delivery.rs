use crate::rules::line;
use crate::{Delivery, WarnError};
use event::{Actor, Aggregate, Decision};
use serde::{Deserialize, Serialize};
use units::{Instant, WarningId};

/// Ways by which a person hands a document over; a line of these is made when its receipt is entered.
pub const BY_HAND: [&str; 3] = ["paper", "phone", "fax"];
const MOST_LINE: usize = 80;
const PROGRAM: [&str; 2] = ["timer", "job"];

/// What went out of one warning and what came back (送达台账). An exercise has none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deliveries {
    /// The warning.
    pub warning: WarningId,
    /// One line for each document, way and recipient.
    pub lines: Vec<Delivery>,
}

/// What can be asked of a ledger of deliveries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum DeliveryCommand {
    /// Note what went out. The program's own.
    Send {
        /// The warning.
        warning: WarningId,
        /// The lines; those that stand there already are left as they are.
        lines: Vec<Delivery>,
    },
    /// Note who got it (回执): on a line that went out, or on paper and by telephone.
    Receive {
        /// The warning.
        warning: WarningId,
        /// The document number.
        document: String,
        /// The way.
        channel: String,
        /// To whom.
        recipient: String,
        /// The documents of the warning, as the server found; none of an exercise.
        #[serde(skip)]
        issued: Vec<String>,
    },
}

/// What happened to a ledger of deliveries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum DeliveryEvent {
    /// Documents went out.
    Sent {
        /// The warning.
        warning: WarningId,
        /// The new lines.
        lines: Vec<Delivery>,
    },
    /// Somebody got one: the line as it stands now.
    Received {
        /// The warning.
        warning: WarningId,
        /// The line.
        line: Delivery,
    },
}

impl Aggregate for Deliveries {
    const KIND: &'static str = "warning_delivery";
    type State = Deliveries;
    type Command = DeliveryCommand;
    type Event = DeliveryEvent;
    type Refusal = WarnError;

    fn decide(
        state: &Deliveries,
        _version: u64,
        command: DeliveryCommand,
        by: &Actor,
        now: Instant,
    ) -> Result<Decision<DeliveryEvent>, WarnError> {
        let event = match command {
            DeliveryCommand::Send { .. } if !PROGRAM.contains(&by.origin.as_str()) => {
                return Err(WarnError::ProgramOnly);
            }
            DeliveryCommand::Send { warning, lines } => {
                let new: Vec<Delivery> = lines.into_iter().filter(|line| state.line(line).is_none()).collect();
                (!new.is_empty()).then_some(DeliveryEvent::Sent { warning, lines: new })
            }
            DeliveryCommand::Receive { warning, document, channel, recipient, issued } => {
                let recipient = line("recipient", &recipient, MOST_LINE)?;
                let asked = Delivery { document, channel, recipient, sent: now, receipt: Some(now) };
                state.received(asked, &issued)?.map(|line| DeliveryEvent::Received { warning, line })
            }
        };
        Ok(event.map_or_else(Decision::nothing, |event| Decision { events: vec![event], effects: Vec::new() }))
    }

    fn apply(mut state: Deliveries, event: &DeliveryEvent) -> Deliveries {
        match event {
            DeliveryEvent::Sent { warning, lines } => {
                state.warning = warning.clone();
                state.lines.extend(lines.iter().cloned());
            }
            DeliveryEvent::Received { warning, line } => {
                state.warning = warning.clone();
                match state.lines.iter_mut().find(|known| same(known, line)) {
                    Some(known) => *known = line.clone(),
                    None => state.lines.push(line.clone()),
                }
            }
        }
        state
    }
}

impl Deliveries {
    fn line(&self, like: &Delivery) -> Option<&Delivery> {
        self.lines.iter().find(|known| same(known, like))
    }

    /// The line with its receipt; `None` when it has one already.
    fn received(&self, asked: Delivery, issued: &[String]) -> Result<Option<Delivery>, WarnError> {
        if issued.is_empty() {
            return Err(WarnError::ExerciseStays);
        }
        match self.line(&asked) {
            Some(known) if known.receipt.is_some() => Ok(None),
            Some(known) => Ok(Some(Delivery { receipt: asked.receipt, ..known.clone() })),
            None if BY_HAND.contains(&asked.channel.as_str()) && issued.contains(&asked.document) => Ok(Some(asked)),
            None => {
                let short = |text: String| text.chars().take(MOST_LINE).collect();
                let Delivery { document, channel, recipient, .. } = asked;
                Err(WarnError::NoDelivery { document: short(document), channel: short(channel), recipient })
            }
        }
    }
}

fn same(a: &Delivery, b: &Delivery) -> bool {
    a.document == b.document && a.channel == b.channel && a.recipient == b.recipient
}

impl Default for Deliveries {
    fn default() -> Self {
        let warning = "none".parse().expect("a legal id; replaced by the first event");
        Deliveries { warning, lines: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: u32) -> Instant {
        format!("2026-01-15T08:{minute:02}:00+08:00").parse().unwrap()
    }

    fn by(origin: &str) -> Actor {
        let (account, organisation) = ("duty".parse().unwrap(), "js".parse().unwrap());
        Actor { account, organisation, on_behalf_of: None, origin: origin.into() }
    }

    fn notice(recipient: &str) -> Delivery {
        let (document, channel, recipient) = ("1号".into(), "notice".into(), recipient.into());
        Delivery { document, channel, recipient, sent: at(1), receipt: None }
    }

    fn send(recipients: &[&str]) -> DeliveryCommand {
        let lines = recipients.iter().map(|recipient| notice(recipient)).collect();
        DeliveryCommand::Send { warning: "w".parse().unwrap(), lines }
    }

    fn receive(document: &str, channel: &str, recipient: &str, issued: &[&str]) -> DeliveryCommand {
        let issued = issued.iter().map(|text| text.to_string()).collect();
        let (document, channel, recipient) = (document.into(), channel.into(), recipient.into());
        DeliveryCommand::Receive { warning: "w".parse().unwrap(), document, channel, recipient, issued }
    }

    fn give(state: &mut Deliveries, command: DeliveryCommand, origin: &str, minute: u32) -> Result<usize, String> {
        let decided = Deliveries::decide(state, 1, command, &by(origin), at(minute)).map_err(|e| e.to_string())?;
        for event in &decided.events {
            *state = Deliveries::apply(state.clone(), event);
        }
        Ok(decided.events.len())
    }

    #[test]
    fn what_went_out_stands_once_and_gets_its_receipt_once() {
        let mut state = Deliveries::default();
        assert_eq!(give(&mut state, send(&["a", "b"]), "job", 1), Ok(1));
        assert_eq!(give(&mut state, send(&["a", "b"]), "job", 2), Ok(0), "sent again is nothing");
        assert_eq!(give(&mut state, receive("1号", "notice", "a", &["1号"]), "web", 5), Ok(1));
        assert_eq!(
            give(&mut state, receive("1号", "notice", "a", &["1号"]), "web", 9),
            Ok(0),
            "the first receipt counts"
        );
        let receipts: Vec<_> = state.lines.iter().map(|line| line.receipt).collect();
        assert_eq!(receipts, [Some(at(5)), None]);
    }

    #[test]
    fn paper_is_entered_by_hand_and_nothing_else_is() {
        let mut state = Deliveries::default();
        assert_eq!(give(&mut state, receive("1号", "paper", "徐州市政府", &["1号"]), "web", 3), Ok(1));
        for (document, channel, issued, code) in [
            ("2号", "paper", vec!["1号"], "W-310"),
            ("1号", "sms", vec!["1号"], "W-310"),
            ("1号", "paper", vec![], "W-311"),
        ] {
            let refused = give(&mut state, receive(document, channel, "x", &issued), "web", 4).unwrap_err();
            assert!(refused.starts_with(code), "{refused}");
        }
        assert!(
            give(&mut state, receive("1号", "paper", "a\nb", &["1号"]), "web", 4).unwrap_err().starts_with("W-203")
        );
        assert!(give(&mut state, send(&["a"]), "web", 4).unwrap_err().starts_with("W-306"));
        assert_eq!(state.lines.len(), 1);
    }
}
