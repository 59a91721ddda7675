//! Files of further predictors (附加预报因子), read: `city,time,name,value` and, of forecasts, `issued`.

use crate::failure::Failure;
use crate::history::city_of;
use crate::line_guard::LineGuard;
use ::forecast::{Extra, Foretold, History, Model};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use units::BeijingHour;

/// Names that are read: each is a column or more for every city.
const MOST_NAMES: usize = 32;

/// Everything that was read of some files.
struct Found<'a> {
    history: &'a History,
    /// Hours of each observed name, `[city * hours + hour]`.
    observed: BTreeMap<String, Vec<f64>>,
    foretold: BTreeMap<String, Vec<Foretold>>,
    unknown_cities: BTreeSet<String>,
    /// Rows of hours that the observations do not span.
    outside: usize,
    used: usize,
}

/// Reads files for the cities of `history`, whose span bounds what is kept of observed values; a later row wins.
///
/// A row without `issued` is observed and known when its hour is over; a row with it is a forecast and known from that
/// hour on. A model that asks for a name gets the columns it was trained with. Refuses `F-113`, `F-114`, `F-118` no
/// usable row, `F-119` a name that is both, or too many.
pub fn read(
    files: &[PathBuf],
    history: &History,
    issue_hour: u8,
    model: Option<&Model>,
) -> Result<Vec<Extra>, Failure> {
    let mut found = Found {
        history,
        observed: BTreeMap::new(),
        foretold: BTreeMap::new(),
        unknown_cities: BTreeSet::new(),
        outside: 0,
        used: 0,
    };
    for path in files {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|cause| Failure::refused(format_args!("{name}: {cause}")))?;
        found.read(&name, file)?;
    }
    found.tell(files)?;
    let asked = |name: &str| {
        let mut columns = model.iter().flat_map(|model| model.informed.iter().flat_map(|informed| &informed.extras));
        columns.find(|(asked, _)| asked == name).map(|(_, columns)| *columns)
    };
    Ok(found.extras(issue_hour, asked))
}

impl Found<'_> {
    fn read(&mut self, file: &str, source: impl Read) -> Result<(), Failure> {
        let failed = |cause: csv::Error| Failure::refused(format_args!("{file}: {cause}"));
        let mut reader = csv::Reader::from_reader(LineGuard::new(source));
        let header = reader.headers().map_err(failed)?.clone();
        let place = |column: &str| header.iter().position(|cell| cell.trim_start_matches('\u{feff}').trim() == column);
        let needed = |column: &str| {
            place(column).ok_or_else(|| Failure::refused(format_args!("F-113 {file}: column {column} is missing")))
        };
        let (city, time, name, value) = (needed("city")?, needed("time")?, needed("name")?, needed("value")?);
        let issued = place("issued");
        let (mut record, mut places) = (csv::StringRecord::new(), HashMap::new());
        while reader.read_record(&mut record).map_err(failed)? {
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |n: usize| record.get(n).unwrap_or_default().trim();
            let wrong =
                |n: usize| Failure::refused(format_args!("F-114 {file} line {line}: {} {:?}", &header[n], cell(n)));
            let hour = |n: usize| cell(n).parse::<BeijingHour>().map_err(|_| wrong(n));
            let (at, text) = (hour(time)?, cell(value));
            let known = issued.filter(|n| !cell(*n).is_empty()).map(hour).transpose()?;
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            if number.is_none() && !text.is_empty() {
                return Err(wrong(value));
            }
            if cell(name).is_empty() {
                return Err(wrong(name));
            }
            let place =
                *places.entry(cell(city).to_string()).or_insert_with_key(|city| city_of(&self.history.cities, city));
            let Some(place) = place else {
                if self.unknown_cities.len() < MOST_NAMES {
                    self.unknown_cities.insert(cell(city).to_string());
                }
                continue;
            };
            if let Some(number) = number {
                self.keep(cell(name), place, at, known, number);
            }
            self.check_names(file)?;
        }
        Ok(())
    }

    fn keep(&mut self, name: &str, city: usize, time: BeijingHour, issued: Option<BeijingHour>, value: f64) {
        let hours = self.history.hours;
        match issued {
            Some(issued) => {
                of_name(&mut self.foretold, name).push(Foretold { city, issued, time, value });
                self.used += 1;
            }
            None => match usize::try_from(time - self.history.first_hour).ok().filter(|hour| *hour < hours) {
                Some(hour) => {
                    let cities = self.history.cities.len();
                    let series = of_name(&mut self.observed, name);
                    series.resize(cities * hours, f64::NAN);
                    series[city * hours + hour] = value;
                    self.used += 1;
                }
                None => self.outside += 1,
            },
        }
    }

    fn check_names(&self, file: &str) -> Result<(), Failure> {
        if self.observed.len() + self.foretold.len() > MOST_NAMES {
            return Err(Failure::refused(format_args!("F-119 {file}: more than {MOST_NAMES} names of predictors")));
        }
        Ok(())
    }

    fn tell(&self, files: &[PathBuf]) -> Result<(), Failure> {
        let names: Vec<String> = files.iter().map(|path| Path::display(path).to_string()).collect();
        let names = names.join(", ");
        if let Some(name) = self.observed.keys().find(|name| self.foretold.contains_key(*name)) {
            let reason = "rows with and without issued; a forecast and an observation are two predictors";
            return Err(Failure::refused(format_args!("F-119 {names}: {name} has {reason}")));
        }
        if !self.unknown_cities.is_empty() {
            let cities: Vec<&str> = self.unknown_cities.iter().take(5).map(String::as_str).collect();
            eprintln!("{names}: cities without observations are left out: {}", cities.join(", "));
        }
        if self.outside > 0 {
            eprintln!("{names}: {} rows of hours outside the observations are left out", self.outside);
        }
        if self.used == 0 {
            return Err(Failure::refused(format_args!(
                "F-118 {names}: no value of a city and hour of the observations"
            )));
        }
        Ok(())
    }

    fn extras(self, issue_hour: u8, asked: impl Fn(&str) -> Option<usize>) -> Vec<Extra> {
        let (cities, span) = (&self.history.cities, (self.history.first_hour, self.history.hours));
        let observed = self
            .observed
            .iter()
            .filter_map(|(name, series)| Extra::of_hours(name, cities.clone(), span, series, issue_hour));
        let foretold = self
            .foretold
            .iter()
            .filter_map(|(name, told)| Extra::of_forecasts(name, cities.clone(), told, asked(name), issue_hour));
        observed.chain(foretold).collect()
    }
}

