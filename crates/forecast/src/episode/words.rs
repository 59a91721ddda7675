use super::{DaySpread, Episode, EpisodeDefinition, EpisodeOutlook};
use crate::words::{Names, Words, dated_words, day_words, lower, percent_words};
use units::BeijingDay;

/// An observed episode in one sentence.
pub fn episode_words(definition: &EpisodeDefinition, episode: &Episode, names: Names) -> Words {
    let (onset, peak, last) = (dated_words(episode.onset), day_words(episode.peak_day), day_words(episode.last));
    let (value, value_en) = value_words(definition, episode.city.is_none(), episode.peak_value);
    let days = episode.days_above;
    let end = match episode.end {
        Some(_) => Words::new(format!("{}结束", last.text), format!("over after {}", last.text_en)),
        None => Words::new(format!("到 {}仍未结束", last.text), format!("not yet over on {}", last.text_en)),
    };
    let wide = match (&episode.city, episode.cities.len()) {
        (None, cities) => Words::new(format!("，涉及 {cities} 个城市"), format!(", {cities} cities in all")),
        _ => Words::default(),
    };
    let doubt = doubt_words(episode);
    head(definition, episode.city.as_deref(), names)
        + Words::new(
            format!(
                "：{}开始，{}达峰（{value}），{}，共 {days} 天超过{}。{}",
                onset.text, peak.text, end.text, wide.text, doubt.text
            ),
            format!(
                ": began {}, peaked {} ({value_en}), {}; {days} days above{}.{}",
                onset.text_en, peak.text_en, end.text_en, wide.text_en, doubt.text_en
            ),
        )
}

/// What missing neighbours leave open.
fn doubt_words(episode: &Episode) -> Words {
    let onset = match episode.onset_in_doubt {
        true => Words::new("开始前一日缺测，可能更早开始。", " The day before is missing: it may have begun earlier."),
        false => Words::default(),
    };
    let end = match episode.end_in_doubt {
        true => Words::new("其后一日缺测，可能更晚结束。", " The day after is missing: it may have lasted longer."),
        false => Words::default(),
    };
    onset + end
}

/// What the members say, in one sentence.
pub fn outlook_words(definition: &EpisodeDefinition, outlook: &EpisodeOutlook, names: Names) -> Words {
    let (head, until) = (head(definition, outlook.city.as_deref(), names), day_words(outlook.horizon));
    let share = percent_words(outlook.probability);
    let chance = match outlook.going_since.map(day_words) {
        Some(since) => Words::new(
            format!("：自 {}起，此后继续的概率 {}", since.text, share.text),
            format!(": since {}, goes on with probability {}", since.text_en, share.text_en),
        ),
        None => Words::new(
            format!("：至 {}出现的概率 {}", until.text, share.text),
            format!(": probability {} until {}", share.text_en, until.text_en),
        ),
    };
    head + chance + course_words(definition, outlook) + Words::new("。", ".")
}

fn course_words(definition: &EpisodeDefinition, outlook: &EpisodeOutlook) -> Words {
    let (Some(onset), Some(peak), Some(value), Some(end)) =
        (outlook.onset, outlook.peak_day, outlook.peak_value, outlook.end)
    else {
        return Words::default();
    };
    let begins = match outlook.going_since {
        Some(_) => Words::default(),
        None => labelled("；最可能 ", "开始", "; most likely begins ", spread_words(onset)),
    };
    let (text, text_en) = value_words(definition, outlook.city.is_none(), value.q50);
    let (low, high) = (value.q10.round_ties_even(), value.q90.round_ties_even());
    let highest = Words::new(format!("，峰值 {text}（{low}—{high}）"), format!(", peak {text_en} ({low}–{high})"));
    begins + labelled("；", "达峰", "; peaks ", spread_words(peak)) + highest + end_words(end.mode, end.beyond, outlook)
}

fn end_words(mode: Option<BeijingDay>, beyond: f64, outlook: &EpisodeOutlook) -> Words {
    let ends = match mode.map(day_words) {
        Some(day) => {
            Words::new(format!("；最可能 {}后结束", day.text), format!("; most likely over after {}", day.text_en))
        }
        None => Words::default(),
    };
    let (share, until) = (percent_words(beyond), day_words(outlook.horizon));
    match beyond > 0.0 {
        true => {
            ends + Words::new(
                format!("；其中 {} 的成员到 {}仍可能未结束", share.text, until.text),
                format!("; in {} of these members it may last beyond {}", share.text_en, until.text_en),
            )
        }
        false => ends,
    }
}

fn head(definition: &EpisodeDefinition, city: Option<&str>, names: Names) -> Words {
    let name = names(city);
    Words::new(
        format!("{} {}", name.text, definition.title),
        format!("{}, {}", name.text_en, lower(&definition.title_en)),
    )
}

fn labelled(before: &str, after: &str, en: &str, day: Words) -> Words {
    Words::new(format!("{before}{}{after}", day.text), format!("{en}{}", day.text_en))
}

