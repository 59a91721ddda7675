//! Time of the kernel over 1,500 sources x 13 cities x 3 days, of reading a large cdump, and how both grow at tenfold. Prints; asserts nothing.

use std::time::Instant;
use transport::import::Release;
use transport::kernel::{Settings, Weather, matrix};
use transport::{City, Imported, Point, Precursor, Request, Source, SourceSite, read};
use units::{BeijingDay, KilogramPerDay, Pollutant};

fn main() {
    let cities: Vec<City> =
        (0..13).map(|n| city(n, 117.5 + 0.35 * f64::from(n), 31.5 + 0.25 * f64::from(n % 7))).collect();
    let (settings, weather) = (Settings::bundled().expect("bundled"), Weather::unknown());
    let day: BeijingDay = "2018-01-15".parse().expect("a day");
    let days: Vec<BeijingDay> = (0..3).map(|n| day + n).collect();
    let mut before = None;
    for count in [1_500, 15_000] {
        let sites: Vec<SourceSite> = (0..count).map(site).collect();
        let (found, seconds) = best(3, || {
            matrix(&settings, &weather, &sites, &cities, &days, &[Pollutant::Pm25]).expect("in range").0.cells().len()
        });
        let ratio =
            before.map_or(String::new(), |before: f64| format!(", {:.1} times the time of a tenth", seconds / before));
        println!(
            "kernel: {count} sources x 13 cities x 3 days x 5 precursors, 128 winds: {found} responses, {seconds:.3} s{ratio}"
        );
        before = Some(seconds);
    }
    before = None;
    for steps in [24u32, 240] {
        let bytes = cdump(steps);
        let source = Source { region: "320300".parse().expect("a code"), sector: String::new(), stack: String::new() };
        let release = Release { source, precursor: Precursor::Pm25, pollutant: Pollutant::Pm25, units_per_day: 24.0 };
        let request = Request { cities: &cities, release: Some(&release), ..Request::default() };
        let (found, seconds) = best(3, || match read(&bytes, &request).expect("a whole file").0 {
            Imported::Matrix(matrix) => matrix.cells().len(),
            Imported::Contributions(_) => 0,
        });
        let size = bytes.len() as f64 / 1e6;
        let ratio =
            before.map_or(String::new(), |before: f64| format!(", {:.1} times the time of a tenth", seconds / before));
        println!(
            "cdump: {size:.0} MB, {steps} hours of 600 x 600 cells: {found} responses, {:.3} ms{ratio}",
            seconds * 1e3
        );
        before = Some(seconds);
    }
}

/// The best of several runs.
fn best<T>(runs: usize, mut work: impl FnMut() -> T) -> (T, f64) {
    let mut timed = || {
        let begun = Instant::now();
        (work(), begun.elapsed().as_secs_f64())
    };
    let first = timed();
    (1..runs).map(|_| timed()).fold(first, |best, next| if next.1 < best.1 { next } else { best })
}

fn city(n: u32, lon: f64, lat: f64) -> City {
    City { code: format!("320{:03}", (n + 1) * 100 % 1000 + n / 9).parse().expect("a code"), lon, lat }
}

fn site(n: usize) -> SourceSite {
    let source = Source { region: "320300".parse().expect("a code"), sector: "power".into(), stack: n.to_string() };
    let (lon, lat) = (116.5 + 5.0 * (n as f64 * 0.618).fract(), 31.0 + 4.0 * (n as f64 * 0.414).fract());
    let emitted = [Precursor::So2, Precursor::Nox, Precursor::Nh3, Precursor::Voc, Precursor::Pm25];
    let base = emitted.into_iter().map(|precursor| (precursor, KilogramPerDay(1000.0))).collect();
    SourceSite { source, points: vec![Point { lon, lat, share: 1.0 }], height_m: 20.0 + (n % 10) as f64 * 20.0, base }
}

/// Hourly output of a run from 16 UTC, whole fields.
fn cdump(steps: u32) -> Vec<u8> {
    let mut file = vec![];
    let mut record = |parts: &[&[u8]]| {
        let body = parts.concat();
        let length = (body.len() as u32).to_be_bytes();
        file.extend([&length[..], &body, &length].concat());
    };
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
    let bits = |value: f32| value.to_bits();
    let time = |hours: u32| words(&[18, 1, 14 + (16 + hours) / 24, (16 + hours) % 24, 0, hours]);
    record(&[b"TEST", &words(&[18, 1, 14, 16, 0, 1, 0])]);
    record(&[&words(&[18, 1, 14, 16, bits(34.0), bits(117.0), bits(50.0), 0])]);
    record(&[&words(&[600, 600, bits(0.02), bits(0.02), bits(28.0), bits(113.0)])]);
    record(&[&words(&[1, 100])]);
    record(&[&words(&[1]), b"PM25"]);
    let field: Vec<u8> = (0..360_000u32).flat_map(|n| bits((n % 97) as f32 * 1e-9).to_be_bytes()).collect();
    for hour in 0..steps {
        record(&[&time(hour)]);
        record(&[&time(hour + 1)]);
        record(&[b"PM25", &words(&[100]), &field]);
    }
    file
}
