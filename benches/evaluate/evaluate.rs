//! A year of thirteen cities, hourly: index of every hour, then the evaluation of the year.
//!
//! `cargo bench -p qingkong-standards` times both in memory. With `-- --write FILE` it writes the same
//! observations as a CSV instead, for `run.sh`.

use standards::evaluate::{Request, Standard, evaluate};
use standards::{AqiEdition, DustConvention, DustDays, HourMeans, Hours, Weights};
use std::io::Write;
use std::time::{Duration, Instant};
use units::{BeijingDay, Concentration, Pollutant, SiteCode};

const FROM: &str = "2026-03-01";
const TO: &str = "2027-02-28";
const ROUNDS: usize = 7;

/// Typical level of each pollutant, µg/m³, in the order of `Pollutant::ALL`.
const LEVELS: [u64; 6] = [9, 34, 800, 70, 75, 42];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let observations = observations();
    match arguments.iter().position(|argument| argument == "--write").and_then(|place| arguments.get(place + 1)) {
        Some(path) => write(&observations, path),
        None => time_in_memory(&observations),
    }
}

/// Deterministic hours with a season, a day and bursts; one in a hundred is missing.
fn observations() -> Hours {
    let day = |text: &str| text.parse::<BeijingDay>().expect("a day");
    let mut hours = Hours::new(day(FROM), day(TO)).expect("a period");
    let mut state = 20_260_301u64;
    let mut draw = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for city in 1..=13 {
        let site: SiteCode = format!("32{city:02}00").parse().expect("a code");
        let mut burst = 100;
        for n in 0..hours.days() {
            for hour in (hours.from() + n as i32).hours() {
                burst = (burst * 9 + 40 + draw(200)) / 10 + if draw(400) == 0 { 300 } else { 0 };
                for pollutant in Pollutant::ALL {
                    let value = LEVELS[pollutant.index()] * burst * (50 + draw(100)) / 10_000;
                    if draw(100) > 0 {
                        let value = reported(pollutant, value);
                        hours.insert(&site, pollutant, hour, value).expect("each hour comes once");
                    }
                }
            }
        }
    }
    hours
}

fn reported(pollutant: Pollutant, micrograms: u64) -> Concentration {
    Concentration::micrograms(micrograms as i64).round_for_report(pollutant.unit(), pollutant.decimals())
}

fn write(hours: &Hours, path: &str) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).expect("a writable path"));
    writeln!(file, "time,site,SO2,NO2,CO,O3,PM10,PM2_5").expect("space on the disk");
    for (site, place) in hours.sites() {
        for n in 0..hours.days() * 24 {
            let hour = (hours.from() + (n / 24) as i32).hours().nth(n % 24).expect("a day has 24 hours");
            let cells = Pollutant::ALL.map(|pollutant| {
                let value = hours.value(place, pollutant, n);
                value.map_or_else(String::new, |value| value.reported(pollutant).to_string())
            });
            writeln!(file, "{hour},{site},{}", cells.join(",")).expect("space on the disk");
        }
    }
}

fn time_in_memory(hours: &Hours) {
    let (mut checksum, mut areas) = (0, 0);
    let index = median(|| checksum = hourly_indices(hours));
    let dust = DustDays::default();
    let request =
        Request { standard: Standard::Auto, weights: Weights::Plain, dust: &dust, convention: DustConvention::kept() };
    let year = median(|| areas = evaluate(hours, &request).areas.len());
    let sites = hours.sites().count();
    println!(
        "hourly index   {:>8.1} ms  ({} hours of {sites} cities, sum of indices {checksum})",
        ms(index),
        hours.days() * 24 * sites
    );
    println!("evaluation     {:>8.1} ms  ({} days, {areas} areas)", ms(year), hours.days());
    println!("in memory      {:>8.1} ms  median of {ROUNDS}", ms(index + year));
}

fn hourly_indices(hours: &Hours) -> u64 {
    let mut sum = 0;
    for (_, place) in hours.sites() {
        for n in 0..hours.days() * 24 {
            let edition = AqiEdition::in_force(hours.from() + (n / 24) as i32);
            let [so2, no2, co, o3, pm10, pm25] = Pollutant::ALL.map(|pollutant| hours.value(place, pollutant, n));
            let report = edition.hour_aqi(&HourMeans { so2, no2, co, o3, o3_8h: None, pm10, pm25 });
            sum += report.aqi.map_or(0, |aqi| u64::from(aqi.get()));
        }
    }
    sum
}

fn median(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[ROUNDS / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
