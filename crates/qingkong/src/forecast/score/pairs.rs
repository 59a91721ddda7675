//! Forecast rows beside their observations and references.

use super::rows::Row;
use crate::history::city_of;
use ::forecast::verification::{Case, IndexCase, IndexSaid, Item, Occasion, ReferenceBook, Said};
use std::collections::{BTreeMap, BTreeSet};

/// What can be scored, and what was left out and why.
#[derive(Default)]
pub struct Pairs {
    pub values: Vec<Case>,
    pub indices: Vec<IndexCase>,
    /// One sentence for every reason rows were left out.
    pub notes: Vec<String>,
}

/// Why a row is not scored.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum LeftOut {
    UnknownCity,
    NotOver,
    NotObserved,
    Duplicate,
}

/// Pairs rows with what was observed; of two rows for the same thing by the same author the first counts.
pub fn pair(rows: Vec<Row>, cities: &[String], book: &ReferenceBook) -> Pairs {
    let mut pairs = Pairs::default();
    let mut known: BTreeMap<String, Option<usize>> = BTreeMap::new();
    let mut left_out: BTreeMap<LeftOut, Vec<Row>> = BTreeMap::new();
    let mut met = BTreeSet::new();
    for row in rows {
        let city = *known.entry(row.city.clone()).or_insert_with(|| city_of(cities, &row.city));
        let fresh = city.is_none() || met.insert((row.author.clone(), row.issue, city, row.lead_day, row.item));
        let refused = if fresh { pairs.push(&row, city, cities, book).err() } else { Some(LeftOut::Duplicate) };
        if let Some(reason) = refused {
            left_out.entry(reason).or_default().push(row);
        }
    }
    pairs.notes = left_out.iter().map(|(reason, rows)| note(*reason, rows, book)).collect();
    pairs
}

impl Pairs {
    fn push(&mut self, row: &Row, city: Option<usize>, cities: &[String], book: &ReferenceBook) -> Result<(), LeftOut> {
        let city = city.ok_or(LeftOut::UnknownCity)?;
        let date = row.issue + i32::from(row.lead_day);
        // A last day with enough hours counts although it may lack its last ones; without, it is not over.
        let missing =
            if book.span().is_none_or(|(_, last)| date >= last) { LeftOut::NotOver } else { LeftOut::NotObserved };
        let day = book.seen(city, date).ok_or(missing)?;
        let seen = day.value(row.item).ok_or(missing)?;
        let occasion = Occasion {
            issue: row.issue,
            lead_day: row.lead_day,
            date,
            city: cities[city].clone(),
            author: row.author.clone(),
            observed_level: day.level(),
        };
        if let (Item::Aqi, Some(range), Some(seen)) = (row.item, row.range, day.aqi) {
            self.indices.push(IndexCase {
                occasion: occasion.clone(),
                said: index_said(row, range),
                seen,
                primary: day.primary.clone(),
                references: book.index(city, row.issue, row.lead_day),
            });
        }
        self.values.push(Case {
            occasion,
            item: row.item,
            said: Said { mean: row.mean, quantiles: row.quantiles, members: vec![] },
            seen,
            references: book.value(city, row.issue, row.lead_day, row.item),
        });
        Ok(())
    }
}

fn index_said(row: &Row, range: (u16, u16)) -> IndexSaid {
    let primary = Some(row.primary.clone());
    IndexSaid { range, levels: vec![], primary, p_aqi150: row.p_aqi150, p_aqi200: row.p_aqi200 }
}

