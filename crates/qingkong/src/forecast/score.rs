//! `qingkong forecast score`: a forecast table against observations.

use super::table::COLUMNS;
use crate::failure::Failure;
use crate::history;
use ::forecast::{Case, ForecastError, History, IndexCase, Reference, Verification, references, verify};
use standards::{AqiEdition, AqiReport, EvaluationRules, Limits};
use std::collections::BTreeMap;
use std::path::PathBuf;
use units::{Aqi, BeijingDay, Concentration, Pollutant};

/// Bounds from fewer issue weeks are not shown.
const FEWEST_WEEKS: usize = 8;

/// `qingkong forecast score`.
#[derive(clap::Args)]
pub struct Args {
    /// Forecast table, as `issue` and `hindcast` write it
    #[arg(long, value_name = "FILE")]
    forecast: PathBuf,
    /// Observation files in any known layout
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    observations: Vec<PathBuf>,
    /// JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// One row of a forecast table, as far as it is scored.
struct Row {
    issue: BeijingDay,
    city: String,
    lead_day: u8,
    pollutant: String,
    mean: f64,
    quantiles: [f64; 5],
    range: Option<(u16, u16)>,
    primary: String,
    p_aqi150: f64,
    p_aqi200: f64,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<(), Failure> {
    let rows = read(args)?;
    let history = history::read(&args.observations)?;
    let cases = cases(&rows, &history);
    if cases.is_empty() {
        return Err(ForecastError::NothingToScore.into());
    }
    let scores = verify(&cases, 1);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&serde_json::json!({ "scores": scores }))?);
    } else {
        print(&scores);
    }
    Ok(())
}

fn read(args: &Args) -> Result<Vec<Row>, Failure> {
    let file = args.forecast.display();
    let mut reader =
        csv::Reader::from_path(&args.forecast).map_err(|cause| Failure::refused(format_args!("{file}: {cause}")))?;
    let header = reader.headers()?.clone();
    let place = |name: &str| header.iter().position(|column| column.trim_start_matches('\u{feff}') == name);
    let places: Vec<usize> = COLUMNS[..15]
        .iter()
        .map(|name| place(name).ok_or_else(|| Failure::refused(format_args!("F-113 {file}: column {name} is missing"))))
        .collect::<Result<_, _>>()?;
    let mut rows = vec![];
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |n: usize| record.get(places[n]).unwrap_or_default().trim();
        let row = row(&cell).map_err(|column| {
            Failure::refused(format_args!("F-114 {file} line {line}: {column} {:?}", cell_of(&cell, column)))
        })?;
        rows.push(row);
    }
    Ok(rows)
}

fn cell_of<'a>(cell: &impl Fn(usize) -> &'a str, column: &str) -> &'a str {
    COLUMNS.iter().position(|name| *name == column).map_or("", cell)
}

/// A row, or the name of the column that does not hold what it should.
fn row<'a>(cell: &impl Fn(usize) -> &'a str) -> Result<Row, &'static str> {
    let number = |n: usize| cell(n).parse::<f64>().ok().filter(|value| value.is_finite()).ok_or(COLUMNS[n]);
    let share = |n: usize| if cell(n).is_empty() { Ok(0.0) } else { number(n) };
    let bound = |n: usize| cell(n).parse::<u16>().ok();
    Ok(Row {
        issue: cell(0).parse().map_err(|_| COLUMNS[0])?,
        city: cell(1).to_string(),
        lead_day: cell(2).parse().ok().filter(|lead| (1..=30).contains(lead)).ok_or(COLUMNS[2])?,
        pollutant: cell(3).to_string(),
        mean: number(4)?,
        quantiles: [number(5)?, number(6)?, number(7)?, number(8)?, number(9)?],
        range: bound(10).zip(bound(11)),
        primary: cell(12).to_string(),
        p_aqi150: share(13)?,
        p_aqi200: share(14)?,
    })
}

/// PM2.5 rows beside their observation and, where there is one, their AQI row.
fn cases(rows: &[Row], history: &History) -> Vec<Case> {
    let key = |row: &Row| (row.issue, row.city.clone(), row.lead_day);
    let indices: BTreeMap<_, &Row> =
        rows.iter().filter(|row| row.pollutant == "AQI").map(|row| (key(row), row)).collect();
    let mut known: BTreeMap<BeijingDay, Vec<Reference>> = BTreeMap::new();
    let one = |row: &Row| {
        let city = city_of(history, &row.city)?;
        let date = row.issue + i32::from(row.lead_day);
        let reference = &known.entry(row.issue).or_insert_with(|| references(history, row.issue))[city];
        let report = observed(history, city, date);
        Some(Case {
            issue: row.issue,
            lead_day: row.lead_day,
            date,
            mean: row.mean,
            quantiles: row.quantiles,
            seen: day_mean(history, city, date)?,
            climatology: reference.climatology,
            persistence: reference.persistence,
            index: indices.get(&key(row)).and_then(|index| index_case(index, &report)),
        })
    };
    rows.iter().filter(|row| row.pollutant == Pollutant::Pm25.code()).filter_map(one).collect()
}

