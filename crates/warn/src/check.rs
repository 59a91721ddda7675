use crate::engine::{Meeting, Reading};
use crate::faults::flags;
use crate::index::{Indices, edges};
use crate::outcome::{Check, CityCheck, Probability, Quantiles, RegionCheck};
use crate::plan::{LevelRule, Plan, Rule};
use crate::series::Indexed;
use crate::words::{Distance, brought_about, rule_en, rule_zh, undone};
use crate::{NO_INDEX, WarnError};
use forecast::{History, Trajectories};
use units::{Instant, WarningLevel};

/// Holds joint hourly courses of PM2.5 against a plan (预警研判).
///
/// `observed` supplies the hours before the first, so that a 24-hour block may begin in the past; it must
/// hold nothing that was unknown at the issue. Refuses `W-103` when the lengths do not fit.
pub fn check(plan: &Plan, courses: &Trajectories, observed: Option<&History>) -> Result<Check, WarnError> {
    Ok(check_indexed(plan, &Indexed::from_courses(courses, observed)?))
}

/// Holds 24-hour indices against a plan.
///
/// A level's probability is the share of members that meet it or a higher one; the level proposed is the
/// highest whose probability reaches the plan's `act_at`.
pub fn check_indexed(plan: &Plan, indexed: &Indexed) -> Check {
    let reading = Reading::new(plan, indexed.first_hour.label());
    let reached: Vec<Vec<Vec<bool>>> = (0..indexed.cities.len()).map(|city| reached(&reading, indexed, city)).collect();
    let cities: Vec<CityCheck> =
        reached.iter().enumerate().map(|(city, reached)| city_check(&reading, indexed, city, reached)).collect();
    let region = region(plan, &cities, &reached, indexed.members);
    Check { plan: plan.id.clone(), members: indexed.members, cities, region, flags: flags(indexed) }
}

/// `[level][member]`: whether the member meets the level or a higher one in this city.
fn reached(reading: &Reading, indexed: &Indexed, city: usize) -> Vec<Vec<bool>> {
    let highest: Vec<Option<usize>> =
        (0..indexed.members).map(|member| reading.highest(indexed.course(member, city))).collect();
    (0..reading.plan.levels.len()).map(|level| highest.iter().map(|met| *met >= Some(level)).collect()).collect()
}

fn city_check(reading: &Reading, indexed: &Indexed, city: usize, reached: &[Vec<bool>]) -> CityCheck {
    let plan = reading.plan;
    let count = |level: usize| reached[level].iter().filter(|met| **met).count();
    // A member without any index says nothing: counting it as one that meets nothing would take missing for clean.
    let says = |member: &usize| indexed.course(*member, city).iter().any(|index| *index != NO_INDEX);
    let members = (0..indexed.members).filter(says).count();
    let probability = probability(plan, |level| share(count(level), members));
    let level = (0..plan.levels.len()).rev().find(|level| enough(plan, count(*level), members));
    let mut said = CityCheck {
        city: indexed.cities[city].clone(),
        level: level.map(|level| plan.levels[level].level),
        start: None,
        end: None,
        rule: None,
        rule_en: None,
        members,
        probability,
        start_quantiles: None,
        end_quantiles: None,
        unless: None,
        unless_en: None,
    };
    if let Some(level) = level {
        tell_meeting(reading, indexed, city, &plan.levels[level..], &mut said);
    }
    let nearest = &plan.levels[level.unwrap_or(0)..];
    if let Some((zh, en)) = unless(reading, indexed, city, nearest, (level.is_some(), members)) {
        (said.unless, said.unless_en) = (Some(zh), Some(en));
    }
    said
}

/// Start, end and the rule that fired, over the members that meet the lowest of `rules` or a higher one.
fn tell_meeting(reading: &Reading, indexed: &Indexed, city: usize, rules: &[LevelRule], said: &mut CityCheck) {
    let meetings: Vec<Meeting> =
        (0..indexed.members).filter_map(|member| reading.meeting(rules, indexed.course(member, city))).collect();
    let sorted = |of: fn(&Meeting) -> i64| {
        let mut columns: Vec<i64> = meetings.iter().map(of).collect();
        columns.sort_unstable();
        columns
    };
    let (starts, ends) = (sorted(|meeting| meeting.episode.start), sorted(|meeting| meeting.episode.end));
    let at = |columns: &[i64], share: f64| columns[((columns.len() - 1) as f64 * share).floor() as usize];
    let start = |share: f64| -> Instant { (indexed.first_hour + at(&starts, share)).start() };
    let end = |share: f64| -> Instant { (indexed.first_hour + at(&ends, share)).end() };
    (said.start, said.end) = (Some(start(0.5)), Some(end(0.5)));
    said.start_quantiles = Some(Quantiles::of(start));
    said.end_quantiles = Some(Quantiles::of(end));
    let alternatives: Vec<(&LevelRule, &Rule)> =
        rules.iter().flat_map(|rule| rule.when.alternatives().iter().map(move |part| (rule, part))).collect();
    let votes = |number: usize| meetings.iter().filter(|meeting| meeting.alternative == number).count();
    // The earliest of several with the same votes: the order of the plan's own text.
    let Some(fired) = (0..alternatives.len()).rev().max_by_key(|number| votes(*number)) else { return };
    let (level, rule) = alternatives[fired];
    let (met, members) = (meetings.len(), said.members);
    said.rule = Some(format!(
        "{}（{} 级响应）：{}；{members} 个成员中 {met} 个满足",
        level.level.name(),
        level.response,
        rule_zh(reading.plan, rule)
    ));
    said.rule_en = Some(format!(
        "{} (response {}): {}; met by {met} of {members} members",
        level.level.code(),
        level.response,
        rule_en(reading.plan, rule)
    ));
}

