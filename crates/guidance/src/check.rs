//! What can't be right about a member: flagged by name, dropped where it must be; the rest goes on.

use crate::flag::{Flag, FlagKind};
use crate::member::Member;
use units::{BeijingHour, Pollutant};

/// Values needed before a unit or a constant is judged: half a day.
const FEWEST: usize = 12;
/// Missing hours in a row that are told.
const BLOCK_HOURS: usize = 6;
/// Labels of the day that both courses need for a shift to be judged; three-hourly output has eight.
const FEWEST_LABELS: usize = 8;
/// How much better the courses must agree at another lag, as correlation.
const SHIFT_MARGIN: f64 = 0.15;
/// How well they must agree there at all.
const SHIFT_AGREEMENT: f64 = 0.6;
/// A run older than this is no member of today's consensus.
pub const OLDEST_RUN_HOURS: i64 = 48;
/// A run older than this is told, and used.
pub const OLD_RUN_HOURS: i64 = 12;

/// What air can hold: the range of a median, and the most of a single value. µg/m³, CO mg/m³.
fn bounds(pollutant: Pollutant) -> (f64, f64, f64) {
    match pollutant {
        Pollutant::So2 => (0.1, 1_000.0, 5_000.0),
        Pollutant::No2 => (0.2, 500.0, 2_000.0),
        Pollutant::Co => (0.03, 15.0, 150.0),
        Pollutant::O3 => (0.5, 500.0, 1_200.0),
        Pollutant::Pm10 => (1.0, 3_000.0, 15_000.0),
        Pollutant::Pm25 => (0.5, 1_500.0, 5_000.0),
    }
}

/// Checks of one member by itself: unit, sign, range, constants, blocks without values.
pub fn single(member: &mut Member) {
    for pollutant in Pollutant::ALL {
        if !member.values.contains_key(&pollutant) {
            continue;
        }
        if unit_doubtful(member, pollutant) {
            member.values.remove(&pollutant);
            continue;
        }
        drop_if(member, pollutant, FlagKind::Negative, "negative", |value| value < 0.0);
        let most = bounds(pollutant).2;
        let beyond = |value: f64| value.is_infinite() || value > most;
        drop_if(member, pollutant, FlagKind::OutOfRange, "beyond what air holds", beyond);
        constants(member, pollutant);
        blocks(member, pollutant);
    }
}

/// A median that makes sense in another unit only names that unit and drops the pollutant.
fn unit_doubtful(member: &mut Member, pollutant: Pollutant) -> bool {
    let mut positive: Vec<f64> = member.values[&pollutant].iter().copied().filter(|value| *value > 0.0).collect();
    if positive.len() < FEWEST {
        return false;
    }
    positive.sort_by(f64::total_cmp);
    let (median, (low, high, _)) = (positive[positive.len() / 2], bounds(pollutant));
    let likely = match median {
        _ if (low..=high).contains(&median) => return false,
        _ if median > high => "µg/m³ where mg/m³ is due, or another quantity",
        _ if median < low * 1e-4 => "kg/m³, kg/kg or mol/mol",
        _ => "mg/m³ or ppm",
    };
    let detail = format!("the median is {median:.3e}, which looks like {likely}; the pollutant is not used");
    member.flags.push(Flag::of(FlagKind::UnitDoubtful, pollutant, detail));
    true
}

fn drop_if(member: &mut Member, pollutant: Pollutant, kind: FlagKind, what: &str, wrong: impl Fn(f64) -> bool) {
    let Some(values) = member.values.get_mut(&pollutant) else { return };
    let mut dropped = 0;
    for value in values.iter_mut().filter(|value| wrong(**value)) {
        *value = f64::NAN;
        dropped += 1;
    }
    if dropped > 0 {
        member.flags.push(Flag::of(kind, pollutant, format!("{dropped} values are {what}; they are not used")));
    }
}

