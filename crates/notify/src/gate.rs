use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use units::Instant;

/// A token bucket (令牌桶): `burst` at once, then one each `every` microseconds.
///
/// In no span of length `w` does it let through more than `burst + w / every` messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Tokens of a full bucket; at least 1.
    pub burst: u32,
    /// Microseconds until a spent token is back; at least 1.
    pub every: i64,
}

/// What a kind of channel takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one message's text.
    pub bytes: usize,
    /// All must have a token.
    pub buckets: &'static [Bucket],
    /// Microseconds to stay away once the platform says "too fast" without saying for how long.
    pub block: u64,
}

/// How much of its limits a channel has used (限流状态). Kept in the database, so that a restart forgives nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// For each bucket the moment it will be full again, microseconds since 1970.
    full_at: Vec<i64>,
    /// Shut until then.
    shut_until: i64,
}

impl Gate {
    /// Takes one token of each bucket, or says when to ask again.
    pub fn take(&self, limits: &Limits, now: Instant) -> Result<Gate, Instant> {
        let now_micros = micros(now);
        let wait = limits.buckets.iter().enumerate().map(|(n, bucket)| self.open_at(n, bucket, now_micros));
        let open_at = wait.max().unwrap_or(now_micros).max(self.shut_until);
        if open_at > now_micros {
            return Err(later(now, open_at - now_micros));
        }
        let spent = limits.buckets.iter().enumerate();
        let full_at = spent.map(|(n, bucket)| self.full(n, bucket, now_micros) + bucket.every).collect();
        Ok(Gate { full_at, shut_until: self.shut_until })
    }

    /// Lets nothing through for a while.
    pub fn shut(&self, until: Instant) -> Gate {
        Gate { full_at: self.full_at.clone(), shut_until: self.shut_until.max(micros(until)) }
    }

    /// When the bucket has a token again.
    fn open_at(&self, n: usize, bucket: &Bucket, now: i64) -> i64 {
        self.full(n, bucket, now) - i64::from(bucket.burst - 1) * bucket.every
    }

    /// When the bucket is full; never further away than filling an empty one takes, so that a clock that was set
    /// back does not shut a channel for the time it was wrong.
    fn full(&self, n: usize, bucket: &Bucket, now: i64) -> i64 {
        let full_at = self.full_at.get(n).copied().unwrap_or(now);
        full_at.clamp(now, now + i64::from(bucket.burst) * bucket.every)
    }
}

fn micros(moment: Instant) -> i64 {
    moment.to_utc().timestamp_micros()
}

fn later(now: Instant, micros: i64) -> Instant {
    Instant::from_utc(now.to_utc() + TimeDelta::microseconds(micros))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ChannelKind;
    use proptest::prelude::*;

    fn at(micros: i64) -> Instant {
        later("2026-01-05T08:00:00+08:00".parse().unwrap(), micros)
    }

    /// Sends as soon as it may; gives the moments of the first `n` messages.
    fn eager(kind: ChannelKind, waits: &[i64], n: usize) -> Vec<i64> {
        let (mut gate, mut now, mut sent) = (Gate::default(), 0, Vec::new());
        let mut waits = waits.iter().cycle();
        while sent.len() < n {
            match gate.take(&kind.limits(), at(now)) {
                Ok(next) => {
                    gate = next;
                    sent.push(now);
                    now += waits.next().copied().unwrap_or(0);
                }
                Err(open) => now = micros(open) - micros(at(0)),
            }
        }
        sent
    }

    fn most_within(sent: &[i64], window: i64) -> usize {
        sent.iter().map(|from| sent.iter().filter(|t| (*from..*from + window).contains(*t)).count()).max().unwrap()
    }

    proptest! {
        #[test]
        fn no_minute_and_no_second_ever_carries_more_than_the_platform_takes(
            waits in prop::collection::vec(0i64..8_000_000, 1..40),
        ) {
            for kind in [ChannelKind::Wecom, ChannelKind::Dingtalk] {
                prop_assert!(most_within(&eager(kind, &waits, 80), 60_000_000) <= 20);
            }
            let feishu = eager(ChannelKind::Feishu, &waits, 250);
            prop_assert!(most_within(&feishu, 60_000_000) <= 100);
            prop_assert!(most_within(&feishu, 1_000_000) <= 5);
        }
    }

    #[test]
    fn the_limit_is_used_and_not_only_kept() {
        assert_eq!(most_within(&eager(ChannelKind::Wecom, &[0], 60), 60_000_001), 20);
        assert!(most_within(&eager(ChannelKind::Feishu, &[0], 250), 60_000_000) >= 98);
    }

    #[test]
    fn a_shut_gate_opens_when_it_was_told_to() {
        let limits = ChannelKind::Dingtalk.limits();
        let gate = Gate::default().shut(at(600_000_000));
        assert_eq!(gate.take(&limits, at(599_999_999)), Err(at(600_000_000)));
        assert!(gate.take(&limits, at(600_000_000)).is_ok());
    }

    #[test]
    fn a_clock_set_back_by_a_day_shuts_nothing_for_a_day() {
        let limits = ChannelKind::Wecom.limits();
        let gate = Gate::default().take(&limits, at(0)).unwrap();
        let open = gate.take(&limits, at(-86_400_000_000)).unwrap_err();
        assert!(micros(open) - micros(at(-86_400_000_000)) <= 4_000_000);
    }

    #[test]
    fn what_is_kept_in_the_database_comes_back() {
        let gate = Gate::default().take(&ChannelKind::Feishu.limits(), at(7)).unwrap().shut(at(99));
        let text = serde_json::to_string(&gate).unwrap();
        assert_eq!(serde_json::from_str::<Gate>(&text).unwrap(), gate);
    }
}
