//! A forecast on a made-up region: what it may never see, what it must survive, what it must keep.

use forecast::{ForecastError, History, Model, Run, issue, train};
use std::sync::LazyLock;
use units::{BeijingHour, Pollutant};

const CITIES: usize = 3;
const DAYS: i64 = 420;

fn start() -> BeijingHour {
    "2016-07-01T01:00:00+08:00".parse().expect("a whole hour")
}

fn hour(day: i64, label: i64) -> BeijingHour {
    start() + day * 24 + label - 1
}

/// Slow waves that wander through three cities, with a daily course and noise from a fixed generator.
static HISTORY: LazyLock<History> = LazyLock::new(|| {
    let names = ["甲", "乙", "丙"].map(String::from).to_vec();
    let mut history = History::empty(names, start(), (DAYS * 24) as usize);
    let (mut state, mut wave) = (9u64, [0.0f64; CITIES]);
    let mut noise = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 40) as f64 / (1u64 << 24) as f64 - 0.5
    };
    for n in 0..DAYS * 24 {
        let shared = noise();
        for (city, wave) in wave.iter_mut().enumerate() {
            *wave = 0.98 * *wave + 0.15 * (shared + noise());
            let daily = 0.15 * ((n % 24) as f64 / 24.0 * std::f64::consts::TAU).sin();
            let pm25 = (3.8 + *wave + daily).exp().round();
            for (pollutant, share) in Pollutant::ALL.into_iter().zip([0.3, 0.8, 0.02, 1.1, 1.6, 1.0]) {
                history.set(pollutant, city, start() + n, pm25 * share);
            }
        }
    }
    history
});

static MODEL: LazyLock<Model> = LazyLock::new(|| train(&HISTORY, hour(380, 1), 1).expect("enough days"));

fn run(history: &History) -> Run {
    issue(&MODEL, history, hour(390, 20), 40).expect("enough recent hours")
}

/// The history with everything from `from` on turned into nonsense.
fn spoiled(from: BeijingHour) -> History {
    let mut history = HISTORY.clone();
    for n in 0..history.end() - from {
        for (pollutant, city) in Pollutant::ALL.into_iter().flat_map(|p| (0..CITIES).map(move |c| (p, c))) {
            let value = if n % 5 == 0 { f64::NAN } else { 900.0 + n as f64 };
            history.set(pollutant, city, from + n, value);
        }
    }
    history
}

#[test]
fn the_future_changes_no_run() {
    let at = hour(390, 20);
    assert_eq!(run(&spoiled(at)).to_bytes(), run(&HISTORY).to_bytes());
    assert_ne!(run(&spoiled(at - 1)).to_bytes(), run(&HISTORY).to_bytes(), "the last known hour counts");
}

#[test]
fn the_future_changes_no_model() {
    let until = hour(380, 1);
    assert_eq!(train(&spoiled(until), until, 1).unwrap().to_bytes(), MODEL.to_bytes());
    assert_ne!(train(&spoiled(until - 24), until, 1).unwrap().id, MODEL.id, "the last training day counts");
}

#[test]
fn the_same_input_gives_the_same_bytes_and_they_read_back() {
    assert_eq!(train(&HISTORY, hour(380, 1), 1).unwrap().to_bytes(), MODEL.to_bytes());
    assert_eq!(Model::from_bytes(&MODEL.to_bytes()).unwrap(), *MODEL);
    let run = run(&HISTORY);
    assert_eq!(Run::from_bytes(&run.to_bytes()).unwrap(), run);
}

#[test]
fn bytes_from_outside_are_refused_without_panic() {
    let bytes = MODEL.to_bytes();
    for broken in [&b""[..], &b"QKMODEL1"[..], &bytes[..bytes.len() / 2], &b"\x1f\x8b\x08\x00\x00"[..]] {
        assert!(Model::from_bytes(broken).unwrap_err().to_string().starts_with("F-106"));
    }
    let longer = [bytes.as_slice(), b"x"].concat();
    assert!(Model::from_bytes(&longer).unwrap_err().to_string().contains("1 bytes too many"));
    assert!(Run::from_bytes(&bytes).unwrap_err().to_string().starts_with("F-106 not a run"));
}