fn note(reason: LeftOut, rows: &[Row], book: &ReferenceBook) -> String {
    let (count, first) = (rows.len(), rows.first().map_or("", |row| row.place.as_str()));
    let last = book.span().map_or("nothing".to_string(), |(_, last)| last.to_string());
    let cities: BTreeSet<&str> = rows.iter().map(|row| row.city.as_str()).collect();
    let cities = cities.into_iter().take(5).collect::<Vec<_>>().join(", ");
    match reason {
        LeftOut::UnknownCity => {
            format!("{count} rows of cities without observations are not scored: {cities}; first {first}")
        }
        LeftOut::NotOver => {
            format!(
                "{count} rows forecast days that are not over (observed until {last}) and are not scored; first {first}"
            )
        }
        LeftOut::NotObserved => {
            format!("{count} rows forecast days without a valid observation and are not scored; first {first}")
        }
        LeftOut::Duplicate => {
            format!(
                "{count} rows forecast by the same author what an earlier row does; the earlier counts; first {first}"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::forecast::History;
    use ::forecast::verification::Author;
    use units::Aqi;
    use units::{BeijingDay, BeijingHour, Pollutant};

    fn start() -> BeijingDay {
        "2018-01-01".parse().unwrap()
    }

    /// Forty days of PM2.5 80 (index 107) and other pollutants low; day 30 is missing, the last day stops at 10:00.
    fn book() -> ReferenceBook {
        let mut history = History::empty(vec!["320100".into()], BeijingHour::of_day(start(), 1).unwrap(), 39 * 24 + 10);
        for n in (0..history.hours as i64).filter(|n| n / 24 != 30) {
            for pollutant in Pollutant::ALL {
                let value = if pollutant == Pollutant::Pm25 { 80.0 } else { 1.0 };
                history.set(pollutant, 0, history.first_hour + n, value);
            }
        }
        ReferenceBook::new(&history, 20)
    }

    fn row(day: i32, city: &str, item: Item) -> Row {
        Row {
            place: format!("f.csv line {}", day + 2),
            issue: start() + day,
            city: city.into(),
            lead_day: 1,
            item,
            author: Author::Model("m".into()),
            mean: 90.0,
            quantiles: [60.0, 80.0, 90.0, 100.0, 120.0],
            range: Some((91, 121)).filter(|_| item == Item::Aqi),
            primary: vec![Pollutant::Pm25],
            p_aqi150: Some(0.1),
            p_aqi200: None,
        }
    }

    fn paired(rows: Vec<Row>) -> Pairs {
        pair(rows, &["320100".to_string()], &book())
    }

    #[test]
    fn a_row_meets_its_day_by_code_or_by_name() {
        let found = paired(vec![row(20, "320100", Item::Aqi), row(21, "南京", Item::Pollutant(Pollutant::Pm25))]);
        assert_eq!((found.values.len(), found.indices.len(), found.notes.len()), (2, 1, 0));
        assert_eq!((found.indices[0].seen, found.values[1].seen), (Aqi::new(107).unwrap(), 80.0));
        assert_eq!(found.values[1].references.climatology.as_ref().unwrap().quantiles, [80.0; 5]);
        assert_eq!(found.values[1].occasion.city, "320100");
    }

    #[test]
    fn what_is_left_out_is_named_with_its_first_line() {
        let aqi = |day, city| row(day, city, Item::Aqi);
        let rows = vec![
            aqi(3, "亚特兰蒂斯"),
            aqi(5, "南京"),
            aqi(5, "320100"),
            aqi(29, "320100"),
            aqi(38, "320100"),
            aqi(39, "320100"),
        ];
        let found = paired(rows);
        assert_eq!(found.indices.len(), 1);
        let notes = found.notes.join("\n");
        for part in [
            "1 rows of cities without observations are not scored: 亚特兰蒂斯; first f.csv line 5",
            "2 rows forecast days that are not over (observed until 2018-02-09) and are not scored; \
             first f.csv line 40",
            "1 rows forecast days without a valid observation and are not scored; first f.csv line 31",
            "1 rows forecast by the same author what an earlier row does; the earlier counts; first f.csv line 7",
        ] {
            assert!(notes.contains(part), "{part}\n{notes}");
        }
    }

    #[test]
    fn two_authors_may_speak_of_the_same_day() {
        let other = Row { author: Author::Forecaster("张".into()), ..row(20, "320100", Item::Aqi) };
        let found = paired(vec![row(20, "320100", Item::Aqi), other]);
        assert_eq!((found.indices.len(), found.notes.len()), (2, 0));
    }
}