/// A forecast names its cities as the observations do, or by the name of the region behind their code.
fn city_of(history: &History, name: &str) -> Option<usize> {
    let code = observe::regions::by_name(name).map(|region| region.code.to_string());
    history.cities.iter().position(|city| city == name || Some(city) == code.as_ref())
}

fn index_case(row: &Row, report: &AqiReport) -> Option<IndexCase> {
    let seen: Aqi = report.aqi?;
    let hit = report.primary.iter().any(|primary| row.primary.split('|').any(|said| said == primary.code()));
    Some(IndexCase {
        range: row.range?,
        p_aqi150: row.p_aqi150,
        p_aqi200: row.p_aqi200,
        seen,
        primary_hit: (seen.get() > 50).then_some(hit),
    })
}

fn day_mean(history: &History, city: usize, day: BeijingDay) -> Option<f64> {
    let values = day.hours().map(|hour| history.value(Pollutant::Pm25, city, hour)).filter(|value| value.is_finite());
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    (count >= EvaluationRules::in_force(day).day_hours()).then(|| sum / count as f64)
}

/// The observed AQI of a day, of all six pollutants, by the edition in force on it.
fn observed(history: &History, city: usize, day: BeijingDay) -> AqiReport {
    let hours = Pollutant::ALL.map(|pollutant| {
        let mut hours =
            day.hours().map(|hour| Concentration::from_f64(history.value(pollutant, city, hour), pollutant.unit()));
        std::array::from_fn(|_| hours.next().flatten())
    });
    let rules = EvaluationRules::in_force(day);
    let means = rules.day_means(&hours.each_ref(), Limits::in_force(day));
    AqiEdition::in_force(day).day_aqi(&rules.round_day(&means))
}

fn print(scores: &[Verification]) {
    println!(
        "{:>4} {:>7} {:>6} {:>7} {:>7} {:>20} {:>7} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6}",
        "lead",
        "season",
        "days",
        "CRPS",
        "clim",
        "skill [95 %]",
        "MAE",
        "bias",
        "cov50",
        "cov90",
        "level",
        "range",
        "BS150"
    );
    let show = |value: Option<f64>, digits: usize| value.map_or("-".to_string(), |value| format!("{value:.digits$}"));
    for score in scores {
        let skill = score.skill_climatology.map_or("-".to_string(), |skill| match skill.weeks {
            0..FEWEST_WEEKS => format!("{:.3}", skill.value),
            _ => format!("{:.3} [{:.3}, {:.3}]", skill.value, skill.low, skill.high),
        });
        println!(
            "{:>4} {:>7} {:>6} {:>7.2} {:>7} {:>20} {:>7.2} {:>6.2} {:>6.3} {:>6.3} {:>6} {:>6} {:>6}",
            score.lead_day,
            format!("{:?}", score.season).to_lowercase(),
            score.cases,
            score.crps,
            show(score.crps_climatology, 2),
            skill,
            score.mae,
            score.bias,
            score.coverage50,
            score.coverage90,
            show(score.level_hit, 3),
            show(score.range_hit, 3),
            show(score.brier150, 4)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row_of(text: &str) -> Result<Row, &'static str> {
        let cells: Vec<&str> = text.split(',').collect();
        row(&|n| cells.get(n).copied().unwrap_or_default())
    }

    #[test]
    fn a_row_as_the_program_writes_it_is_read_back() {
        let row = row_of("2018-01-13,320100,1,AQI,113.5,52,80,109,140,193,89,129,PM2_5,0.1850,0.0400,m").ok().unwrap();
        assert_eq!((row.quantiles[2], row.range, row.p_aqi150), (109.0, Some((89, 129)), 0.185));
    }

    #[test]
    fn a_bad_cell_is_named_by_its_column() {
        for (text, column) in [
            ("2018-02-30,x,1,AQI,1,1,1,1,1,1", "issue_date"),
            ("2018-01-13,x,0,AQI,1,1,1,1,1,1", "lead_day"),
            ("2018-01-13,x,1,AQI,NaN,1,1,1,1,1", "mean"),
            ("2018-01-13,x,1,AQI,1,1,1,,1,1", "q50"),
            ("2018-01-13,x,1,AQI,1,1,1,1,1,1,,,,x", "p_aqi150"),
        ] {
            assert_eq!(row_of(text).err(), Some(column), "{text}");
        }
    }
}
