//! Tables of a model's output at cities or stations, as NAQPMS systems hand them on.
//!
//! One row a place and time; headings in Chinese or English in any order: model, issue, city, time or lead, and
//! pollutants with their unit in brackets. Traps: GBK; a heading `(UTC)` moves its times by eight hours; a date
//! without a time of day, or a lead in days, is a daily mean; without a stated unit µg/m³ (CO mg/m³) is taken, and
//! flagged; several models and issues may share a file.

use super::columns::{Table, notes, number, pollutant, reported_unit};
use super::{Layout, Request, Source, is_workbook};
use crate::flag::{Flag, FlagKind};
use crate::member::Collector;
use crate::{GuidanceError, Member};
use modelfile::{Unit, time};
use std::collections::BTreeMap;
use units::{BeijingDay, BeijingHour, Pollutant};

const ID: &str = "model-table";
pub(super) const LAYOUT: Layout =
    Layout { id: ID, title: "model output at cities as a table (NAQPMS and others)", detect, read };

const MODEL: &[&str] = &["model", "模式", "模型", "模式名称"];
const ISSUE: &[&str] = &["issue", "issue_time", "issue_date", "init_time", "起报时间", "起报时次", "起报日期"];
const CITY: &[&str] = &["city", "站点", "城市", "城市名称", "站点名称", "站点编码", "城市代码", "station", "site"];
const TIME: &[&str] = &["time", "valid_time", "预报时间", "预报时刻", "预报日期", "时间", "日期", "date"];
const LEAD_HOURS: &[&str] = &["lead", "lead_hour", "lead_hours", "预报时效", "时效"];
const LEAD_DAYS: &[&str] = &["lead_day", "预报天数", "时效天"];
/// Models and issues of one file.
const MOST_MEMBERS: usize = 1_000;

fn detect(source: &Source<'_>) -> bool {
    let head = &source.bytes[..source.bytes.len().min(4_096)];
    !is_workbook(source) && source.classic.is_none() && !head.contains(&0) && head.contains(&b',')
}

/// Where things stand in a row.
struct Columns {
    model: Option<usize>,
    issue: Option<(usize, bool)>,
    city: usize,
    when: When,
    pollutants: Vec<Column>,
}

struct Column {
    at: usize,
    pollutant: Pollutant,
    unit: Unit,
    stated: bool,
}

/// What says which hour or day a row is about.
enum When {
    Time(usize, bool),
    Hours(usize),
    Days(usize),
}

fn read(source: &Source<'_>, request: &Request<'_>) -> Result<Vec<Member>, GuidanceError> {
    let table = Table::read(ID, source.bytes)?;
    let mut refusals = vec![];
    let columns = Columns::of(&table, &mut refusals)?;
    let mut collectors: BTreeMap<(String, BeijingHour, u8), Collector> = BTreeMap::new();
    let mut bad: Vec<u64> = vec![];
    for (line, row) in &table.rows {
        let Some((key, hour)) = columns.key(row, request) else {
            bad.push(*line);
            continue;
        };
        if collectors.len() >= MOST_MEMBERS && !collectors.contains_key(&key) {
            return Err(GuidanceError::TooMany { layout: ID, what: "models and issues", limit: MOST_MEMBERS });
        }
        let fresh = || Collector::new(&key.0, key.1, key.2);
        let collector = collectors.entry(key.clone()).or_insert_with(fresh);
        let place = collector.place(row.get(columns.city).unwrap_or_default().trim());
        for column in &columns.pollutants {
            match number(row.get(column.at).unwrap_or_default()) {
                Ok(Some(value)) => match column.unit.factor(column.pollutant, hour.day(), None) {
                    Ok(factor) if collector.set(column.pollutant, place, hour, value * factor) => {}
                    _ => bad.push(*line),
                },
                Ok(None) => {}
                Err(()) => bad.push(*line),
            }
        }
    }
    if collectors.is_empty() && request.run.is_none() && columns.issue.is_none() {
        return Err(GuidanceError::NoIssue { layout: ID });
    }
    collectors.into_values().map(|collector| columns.finish(collector, &refusals, &bad)).collect()
}

