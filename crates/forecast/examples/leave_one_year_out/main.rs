//! Leave-one-July–June-year-out skill of the whole engine: days of PM2.5, ozone and AQI, the joint distribution
//! over cities and days, and the event "two days above 115 µg/m³" before and after calibration.
//!
//! `cargo run --release -p qingkong-forecast --example leave_one_year_out -- FILE…` with hourly observations of
//! whole years prints every score and then the acceptance table. `STEP=n` looks at every n-th issue day,
//! `MEMBERS=n` draws n members (50), `SEASON=winter` or `warm` looks at one half-year only, `YEAR=n` at the year that
//! begins in July of n, `THREADS=n` works on n years at once (1).

#[path = "../files/mod.rs"]
mod files;
mod observed;
mod scores;
mod targets;

use forecast::measures::{brier, crps_of_quantiles, energy, variogram};
use forecast::{HEAVY_BOUND, History, ISSUE_LABEL, LEADS, Run, issue, train};
use observed::Observed;
use scores::Scores;
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Mutex;
use units::{Aqi, AqiLevel, BeijingDay, BeijingHour, Pollutant};

/// What is looked at.
struct Study {
    history: History,
    observed: Observed,
    step: i32,
    members: usize,
    season: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let number = |name: &str, other: usize| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(other);
    let history = files::history(std::env::args().skip(1))?;
    let study = Study {
        observed: Observed::of(&history),
        history,
        step: number("STEP", 1).max(1) as i32,
        members: number("MEMBERS", 50),
        season: std::env::var("SEASON").unwrap_or_default(),
    };
    let all = study.history.first_hour.day().year()..study.history.end().day().year();
    let years = std::env::var("YEAR").ok().and_then(|year| year.parse().ok()).map_or(all, |year: i32| year..year + 1);
    let (waiting, done) = (Mutex::new(years), Mutex::new(BTreeMap::new()));
    let work = || {
        loop {
            let Some(year) = waiting.lock().expect("no holder panics").next() else { break };
            let scores = study.year(year).map_err(|error| error.to_string());
            done.lock().expect("no holder panics").insert(year, scores);
        }
    };
    std::thread::scope(|scope| (0..number("THREADS", 1)).for_each(|_| drop(scope.spawn(work))));
    let mut all = Scores::default();
    for scores in done.into_inner()?.into_values() {
        all.merge(scores?);
    }
    all.print();
    targets::print(&all);
    Ok(())
}

impl Study {
    /// The scores of one July–June year, by a model that has seen nothing of it.
    fn year(&self, year: i32) -> Result<Scores, Box<dyn Error>> {
        let mut scores = Scores::default();
        let days = self.days(year);
        if days.is_empty() {
            return Ok(scores);
        }
        let outside = self.history.without(day(year, 7, 1), day(year + 1, 6, 30));
        let model = train(&outside, self.history.end(), ISSUE_LABEL, 1)?;
        for date in days {
            let at = BeijingHour::of_day(date, ISSUE_LABEL).expect("a label of the day");
            let run = issue(&model, &self.history, at, self.members);
            scores.add("issues answered", 0, f64::from(run.is_ok()));
            if let Ok(run) = run {
                self.score_days(&run, &mut scores);
                self.score_joint(&run, &mut scores);
            }
        }
        Ok(scores)
    }

    /// The issue days of a year, as far as there are observations.
    fn days(&self, year: i32) -> Vec<BeijingDay> {
        let known =
            |date: &BeijingDay| date.hours().any(|hour| self.history.value(Pollutant::Pm25, 0, hour).is_finite());
        let winter = (day(year, 10, 31).index()..day(year + 1, 2, 24).index()).filter(|_| self.season != "warm");
        let warm = (day(year, 7, 1).index()..day(year, 9, 30).index())
            .chain(day(year + 1, 3, 31).index()..day(year + 1, 6, 24).index())
            .filter(|_| self.season != "winter");
        let days = winter.chain(warm).map(BeijingDay::from_index).filter(known);
        days.filter(|date| date.index() % self.step == 0).collect()
    }

    fn score_days(&self, run: &Run, scores: &mut Scores) {
        let winter = |date: BeijingDay| matches!(date.month(), 1 | 2 | 11 | 12);
        let mut months: BTreeMap<(String, usize), Option<[f64; 5]>> = BTreeMap::new();
        for day in &run.days {
            let Some(seen) = self.observed.day(&day.city, day.date) else { continue };
            let lead = usize::from(day.lead_day);
            for p in Pollutant::ALL {
                let season = if winter(day.date) { "winter" } else { "warm" };
                let (Some(said), Some(seen)) = (day.value(p), seen.values[p.index()]) else { continue };
                let (q, name) = (said.quantiles, format!("{} {season}", p.code()));
                let loss = crps_of_quantiles(&q, seen);
                scores.add(&format!("{name} crps"), lead, loss);
                if matches!(p, Pollutant::Pm25 | Pollutant::O3) {
                    let month = months.entry((day.city.clone(), p.index()));
                    let month = month.or_insert_with(|| self.observed.climatology(&day.city, p, run.issue.day()));
                    if let Some(month) = month {
                        scores.add(&format!("{name} climatology"), lead, crps_of_quantiles(month, seen));
                    }
                }
                scores.add(&format!("{name} cov50"), lead, f64::from((q[1]..=q[3]).contains(&seen)));
                scores.add(&format!("{name} cov90"), lead, f64::from((q[0]..=q[4]).contains(&seen)));
            }
            let Some(aqi) = seen.aqi.filter(|_| winter(day.date)) else { continue };
            let said = &day.aqi;
            let middle = Aqi::new((said.lo + said.hi) / 2).expect("a range lies within the scale");
            scores.add("level hit", lead, f64::from(AqiLevel::of(middle) == AqiLevel::of(aqi)));
            scores.add("range hit", lead, f64::from((said.lo..=said.hi).contains(&aqi.get())));
            scores.add("range width", lead, f64::from(said.hi - said.lo));
            if aqi.get() > 50 {
                let hit = seen.primary.iter().any(|p| said.primary.contains(p));
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

    fn score_joint(&self, run: &Run, scores: &mut Scores) {
        let issue = run.issue.day();
        if !matches!(issue.month(), 1 | 2 | 10..=12) {
            return;
        }
        let mean = |city: &String, lead: usize| {
            self.observed.day(city, issue + lead as i32).and_then(|seen| seen.values[Pollutant::Pm25.index()])
        };
        for event in &run.events {
            let lead = usize::from(event.first_lead);
            let (Some(first), Some(second)) = (mean(&event.city, lead), mean(&event.city, lead + 1)) else { continue };
            let happened = first > HEAVY_BOUND && second > HEAVY_BOUND;
            if lead <= 4 {
                scores.add("pair5 observed", 0, f64::from(happened));
                scores.add("pair5 brier calibrated", 0, brier(event.calibrated, happened));
            }
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
}

fn day(year: i32, month: u32, day: u32) -> BeijingDay {
    BeijingDay::from_ymd(year, month, day).expect("a day of the calendar")
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
