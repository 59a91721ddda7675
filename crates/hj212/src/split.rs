//! Messages that came in several packets.

use crate::error::Hj212Error;
use crate::frame::Frame;
use crate::header::Part;
use std::collections::BTreeMap;
use units::Instant;

/// Unfinished sets held for one device.
pub const SETS_PER_DEVICE: usize = 8;
/// Unfinished sets held in all.
pub const SETS_IN_ALL: usize = 4096;
/// Bytes held of one set.
pub const SET_BYTES: usize = 64 * 1024;
/// How long an unfinished set is held.
pub const SET_MINUTES: i64 = 10;

/// Puts split messages together (拆分包合并), whatever order the packets come in.
///
/// Packets belong together by MN, CN, DataTime and PNUM; each is answered by its own QN, which is the caller's work. A stated
/// number of packets costs nothing: only what came is held, within the limits above.
#[derive(Clone, Debug, Default)]
pub struct Reassembly {
    open: BTreeMap<Key, Set>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    mn: String,
    cn: u16,
    data_time: Option<Instant>,
    count: u16,
}

#[derive(Clone, Debug)]
struct Set {
    begun: Instant,
    bytes: usize,
    parts: BTreeMap<u16, String>,
}

/// A set that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abandoned {
    /// MN.
    pub mn: String,
    /// CN.
    pub cn: u16,
    /// DataTime.
    pub data_time: Option<Instant>,
    /// PNUM.
    pub count: u16,
    /// What had come, by PNO.
    pub parts: BTreeMap<u16, String>,
}

impl Reassembly {
    /// Takes one frame; gives the contents in order of PNO once all are there, at once for a frame that is not split.
    ///
    /// The same packet again changes nothing. Refuses `H-401` for another packet under a number already held, `H-402` and
    /// `H-403` over the limits. Sets begun more than ten minutes ago are to be taken out with [`Reassembly::expire`].
    pub fn take(&mut self, frame: &Frame, now: Instant) -> Result<Option<Vec<String>>, Hj212Error> {
        let content = frame.content();
        let Some(Part { count, number }) = frame.header.part.filter(|part| part.count > 1) else {
            return Ok(Some(vec![content.to_string()]));
        };
        let key = Key { mn: frame.header.mn.into(), cn: frame.header.cn, data_time: frame.data_time(), count };
        if !self.open.contains_key(&key) {
            self.check_room(&key.mn)?;
        }
        let set = self.open.entry(key.clone()).or_insert(Set { begun: now, bytes: 0, parts: BTreeMap::new() });
        match set.parts.get(&number) {
            Some(held) if held == content => return Ok(None),
            Some(_) => return Err(Hj212Error::PartDiffers { number, count }),
            None if set.bytes + content.len() > SET_BYTES => {
                return Err(Hj212Error::TooManyBytes { limit: SET_BYTES });
            }
            None => {}
        }
        set.bytes += content.len();
        set.parts.insert(number, content.to_string());
        if set.parts.len() < usize::from(count) {
            return Ok(None);
        }
        Ok(self.open.remove(&key).map(|set| set.parts.into_values().collect()))
    }

    /// Takes out the sets begun more than ten minutes before `now`.
    pub fn expire(&mut self, now: Instant) -> Vec<Abandoned> {
        let old = |set: &Set| (now.to_utc() - set.begun.to_utc()).num_minutes() >= SET_MINUTES;
        let gone: Vec<Key> = self.open.iter().filter(|(_, set)| old(set)).map(|(key, _)| key.clone()).collect();
        gone.into_iter().filter_map(|key| self.open.remove(&key).map(|set| abandoned(key, set))).collect()
    }

    fn check_room(&self, mn: &str) -> Result<(), Hj212Error> {
        let first = Key { mn: mn.into(), cn: 0, data_time: None, count: 0 };
        let held = self.open.range(first..).take_while(|(key, _)| key.mn == mn).count();
        if held >= SETS_PER_DEVICE {
            return Err(Hj212Error::TooManySets { held, owner: "one device" });
        }
        let held = self.open.len();
        if held >= SETS_IN_ALL { Err(Hj212Error::TooManySets { held, owner: "all devices" }) } else { Ok(()) }
    }
}

fn abandoned(key: Key, set: Set) -> Abandoned {
    Abandoned { mn: key.mn, cn: key.cn, data_time: key.data_time, count: key.count, parts: set.parts }
}
