//! A fleet of simulated data loggers that speak the real protocol (模拟设备群).
//!
//! Pure: seed, description and clock in, frames out. The same plant at the same moment always sends the same bytes, so that
//! any stretch of time can be asked for by itself. What really went on is told beside it ([`Fleet::truth`]), so that whoever
//! judges the frames can be judged. Nothing here is a model of a real plant.

mod chance;
mod description;
mod frames;
mod instrument;
mod plant;
mod process;

pub use description::{Behaviour, Description, Faults, Instruments, ReportKind, SimulatedOrder};
pub use plant::Plant;
pub use process::Truth;

use crate::edition::Edition;
use crate::error::Hj212Error;
use frames::instant;
use process::{Minute, Process};
use units::{BeijingHour, Instant};

/// A fleet.
#[derive(Clone, Debug)]
pub struct Fleet {
    description: Description,
    plants: Vec<Plant>,
}

/// One frame that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// When: at the end of its interval, or when the line came back.
    pub at: Instant,
    /// The number of the plant.
    pub plant: usize,
    /// The frame.
    pub bytes: Vec<u8>,
}

impl Fleet {
    /// Makes the plants of a description.
    pub fn new(description: Description) -> Fleet {
        let plants = plant::plants(&description);
        Fleet { description, plants }
    }

    /// The description.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// The plants.
    pub fn plants(&self) -> &[Plant] {
        &self.plants
    }

    /// All frames sent after `from` and up to `to`, in order of time. Refuses `H-301` only if a frame could not be written.
    pub fn frames(&self, from: Instant, to: Instant) -> impl Iterator<Item = Result<Sent, Hj212Error>> {
        let step = Minute::from(self.description.minute_interval);
        let begin = |at: Instant| (at.to_utc().timestamp().div_euclid(60) + 8 * 60).div_euclid(step) * step;
        let (first, end) = (begin(from), begin(to));
        (0..((end - first) / step).max(0))
            .map(move |count| first + count * step)
            .flat_map(move |minute| self.plants.iter().flat_map(move |plant| self.sent(plant, minute)))
    }

    /// What one plant sends at the end of an interval: nothing in a gap; behind one also what the gap held back.
    fn sent(&self, plant: &Plant, minute: Minute) -> Vec<Result<Sent, Hj212Error>> {
        let step = Minute::from(self.description.minute_interval);
        let process = Process { plant, fleet: &self.description };
        if process.gap(minute).is_some() {
            return Vec::new();
        }
        let at = instant(minute + step);
        let sent = |frames: Result<Vec<Vec<u8>>, Hj212Error>| match frames {
            Ok(frames) => frames.into_iter().map(|bytes| Ok(Sent { at, plant: plant.number, bytes })).collect(),
            Err(refused) => vec![Err(refused)],
        };
        let mut all: Vec<Result<Sent, Hj212Error>> = sent(process.frames(minute, false));
        let held_back = process
            .gap(minute - step)
            .filter(|_| plant.edition == Edition::Hj2025 && plant.behaviour != Behaviour::Offline);
        if let Some((begins, _)) = held_back {
            let mut missed = begins.div_euclid(step) * step;
            missed += if missed < begins { step } else { 0 };
            while missed < minute {
                all.extend(sent(process.frames(missed, true)));
                missed += step;
            }
        }
        all
    }

    /// What really went on in a plant over an hour: the mean load, and whether treatment ran throughout.
    pub fn truth(&self, plant: &Plant, hour: BeijingHour) -> Truth {
        let step = Minute::from(self.description.minute_interval);
        let process = Process { plant, fleet: &self.description };
        let begins = (hour.index() - 1) * 60;
        let parts: Vec<Truth> = (0..60 / step).map(|part| process.truth(begins + part * step)).collect();
        let mean = |of: fn(&Truth) -> f64| parts.iter().map(of).sum::<f64>() / parts.len() as f64;
        let treatment = parts.iter().all(|part| part.treatment);
        Truth { load: mean(|part| part.load), usual: mean(|part| part.usual), treatment }
    }
}

#[cfg(test)]
mod tests;