impl Columns {
    fn of(table: &Table, refusals: &mut Vec<Flag>) -> Result<Columns, GuidanceError> {
        let need = |what: &str| GuidanceError::Missing { layout: ID, what: format!("a column {what}") };
        let utc = |at: usize| (at, notes(&table.header[at], "utc"));
        let when = (table.find(TIME).map(|at| When::Time(at, utc(at).1)))
            .or_else(|| table.find(LEAD_HOURS).map(When::Hours))
            .or_else(|| table.find(LEAD_DAYS).map(When::Days));
        let mut pollutants = vec![];
        for (at, heading) in table.header.iter().enumerate() {
            let Some((pollutant, stated)) = pollutant(heading) else { continue };
            match unit(heading, pollutant, stated) {
                Ok(unit) => pollutants.push(Column { at, pollutant, unit, stated: stated.is_some() }),
                Err(error) => refusals.push(Flag::of(FlagKind::Refused, pollutant, error.to_string())),
            }
        }
        let city = table.find(CITY).ok_or_else(|| need("city or 城市"))?;
        let when = when.ok_or_else(|| need("time, lead, 预报时间 or 预报时效"))?;
        match (pollutants.is_empty(), refusals.first()) {
            (false, _) => {
                Ok(Columns { model: table.find(MODEL), issue: table.find(ISSUE).map(utc), city, when, pollutants })
            }
            (true, Some(refusal)) => Err(GuidanceError::NoPollutant { layout: ID, found: refusal.detail.clone() }),
            (true, None) => Err(GuidanceError::NoPollutant { layout: ID, found: table.header.join(", ") }),
        }
    }

    /// Model, issue, hours that a value stands for; and the hour.
    fn key(&self, row: &csv::StringRecord, request: &Request<'_>) -> Option<((String, BeijingHour, u8), BeijingHour)> {
        let cell = |at: usize| row.get(at).map(str::trim).filter(|text| !text.is_empty());
        let said = self.issue.and_then(|(at, utc)| Some(moment(cell(at)?, utc)?.0));
        let run = request.run.or(said)?;
        let (hour, span) = match self.when {
            When::Time(at, utc) => moment(cell(at)?, utc)?,
            When::Hours(at) => (run + cell(at)?.parse::<i64>().ok().filter(|lead| (0..=1_000).contains(lead))?, 1),
            When::Days(at) => {
                let lead = cell(at)?.parse::<i32>().ok().filter(|lead| (0..=60).contains(lead))?;
                (BeijingHour::of_day(run.day() + lead, 24)?, 24)
            }
        };
        cell(self.city)?;
        let named = self.model.and_then(cell).unwrap_or("table");
        Some(((request.model.unwrap_or(named).to_string(), run, span), hour))
    }

    fn finish(&self, mut collector: Collector, refusals: &[Flag], bad: &[u64]) -> Result<Member, GuidanceError> {
        let day = collector.run.day();
        for column in &self.pollutants {
            let told = column.unit.told(column.pollutant, day).or_else(|| {
                let unit = reported_unit(column.pollutant);
                (!column.stated).then(|| format!("no unit stated; taken for {unit}"))
            });
            collector.flags.extend(told.map(|told| Flag::of(FlagKind::Converted, column.pollutant, told)));
        }
        collector.flags.extend_from_slice(refusals);
        if let Some(line) = bad.first() {
            let detail =
                format!("{} rows or cells of the file can't be read or repeat, the first on line {line}", bad.len());
            collector.flags.push(Flag::whole(FlagKind::Refused, detail));
        }
        collector.finish(ID)
    }
}

fn unit(heading: &str, pollutant: Pollutant, stated: Option<&str>) -> Result<Unit, GuidanceError> {
    let text = stated.unwrap_or_else(|| reported_unit(pollutant));
    let refused = |why| GuidanceError::Unit {
        variable: heading.to_string(),
        unit: text.to_string(),
        pollutant: pollutant.code(),
        why,
    };
    let unit = Unit::parse(text).ok_or_else(|| refused("not a unit of a concentration"))?;
    let any_day = BeijingDay::from_index(0);
    unit.factor(pollutant, any_day, None).map_err(refused).map(|_| unit)
}

/// The hour that a text names by its end, and the hours it stands for: a date alone is a whole day.
fn moment(text: &str, utc: bool) -> Option<(BeijingHour, u8)> {
    if let Ok(hour) = text.parse::<BeijingHour>() {
        return Some((time::bounded(hour.index())?, 1));
    }
    let local = time::naive(text)?;
    let is_day = !text.contains(':') && matches!(text.len(), 8..=10) && !is_ten_digits(text);
    let later = if utc { 8 } else { 0 } + if is_day { 24 } else { 0 };
    let hour = BeijingHour::ending_at(local).ok()? + later;
    Some((hour, if is_day { 24 } else { 1 }))
}

