//! Leave-one-year-out scores of the joint distribution over cities and days, which `qingkong forecast
//! score` does not give: energy and variogram score, and the event "two days above 115 µg/m³".
//!
//! `cargo run --release -p qingkong-forecast --example joint_scores -- FILE…` with hourly observations.

use forecast::measures::{brier, energy, variogram};
use forecast::{History, HistoryBuilder, LEADS, Run, issue, train};
use observe::Record;
use std::error::Error;
use std::path::Path;
use units::{BeijingDay, BeijingHour, Pollutant};

const MEMBERS: usize = 50;
/// Mean above which the index of PM2.5 is above 150, µg/m³.
const BOUND: f64 = 115.5;

#[derive(Default)]
struct Scores {
    runs: f64,
    /// Of the members, and of the same margins independent and comonotone.
    energy: [f64; 3],
    variogram: [f64; 3],
    /// Probability and outcome of two days in a row above the bound.
    events: Vec<(f64, bool)>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let history = read(std::env::args().skip(1))?;
    let mut scores = Scores::default();
    let years = history.first_hour.day().year()..history.end().day().year();
    for year in years {
        let day = |year, month, day| BeijingDay::from_ymd(year, month, day).expect("a day of the calendar");
        let model = train(&history.without(day(year, 7, 1), day(year + 1, 6, 30)), history.end(), 1)?;
        for index in day(year, 10, 31).index()..day(year + 1, 2, 24).index() {
            let date = BeijingDay::from_index(index);
            let at = BeijingHour::of_day(date, model.issue_label).expect("a label of the day");
            if let Ok(run) = issue(&model, &history, at, MEMBERS) {
                score(&run, &observed(&history, &run, date), &mut scores);
            }
        }
    }
    print(&scores);
    Ok(())
}

fn read(files: impl Iterator<Item = String>) -> Result<History, Box<dyn Error>> {
    let mut builder = HistoryBuilder::default();
    for file in files {
        observe::import::read_path(Path::new(&file), &mut |record| {
            if let Record::Hour(hour) = record
                && let Some(value) = hour.reading.usable()
            {
                builder.set(hour.site.as_str(), hour.pollutant, hour.hour, value.to_f64(hour.pollutant.unit()));
            }
            Ok(())
        })?;
    }
    Ok(builder.finish().ok_or("no value in the files")?)
}

/// Observed day means, `[city * LEADS + lead]`, NaN with fewer than 20 hours.
fn observed(history: &History, run: &Run, date: BeijingDay) -> Vec<f64> {
    let city = |name: &String| history.cities.iter().position(|city| city == name).expect("a city of the history");
    let mean = |city: usize, day: BeijingDay| {
        let hours = day.hours().map(|hour| history.value(Pollutant::Pm25, city, hour)).filter(|v| v.is_finite());
        let hours: Vec<f64> = hours.collect();
        if hours.len() < 20 { f64::NAN } else { hours.iter().sum::<f64>() / hours.len() as f64 }
    };
    run.cities.iter().map(city).flat_map(|city| (1..=LEADS as i32).map(move |lead| mean(city, date + lead))).collect()
}

fn score(run: &Run, seen: &[f64], scores: &mut Scores) {
    let members: Vec<Vec<f64>> =
        (0..MEMBERS).map(|m| (0..run.cities.len()).flat_map(|city| run.day_means(m, city)).collect()).collect();
    for pair in (0..seen.len() - 1).filter(|k| k % LEADS < LEADS - 1) {
        let above = |days: &[f64]| days[pair] > BOUND && days[pair + 1] > BOUND;
        if seen[pair].is_finite() && seen[pair + 1].is_finite() {
            let said = members.iter().filter(|member| above(member)).count() as f64 / MEMBERS as f64;
            scores.events.push((said, above(seen)));
        }
    }
    if seen.iter().any(|day| !day.is_finite()) {
        return;
    }
    scores.runs += 1.0;
    let seen: Vec<f64> = seen.iter().map(|day| day.ln()).collect();
    let ours: Vec<Vec<f64>> = members.iter().map(|member| member.iter().map(|day| day.ln()).collect()).collect();
    let (independent, comonotone) = (reordered(&ours, true), reordered(&ours, false));
    for (k, ensemble) in [ours, independent, comonotone].iter().enumerate() {
        scores.energy[k] += energy(ensemble, &seen);
        scores.variogram[k] += variogram(ensemble, &seen);
    }
}

/// The same margins with another dependence: every component shuffled by itself (independent) or
/// sorted (comonotone).
fn reordered(members: &[Vec<f64>], shuffled: bool) -> Vec<Vec<f64>> {
    let mut again: Vec<Vec<f64>> = members.to_vec();
    let mut state = 1u64;
    for k in 0..members[0].len() {
        let mut column: Vec<f64> = members.iter().map(|member| member[k]).collect();
        column.sort_by(f64::total_cmp);
        for left in (1..column.len()).rev().filter(|_| shuffled) {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            column.swap(left, (state >> 33) as usize % (left + 1));
        }
        again.iter_mut().zip(column).for_each(|(member, value)| member[k] = value);
    }
    again
}

fn print(scores: &Scores) {
    let mean =
        |of: &dyn Fn(&(f64, bool)) -> f64| scores.events.iter().map(of).sum::<f64>() / scores.events.len() as f64;
    let frequency = mean(&|(_, happened)| f64::from(*happened));
    let skill = 1.0 - mean(&|(said, happened)| brier(*said, *happened)) / (frequency * (1.0 - frequency));
    println!("{} winter issues, {MEMBERS} members; ours, independent, comonotone", scores.runs);
    println!("energy    {:.3?}", scores.energy.map(|sum| sum / scores.runs));
    println!("variogram {:.4?}", scores.variogram.map(|sum| sum / scores.runs));
    println!(
        "two days above {BOUND}: observed {frequency:.4}, said {:.4}, Brier skill {skill:.3}",
        mean(&|(said, _)| *said)
    );
}