/// A course that never changes is a stuck file, not a forecast.
fn constants(member: &mut Member, pollutant: Pollutant) {
    for (number, place) in member.places.clone().iter().enumerate() {
        let course = member.course(pollutant, number);
        let mut known = course.iter().copied().filter(|value| value.is_finite());
        let Some(first) = known.next() else { continue };
        let others = known.clone().count();
        if others + 1 < FEWEST || known.any(|value| value != first) {
            continue;
        }
        let (begin, n) = (number * member.hours.len(), member.hours.len());
        if let Some(values) = member.values.get_mut(&pollutant) {
            values[begin..begin + n].fill(f64::NAN);
        }
        let detail = format!("{} values, all {first}; they are not used", others + 1);
        member.flags.push(Flag::of(FlagKind::Constant, pollutant, detail).at(place));
    }
}

/// The longest run of missing values, told once a pollutant with the number of places that have one.
fn blocks(member: &mut Member, pollutant: Pollutant) {
    let longest = |place: usize| {
        let course = member.course(pollutant, place);
        course.split(|value| value.is_finite()).map(<[f64]>::len).max().unwrap_or(0)
    };
    let runs: Vec<usize> = (0..member.places.len()).map(longest).filter(|run| *run >= BLOCK_HOURS).collect();
    if let Some(most) = runs.iter().max() {
        let detail = format!("{} of {} places lack up to {most} values in a row", runs.len(), member.places.len());
        member.flags.push(Flag::of(FlagKind::MissingBlock, pollutant, detail));
    }
}

/// Flags a member whose issue lies after that of the consensus, or too far before it.
pub fn late(member: &mut Member, issue: BeijingHour) {
    let age = issue - member.run;
    let flag = match age {
        ..0 => Flag::whole(FlagKind::Late, format!("issued {}, after {issue}; it is not used", member.run)),
        age if age > OLDEST_RUN_HOURS => Flag::whole(FlagKind::Late, format!("{age} hours old; it is not used")),
        age if age > OLD_RUN_HOURS => {
            Flag::whole(FlagKind::Partial, format!("the run of {}, {age} hours old, stands in", member.run))
        }
        _ => return,
    };
    member.flags.push(flag);
}

/// Compares members of one issue: copies of each other, and what some lack that others have.
pub fn together(members: &mut [Member]) {
    for later in 1..members.len() {
        let (before, rest) = members.split_at_mut(later);
        let same = before.iter().find(|first| first.usable() && is_copy(first, &rest[0]));
        if let Some(first) = same {
            let detail = format!("the same values as {} up to rounding; it is not used", first.model);
            rest[0].flags.push(Flag::whole(FlagKind::Duplicate, detail));
        }
    }
    type Count = fn(&Member) -> usize;
    let most = |count: Count| members.iter().map(count).max().unwrap_or(0);
    let parts: [(&str, Count); 3] = [
        ("places", |member| member.places.len()),
        ("hours", |member| member.hours.len()),
        ("pollutants", |member| member.values.len()),
    ];
    let full = parts.map(|(_, count)| most(count));
    for member in members.iter_mut() {
        for ((what, count), full) in parts.iter().zip(full) {
            let has = count(member);
            if has < full {
                let detail = format!("{has} {what} where another member has {full}");
                member.flags.push(Flag::whole(FlagKind::Partial, detail));
            }
        }
    }
}

/// Whether nearly all values that both have are equal up to rounding.
fn is_copy(first: &Member, second: &Member) -> bool {
    let (mut both, mut same) = (0usize, 0usize);
    for (place, name) in second.places.iter().enumerate() {
        let Some(other) = first.places.iter().position(|known| known == name) else { continue };
        for (column, hour) in second.hours.iter().enumerate() {
            let Ok(other_column) = first.hours.binary_search(hour) else { continue };
            for pollutant in second.values.keys() {
                let [a, b] = [second.value(*pollutant, place, column), first.value(*pollutant, other, other_column)];
                if a.is_finite() && b.is_finite() {
                    both += 1;
                    same += usize::from((a - b).abs() <= 0.051_f64.max(1e-3 * b.abs()));
                }
            }
        }
    }
    both >= 2 * FEWEST && same * 100 >= both * 98
}

/// How many hours the daily course of a member lies after that of the observations, and how surely.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// Hours; -8 is typical of UTC taken for Beijing time.
    pub hours: i64,
    /// Correlation of the two courses at that lag.
    pub agreement: f64,
    /// Correlation without a lag.
    pub unshifted: f64,
}

