use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Names remembered; beyond it those that have not tried for a while are forgotten.
const NAMES: usize = 20_000;

/// How often one may try (限流): a bucket of tries for each name, filled at a steady pace.
///
/// Lives in memory: a restart gives everybody a full bucket, which a restart is too rare to help.
pub(crate) struct Limit {
    tries: f64,
    every: Duration,
    buckets: Mutex<HashMap<String, Bucket>>,
}

struct Bucket {
    left: f64,
    at: Instant,
}

impl Limit {
    /// `tries` at once, then one `every` so long.
    pub(crate) fn new(tries: u32, every: Duration) -> Limit {
        Limit { tries: f64::from(tries), every, buckets: Mutex::default() }
    }

    /// Takes a try, or says how many seconds to wait.
    pub(crate) fn take(&self, name: &str, now: Instant) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().expect("no one panics while holding the buckets");
        if buckets.len() >= NAMES && !buckets.contains_key(name) {
            self.forget(&mut buckets, now);
        }
        let bucket = buckets.entry(name.to_string()).or_insert(Bucket { left: self.tries, at: now });
        bucket.left = self.filled(bucket, now);
        bucket.at = now;
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            return Ok(());
        }
        Err(((1.0 - bucket.left) * self.every.as_secs_f64()).ceil().max(1.0) as u64)
    }

    /// Gives the tries back, after one that succeeded.
    pub(crate) fn forgive(&self, name: &str) {
        self.buckets.lock().expect("no one panics while holding the buckets").remove(name);
    }

    fn filled(&self, bucket: &Bucket, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(bucket.at).as_secs_f64();
        (bucket.left + passed / self.every.as_secs_f64()).min(self.tries)
    }

    /// Full buckets say nothing; when all are in use, the memory goes rather than the service.
    fn forget(&self, buckets: &mut HashMap<String, Bucket>, now: Instant) {
        buckets.retain(|_, bucket| self.filled(bucket, now) < self.tries);
        if buckets.len() >= NAMES {
            buckets.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_run_out_and_come_back_one_by_one() {
        let (limit, begin) = (Limit::new(3, Duration::from_secs(10)), Instant::now());
        let after = |seconds| begin + Duration::from_secs(seconds);
        assert!((0..3).all(|_| limit.take("a", begin).is_ok()));
        assert_eq!(limit.take("a", begin), Err(10));
        assert_eq!(limit.take("a", after(4)), Err(6));
        assert_eq!(limit.take("b", begin), Ok(()), "another name has its own");
        assert_eq!(limit.take("a", after(10)), Ok(()));
        assert_eq!(limit.take("a", after(11)), Err(9));
        limit.forgive("a");
        assert_eq!(limit.take("a", after(11)), Ok(()));
    }

    #[test]
    fn a_flood_of_names_does_not_fill_the_memory() {
        let (limit, now) = (Limit::new(2, Duration::from_secs(60)), Instant::now());
        for n in 0..NAMES + 10 {
            assert!(limit.take(&n.to_string(), now).is_ok());
        }
        assert!(limit.buckets.lock().unwrap().len() <= NAMES);
    }
}
