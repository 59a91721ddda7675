use super::case::{Author, IndexCase};
use super::grouping::month;
use super::index::{interval, level_hit, primary_hit, range_hit};
use super::value::mean;
use serde::Serialize;
use std::collections::BTreeMap;
use units::BeijingDay;

/// Cases without which a scorecard has no rank: a third of a month.
pub const FEWEST_RANKED: usize = 10;

/// One month of one author, in one city or in all (月度评分卡).
///
/// The width stands beside the hits, and the rank is by the interval score, so that a wide range gains nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scorecard {
    /// Month of the target days, `YYYY-MM`.
    pub month: String,
    /// Whose.
    pub author: Author,
    /// City; `None` over all cities.
    pub city: Option<String>,
    /// City days.
    pub cases: usize,
    /// Observed AQI within the range, share.
    pub range_hit: f64,
    /// Level of the range's middle equals the observed level, share.
    pub level_hit: f64,
    /// Primary pollutants agree, share of the days with an observed AQI above 50.
    pub primary_hit: Option<f64>,
    /// Mean width of the range, index points.
    pub width: f64,
    /// Mean interval score, index points; smaller is better.
    pub interval_score: f64,
    /// Mean of the interval score less what all authors scored on the same city, day and lead: negative is better than
    /// the others. Days that were hard for all weigh on nobody.
    pub excess: f64,
    /// Middle of the range less observation, index points.
    pub bias: f64,
    /// Place among the authors of the same month and city by `excess`, ties shared; `None` below
    /// [`FEWEST_RANKED`] cases.
    pub rank: Option<usize>,
}

/// Scorecards of every month, author and city, and of every author over all cities; by month, city (all first), rank.
pub fn scorecards<'a>(cases: impl IntoIterator<Item = &'a IndexCase>) -> Vec<Scorecard> {
    let cases: Vec<&IndexCase> = cases.into_iter().collect();
    let common = common_scores(&cases);
    let mut groups: BTreeMap<(String, Option<&str>), ByAuthor<'_>> = BTreeMap::new();
    for case in &cases {
        let occasion = &case.occasion;
        for city in [None, Some(occasion.city.as_str())] {
            let group = groups.entry((month(occasion.date), city)).or_default();
            group.entry(&occasion.author).or_default().push(case);
        }
    }
    groups.into_iter().flat_map(|((month, city), authors)| ranked(&month, city, authors, &common)).collect()
}

/// The cases of every author.
type ByAuthor<'a> = BTreeMap<&'a Author, Vec<&'a IndexCase>>;

/// City, day and lead: what authors are compared on.
type Task<'a> = (&'a str, BeijingDay, u8);

fn task(case: &IndexCase) -> Task<'_> {
    (&case.occasion.city, case.occasion.date, case.occasion.lead_day)
}

/// Mean interval score of all authors on every task.
fn common_scores<'a>(cases: &[&'a IndexCase]) -> BTreeMap<Task<'a>, f64> {
    let mut sums: BTreeMap<Task<'a>, (f64, f64)> = BTreeMap::new();
    for case in cases {
        let sum = sums.entry(task(case)).or_default();
        *sum = (sum.0 + interval(case), sum.1 + 1.0);
    }
    sums.into_iter().map(|(task, (sum, count))| (task, sum / count)).collect()
}