/// The most frequent day, and the span of four fifths of the members when it is more than that day.
fn spread_words(spread: DaySpread) -> Words {
    let (mode, low, high) = (day_words(spread.mode), day_words(spread.q10), day_words(spread.q90));
    match spread.q10 == spread.q90 {
        true => mode,
        false => {
            mode + Words::new(
                format!("（{}至 {}）", low.text, high.text),
                format!(" ({} to {})", low.text_en, high.text_en),
            )
        }
    }
}

fn value_words(definition: &EpisodeDefinition, region: bool, value: f64) -> (String, String) {
    let (value, unit, fewest) = (value.round_ties_even(), definition.measure.unit(), definition.fewest_cities);
    match region {
        true => {
            (format!("至少 {fewest} 个城市达 {value}{unit}"), format!("at least {fewest} cities reach {value}{unit}"))
        }
        false => (format!("{value}{unit}"), format!("{value}{unit}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::episode::{outlooks, region_episodes};
    use crate::{CityDays, DayCourses};

    fn names(city: Option<&str>) -> Words {
        if city.is_some() { Words::new("南京", "Nanjing") } else { Words::new("全省", "The province") }
    }

    fn heavy() -> &'static EpisodeDefinition {
        EpisodeDefinition::named("pm25-150").unwrap()
    }

    #[test]
    fn an_observed_episode_of_the_region_names_days_value_and_cities() {
        let first: BeijingDay = "2018-01-12".parse().unwrap();
        let cities: Vec<String> = (0..4).map(|city| city.to_string()).collect();
        let values = [[10.0; 4], [160.0, 170.0, 180.0, 10.0], [151.0, 190.0, 185.0, 160.0], [9.0; 4]];
        let seen = CityDays::new(cities, first, 4, |city, day| values[(day - first) as usize][city]);
        let said = episode_words(heavy(), &region_episodes(heavy(), &seen)[0], &names);
        assert_eq!(
            said.text,
            "全省 PM2.5 日均值超过 150 µg/m³ 的重污染过程：2018 年 1 月 13 日开始，1 月 13 日达峰\
             （至少 3 个城市达 160 µg/m³），1 月 14 日结束，共 2 天超过，涉及 4 个城市。"
        );
        assert_eq!(
            said.text_en,
            "The province, heavy episode of day-mean PM2.5 above 150 µg/m³: began 13 Jan 2018, peaked 13 Jan \
             (at least 3 cities reach 160 µg/m³), over after 14 Jan; 2 days above, 4 cities in all."
        );
    }

    fn outlook(seen: &[f64], members: &[[f64; 4]]) -> Words {
        let first: BeijingDay = "2018-01-13".parse().unwrap();
        let before = first - seen.len() as i32;
        let past = CityDays::new(vec!["a".into()], before, seen.len(), |_, day| seen[(day - before) as usize]);
        let value = |m: usize, _: usize, day: BeijingDay| members[m][(day - first) as usize];
        let courses = DayCourses::new(vec!["a".into()], (first, 4), members.len(), value);
        outlook_words(heavy(), &outlooks(heavy(), &past, &courses)[0], &names)
    }

    #[test]
    fn a_coming_episode_is_said_with_chance_days_peak_and_end() {
        let members = [[10.0, 160.0, 180.0, 10.0], [10.0, 10.0, 170.0, 160.0], [9.0; 4], [9.0; 4]];
        let said = outlook(&[10.0], &members);
        assert_eq!(
            said.text_en,
            "Nanjing, heavy episode of day-mean PM2.5 above 150 µg/m³: probability 50 % until 16 Jan; most likely \
             begins 14 Jan (14 Jan to 15 Jan); peaks 15 Jan, peak 175 µg/m³ (170–180); most likely over after \
             15 Jan; in 50 % of these members it may last beyond 16 Jan."
        );
        assert_eq!(
            said.text,
            "南京 PM2.5 日均值超过 150 µg/m³ 的重污染过程：至 1 月 16 日出现的概率 50%；最可能 1 月 14 日（1 月 14 日至 1 月 15 日）\
             开始；1 月 15 日达峰，峰值 175 µg/m³（170—180）；最可能 1 月 15 日后结束；其中 50% 的成员到 1 月 16 日仍可能未结束。"
        );
    }

    #[test]
    fn an_episode_that_goes_on_says_since_when() {
        let said = outlook(&[10.0, 160.0, 170.0], &[[160.0, 10.0, 10.0, 10.0], [9.0; 4]]);
        assert!(said.text_en.contains(": since 11 Jan, goes on with probability 50 %; peaks 12 Jan"), "{said:?}");
    }

    #[test]
    fn no_member_with_an_episode_is_no_chance_and_no_dates() {
        let said = outlook(&[10.0], &[[9.0; 4]]);
        assert!(said.text_en.ends_with(": probability 0 % until 16 Jan."), "{said:?}");
    }
}
