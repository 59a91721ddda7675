use crate::late::{quantile, sorted};
use crate::{Check, CityBasis, CityCheck, CoursePoint, Indexed, LiftOutlook, Plan, if_lifted, late_detected};
use units::{BeijingHour, Instant, RegionCode, Share};

/// What a city is called, and how polluted it is at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CityNow {
    /// The name in the forecast.
    pub city: String,
    /// GB/T 2260.
    pub code: RegionCode,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// The 24-hour AQI that ends with the last observed hour.
    pub observed: Option<u16>,
}

/// What run and plan say of each city, as a draft keeps it (研判依据快照).
///
/// `last` is the last observed hour; the lift outlook is for `now`. Cities of which no member says anything are left
/// out, so that a draft that names one is refused.
pub fn freeze(
    plan: &Plan,
    indexed: &Indexed,
    check: &Check,
    cities: &[CityNow],
    last: BeijingHour,
    now: Instant,
) -> Vec<CityBasis> {
    let outlooks = if_lifted(plan, indexed, now);
    let one = |now: &CityNow| {
        let number = indexed.cities.iter().position(|city| *city == now.city)?;
        let said = check.cities.iter().find(|said| said.city == now.city).filter(|said| said.members > 0)?;
        let late = late_detected(plan, indexed, number, now.observed, last);
        Some(frozen(now, said, outlooks.get(number), late, course(indexed, number)))
    };
    cities.iter().filter_map(one).collect()
}

fn frozen(
    now: &CityNow,
    said: &CityCheck,
    outlook: Option<&LiftOutlook>,
    late: bool,
    course: Vec<CoursePoint>,
) -> CityBasis {
    let share = |value: f64| Share::new(value).expect("a count over a count that is not smaller");
    CityBasis {
        city: now.code,
        name: now.name.clone(),
        name_en: now.name_en.clone(),
        level: said.level,
        start: said.start,
        end: said.end,
        rule: said.rule.clone().unwrap_or_default(),
        rule_en: said.rule_en.clone().unwrap_or_default(),
        yellow: share(said.probability.yellow),
        orange: share(said.probability.orange),
        red: share(said.probability.red),
        late,
        again: outlook.and_then(|outlook| outlook.again).map(share),
        course,
    }
}

fn course(indexed: &Indexed, city: usize) -> Vec<CoursePoint> {
    let point = |column: usize| {
        let hour = indexed.first_hour + column as i64;
        let values = sorted(indexed, city, hour);
        let at = |share| quantile(&values, share).and_then(|index| u16::try_from(index).ok());
        CoursePoint { hour, q10: at(0.1), q50: at(0.5), q90: at(0.9) }
    };
    (0..indexed.hours).map(point).collect()
}
