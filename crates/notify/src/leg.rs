use crate::{ChannelKind, Preference};
use chrono::{TimeDelta, Timelike};
use event::Urgency;
use std::collections::BTreeSet;
use units::{AccountId, Instant};

/// A person to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub account: AccountId,
    /// What the person wants.
    pub preference: Preference,
    /// Kinds for which an address is known.
    pub reachable: BTreeSet<ChannelKind>,
}

/// A configured channel that may serve, the nearest of its kind first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The channel's id.
    pub channel: String,
    /// Its kind.
    pub kind: ChannelKind,
}

/// One message on its way through one channel (一次投递).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The channel's id.
    pub channel: String,
    /// Its kind.
    pub kind: ChannelKind,
    /// Whom it reaches; nobody in particular for a group or a program.
    pub account: Option<AccountId>,
    /// When it is to go out.
    pub due: Instant,
    /// Whether it waits for others to go with it.
    pub digest: bool,
}

/// By which ways people are told beside the list inside the program: mail and text messages one by one as each of
/// them wants it, groups and programs once.
///
/// A text message is for what cannot wait. A program is told at once whatever the urgency: it needs no sleep.
pub fn legs(urgency: Urgency, people: &[Person], ways: &[Way], now: Instant) -> Vec<Leg> {
    let nearest = |way: &&Way| !way.kind.personal() || ways.iter().find(|other| other.kind == way.kind) == Some(way);
    let mut legs = Vec::new();
    for way in ways.iter().filter(nearest) {
        if way.kind.personal() {
            legs.extend(
                people
                    .iter()
                    .filter(|person| wants(person, way.kind, urgency))
                    .map(|person| leg(way, Some(person.account.clone()), &person.preference, urgency, now)),
            );
        } else {
            let urgency = if way.kind == ChannelKind::Webhook { Urgency::Immediate } else { urgency };
            legs.push(leg(way, None, &Preference::default(), urgency, now));
        }
    }
    legs
}

fn wants(person: &Person, kind: ChannelKind, urgency: Urgency) -> bool {
    let loud_enough = kind != ChannelKind::Sms || urgency == Urgency::Immediate;
    loud_enough && person.preference.channels.contains(&kind) && person.reachable.contains(&kind)
}

fn leg(way: &Way, account: Option<AccountId>, preference: &Preference, urgency: Urgency, now: Instant) -> Leg {
    let digest = urgency == Urgency::Digest;
    let due = preference.due(urgency, now);
    let due = if digest && way.kind == ChannelKind::Feishu { beside_the_rush(due) } else { due };
    Leg { channel: way.channel.clone(), kind: way.kind, account, due, digest }
}

/// Feishu asks not to send at the full and the half hour, when everybody's programs do.
fn beside_the_rush(due: Instant) -> Instant {
    if due.to_utc().minute().is_multiple_of(30) { Instant::from_utc(due.to_utc() + TimeDelta::minutes(3)) } else { due }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ChannelKind::{Email, Feishu, Sms, Webhook, Wecom};

    fn person(name: &str, wants: &[ChannelKind], reachable: &[ChannelKind]) -> Person {
        let channels = wants.iter().copied().collect();
        let preference = Preference { channels, ..Preference::default() };
        Person { account: name.parse().unwrap(), preference, reachable: reachable.iter().copied().collect() }
    }

    fn ways(kinds: &[ChannelKind]) -> Vec<Way> {
        kinds.iter().enumerate().map(|(n, kind)| Way { channel: format!("{n}"), kind: *kind }).collect()
    }

    fn told(urgency: Urgency, people: &[Person], kinds: &[ChannelKind]) -> Vec<(String, Option<String>, String)> {
        let now = "2026-01-05T23:00:00+08:00".parse().unwrap();
        let legs = legs(urgency, people, &ways(kinds), now);
        let row =
            |leg: Leg| (leg.channel, leg.account.map(|id| id.to_string()), leg.due.to_string()[8..16].to_string());
        legs.into_iter().map(row).collect()
    }

    fn row(channel: &str, account: Option<&str>, due: &str) -> (String, Option<String>, String) {
        (channel.into(), account.map(Into::into), due.into())
    }

    #[test]
    fn each_person_once_by_the_nearest_and_each_group_once() {
        let people =
            [person("a", &[Email, Sms], &[Email, Sms]), person("b", &[Email], &[]), person("c", &[], &[Email])];
        let told = told(Urgency::Immediate, &people, &[Email, Sms, Email, Wecom, Wecom]);
        let expected = [
            row("0", Some("a"), "05T23:00"),
            row("1", Some("a"), "05T23:00"),
            row("3", None, "05T23:00"),
            row("4", None, "05T23:00"),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn what_can_wait_waits_for_the_digest_and_costs_no_text_message() {
        let people = [person("a", &[Email, Sms], &[Email, Sms])];
        let told = told(Urgency::Digest, &people, &[Email, Sms, Wecom, Webhook]);
        let expected = [row("0", Some("a"), "06T08:10"), row("2", None, "06T08:10"), row("3", None, "05T23:00")];
        assert_eq!(told, expected);
    }

    #[test]
    fn feishu_is_left_alone_at_the_full_and_the_half_hour() {
        let at = |text: &str| beside_the_rush(text.parse().unwrap()).to_string();
        assert_eq!(at("2026-01-05T08:00:00+08:00"), "2026-01-05T08:03:00+08:00");
        assert_eq!(at("2026-01-05T08:30:00+08:00"), "2026-01-05T08:33:00+08:00");
        assert_eq!(at("2026-01-05T08:10:00+08:00"), "2026-01-05T08:10:00+08:00");
        assert_eq!(told(Urgency::Digest, &[], &[Feishu]), [row("0", None, "06T08:10")]);
    }
}
