use super::chance::Stream;
use super::description::Behaviour;
use super::process::{Minute, Process, Stack};

const DAY: Minute = 24 * 60;
const CALIBRATION: Minute = 20;
/// A made-up piece is so long before it is sent again.
const PIECE: Minute = 4 * 60;

/// What the stack's monitor says of an interval.
pub(super) struct Told {
    pub stack: Stack,
    pub mark: char,
    /// Whether values come at all.
    pub values: bool,
}

impl Process<'_> {
    /// What is told of the stack: the truth, through drift, calibration, faults, and what the plant makes of it.
    pub fn told(&self, minute: Minute) -> Told {
        let plant = self.plant;
        let cheats = self.order().filter(|(from, to)| (*from..*to).contains(&minute));
        let (stack, forged) = match (plant.behaviour, cheats) {
            (Behaviour::FrozenValues, Some((from, _))) => (self.stack_as_if(from), true),
            (Behaviour::CopiedValues, Some((from, _))) => (self.stack_as_if(from + (minute - from) % PIECE), true),
            _ => (self.stack(minute), false),
        };
        let forged_mark = match (plant.behaviour, cheats) {
            (Behaviour::FalseMarks, Some(_)) if plant.chance.share(Stream::Plant, 0, 10) < 0.7 => Some('F'),
            (Behaviour::FalseMarks, Some(_)) => Some('M'),
            _ => None,
        };
        if forged {
            return Told { stack, mark: 'N', values: true };
        }
        let honest = self.mark(minute);
        let mark = forged_mark.unwrap_or(honest);
        Told { stack: self.drifted(stack, minute), mark, values: honest != 'B' }
    }

    fn mark(&self, minute: Minute) -> char {
        let chance = self.plant.chance;
        let hour = minute.div_euclid(60);
        let calibrates = (chance.share(Stream::Calibration, 0, 0) * DAY as f64) as Minute;
        let since = (minute - calibrates).rem_euclid(DAY);
        // Once a week a technician comes for two hours.
        let visit = minute.div_euclid(DAY).rem_euclid(7) == (chance.share(Stream::Calibration, 0, 1) * 7.0) as Minute;
        match () {
            () if chance.share(Stream::Silence, hour, 0) < self.fleet.faults.no_communication => 'B',
            () if chance.share(Stream::Fault, hour, 0) < self.fleet.faults.fault => 'D',
            () if since < CALIBRATION => 'C',
            () if visit && (600..720).contains(&minute.rem_euclid(DAY)) => 'M',
            () if self.truth(minute).load < 0.02 => 'F',
            () => 'N',
        }
    }

    /// The span drifts from one weekly calibration to the next.
    fn drifted(&self, mut stack: Stack, minute: Minute) -> Stack {
        let week = 7 * DAY;
        let toward = 2.0 * self.plant.chance.share(Stream::Calibration, minute.div_euclid(week), 2) - 1.0;
        let part = minute.rem_euclid(week) as f64 / week as f64;
        let drift = 1.0 + self.fleet.faults.drift * toward * part;
        stack.concentrations = stack.concentrations.map(|value| value * drift);
        stack
    }

    /// The gap a moment lies in, if it does: its beginning and end. Gaps lie within a day.
    pub fn gap(&self, minute: Minute) -> Option<(Minute, Minute)> {
        if self.plant.behaviour == Behaviour::Offline {
            // Silent under the whole order; nothing is filled up afterwards.
            return self.order().filter(|(from, to)| (*from..*to).contains(&minute));
        }
        let day = minute.div_euclid(DAY);
        let drawn = |place| self.plant.chance.share(Stream::Gap, day, place);
        let length = 60 + (drawn(1) * 240.0) as Minute;
        let begins = day * DAY + (drawn(2) * (DAY - length) as f64) as Minute;
        let within = drawn(0) < self.fleet.faults.gaps && (begins..begins + length).contains(&minute);
        within.then_some((begins, begins + length))
    }
}