/// The uniform change of the forecast at which the share of members crosses `act_at`.
fn unless(
    reading: &Reading,
    indexed: &Indexed,
    city: usize,
    rules: &[LevelRule],
    (met, members): (bool, usize),
) -> Option<(String, String)> {
    let mut indices = Indices::default();
    let number = indices.number(indexed.first_hour.day());
    let edges = edges(indices.table(number));
    let mut strengths: Vec<f64> =
        (0..indexed.members).map(|member| strength(reading, indexed, member, city, rules, &edges)).collect();
    strengths.sort_by(|a, b| b.total_cmp(a));
    let decisive = *strengths.get(needed(reading.plan, members).checked_sub(1)?)?;
    let distance = match indexed.means {
        Some(_) if decisive > 1.0 => Distance::Percent(((1.0 - 1.0 / decisive) * 100.0).ceil() as u32),
        Some(_) if decisive > 0.0 => Distance::Percent(((1.0 / decisive - 1.0) * 100.0).ceil().max(1.0) as u32),
        None if decisive > 0.0 => Distance::Index(decisive as u32),
        None if decisive.is_finite() => Distance::Index((1.0 - decisive) as u32),
        _ => return None,
    };
    let (level, act_at) = (rules.first()?.level, reading.plan.act_at);
    Some(if met { undone(level, act_at, distance) } else { brought_about(level, act_at, distance) })
}

/// How far a member goes beyond the best of the rules: the ratio of means to the mean that must be
/// exceeded where means are known, else the distance in AQI.
fn strength(
    reading: &Reading,
    indexed: &Indexed,
    member: usize,
    city: usize,
    rules: &[LevelRule],
    edges: &[f64],
) -> f64 {
    match indexed.mean_course(member, city) {
        Some(means) => reading.strength(rules, means, &|mean, bound| f64::from(mean) / edges[usize::from(bound)]),
        None => {
            let course: Vec<f32> = indexed.course(member, city).iter().map(|aqi| f32::from(*aqi)).collect();
            // A block without an index is -1, lower than any.
            reading.strength(rules, &course, &|aqi, bound| f64::from(aqi) - f64::from(bound))
        }
    }
}

fn region(plan: &Plan, cities: &[CityCheck], reached: &[Vec<Vec<bool>>], members: usize) -> RegionCheck {
    let at_least = |level: WarningLevel| {
        cities.iter().filter(|city| city.level >= Some(level)).map(|city| city.city.clone()).collect()
    };
    let any = |level: usize| (0..members).filter(|member| reached.iter().any(|city| city[level][*member])).count();
    RegionCheck {
        level: cities.iter().filter_map(|city| city.level).max(),
        start: cities.iter().filter_map(|city| city.start).min(),
        end: cities.iter().filter_map(|city| city.end).max(),
        yellow: at_least(WarningLevel::Yellow),
        orange: at_least(WarningLevel::Orange),
        red: at_least(WarningLevel::Red),
        probability: probability(plan, |level| share(any(level), members)),
    }
}

/// Levels a plan does not name are met as often as the next higher one it names.
pub(crate) fn probability(plan: &Plan, of: impl Fn(usize) -> f64) -> Probability {
    let mut said = Probability::default();
    for level in WarningLevel::ALL {
        let next = plan.levels.iter().position(|rule| rule.level >= level);
        said.set(level, next.map_or(0.0, &of));
    }
    said
}

fn share(count: usize, members: usize) -> f64 {
    if members == 0 { 0.0 } else { count as f64 / members as f64 }
}

/// Fewest members whose share reaches `act_at`.
fn needed(plan: &Plan, members: usize) -> usize {
    (1..=members).find(|count| enough(plan, *count, members)).unwrap_or(members)
}

fn enough(plan: &Plan, count: usize, members: usize) -> bool {
    share(count, members) >= plan.act_at
}
