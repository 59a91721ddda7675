use chrono::TimeDelta;
use units::Instant;

/// Seconds to wait after the 1st, 2nd … failed attempt; about a working day in all.
const WAITS: [i64; 8] = [15, 60, 300, 900, 1_800, 3_600, 7_200, 14_400];

/// When to try again after `attempts` failures; `None` when it is time to give up (死信).
pub fn next_attempt(attempts: u32, failed_at: Instant) -> Option<Instant> {
    let wait = *WAITS.get(attempts.saturating_sub(1) as usize)?;
    Some(Instant::from_utc(failed_at.to_utc() + TimeDelta::seconds(wait)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_longer_than_the_one_before_and_the_last_failure_ends_it() {
        let now: Instant = "2026-01-05T08:00:00+08:00".parse().unwrap();
        let waits: Vec<Instant> = (1..).map_while(|attempts| next_attempt(attempts, now)).collect();
        assert_eq!(waits.len(), WAITS.len());
        assert!(waits.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(waits[0].to_string(), "2026-01-05T08:00:15+08:00");
        assert_eq!(next_attempt(9, now), None);
    }
}
