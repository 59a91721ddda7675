//! Submissions of the KDD Cup 2018: 48 hours at stations of Beijing and London.
//!
//! Traps: `test_id` is `station#h`, and `h` counts from 00:00 **UTC of the day after** the issue; the issue date
//! stands in the file's name only; `miyun` begins as `miyunshuiku` does and `dongsi` as `dongsihuan`, so names are
//! matched whole; London has no ozone.

use super::columns::{Table, number};
use super::{Layout, Request, Source};
use crate::flag::{Flag, FlagKind};
use crate::member::Collector;
use crate::{GuidanceError, Member};
use chrono::NaiveDate;
use modelfile::time;
use units::{BeijingHour, Pollutant};

const ID: &str = "kdd2018-submission";
pub(super) const LAYOUT: Layout = Layout { id: ID, title: "KDD Cup 2018 submission, station hours", detect, read };
/// Hours that a submission reaches.
pub const HOURS: usize = 48;

fn detect(source: &Source<'_>) -> bool {
    source.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(source.bytes).starts_with(b"test_id,")
}

/// Issue time and member number of a submission by its file's name, for example `submit_05082300_3.csv.gz`.
///
/// The names hold no year. The issue is 23:00 UTC of its day.
pub fn issue_of_name(name: &str, year: i32) -> Option<(BeijingHour, u32)> {
    let name = name.rsplit(['/', '\\']).next()?.strip_prefix("submit_")?;
    let stem = name.split('.').next()?;
    let (stamp, member) = stem.split_once('_').unwrap_or((stem, "0"));
    let two = |from: usize| stamp.get(from..from + 2)?.parse::<u32>().ok();
    let day = NaiveDate::from_ymd_opt(year, two(0)?, two(2)?)?;
    matches!(stamp.len(), 4 | 8).then_some(())?;
    Some((time::utc(day, 23)?, member.parse().ok()?))
}

/// The hour that `#0` of a submission stands for: 00:00 UTC of the day after the issue.
pub fn first_hour(run: BeijingHour) -> BeijingHour {
    BeijingHour::from_index((run.index() - 8).div_euclid(24) * 24 + 24 + 8)
}

fn read(source: &Source<'_>, request: &Request<'_>) -> Result<Vec<Member>, GuidanceError> {
    let run = request.run.ok_or(GuidanceError::NoIssue { layout: ID })?;
    let table = Table::read(ID, source.bytes)?;
    let columns: Vec<(usize, Pollutant)> =
        table.header.iter().enumerate().skip(1).filter_map(|(at, name)| Some((at, name.parse().ok()?))).collect();
    if columns.is_empty() {
        return Err(GuidanceError::NoPollutant { layout: ID, found: table.header.join(", ") });
    }
    let mut collector = Collector::new(request.model.unwrap_or("KDD submission"), run, 1);
    let first = first_hour(run);
    let mut bad: Vec<u64> = vec![];
    for (line, row) in &table.rows {
        let test = row.get(0).unwrap_or_default().split_once('#');
        let parsed = test.and_then(|(station, hour)| Some((station, hour.parse::<i64>().ok()?)));
        let Some((station, hour)) = parsed.filter(|(_, hour)| (0..HOURS as i64).contains(hour)) else {
            bad.push(*line);
            continue;
        };
        let place = collector.place(station);
        for (at, pollutant) in &columns {
            match number(row.get(*at).unwrap_or_default()) {
                Ok(Some(value)) if collector.set(*pollutant, place, first + hour, value) => {}
                Ok(None) => {}
                _ => bad.push(*line),
            }
        }
    }
    if let Some(line) = bad.first() {
        let detail = format!("{} cells are no numbers, no hours or repeated, the first on line {line}", bad.len());
        collector.flags.push(Flag::whole(FlagKind::Refused, detail));
    }
    Ok(vec![collector.finish(ID)?])
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::import::read;

    pub(crate) const SAMPLE: &str = "test_id,PM2.5,PM10,O3\nmiyun_aq#0,8.2,29.3,15.6\nmiyunshuiku_aq#0,9.8,,30.6\n\
        miyun_aq#47,7.5,20,\nCD1#0,5,9,\n";

    fn request() -> Request<'static> {
        Request { run: issue_of_name("submit_05082300_3.csv.gz", 2018).map(|(run, _)| run), ..Request::default() }
    }

    #[test]
    fn hours_count_from_midnight_utc_of_the_day_after() {
        let member = &read(SAMPLE.as_bytes(), &request()).unwrap()[0];
        assert_eq!(member.run.to_string(), "2018-05-09T07:00:00+08:00");
        assert_eq!(member.hours[0].to_string(), "2018-05-09T08:00:00+08:00");
        assert_eq!(member.hours[1] - member.hours[0], 47);
    }

    #[test]
    fn a_station_is_not_taken_for_one_whose_name_begins_alike() {
        let member = &read(SAMPLE.as_bytes(), &request()).unwrap()[0];
        assert_eq!(member.places, ["miyun_aq", "miyunshuiku_aq", "CD1"]);
        assert_eq!([0, 1].map(|place| member.value(Pollutant::Pm25, place, 0)), [8.2, 9.8]);
        assert!(member.value(Pollutant::O3, 2, 0).is_nan());
    }

    #[test]
    fn the_issue_must_be_given_and_names_without_one_say_nothing() {
        assert!(read(SAMPLE.as_bytes(), &Request::default()).unwrap_err().to_string().starts_with("J-111"));
        let names = ["submit_0430.csv", "submit_05032300_0.csv.gz", "submit_0230.csv", "other.csv", "submit_1.csv"];
        let known = names.map(|name| issue_of_name(name, 2018).map(|(run, _)| run.to_string()));
        assert_eq!(known[0].as_deref(), Some("2018-05-01T07:00:00+08:00"));
        assert_eq!(known.iter().flatten().count(), 2);
    }

    #[test]
    fn an_hour_beyond_the_second_day_and_a_word_are_counted_with_their_line() {
        let file = "test_id,PM2.5\nmiyun_aq#48,8\nmiyun_aq#1,high\nmiyun_aq#2,9\n";
        let member = &read(file.as_bytes(), &request()).unwrap()[0];
        assert_eq!(member.filled(), 1);
        assert!(member.flags[0].to_string().contains("2 cells"), "{}", member.flags[0]);
        assert!(member.flags[0].to_string().contains("line 2"));
    }
}
