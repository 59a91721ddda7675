use super::chance::Stream;
use super::description::{Behaviour, Description, SimulatedOrder};
use super::plant::Plant;

/// Minutes since 1970 in Beijing time: what the process counts in.
pub(super) type Minute = i64;

const DAY: Minute = 24 * 60;
const RAMP: Minute = 120;

/// What really goes on in a plant at a moment (真实工况).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Truth {
    /// Production load, 1 is full.
    pub load: f64,
    /// The load it would have without the order.
    pub usual: f64,
    /// Whether treatment runs.
    pub treatment: bool,
}

/// A stack at a moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stack {
    /// mg/m3: soot, SO2, NOx.
    pub concentrations: [f64; 3],
    /// %.
    pub oxygen: f64,
    /// °C.
    pub temperature: f64,
    /// m/s.
    pub velocity: f64,
    /// m3/s.
    pub flow: f64,
}

/// The process of one plant under its order.
pub(super) struct Process<'a> {
    pub plant: &'a Plant,
    pub fleet: &'a Description,
}

impl Process<'_> {
    pub fn truth(&self, minute: Minute) -> Truth {
        let usual = self.usual(minute);
        let behaviour = self.plant.behaviour;
        let load = usual * self.left(minute, behaviour);
        let night = matches!(minute.rem_euclid(DAY) / 60, 22 | 23 | 0..=4);
        let off = behaviour == Behaviour::TreatmentOff && night && self.ordered(minute).is_some();
        Truth { load, usual, treatment: load > 0.02 && !off }
    }

    /// The load without any order: shifts, wandering, standstills of its own with their slow ends.
    fn usual(&self, minute: Minute) -> f64 {
        let chance = self.plant.chance;
        let sunday = minute.div_euclid(DAY).rem_euclid(7) == 3;
        let shift = self.plant.shift.load(minute.rem_euclid(DAY), sunday);
        let wandering = 0.035 * chance.wandering(Stream::SlowLoad, minute, 6 * 60);
        let wandering = 1.0 + wandering + 0.015 * chance.wandering(Stream::FastLoad, minute, 30);
        (shift * wandering).clamp(0.0, 1.0) * self.standstill(minute)
    }

    /// 0 in a standstill, up to 1 outside, with two hours to stop and to start.
    fn standstill(&self, minute: Minute) -> f64 {
        let month = 30 * DAY;
        let number = minute.div_euclid(month);
        let runs = |number: Minute| {
            let drawn = |place| self.plant.chance.share(Stream::Standstill, number, place);
            if drawn(0) >= self.fleet.faults.standstills {
                return 1.0;
            }
            let begins = number * month + (drawn(1) * 28.0 * DAY as f64) as Minute;
            let ends = begins + DAY + (drawn(2) * DAY as f64) as Minute;
            outside(minute, begins, ends)
        };
        runs(number).min(runs(number - 1))
    }

    /// The order in force at a moment.
    fn ordered(&self, minute: Minute) -> Option<&SimulatedOrder> {
        let (from, to) = self.order()?;
        (from..to).contains(&minute).then_some(self.fleet.order.as_ref())?
    }

    /// Beginning and end of the order.
    pub fn order(&self) -> Option<(Minute, Minute)> {
        let order = self.fleet.order.as_ref()?;
        let minute = |at: units::Instant| at.to_utc().timestamp().div_euclid(60) + 8 * 60;
        Some((minute(order.from), minute(order.to)))
    }

    /// The share of the load that is left by the order and a behaviour. Whoever complies begins to before the order does.
    fn left(&self, minute: Minute, behaviour: Behaviour) -> f64 {
        let Some((from, to)) = self.order() else { return 1.0 };
        let drawn = self.plant.chance.share(Stream::Plant, 0, 9);
        let part = match behaviour {
            Behaviour::Complying | Behaviour::TreatmentOff => 1.10 + 0.12 * drawn,
            Behaviour::HalfComplying => 0.35 + 0.25 * drawn,
            _ => 0.0,
        };
        let cut = (self.plant.cut * part).min(1.0);
        1.0 - cut * (1.0 - outside(minute, from - RAMP, to + RAMP))
    }

    /// Production and treatment power, kW.
    pub fn power(&self, minute: Minute) -> [f64; 2] {
        let truth = self.truth(minute);
        let size = self.plant.size;
        let production = 1200.0 * size * (0.05 + 0.95 * truth.load);
        let treatment = 160.0 * size * if truth.treatment { 0.35 + 0.65 * truth.load } else { 0.04 };
        let noise = |place| 1.0 + 0.006 * self.plant.chance.normal(Stream::Electricity, minute, place);
        [production * noise(0), treatment * noise(1)]
    }

    /// The stack as it really is.
    pub fn stack(&self, minute: Minute) -> Stack {
        self.stack_of(minute, self.plant.behaviour)
    }

    /// The stack as it would be if the plant complied: what is made up to look like it.
    pub fn stack_as_if(&self, minute: Minute) -> Stack {
        self.stack_of(minute, Behaviour::Complying)
    }

    fn stack_of(&self, minute: Minute, behaviour: Behaviour) -> Stack {
        let load_at = |minute| self.usual(minute) * self.left(minute, behaviour);
        let load = load_at(minute);
        let burns = |load: f64| (load / 0.08).clamp(0.0, 1.0);
        let noise = |place, size: f64| 1.0 + size * self.plant.chance.normal(Stream::Stack, minute, place);
        // The flue cools over hours: what burned in the last four counts.
        let heat: f64 = [(0, 0.5), (60, 0.25), (120, 0.15), (180, 0.1)]
            .map(|(ago, weight)| (load_at(minute - ago), weight))
            .map(|(load, weight)| weight * burns(load) * (0.7 + 0.3 * load))
            .iter()
            .sum();
        let treated = if self.truth(minute).treatment || behaviour != self.plant.behaviour { 1.0 } else { 4.0 };
        let flow = 14.0 * self.plant.size * (0.03 + 0.97 * load.min(1.0) * (0.85 + 0.15 * load)) * noise(0, 0.015);
        let fuel = burns(load) * treated;
        Stack {
            concentrations: [(1, 6.0), (2, 22.0), (3, 38.0)]
                .map(|(place, usual)| (0.3 + usual * fuel) * noise(place, 0.04)),
            oxygen: (20.9 - burns(load) * (12.0 - 3.0 * (1.0 - load))).min(20.9) * noise(60, 0.004),
            temperature: (18.0 + 105.0 * heat) * noise(61, 0.006),
            velocity: 11.0 * (0.03 + 0.97 * load) * noise(62, 0.015),
            flow,
        }
    }
}

/// 1 outside a time, 0 inside, with [`RAMP`] on either side of the inside.
fn outside(minute: Minute, begins: Minute, ends: Minute) -> f64 {
    let down = (minute - begins) as f64 / RAMP as f64;
    let up = (ends - minute) as f64 / RAMP as f64;
    1.0 - down.min(up).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_has_both_its_ends() {
        let at = |minute| outside(minute, 1000, 3000);
        assert_eq!(
            [at(999), at(1000), at(1060), at(1120), at(2880), at(2940), at(3000)],
            [1.0, 1.0, 0.5, 0.0, 0.0, 0.5, 1.0]
        );
    }
}