#[test]
fn a_run_covers_five_days_with_plausible_hours() {
    let run = run(&HISTORY);
    let courses = &run.trajectories;
    assert_eq!((courses.hours, courses.first_hour, courses.members), (124, hour(390, 21), 40));
    assert!(courses.pm25.iter().all(|value| (0.5..2000.0).contains(value)));
    assert_eq!(run.days.len(), CITIES * 5);
    for day in &run.days {
        assert!(day.quantiles().is_sorted(), "{day:?}");
        assert!(day.aqi_lo <= day.aqi_hi && day.p_aqi200 <= day.p_aqi150, "{day:?}");
    }
}

#[test]
fn the_days_of_a_run_are_the_means_of_its_hours() {
    let run = run(&HISTORY);
    for (city, lead) in (0..CITIES).flat_map(|city| (0..5).map(move |lead| (city, lead))) {
        let mean = (0..40).map(|member| run.day_means(member, city)[lead]).sum::<f64>() / 40.0;
        assert!((mean - run.days[city * 5 + lead].mean).abs() < 1e-9);
    }
}

#[test]
fn the_first_hour_meets_the_last_observation() {
    let run = run(&HISTORY);
    for city in 0..CITIES {
        let last = HISTORY.value(Pollutant::Pm25, city, hour(390, 19));
        let mut first: Vec<f32> = (0..40).map(|member| run.trajectories.course(member, city)[0]).collect();
        first.sort_by(f32::total_cmp);
        let ratio = f64::from(first[20]) / last;
        assert!((0.6..1.6).contains(&ratio), "{ratio}");
    }
}

#[test]
fn a_made_up_region_with_memory_is_forecast_better_than_its_climatology() {
    let first = MODEL.scores.iter().find(|score| score.lead_day == 1).unwrap();
    assert!(first.skill_climatology.value > 0.1, "{first:?}");
    assert!((0.8..0.97).contains(&first.coverage90), "{first:?}");
}

#[test]
fn missing_hours_and_a_silent_city_are_survived() {
    let mut history = HISTORY.clone();
    for n in 0..200 {
        history.set(Pollutant::Pm25, 0, hour(390, 20) - 5 * (n + 1), f64::NAN);
        history.set(Pollutant::O3, 1, hour(390, 20) - n, f64::NAN);
    }
    assert!(run(&history).left_out.is_empty());
    (0..24 * 31).for_each(|n| history.set(Pollutant::Pm25, 2, hour(390, 20) - n, f64::NAN));
    let run = run(&history);
    assert_eq!((run.left_out.as_slice(), run.cities.len()), (&["丙".to_string()][..], 2));
    assert!(run.trajectories.pm25.iter().all(|value| value.is_finite()));
}

#[test]
fn too_little_is_refused_by_name() {
    let short = train(&HISTORY, hour(200, 1), 1).unwrap_err();
    assert!(matches!(short, ForecastError::TooFewDays { needed: 300, .. }), "{short}");
    let early = issue(&MODEL, &HISTORY, hour(3, 20), 40).unwrap_err();
    assert!(matches!(early, ForecastError::TooFewCities { found: 0, .. }), "{early}");
    let noon = issue(&MODEL, &HISTORY, hour(390, 12), 40).unwrap_err();
    assert!(matches!(noon, ForecastError::IssueHour { expected: 20, .. }), "{noon}");
    assert!(matches!(issue(&MODEL, &HISTORY, hour(390, 20), 3), Err(ForecastError::Members { found: 3, .. })));
    let nothing = History::empty(vec![], start(), 0);
    assert!(train(&nothing, hour(1, 1), 1).is_err());
    let mut ragged = HISTORY.clone();
    ragged.series[2].pop();
    assert!(matches!(ragged.checked(), Err(ForecastError::Shape { .. })));
}

#[test]
fn a_city_with_half_a_record_is_left_out_of_the_model() {
    let mut history = HISTORY.clone();
    (0..DAYS * 24 * 2 / 3).for_each(|n| history.set(Pollutant::Pm25, 1, start() + n, f64::NAN));
    let model = train(&history, hour(380, 1), 1).unwrap();
    assert_eq!((model.cities.len(), model.left_out), (2, vec!["乙".to_string()]));
}