/// `2018011308` is an hour.
fn is_ten_digits(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::import::read;

    pub(crate) const SAMPLE: &str = "模式,起报时间,城市,预报时间,PM2.5(µg/m3),臭氧(ppb),CO\n\
        NAQPMS,2019-01-13 20:00,南京,2019-01-14 01:00,88,20,1.2\nNAQPMS,2019-01-13 20:00,南京,2019-01-14 02:00,-,22,1.3\n\
        CAMx,2019-01-13 20:00,徐州,2019-01-14 01:00,120,10,2.0\n";

    #[test]
    fn models_of_one_file_come_apart_and_chinese_headings_are_read() {
        let members = read(SAMPLE.as_bytes(), &Request::default()).unwrap();
        let [camx, naqpms] = &members[..] else { panic!("{} members", members.len()) };
        assert_eq!((camx.model.as_str(), camx.places[0].as_str()), ("CAMx", "徐州"));
        assert_eq!((naqpms.run.label(), naqpms.hours.len(), naqpms.span_hours), (20, 2, 1));
        assert_eq!(naqpms.value(Pollutant::Pm25, 0, 0), 88.0);
        assert!(naqpms.value(Pollutant::Pm25, 0, 1).is_nan());
        assert!((naqpms.value(Pollutant::O3, 0, 0) - 39.24).abs() < 0.01);
        let flags: Vec<String> = naqpms.flags.iter().map(Flag::to_string).collect();
        assert!(flags.iter().any(|flag| flag.contains("CO: no unit stated; taken for mg/m3")), "{flags:?}");
    }

    #[test]
    fn utc_in_a_heading_moves_times_and_a_date_alone_is_a_day() {
        let utc = "issue(UTC),city,time(UTC),PM2.5\n2019-01-13 12:00,南京,2019-01-13 16:00,88\n";
        let member = &read(utc.as_bytes(), &Request::default()).unwrap()[0];
        assert_eq!((member.run.label(), member.hours[0].to_string().as_str()), (20, "2019-01-14T00:00:00+08:00"));
        let days = "起报日期,城市,预报日期,PM2.5\n2019-01-13,南京,2019-01-14,88\n";
        let member = &read(days.as_bytes(), &Request::default()).unwrap()[0];
        assert_eq!((member.span_hours, member.hours[0].day().to_string().as_str()), (24, "2019-01-14"));
    }

    #[test]
    fn leads_in_hours_and_days_count_from_the_issue() {
        let hours = "issue,city,lead_hour,PM2.5\n2019-01-13 20:00,南京,5,88\n";
        assert_eq!(read(hours.as_bytes(), &Request::default()).unwrap()[0].hours[0].label(), 1);
        let days = "issue,city,lead_day,PM2.5\n2019-01-13 20:00,南京,2,88\n";
        let member = &read(days.as_bytes(), &Request::default()).unwrap()[0];
        assert_eq!(member.hours[0].day().to_string(), "2019-01-15");
    }

    #[test]
    fn a_wrong_unit_is_named_and_the_other_columns_go_on() {
        let file = "issue,city,time,PM2.5(ppb),O3(K),NO2\n2019-01-13 20:00,南京,2019-01-14 01:00,1,2,30\n";
        let member = &read(file.as_bytes(), &Request::default()).unwrap()[0];
        assert_eq!(member.values.keys().copied().collect::<Vec<_>>(), [Pollutant::No2]);
        assert_eq!(member.flags.iter().filter(|flag| flag.kind == FlagKind::Refused).count(), 2);
        let only = "issue,city,time,O3(K)\n2019-01-13 20:00,南京,2019-01-14 01:00,2\n";
        assert!(read(only.as_bytes(), &Request::default()).unwrap_err().to_string().starts_with("J-107"));
    }

    #[test]
    fn what_is_missing_is_named() {
        let said = |file: &str| read(file.as_bytes(), &Request::default()).unwrap_err().to_string();
        assert!(said("issue,time,PM2.5\na,b,c\n").contains("城市"));
        assert!(said("issue,city,PM2.5\na,b,c\n").contains("预报时间"));
        assert!(said("city,time,PM2.5\n南京,2019-01-14 01:00,88\n").starts_with("J-111"));
    }
}
