//! Leave-one-year-out scores of the joint distribution over cities and days, ours beside the same margins independent
//! and comonotone, which a table of courses can't show: what the dependence alone is worth.
//!
//! `cargo run --release -p qingkong-forecast --example joint_scores -- FILE…` with hourly observations.

use forecast::verification::{Author, EventScore, JointCase, ReferenceBook, joint_scores};
use forecast::{History, HistoryBuilder, LEADS, Run, issue, train};
use observe::Record;
use std::error::Error;
use std::path::Path;
use units::{BeijingDay, BeijingHour, Pollutant};

const MEMBERS: usize = 50;
/// The dependences that are compared.
const ORDERS: [&str; 3] = ["ours", "independent", "comonotone"];

fn main() -> Result<(), Box<dyn Error>> {
    let history = read(std::env::args().skip(1))?;
    let mut cases: [Vec<JointCase>; 3] = Default::default();
    let mut book: Option<ReferenceBook> = None;
    let years = history.first_hour.day().year()..history.end().day().year();
    for year in years {
        let day = |year, month, day| BeijingDay::from_ymd(year, month, day).expect("a day of the calendar");
        let model = train(&history.without(day(year, 7, 1), day(year + 1, 6, 30)), history.end(), 1)?;
        for index in day(year, 10, 31).index()..day(year + 1, 2, 24).index() {
            let date = BeijingDay::from_index(index);
            let at = BeijingHour::of_day(date, model.issue_label).expect("a label of the day");
            if let Ok(run) = issue(&model, &history, at, MEMBERS) {
                let book = book.get_or_insert_with(|| ReferenceBook::new(&history, model.issue_label));
                let ours = joint_case(&run, &history, book, date);
                let [independent, comonotone] = [true, false]
                    .map(|shuffled| JointCase { members: reordered(&ours.members, shuffled), ..ours.clone() });
                cases.iter_mut().zip([ours, independent, comonotone]).for_each(|(cases, case)| cases.push(case));
            }
        }
    }
    ORDERS.iter().zip(&cases).for_each(|(order, cases)| print(order, cases));
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

fn joint_case(run: &Run, history: &History, book: &ReferenceBook, date: BeijingDay) -> JointCase {
    let place = |name: &String| history.cities.iter().position(|city| city == name).expect("a city of the history");
    let cities: Vec<usize> = run.cities.iter().map(place).collect();
    let seen = |city: usize, lead: i32| {
        let day = book.seen(city, date + lead);
        day.and_then(|day| day.values[Pollutant::Pm25.index()]).unwrap_or(f64::NAN)
    };
    let member = |m: usize| (0..cities.len()).flat_map(|city| run.day_means(m, city)).collect();
    JointCase {
        issue: date,
        author: Author::Model(run.model_id.clone()),
        cities: cities.len(),
        leads: LEADS,
        members: (0..MEMBERS).map(member).collect(),
        seen: cities.iter().flat_map(|city| (1..=LEADS as i32).map(move |lead| seen(*city, lead))).collect(),
        references: book.courses(&cities, date, LEADS),
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

fn print(order: &str, cases: &[JointCase]) {
    let Some(joint) = joint_scores(cases, 1) else { return println!("{order}: nothing to score") };
    let (climatology, score) = (joint.climatology, joint.forecast);
    println!("{order}: {} winter issues, {MEMBERS} members", score.complete_runs);
    if let (Some(energy), Some(variogram)) = (score.energy, score.variogram) {
        println!("  energy    {:.3} [{:.3}, {:.3}]", energy.value, energy.low, energy.high);
        println!("  variogram {:.4} [{:.4}, {:.4}]", variogram.value, variogram.low, variogram.high);
    }
    if let Some((energy, variogram)) = climatology.and_then(|score| Some((score.energy?, score.variogram?))) {
        println!("  climatology: energy {:.3}, variogram {:.4}", energy.value, variogram.value);
    }
    let events = [("48 h", score.two_days), ("72 h", score.three_days), ("4 cities", score.many_cities)];
    events.iter().for_each(|(name, score)| score.iter().for_each(|score| print_event(name, score)));
}

fn print_event(name: &str, score: &EventScore) {
    let skill = score
        .brier_skill
        .map_or("-".to_string(), |skill| format!("{:.3} [{:.3}, {:.3}]", skill.value, skill.low, skill.high));
    println!("  {name:>8}: observed {:.4}, said {:.4}, Brier skill {skill}", score.observed, score.said);
}
