//! Leave-one-July–June-year-out skill of the whole engine: days of PM2.5, ozone and AQI, the joint distribution
//! over cities and days, and the event "two days above 115 µg/m³" before and after calibration.
//!
//! `cargo run --release -p qingkong-forecast --example leave_one_year_out -- FILE…` with hourly observations of
//! whole years. `STEP=n` looks at every n-th issue day, `MEMBERS=n` draws n members (50), `SEASON=winter` or
//! `warm` looks at one half-year only.

use forecast::measures::{QUANTILES, brier, crps_of_quantiles, energy, quantile, variogram};
use forecast::{HEAVY_BOUND, History, HistoryBuilder, ISSUE_LABEL, LEADS, Run, issue, train};
use observe::Record;
use standards::{AqiEdition, AqiReport, EvaluationRules, Limits};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use units::{Aqi, AqiLevel, BeijingDay, BeijingHour, Concentration, Pollutant};

/// Sums by the name of a score and its lead; each score is a mean.
#[derive(Default)]
struct Scores(BTreeMap<(String, usize), (f64, f64)>);

impl Scores {
    fn add(&mut self, name: &str, lead: usize, value: f64) {
        let sum = self.0.entry((name.to_string(), lead)).or_default();
        *sum = (sum.0 + value, sum.1 + 1.0);
    }

