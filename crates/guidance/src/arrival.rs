use crate::check::{OLD_RUN_HOURS, OLDEST_RUN_HOURS};
use crate::{FlagKind, Member};
use units::{BeijingHour, Pollutant};

/// Whole days ahead that guidance needs to be complete: a conclusion covers at least three.
const NEEDED_DAYS: i32 = 3;

/// Whether a model's output is there at a moment (指导预报到位情况), and what it lacks.
///
/// Nothing that is late, missing or partial stops a consultation: it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The model.
    pub model: String,
    /// Its newest run that was out by then.
    pub issued: BeijingHour,
    /// Where it stands.
    pub state: ArrivalState,
    /// Cities asked for without a value ahead.
    pub cities_without: Vec<String>,
    /// Whole days after the moment's own that it covers.
    pub days: i32,
    /// Pollutants with a value ahead.
    pub pollutants: Vec<Pollutant>,
    /// What speaks against some or all of it.
    pub doubts: Vec<FlagKind>,
}

/// Where guidance stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrivalState {
    /// 到位: not 12 hours old, every city, three days, PM2.5, nothing in doubt.
    Present,
    /// 残缺: in time, and something of that is missing.
    Partial,
    /// 迟到: 13 to 48 hours old; an older run stands in.
    Late,
    /// 缺席: older than 48 hours, or unusable as a whole.
    Missing,
}

/// The newest run of a model at `at`, of the cities asked for.
pub fn arrival(member: &Member, at: BeijingHour, cities: &[String]) -> Arrival {
    let ahead = |pollutant: Pollutant, place: usize| {
        let hours = member.hours.iter().zip(member.course(pollutant, place));
        hours.filter(|(hour, value)| **hour > at && value.is_finite()).map(|(hour, _)| *hour).max()
    };
    let newest = |pollutant: Pollutant| (0..member.places.len()).filter_map(|place| ahead(pollutant, place)).max();
    let has = |city: &&String| {
        let place = member.places.iter().position(|place| place == *city);
        place.is_some_and(|place| Pollutant::ALL.iter().any(|pollutant| ahead(*pollutant, place).is_some()))
    };
    let pollutants: Vec<Pollutant> = Pollutant::ALL.into_iter().filter(|p| newest(*p).is_some()).collect();
    let mut doubts: Vec<FlagKind> = member.flags.iter().map(|flag| flag.kind).filter(|kind| kind.doubts()).collect();
    doubts.sort_unstable();
    doubts.dedup();
    let days =
        pollutants.iter().filter_map(|pollutant| newest(*pollutant)).max().map_or(0, |last| whole_days(at, last));
    let without: Vec<String> = cities.iter().filter(|city| !has(city)).cloned().collect();
    let whole = without.is_empty() && days >= NEEDED_DAYS && doubts.is_empty() && pollutants.contains(&Pollutant::Pm25);
    let state = match at - member.run {
        _ if pollutants.is_empty() || !member.usable() => ArrivalState::Missing,
        age if age > OLDEST_RUN_HOURS => ArrivalState::Missing,
        age if age > OLD_RUN_HOURS => ArrivalState::Late,
        _ if whole => ArrivalState::Present,
        _ => ArrivalState::Partial,
    };
    let model = member.model.clone();
    Arrival { model, issued: member.run, state, cities_without: without, days, pollutants, doubts }
}

/// Days after that of `at` that are over with the hour `last`.
fn whole_days(at: BeijingHour, last: BeijingHour) -> i32 {
    let over = if last.label() == 24 { last.day() } else { last.day() - 1 };
    (over - at.day()).max(0)
}