fn ranked(month: &str, city: Option<&str>, authors: ByAuthor<'_>, common: &BTreeMap<Task<'_>, f64>) -> Vec<Scorecard> {
    let one = |(author, cases): (&Author, Vec<&IndexCase>)| {
        let all = |of: &dyn Fn(&IndexCase) -> f64| mean(cases.iter().map(|case| of(case)));
        let excess = |case: &IndexCase| interval(case) - common.get(&task(case)).copied().unwrap_or(interval(case));
        let ends = |case: &IndexCase| (f64::from(case.said.range.0), f64::from(case.said.range.1));
        Some(Scorecard {
            month: month.to_string(),
            author: author.clone(),
            city: city.map(String::from),
            cases: cases.len(),
            range_hit: all(&|case| f64::from(range_hit(case)))?,
            level_hit: all(&|case| f64::from(level_hit(case)))?,
            primary_hit: mean(cases.iter().filter_map(|case| primary_hit(case)).map(f64::from)),
            width: all(&|case| ends(case).1 - ends(case).0)?,
            interval_score: all(&interval)?,
            excess: all(&excess)?,
            bias: all(&|case| (ends(case).0 + ends(case).1) / 2.0 - f64::from(case.seen.get()))?,
            rank: None,
        })
    };
    let mut cards: Vec<Scorecard> = authors.into_iter().filter_map(one).collect();
    let judged: Vec<f64> = cards.iter().filter(|card| card.cases >= FEWEST_RANKED).map(|card| card.excess).collect();
    for card in cards.iter_mut().filter(|card| card.cases >= FEWEST_RANKED) {
        card.rank = Some(1 + judged.iter().filter(|excess| **excess < card.excess).count());
    }
    cards.sort_by_key(|card| (card.rank.is_none(), card.rank));
    cards
}

#[cfg(test)]
mod tests {
    use super::super::example::index;
    use super::*;

    /// Ranges of `width` around `middle` on the first `days` days of 2018, observed at 85.
    fn month_of(name: &str, days: i32, middle: u16, width: u16) -> Vec<IndexCase> {
        let range = (middle - width / 2, middle + width / 2);
        let named = |mut case: IndexCase| {
            case.occasion.author = Author::Forecaster(name.into());
            case
        };
        (0..days).map(|n| named(index(n, range, &[], 0.0, 85))).collect()
    }

    fn of<'a>(cards: &'a [Scorecard], name: &str, city: Option<&str>) -> &'a Scorecard {
        cards.iter().find(|card| card.author.id() == name && card.city.as_deref() == city).unwrap()
    }

    #[test]
    fn the_sharp_beats_the_wide_though_both_hit() {
        let cases = [month_of("甲", 20, 85, 30), month_of("乙", 20, 85, 80), month_of("丙", 20, 60, 30)].concat();
        let cards = scorecards(&cases);
        assert_eq!(cards.len(), 6, "three authors in one city and over all");
        let [first, second, third] = ["甲", "乙", "丙"].map(|name| of(&cards, name, Some("320100")));
        assert_eq!((first.range_hit, second.range_hit, third.range_hit), (1.0, 1.0, 0.0));
        assert_eq!((first.interval_score, second.interval_score, third.interval_score), (30.0, 80.0, 70.0));
        assert_eq!((first.rank, third.rank, second.rank), (Some(1), Some(2), Some(3)));
        assert_eq!((first.excess, third.bias, third.width), (-30.0, -25.0, 30.0));
    }

    #[test]
    fn nine_days_are_shown_but_not_ranked() {
        let cards = scorecards(&[month_of("甲", 9, 85, 30), month_of("乙", 20, 85, 80)].concat());
        assert_eq!((of(&cards, "甲", None).rank, of(&cards, "甲", None).cases), (None, 9));
        assert_eq!(of(&cards, "乙", None).rank, Some(1));
        assert_eq!(cards.last().unwrap().author.id(), "甲", "the unranked stand last");
    }

    #[test]
    fn who_only_met_hard_days_is_not_worse_for_it() {
        // Both alike on twelve hard days; one of them also has twelve easy ones.
        let hard = |name: &str| month_of(name, 12, 40, 20);
        let easy: Vec<IndexCase> = month_of("乙", 24, 85, 20).split_off(12);
        let cards = scorecards(&[hard("甲"), hard("乙"), easy].concat());
        let (few, many) = (of(&cards, "甲", None), of(&cards, "乙", None));
        assert!(few.interval_score > many.interval_score);
        assert_eq!((few.rank, many.rank), (Some(1), Some(1)));
    }

    #[test]
    fn months_are_apart() {
        let cards = scorecards(&month_of("甲", 40, 85, 30));
        assert_eq!(
            cards.iter().map(|card| (card.month.as_str(), card.cases)).collect::<Vec<_>>(),
            [("2018-01", 30), ("2018-01", 30), ("2018-02", 10), ("2018-02", 10)]
        );
        assert!(scorecards(&[]).is_empty());
    }
}
