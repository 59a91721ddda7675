use crate::{Basis, Change, CityBasis, Terms};
use chrono::TimeDelta;
use std::collections::BTreeSet;
use units::{Instant, RegionCode, WarningLevel};

/// Why a change has nothing to be filled in with, in Chinese and English.
pub type NoTerms = (&'static str, &'static str);

/// What a change of `now_holds` would say by the newest check (预填): a start for whoever drafts it, not a decision.
///
/// `Err` says why there is no such change of what holds.
pub fn prefill(change: Change, now_holds: &Terms, basis: &Basis, now: Instant) -> Result<Terms, NoTerms> {
    let terms = now_holds.clone();
    let own: BTreeSet<RegionCode> = terms.cities.iter().copied().collect();
    match change {
        Change::Issue => Err(("预警已生效", "it is in force already")),
        Change::Withdraw => Ok(terms),
        Change::Lift if terms.start < now => Ok(Terms { end: now, ..terms }),
        Change::Lift => Ok(Terms { start: now, end: later(now, 1), ..terms }),
        Change::Raise => {
            let next = above(terms.level).ok_or(("已是最高级别", "it is at the highest level"))?;
            let highest =
                basis.cities.iter().filter(|city| own.contains(&city.city)).filter_map(|city| city.level).max();
            Ok(widened(Terms { level: highest.max(Some(next)).unwrap_or(next), ..terms }, basis))
        }
        Change::Lower => lowered(terms, basis),
        Change::Extend => {
            let wider = widened(terms.clone(), basis);
            let same = wider.end == terms.end && wider.cities.len() == terms.cities.len();
            Ok(if same { Terms { end: later(terms.end, 24), ..terms } } else { wider })
        }
    }
}

/// With the cities that are proposed at the level too, and to the latest end of any of them.
fn widened(mut terms: Terms, basis: &Basis) -> Terms {
    let more = |city: &&CityBasis| city.level >= Some(terms.level) && !terms.cities.contains(&city.city);
    let joined: Vec<RegionCode> = basis.cities.iter().filter(more).map(|city| city.city).collect();
    terms.cities.extend(joined);
    let ends = terms.cities.iter().filter_map(|code| basis.city(*code)?.end).max();
    terms.end = ends.map_or(terms.end, |end| end.max(terms.end));
    terms
}

fn lowered(terms: Terms, basis: &Basis) -> Result<Terms, NoTerms> {
    let level = |code: &RegionCode| basis.city(*code).and_then(|city| city.level);
    let highest = terms.cities.iter().filter_map(level).max();
    if let Some(below) = below(terms.level) {
        let level = highest.filter(|highest| *highest < terms.level).unwrap_or(below);
        return Ok(Terms { level, ..terms });
    }
    let kept: Vec<RegionCode> = terms.cities.iter().copied().filter(|code| level(code).is_some()).collect();
    if kept.is_empty() || kept.len() == terms.cities.len() {
        return Err((
            "已是最低级别，且没有可先退出的城市：可解除",
            "it is at the lowest level, and no city can leave before the others: lift it",
        ));
    }
    Ok(Terms { cities: kept, ..terms })
}

fn above(level: WarningLevel) -> Option<WarningLevel> {
    WarningLevel::ALL.into_iter().find(|other| *other > level)
}

fn below(level: WarningLevel) -> Option<WarningLevel> {
    WarningLevel::ALL.into_iter().rev().find(|other| *other < level)
}

fn later(at: Instant, hours: i64) -> Instant {
    Instant::from_utc(at.to_utc() + TimeDelta::hours(hours))
}
