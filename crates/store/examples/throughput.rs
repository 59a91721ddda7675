//! Measures how fast a database takes and gives back hourly values.
//!
//! `cargo run --release -p qingkong-store --example throughput -- ADDRESS [MILLIONS]`: imports that many million
//! values of 78 series (13 cities, 6 pollutants) into an empty database, imports them again, and reads them.

use std::time::{Duration, Instant as Clock};
use store::{ImportFile, ImportReport, Row, Store};
use units::{BeijingHour, Concentration, Pollutant, Reading, SiteCode};

const FIRST_HOUR: i64 = 400_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or("usage: throughput ADDRESS [MILLIONS]")?;
    let millions: f64 = arguments.next().as_deref().unwrap_or("2.5").parse()?;
    let store = Store::open(&address).await?;
    let sites: Vec<SiteCode> = (1..=13).map(|n| format!("32{n:02}00").parse()).collect::<Result<_, _>>()?;
    let hours = (millions * 1e6 / (sites.len() * 6) as f64) as i64;
    let last = BeijingHour::from_index(FIRST_HOUR + hours - 1);
    for (round, salt) in [("first import", 0), ("same again", 0), ("all changed", 1)] {
        let clock = Clock::now();
        let (rows, making) = import(&store, &sites, hours, salt).await?;
        report(round, rows, clock.elapsed() - making);
    }
    let (from, all) = (BeijingHour::from_index(FIRST_HOUR), Pollutant::ALL);
    let clock = Clock::now();
    let rows = store.hours(&sites, &all, from, last).await?.len();
    report("read rows", rows, clock.elapsed());
    let clock = Clock::now();
    let values = store.dense(&sites, &all, from, last).await?.iter().map(|series| series.values.len()).sum();
    report("read dense", values, clock.elapsed());
    let clock = Clock::now();
    let rows = store.hours(&sites, &all, last - 167, last).await?.len();
    report("read a week", rows, clock.elapsed());
    let clock = Clock::now();
    store.latest_hour(last).await?;
    report("latest hour", sites.len() * 6, clock.elapsed());
    let clock = Clock::now();
    let days = store.completeness(&sites, &all, from.day(), last.day()).await?.len();
    report("completeness, days", days, clock.elapsed());
    store.close().await;
    Ok(())
}

/// Imports hour by hour, as files are ordered; returns the rows and the time spent on making them.
async fn import(
    store: &Store,
    sites: &[SiteCode],
    hours: i64,
    salt: i64,
) -> Result<(usize, Duration), Box<dyn std::error::Error>> {
    let file = ImportFile {
        file: "made up".into(),
        sha256: salt.to_string(),
        format: "none".into(),
        source: "throughput".into(),
        at: "2018-01-13T20:00:00+08:00".parse()?,
    };
    let mut import = store.import(file).await?;
    let (mut rows, mut making) = (0, Duration::ZERO);
    for first in (0..hours).step_by(100) {
        let clock = Clock::now();
        let batch: Vec<Row> = (first..hours.min(first + 100)).flat_map(|hour| one_hour(sites, hour, salt)).collect();
        making += clock.elapsed();
        rows += batch.len();
        import.observations(&batch).await?;
    }
    import.finish(&ImportReport::default()).await?;
    Ok((rows, making))
}

fn one_hour(sites: &[SiteCode], hour: i64, salt: i64) -> impl Iterator<Item = Row> {
    let value = move |n: i64| Reading::Valid(Concentration::micrograms((hour * 31 + n * 17) % 300 + salt));
    let keys = sites.iter().flat_map(|site| Pollutant::ALL.map(|pollutant| (site.clone(), pollutant)));
    keys.zip(0..).map(move |((site, pollutant), n)| {
        let hour = BeijingHour::from_index(FIRST_HOUR + hour);
        Row { site, pollutant, hour, reading: value(n) }
    })
}

fn report(what: &str, rows: usize, took: Duration) {
    let rate = rows as f64 / took.as_secs_f64();
    println!("{what:<20} {rows:>9} in {:>8.3} s  {rate:>10.0}/s", took.as_secs_f64());
}
