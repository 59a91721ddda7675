use serde::Serialize;
use std::ops::Add;
use units::{BeijingDay, BeijingHour};

/// A sentence generated from numbers, in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Words {
    /// Chinese.
    pub text: String,
    /// English.
    pub text_en: String,
}

impl Words {
    pub(crate) fn new(text: impl Into<String>, text_en: impl Into<String>) -> Words {
        Words { text: text.into(), text_en: text_en.into() }
    }
}

impl Add for Words {
    type Output = Words;
    fn add(mut self, more: Words) -> Words {
        self.text.push_str(&more.text);
        self.text_en.push_str(&more.text_en);
        self
    }
}

/// Chinese and English name of a city as the series name it; of `None`, of the region.
pub type Names<'a> = &'a dyn Fn(Option<&str>) -> Words;

/// `1 月 14 日`, `14 Jan`.
pub(crate) fn day_words(day: BeijingDay) -> Words {
    let date = day.to_date();
    Words::new(date.format("%-m 月 %-d 日").to_string(), date.format("%-d %b").to_string())
}

/// The same with its year.
pub(crate) fn dated_words(day: BeijingDay) -> Words {
    let date = day.to_date();
    Words::new(date.format("%Y 年 %-m 月 %-d 日").to_string(), date.format("%-d %b %Y").to_string())
}

/// `1 月 14 日 20 时`, `14 Jan 20:00`; the label 24 stays on the day it ends.
pub(crate) fn hour_words(hour: BeijingHour) -> Words {
    let label = hour.label();
    day_words(hour.day()) + Words::new(format!(" {label} 时"), format!(" {label:02}:00"))
}

/// A share as a whole percentage that never says impossible or certain of what is only nearly so.
pub(crate) fn percent_words(share: f64) -> Words {
    let percent = (share * 100.0).round();
    if share > 0.0 && percent < 1.0 {
        Words::new("不足 1%", "below 1 %")
    } else if share < 1.0 && percent > 99.0 {
        Words::new("超过 99%", "above 99 %")
    } else {
        Words::new(format!("{percent}%"), format!("{percent} %"))
    }
}

/// A title within a sentence: `Episode of …` becomes `episode of …`.
pub(crate) fn lower(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_says_never_and_always_only_when_it_is() {
        let said = [0.0, 0.001, 0.01, 0.5, 0.99, 0.999, 1.0].map(|share| percent_words(share).text_en);
        assert_eq!(said, ["0 %", "below 1 %", "1 %", "50 %", "99 %", "above 99 %", "100 %"]);
    }

    #[test]
    fn midnight_stays_on_the_day_it_ends() {
        let hour = BeijingHour::of_day("2018-01-14".parse().unwrap(), 24).unwrap();
        assert_eq!(hour_words(hour), Words::new("1 月 14 日 24 时", "14 Jan 24:00"));
    }
}
