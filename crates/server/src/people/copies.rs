use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use units::AccountId;

/// How long a returned copy is kept.
const KEPT_FOR: Duration = Duration::from_secs(3600);
/// Copies kept; beyond it the oldest goes.
const MOST: usize = 50;

/// Returned copies of imports (退回副本): each for the one who sent the file, for an hour, in memory.
#[derive(Default)]
pub(crate) struct Copies(Mutex<BTreeMap<String, Copy>>);

struct Copy {
    owner: AccountId,
    made: Instant,
    bytes: Vec<u8>,
}

impl Copies {
    pub(super) fn keep(&self, id: &str, owner: &AccountId, bytes: Vec<u8>, now: Instant) {
        let mut copies = self.0.lock().expect("no one panics while holding the copies");
        copies.retain(|_, copy| now.saturating_duration_since(copy.made) < KEPT_FOR);
        while copies.len() >= MOST {
            let oldest = copies.iter().min_by_key(|(_, copy)| copy.made).map(|(id, _)| id.clone());
            oldest.and_then(|id| copies.remove(&id));
        }
        copies.insert(id.to_string(), Copy { owner: owner.clone(), made: now, bytes });
    }

    /// Nothing for anybody but the one who sent the file.
    pub(super) fn get(&self, id: &str, owner: &AccountId, now: Instant) -> Option<Vec<u8>> {
        let copies = self.0.lock().expect("no one panics while holding the copies");
        let copy = copies.get(id).filter(|copy| copy.owner == *owner)?;
        (now.saturating_duration_since(copy.made) < KEPT_FOR).then(|| copy.bytes.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_its_senders_alone_and_for_an_hour() {
        let (copies, now) = (Copies::default(), Instant::now());
        let (one, other) = ("sysadmin".parse().unwrap(), "nanjing".parse().unwrap());
        copies.keep("a", &one, vec![1], now);
        assert_eq!(copies.get("a", &one, now), Some(vec![1]));
        assert_eq!(copies.get("a", &other, now), None);
        assert_eq!(copies.get("a", &one, now + KEPT_FOR), None);
    }

    #[test]
    fn the_oldest_makes_room() {
        let (copies, now) = (Copies::default(), Instant::now());
        let owner = "sysadmin".parse().unwrap();
        for n in 0..=MOST {
            copies.keep(&n.to_string(), &owner, vec![], now + Duration::from_secs(n as u64));
        }
        assert!(copies.get("0", &owner, now).is_none() && copies.get("1", &owner, now).is_some());
    }
}
