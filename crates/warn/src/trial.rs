use crate::{Check, Indexed, Plan, Standing, Steadiness, SteadySaying, TrialRow, TrialSide, review, sayings, steady};
use units::{BeijingHour, RegionCode};

/// A past period under one plan (试算): what its runs would have proposed, steadied, against what came.
///
/// `truth` is one member of observed 24-hour indices of the period and the week after it; `checks` are in order of issue.
/// Counts are for the plan's lowest level or a higher one. Cities that the truth names by no code are left out.
pub fn trial_side(plan: &Plan, truth: &Indexed, checks: &[(BeijingHour, Check)]) -> TrialSide {
    let lowest = plan.levels.first().map(|rule| rule.level);
    let standing = |city: &String| standings(&steady(plan, &sayings(checks, city)), checks, city);
    let standings: Vec<Vec<Standing>> = truth.cities.iter().map(standing).collect();
    let reviews = lowest.map(|level| review(plan, truth, &standings, level)).unwrap_or_default();
    let row = |(said, standings): (crate::CityReview, &Vec<Standing>)| {
        let city: RegionCode = said.city.parse().ok()?;
        let leads: Vec<i64> = said.episodes.iter().filter_map(|one| one.lead_hours).filter(|lead| *lead > 0).collect();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Some(TrialRow {
            city,
            episodes: count(said.episodes.len()),
            hits: count(leads.len()),
            misses: count(said.episodes.len() - leads.len()),
            false_alarms: count(false_alarms(standings, &said)),
            lead_hours: (!leads.is_empty()).then(|| leads.iter().sum::<i64>() as f64 / leads.len() as f64),
            warned_hours: (said.warned_hours + said.false_hours) as f64,
            needless_hours: said.false_hours as f64,
        })
    };
    let rows = reviews.into_iter().zip(&standings).filter_map(row).collect();
    TrialSide { plan: plan.id.clone(), rows }
}

/// The hours for which each run proposed a level for a city; a level that is only kept has those of the run that took it
/// up. `checks` are those that `steadiness` was made of.
pub fn standings(steadiness: &Steadiness, checks: &[(BeijingHour, Check)], city: &str) -> Vec<Standing> {
    let mut hours: Option<(BeijingHour, BeijingHour)> = None;
    let standing = |row: &SteadySaying| {
        let said = checks.iter().find(|(issue, _)| *issue == row.issue).and_then(|(_, check)| check.city(city));
        hours = match (row.level, said.and_then(|said| said.start.zip(said.end))) {
            (None, _) => None,
            (Some(_), Some((start, end))) => Some((start.last_ended_hour() + 1, end.last_ended_hour())),
            (Some(_), None) => hours,
        };
        let warned = row.level.zip(hours).map(|(level, (start, end))| (level, start, end));
        Standing { issue: row.issue, warned }
    };
    steadiness.rows.iter().map(standing).collect()
}

/// Unbroken spells of warning during which no episode came.
fn false_alarms(standings: &[Standing], review: &crate::CityReview) -> usize {
    let met = |standing: &Standing| {
        let overlaps = |start, end| review.episodes.iter().any(|one| one.start <= end && one.end >= start);
        standing.warned.is_some_and(|(_, start, end)| overlaps(start, end))
    };
    let spells = standings.split(|standing| standing.warned.is_none()).filter(|spell| !spell.is_empty());
    spells.filter(|spell| !spell.iter().any(met)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Probability;

    fn check(city: &str, share: f64, span: Option<(&str, &str)>) -> Check {
        let at = |text: &str| format!("2018-01-{text}:00:00+08:00").parse().unwrap();
        let mut check = crate::check_indexed(
            &Plan::bundled("national-2018").unwrap(),
            &Indexed::new(vec![city.into()], "2018-01-01T21:00:00+08:00".parse().unwrap(), 24, 1, vec![50; 24])
                .unwrap(),
        );
        check.cities[0].probability = Probability { yellow: share, orange: 0.0, red: 0.0 };
        (check.cities[0].start, check.cities[0].end) = (span.map(|(start, _)| at(start)), span.map(|(_, end)| at(end)));
        check
    }

    /// Seven quiet days but for the 4th and 5th, each hour of whose running index is 220.
    fn truth() -> Indexed {
        let first: BeijingHour = "2018-01-01T01:00:00+08:00".parse().unwrap();
        let heavy: BeijingHour = first + 95;
        let index = |n: usize| {
            let hour = first + n as i64;
            if hour >= heavy && hour <= heavy + 24 { 220 } else { 60 }
        };
        Indexed::new(vec!["320300".into()], first, 14 * 24, 1, (0..14 * 24).map(index).collect()).unwrap()
    }

    #[test]
    fn a_winter_counts_hits_with_their_lead_and_spells_without_an_episode() {
        let plan = Plan::bundled("national-2018").unwrap();
        let issue = |day: &str| format!("2018-01-{day}T20:00:00+08:00").parse::<BeijingHour>().unwrap();
        let spell = Some(("04T00", "06T00"));
        let checks = vec![
            (issue("01"), check("320300", 0.1, None)),
            (issue("02"), check("320300", 0.9, spell)),
            (issue("03"), check("320300", 0.9, spell)),
            (issue("04"), check("320300", 0.9, spell)),
            (issue("05"), check("320300", 0.0, None)),
            (issue("06"), check("320300", 0.8, Some(("08T00", "09T00")))),
            (issue("07"), check("320300", 0.0, None)),
        ];
        let side = trial_side(&plan, &truth(), &checks);
        let row = &side.rows[0];
        assert_eq!((row.episodes, row.hits, row.misses, row.false_alarms), (1, 1, 0, 1), "{row:?}");
        assert!(row.lead_hours.is_some_and(|lead| lead > 0.0) && row.needless_hours <= row.warned_hours, "{row:?}");
    }
}
