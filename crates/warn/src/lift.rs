use crate::engine::Reading;
use crate::{Indexed, NO_INDEX, Plan, Probability};
use serde::Serialize;
use units::{BeijingHour, Instant};

/// What the members say of one city if its warning were lifted at a moment (解除反事实).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LiftOutlook {
    /// City, as in the forecast.
    pub city: String,
    /// The last hour that counts as before the lift.
    pub at: BeijingHour,
    /// Share of members whose 24-hour AQI is above the lowest threshold at the lift or within the plan's lift span after
    /// it, so that it does not stay below for longer than that span. `None` when no member reaches so far.
    pub again: Option<f64>,
    /// Share of members that meet a level or a higher one with blocks that begin after the lift.
    pub probability: Probability,
    /// Members whose forecast reaches to the end of the lift span.
    pub members: usize,
}

/// What would follow if the warning were lifted at a moment, city by city.
///
/// The rule reads "below the threshold and forecast to stay so for longer than `lift_below_hours`": with 36 hours an
/// index above the threshold exactly 36 hours after the lift forbids it, one 37 hours after does not.
pub fn if_lifted(plan: &Plan, indexed: &Indexed, at: Instant) -> Vec<LiftOutlook> {
    let at = at.last_ended_hour();
    let reading = Reading::new(plan, indexed.first_hour.label());
    (0..indexed.cities.len()).map(|city| outlook(&reading, indexed, city, at)).collect()
}

/// The first hour at which each city's warning may be lifted (最早可解除时刻): fewer members than `act_at` exceed the
/// threshold then or within the lift span. `None` when the forecast shows no such hour.
pub fn earliest_lift(plan: &Plan, indexed: &Indexed) -> Vec<Option<BeijingHour>> {
    let reading = Reading::new(plan, indexed.first_hour.label());
    let allowed =
        |city: usize, at: BeijingHour| again(&reading, indexed, city, at).0.is_some_and(|again| again < plan.act_at);
    let hours = || (0..indexed.hours).map(|column| indexed.first_hour + column as i64);
    (0..indexed.cities.len()).map(|city| hours().find(|at| allowed(city, *at))).collect()
}

fn outlook(reading: &Reading, indexed: &Indexed, city: usize, at: BeijingHour) -> LiftOutlook {
    let (again, members) = again(reading, indexed, city, at);
    // The first block that lies wholly after the lift ends 24 hours later.
    let first = usize::try_from(at - indexed.first_hour + 24).unwrap_or(0).min(indexed.hours);
    let after = Reading::new(reading.plan, (indexed.first_hour + first as i64).label());
    let known = |course: &&[i16]| course.iter().any(|index| *index != NO_INDEX);
    let courses: Vec<&[i16]> =
        (0..indexed.members).map(|member| &indexed.course(member, city)[first..]).filter(known).collect();
    let highest: Vec<Option<usize>> = courses.iter().map(|course| after.highest(course)).collect();
    let share = |level: usize| {
        let met = highest.iter().filter(|met| **met >= Some(level)).count();
        if courses.is_empty() { 0.0 } else { met as f64 / courses.len() as f64 }
    };
    let probability = crate::check::probability(reading.plan, share);
    LiftOutlook { city: indexed.cities[city].clone(), at, again, probability, members }
}

/// Share of the members that reach to the end of the span, and their number.
fn again(reading: &Reading, indexed: &Indexed, city: usize, at: BeijingHour) -> (Option<f64>, usize) {
    let span = i64::from(reading.plan.lift_below_hours);
    let (from, to) = (at - indexed.first_hour, at - indexed.first_hour + span);
    let (Ok(from), Ok(to)) = (usize::try_from(from), usize::try_from(to)) else { return (None, 0) };
    let courses = (0..indexed.members).filter_map(|member| indexed.course(member, city).get(from..=to));
    let known: Vec<&[i16]> = courses.filter(|part| !part.contains(&NO_INDEX)).collect();
    let above = known.iter().filter(|part| part.iter().any(|index| *index > reading.lowest_of_lowest_level())).count();
    ((!known.is_empty()).then(|| above as f64 / known.len() as f64), known.len())
}