impl Arrival {
    /// What there is to say of it, in Chinese and English; cities by `name`.
    pub fn words(&self, name: impl Fn(&str) -> (String, String)) -> [String; 2] {
        let named = |english: bool| -> Vec<String> {
            let one = |city: &String| if english { name(city).1 } else { name(city).0 };
            self.cities_without.iter().map(one).collect()
        };
        let codes: Vec<&str> = self.pollutants.iter().map(|pollutant| pollutant.code()).collect();
        let doubts: Vec<&str> = self.doubts.iter().map(|kind| kind.code()).collect();
        let (day, hour) = (self.issued.day(), self.issued.label());
        let mut zh = vec![format!("{day} {hour} 时起报")];
        let mut en = vec![format!("run of {day} {hour:02}:00")];
        if self.pollutants.is_empty() {
            zh.push("没有起报后的值".into());
            en.push("no value ahead".into());
        } else {
            zh.push(format!("{}，到第 {} 日", codes.join("、"), self.days));
            en.push(format!("{} to day {}", codes.join(", "), self.days));
        }
        if !self.cities_without.is_empty() && !self.pollutants.is_empty() {
            zh.push(format!("缺{}", named(false).join("、")));
            en.push(format!("without {}", named(true).join(", ")));
        }
        if !doubts.is_empty() {
            zh.push(format!("标记 {}", doubts.join("、")));
            en.push(format!("flags {}", doubts.join(", ")));
        }
        [zh.join("；"), en.join("; ")]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Flag;
    use std::collections::BTreeMap;

    fn at() -> BeijingHour {
        "2018-01-13T20:00:00+08:00".parse().unwrap()
    }

    fn cities() -> Vec<String> {
        ["320100", "320300"].map(String::from).to_vec()
    }

    /// A run `age` hours old that speaks of the hours up to `until` after the issue.
    fn member(age: i64, until: i64) -> Member {
        let hours: Vec<BeijingHour> = (1..=until).map(|n| at() + n).collect();
        let values = BTreeMap::from([(Pollutant::Pm25, vec![50.0; 2 * hours.len()])]);
        let (model, run) = ("cmaq".to_string(), at() - age);
        Member { model, run, span_hours: 1, places: cities(), hours, values, flags: vec![] }
    }

    fn state(member: &Member) -> ArrivalState {
        arrival(member, at(), &cities()).state
    }

    #[test]
    fn twelve_hours_are_in_time_and_forty_eight_still_stand_in() {
        // To the end of the third day after: 4 hours of the evening and three days.
        let of = |age| state(&member(age, 76));
        assert_eq!([of(0), of(12)], [ArrivalState::Present; 2]);
        assert_eq!([of(13), of(48)], [ArrivalState::Late; 2]);
        assert_eq!(of(49), ArrivalState::Missing);
    }

    #[test]
    fn what_is_short_of_cities_days_or_certainty_is_partial() {
        assert_eq!(state(&member(12, 75)), ArrivalState::Partial, "an hour short of the third day");
        let mut one_city = member(12, 76);
        let half = one_city.hours.len();
        one_city.values.get_mut(&Pollutant::Pm25).unwrap()[half..].fill(f64::NAN);
        let found = arrival(&one_city, at(), &cities());
        assert_eq!((found.state, found.cities_without.clone()), (ArrivalState::Partial, vec!["320300".to_string()]));
        let words = found.words(|_| ("徐州".into(), "Xuzhou".into()));
        assert_eq!(words[0], "2018-01-13 8 时起报；PM2_5，到第 3 日；缺徐州");
        assert_eq!(words[1], "run of 2018-01-13 08:00; PM2_5 to day 3; without Xuzhou");
        let mut doubtful = member(12, 76);
        doubtful.flags.push(Flag::whole(FlagKind::Constant, "stuck"));
        assert_eq!(state(&doubtful), ArrivalState::Partial);
        let mut told = member(12, 76);
        told.flags.push(Flag::whole(FlagKind::Converted, "ppb"));
        assert_eq!(state(&told), ArrivalState::Present, "a note is no doubt");
    }

    #[test]
    fn nothing_ahead_or_nothing_usable_is_missing() {
        let mut past = member(12, 76);
        past.hours.iter_mut().for_each(|hour| *hour = *hour - 200);
        let found = arrival(&past, at(), &cities());
        assert_eq!((found.state, found.days, found.pollutants.len()), (ArrivalState::Missing, 0, 0));
        let mut shifted = member(12, 76);
        shifted.flags.push(Flag::whole(FlagKind::Shifted, "-8 h"));
        assert_eq!(state(&shifted), ArrivalState::Missing);
    }
}