/// The lag at which two mean daily courses, labels 1 to 24, agree best, when that is not 0 and by a margin.
///
/// Needs eight labels that both have, and an observed course that has a shape at all.
pub fn shift(said: &[f64; 24], seen: &[f64; 24]) -> Option<Shift> {
    let shape = seen.iter().copied().filter(|value| value.is_finite());
    let (low, high) = shape.clone().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
    if shape.clone().count() < FEWEST_LABELS || high - low < 0.2 * shape.clone().sum::<f64>() / shape.count() as f64 {
        return None;
    }
    let at = |lag: i64| {
        let pair = |label: usize| (said[label], seen[(label as i64 - lag).rem_euclid(24) as usize]);
        correlation((0..24).map(pair).filter(|(a, b)| a.is_finite() && b.is_finite()).collect())
    };
    let unshifted = at(0)?;
    let lags = (-11..=12).filter_map(|lag| Some((lag, at(lag)?)));
    let (hours, agreement) = lags.max_by(|a, b| a.1.total_cmp(&b.1))?;
    let sure = hours.abs() > 1 && agreement >= SHIFT_AGREEMENT && agreement - unshifted >= SHIFT_MARGIN;
    sure.then_some(Shift { hours, agreement, unshifted })
}

fn correlation(pairs: Vec<(f64, f64)>) -> Option<f64> {
    let n = pairs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (a, b) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let sum = |of: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|pair| of(pair.0 - a, pair.1 - b)).sum::<f64>();
    let spread = (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt();
    (pairs.len() >= FEWEST_LABELS && spread > 0.0).then(|| sum(&|x, y| x * y) / spread)
}

/// Flags all members of one model whose daily course fits the observations best at another hour.
///
/// `seen(pollutant, place, hour)` are observations of the same places on recent days, NaN where there is none; they
/// need not be of the hours forecast. Ozone has the clearest course and speaks first, then NO2, then PM2.5.
pub fn shifted(
    members: &mut [&mut Member],
    recent: &[BeijingHour],
    seen: impl Fn(Pollutant, &str, BeijingHour) -> f64,
) -> Option<Shift> {
    let judged = [Pollutant::O3, Pollutant::No2, Pollutant::Pm25].into_iter().find_map(|pollutant| {
        let (mut said, mut known) = (Course::default(), Course::default());
        for member in members.iter().filter(|member| member.span_hours == 1) {
            for (place, name) in member.places.iter().enumerate() {
                let course = member.course(pollutant, place);
                member.hours.iter().zip(course).for_each(|(hour, value)| said.add(*hour, *value));
                recent.iter().for_each(|hour| known.add(*hour, seen(pollutant, name, *hour)));
            }
        }
        let (said, known) = (said.mean(), known.mean());
        let labels = |course: &[f64; 24]| course.iter().filter(|value| value.is_finite()).count();
        (labels(&said) >= FEWEST_LABELS && labels(&known) >= FEWEST_LABELS).then(|| (pollutant, shift(&said, &known)))
    });
    let (pollutant, found) = judged?;
    let found = found?;
    for member in members.iter_mut() {
        let detail = format!(
            "the daily course lies {} hours {} that of the observations (agreement {:.2}, {:.2} unshifted); not used",
            found.hours.abs(),
            if found.hours < 0 { "before" } else { "after" },
            found.agreement,
            found.unshifted
        );
        member.flags.push(Flag::of(FlagKind::Shifted, pollutant, detail));
    }
    Some(found)
}

/// Sums by the hour of the day.
#[derive(Default)]
struct Course([(f64, f64); 24]);

impl Course {
    fn add(&mut self, hour: BeijingHour, value: f64) {
        if value.is_finite() {
            let label = &mut self.0[usize::from(hour.label()) - 1];
            *label = (label.0 + value, label.1 + 1.0);
        }
    }

    fn mean(&self) -> [f64; 24] {
        self.0.map(|(sum, count)| sum / count)
    }
}

#[cfg(test)]
mod tests;