    fn mean(&self, name: &str, lead: usize) -> f64 {
        self.0.get(&(name.to_string(), lead)).map_or(f64::NAN, |(sum, count)| sum / count)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let history = read(std::env::args().skip(1))?;
    let number = |name: &str, other: usize| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(other);
    let (step, members) = (number("STEP", 1) as i32, number("MEMBERS", 50));
    let season = std::env::var("SEASON").unwrap_or_default();
    let mut scores = Scores::default();
    let day = |year, month, day| BeijingDay::from_ymd(year, month, day).expect("a day of the calendar");
    for year in history.first_hour.day().year()..history.end().day().year() {
        let known = |date: &BeijingDay| date.hours().any(|hour| history.value(Pollutant::Pm25, 0, hour).is_finite());
        let winter = (day(year, 10, 31).index()..day(year + 1, 2, 24).index()).filter(|_| season != "warm");
        let warm = (day(year, 7, 1).index()..day(year, 9, 30).index())
            .chain(day(year + 1, 3, 31).index()..day(year + 1, 6, 24).index())
            .filter(|_| season != "winter");
        let days: Vec<BeijingDay> = winter.chain(warm).map(BeijingDay::from_index).filter(known).collect();
        if days.is_empty() {
            continue;
        }
        let outside = history.without(day(year, 7, 1), day(year + 1, 6, 30));
        let model = train(&outside, history.end(), ISSUE_LABEL, 1)?;
        for date in days.into_iter().filter(|date| date.index() % step == 0) {
            let at = BeijingHour::of_day(date, ISSUE_LABEL).expect("a label of the day");
            if let Ok(run) = issue(&model, &history, at, members) {
                score_days(&run, &history, &mut scores);
                score_joint(&run, &history, &mut scores);
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

/// The observed day as the standard makes it, and its index.
fn observed(history: &History, name: &str, day: BeijingDay) -> Option<([Option<f64>; 6], AqiReport)> {
    let city = history.cities.iter().position(|city| city == name)?;
    let hours = Pollutant::ALL.map(|p| {
        let mut hours = day.hours().map(|hour| Concentration::from_f64(history.value(p, city, hour), p.unit()));
        std::array::from_fn(|_| hours.next().flatten())
    });
    let rules = EvaluationRules::in_force(day);
    let means = rules.day_means(&hours.each_ref(), Limits::in_force(day));
    let report = AqiEdition::in_force(day).day_aqi(&rules.round_day(&means));
    Some((Pollutant::ALL.map(|p| means.evaluated(p).map(|value| value.to_f64(p.unit()))), report))
}

/// Quantiles of the thirty days before the issue.
fn climatology(history: &History, name: &str, p: Pollutant, issue: BeijingDay) -> Option<[f64; 5]> {
    let mut month: Vec<f64> = (1..=30).filter_map(|back| observed(history, name, issue - back)?.0[p.index()]).collect();
    month.sort_by(f64::total_cmp);
    (!month.is_empty()).then(|| QUANTILES.map(|share| quantile(&month, share)))
}

fn score_days(run: &Run, history: &History, scores: &mut Scores) {
    let winter = |date: BeijingDay| matches!(date.month(), 1 | 2 | 11 | 12);
    let mut months: BTreeMap<(String, usize), Option<[f64; 5]>> = BTreeMap::new();
    for day in &run.days {
        let Some((seen, report)) = observed(history, &day.city, day.date) else { continue };
        let lead = usize::from(day.lead_day);
        for p in Pollutant::ALL {
            let season = if winter(day.date) { "winter" } else { "warm" };
            let (Some(said), Some(seen)) = (day.value(p), seen[p.index()]) else { continue };
            let (q, name) = (said.quantiles, format!("{} {season}", p.code()));
            let loss = crps_of_quantiles(&q, seen);
            scores.add(&format!("{name} crps"), lead, loss);
            if matches!(p, Pollutant::Pm25 | Pollutant::O3) {
                let month = months.entry((day.city.clone(), p.index()));
                let month = month.or_insert_with(|| climatology(history, &day.city, p, run.issue.day()));
                if let Some(month) = month {
                    scores.add(&format!("{name} climatology"), lead, crps_of_quantiles(month, seen));
                }
            }
            scores.add(&format!("{name} cov50"), lead, f64::from((q[1]..=q[3]).contains(&seen)));
            scores.add(&format!("{name} cov90"), lead, f64::from((q[0]..=q[4]).contains(&seen)));
        }
        let Some(aqi) = report.aqi.filter(|_| winter(day.date)) else { continue };
        let said = &day.aqi;
        let middle = Aqi::new((said.lo + said.hi) / 2).expect("a range lies within the scale");
        scores.add("level hit", lead, f64::from(AqiLevel::of(middle) == AqiLevel::of(aqi)));
        scores.add("range hit", lead, f64::from((said.lo..=said.hi).contains(&aqi.get())));
        scores.add("range width", lead, f64::from(said.hi - said.lo));
        if aqi.get() > 50 {
            let hit = report.primary.iter().any(|p| said.primary.contains(p));
            scores.add("primary hit", lead, f64::from(hit));
            scores.add("primary set", lead, said.primary.len() as f64);
        }
        scores.add("brier150", lead, brier(said.p_aqi150, aqi.get() > 150));
        scores.add("above150", lead, f64::from(aqi.get() > 150));
        let (warned, heavy) = (said.p_aqi150 > 0.3, aqi.get() > 150);
        scores.add("warned and heavy", lead, f64::from(warned && heavy));
        scores.add("warned or heavy", lead, f64::from(warned || heavy));
    }
}

fn score_joint(run: &Run, history: &History, scores: &mut Scores) {
    let issue = run.issue.day();
    if !matches!(issue.month(), 1 | 2 | 10..=12) {
        return;
    }
    let mean = |city: &String, lead: usize| {
        observed(history, city, issue + lead as i32).and_then(|(seen, _)| seen[Pollutant::Pm25.index()])
    };
    for event in &run.events {
        let lead = usize::from(event.first_lead);
        let (Some(first), Some(second)) = (mean(&event.city, lead), mean(&event.city, lead + 1)) else { continue };
        let happened = first > HEAVY_BOUND && second > HEAVY_BOUND;
        for lead in [lead, 0] {
            scores.add("pair observed", lead, f64::from(happened));
            scores.add("pair raw", lead, event.raw);
            scores.add("pair calibrated", lead, event.calibrated);
            scores.add("pair brier raw", lead, brier(event.raw, happened));
            scores.add("pair brier calibrated", lead, brier(event.calibrated, happened));
        }
    }
    // Five lead days, so that the figures stay comparable with published ones.
    let leads = LEADS.min(5);
    let seen: Vec<f64> = run
        .cities
        .iter()
        .flat_map(|city| (1..=leads).map(move |lead| (city, lead)))
        .map(|(city, lead)| mean(city, lead).map_or(f64::NAN, f64::ln))
        .collect();
    if seen.iter().all(|day| day.is_finite()) {
        let member = |m: usize| {
            let cities = 0..run.cities.len();
            cities.flat_map(|city| run.day_means(m, city)[..leads].to_vec()).map(f64::ln).collect::<Vec<f64>>()
        };
        let ours: Vec<Vec<f64>> = (0..run.trajectories.members).map(member).collect();
        let (independent, comonotone) = (reordered(&ours, true), reordered(&ours, false));
        for (name, ensemble) in [("ours", ours), ("independent", independent), ("comonotone", comonotone)] {
            scores.add(&format!("energy {name}"), 0, energy(&ensemble, &seen));
            scores.add(&format!("variogram {name}"), 0, variogram(&ensemble, &seen));
        }
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
    let names: std::collections::BTreeSet<&String> = scores.0.keys().map(|(name, _)| name).collect();
    println!("{:<24} {:>7} by lead (0 = all)", "score", "cases");
    for name in names {
        let of = || scores.0.iter().filter(move |((other, _), _)| other == name);
        let cases = of().map(|(_, (_, count))| *count).fold(0.0, f64::max);
        let line: Vec<String> = of().map(|((_, lead), (sum, count))| format!("{lead}: {:.4}", sum / count)).collect();
        println!("{name:<24} {cases:>7} {}", line.join("  "));
    }
    let skill = |loss: f64, frequency: f64| 1.0 - loss / (frequency * (1.0 - frequency));
    for lead in 0..=LEADS {
        let of = |name: &str| scores.mean(name, lead);
        let pair = of("pair observed");
        println!(
            "lead {lead}: BSS150 {:.3}, TS at p > 0.3 {:.3}; pair Brier skill raw {:.3}, calibrated {:.3}",
            skill(of("brier150"), of("above150")),
            of("warned and heavy") / of("warned or heavy"),
            skill(of("pair brier raw"), pair),
            skill(of("pair brier calibrated"), pair),
        );
    }
}