/// What is kept of a name; begun at its first row.
fn of_name<'a, T>(book: &'a mut BTreeMap<String, Vec<T>>, name: &str) -> &'a mut Vec<T> {
    if !book.contains_key(name) {
        book.insert(name.to_string(), Vec::new());
    }
    book.get_mut(name).expect("it was just put there")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history() -> History {
        History::empty(vec!["320100".into(), "320300".into()], "2018-01-01T01:00:00+08:00".parse().unwrap(), 240)
    }

    fn read_text(text: &str) -> Result<Vec<Extra>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        std::fs::write(&path, text).unwrap();
        let told = |error: Failure| error.to_string().replace(&path.display().to_string(), "x.csv");
        read(std::slice::from_ref(&path), &history(), 20, None).map_err(told)
    }

    #[test]
    fn observed_and_foretold_names_become_predictors() {
        let mut text = "city,time,name,value,issued\n南京,2018-01-03T19:00:00+08:00,wind,2.5,\n".to_string();
        for hour in [6, 12, 18, 24] {
            let day = if hour == 24 { "05T00" } else { ["04T06", "04T12", "04T18"][hour / 6 - 1] };
            text += &format!("320300,2018-01-{day}:00:00+08:00,wind ahead,{hour},2018-01-03T08:00:00+08:00\n");
        }
        let extras = read_text(&text).unwrap();
        let told: Vec<(&str, usize)> = extras.iter().map(|extra| (extra.name(), extra.columns())).collect();
        assert_eq!(told, [("wind", 2), ("wind ahead", 1)]);
    }

    #[test]
    fn bad_files_are_refused_by_name_and_line() {
        let row = |row: &str| read_text(&format!("city,time,name,value,issued\n{row}\n")).unwrap_err();
        assert_eq!(row("320100,2018-01-03,wind,1,"), "F-114 x.csv line 2: time \"2018-01-03\"");
        assert_eq!(row("320100,2018-01-03T19:00:00+08:00,wind,calm,"), "F-114 x.csv line 2: value \"calm\"");
        assert_eq!(row("320100,2018-01-03T19:00:00+08:00,,1,"), "F-114 x.csv line 2: name \"\"");
        assert_eq!(row("320100,2018-01-03T19:00:00+08:00,wind,1,soon"), "F-114 x.csv line 2: issued \"soon\"");
        assert!(row("北京,2018-01-03T19:00:00+08:00,wind,1,").starts_with("F-118 x.csv"));
        assert!(row("320100,2019-01-03T19:00:00+08:00,wind,1,").starts_with("F-118 x.csv"), "outside the span");
        assert!(read_text("city,time,name\n").unwrap_err().starts_with("F-113 x.csv: column value"));
        let both = "320100,2018-01-03T19:00:00+08:00,wind,1,\n320100,2018-01-03T19:00:00+08:00,wind,1,2018-01-03T08:00:00+08:00";
        assert!(row(both).starts_with("F-119 x.csv: wind"));
        let many: Vec<String> = (0..33).map(|n| format!("320100,2018-01-03T19:00:00+08:00,n{n},1,")).collect();
        assert!(row(&many.join("\n")).starts_with("F-119 x.csv: more than 32"));
    }

    #[test]
    fn an_empty_value_is_missing_and_not_zero() {
        let rows = "320100,2018-01-03T18:00:00+08:00,wind,4,\n320100,2018-01-03T19:00:00+08:00,wind,,\n";
        assert_eq!(read_text(&format!("city,time,name,value,issued\n{rows}")).unwrap().len(), 1);
        let none = read_text("city,time,name,value\n320100,2018-01-03T19:00:00+08:00,wind,\n").unwrap_err();
        assert!(none.starts_with("F-118"), "{none}");
    }
}
