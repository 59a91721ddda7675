//! A forecast on a made-up region: what it may never see, what it must survive, what it must keep.

use forecast::{Extra, Flag, ForecastError, History, Model, Run, Season, issue, issue_with, train, train_with};
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

static MODEL: LazyLock<Model> = LazyLock::new(|| train(&HISTORY, hour(380, 1), 20, 1).expect("enough days"));

fn run(history: &History) -> Run {
    issue(&MODEL, history, hour(390, 20), 40).expect("enough recent hours")
}

/// The history with everything from `from` on turned into nonsense.
fn spoiled(from: BeijingHour) -> History {
    Pollutant::ALL.into_iter().fold(HISTORY.clone(), |history, pollutant| spoiled_in(history, pollutant, from))
}

/// The same for one pollutant.
fn spoiled_in(mut history: History, pollutant: Pollutant, from: BeijingHour) -> History {
    for (n, city) in (0..history.end() - from).flat_map(|n| (0..CITIES).map(move |c| (n, c))) {
        let value = if n % 5 == 0 { f64::NAN } else { 900.0 + n as f64 };
        history.set(pollutant, city, from + n, value);
    }
    history
}

/// Whether what an issuer says of 20:00 depends on a pollutant's hours from 20:00 on.
fn leaks(issuer: impl Fn(&History) -> Run, pollutant: Pollutant) -> bool {
    issuer(&spoiled_in(HISTORY.clone(), pollutant, hour(390, 20))).to_bytes() != issuer(&HISTORY).to_bytes()
}

/// An issuer that reads one hour ahead: every hour of its history holds the value of the next.
fn one_hour_ahead(history: &History) -> Run {
    let mut ahead = history.clone();
    for (pollutant, city) in Pollutant::ALL.into_iter().flat_map(|p| (0..CITIES).map(move |c| (p, c))) {
        for n in 0..DAYS * 24 - 1 {
            ahead.set(pollutant, city, start() + n, history.value(pollutant, city, start() + n + 1));
        }
    }
    run(&ahead)
}

#[test]
fn the_future_of_no_pollutant_changes_a_run_and_a_planted_leak_is_caught() {
    for pollutant in Pollutant::ALL {
        assert!(!leaks(run, pollutant), "{pollutant:?}");
        assert!(leaks(one_hour_ahead, pollutant), "{pollutant:?}: a leak of one hour must be caught");
    }
    assert_ne!(run(&spoiled(hour(390, 19))).to_bytes(), run(&HISTORY).to_bytes(), "the last known hour counts");
}

#[test]
fn the_future_changes_no_model() {
    let until = hour(380, 1);
    assert_eq!(train(&spoiled(until), until, 20, 1).unwrap().to_bytes(), MODEL.to_bytes());
    assert_ne!(train(&spoiled(until - 24), until, 20, 1).unwrap().id, MODEL.id, "the last training day counts");
}

#[test]
fn the_same_input_gives_the_same_bytes_and_they_read_back() {
    assert_eq!(train(&HISTORY, hour(380, 1), 20, 1).unwrap().to_bytes(), MODEL.to_bytes());
    assert_eq!(Model::from_bytes(&MODEL.to_bytes()).unwrap(), *MODEL);
    let run = run(&HISTORY);
    assert_eq!(Run::from_bytes(&run.to_bytes()).unwrap(), run);
}

#[test]
fn bytes_from_outside_are_refused_without_panic() {
    let bytes = MODEL.to_bytes();
    for broken in [&b""[..], &b"QKMODEL4"[..], &bytes[..bytes.len() / 2], &b"\x1f\x8b\x08\x00\x00"[..]] {
        assert!(Model::from_bytes(broken).unwrap_err().to_string().starts_with("F-106"));
    }
    let longer = [bytes.as_slice(), b"x"].concat();
    assert!(Model::from_bytes(&longer).unwrap_err().to_string().contains("1 bytes too many"));
    assert!(Run::from_bytes(&bytes).unwrap_err().to_string().starts_with("F-106 not a run"));
}

#[test]
fn a_file_of_another_form_is_named() {
    let mut bytes = MODEL.to_bytes();
    bytes[7] = b'1';
    let error = Model::from_bytes(&bytes).unwrap_err().to_string();
    assert!(error.contains("form 1, this program reads form 4"), "{error}");
}

#[test]
fn a_run_covers_seven_days_of_every_pollutant_with_plausible_hours() {
    let run = run(&HISTORY);
    let courses = &run.trajectories;
    assert_eq!((courses.hours, courses.first_hour, courses.members), (172, hour(390, 21), 40));
    for series in &courses.series {
        assert_eq!(series.len(), 40 * CITIES * 172);
        assert!(series.iter().all(|value| (0.0..4000.0).contains(value)));
    }
    assert_eq!((run.days.len(), run.events.len()), (CITIES * 7, CITIES * 6));
    for day in &run.days {
        assert!(day.values.iter().flatten().all(|value| value.quantiles.is_sorted()), "{day:?}");
        assert!(day.values.iter().all(Option::is_some));
        assert!(day.aqi.lo <= day.aqi.hi && day.aqi.p_aqi200 <= day.aqi.p_aqi150, "{day:?}");
    }
    assert!(run.events.iter().all(|event| (0.0..=1.0).contains(&event.calibrated)));
}

#[test]
fn a_model_of_another_hour_issues_at_that_hour() {
    for (label, hours) in [(8u8, 16 + 168), (24, 168)] {
        let model = train(&HISTORY, hour(380, 1), label, 1).unwrap();
        let run = issue(&model, &HISTORY, hour(390, i64::from(label)), 20).unwrap();
        assert_eq!((run.trajectories.hours, run.days[0].date), (hours, hour(391, 1).day()), "{label}");
        assert!(Model::is_named_for(&model.id, label) && !Model::is_named_for(&model.id, 20));
    }
    assert!(matches!(train(&HISTORY, hour(380, 1), 25, 1), Err(ForecastError::NoHour { found: 25 })));
}

#[test]
fn an_issue_in_the_future_of_the_data_is_refused_and_a_stale_one_flagged() {
    let future = issue(&MODEL, &HISTORY, hour(424, 20), 40).unwrap_err();
    assert!(matches!(future, ForecastError::AheadOfData { .. }), "{future}");
    let run = run(&HISTORY.window(start(), hour(390, 12)));
    assert_eq!(run.flags, [Flag::Stale { last: hour(390, 11) }]);
}

#[test]
fn a_pollutant_without_hours_is_named_and_the_run_goes_on() {
    let mut history = HISTORY.clone();
    history.series[Pollutant::Co.index()].fill(f64::NAN);
    let model = train(&history, hour(380, 1), 20, 1).unwrap();
    let run = issue(&model, &history, hour(390, 20), 20).unwrap();
    assert_eq!(
        (model.not_forecast.as_slice(), run.trajectories.course(Pollutant::Co, 0, 0)),
        (&[Pollutant::Co][..], None)
    );
    assert_eq!(run.flags, [Flag::NotForecast { pollutant: Pollutant::Co }]);
    assert!(run.days.iter().all(|day| day.value(Pollutant::Co).is_none() && day.value(Pollutant::No2).is_some()));
}

#[test]
fn the_days_of_a_run_are_the_means_of_its_hours() {
    let run = run(&HISTORY);
    for (city, lead) in (0..CITIES).flat_map(|city| (0..7).map(move |lead| (city, lead))) {
        let mean = (0..40).map(|member| run.day_means(member, city)[lead]).sum::<f64>() / 40.0;
        let said = run.days[city * 7 + lead].value(Pollutant::Pm25).unwrap().mean;
        assert!((mean - said).abs() < 1e-9);
    }
}

#[test]
fn the_first_hour_meets_the_last_observation() {
    let run = run(&HISTORY);
    for city in 0..CITIES {
        let last = HISTORY.value(Pollutant::Pm25, city, hour(390, 19));
        let mut first: Vec<f32> =
            (0..40).map(|member| run.trajectories.course(Pollutant::Pm25, member, city).unwrap()[0]).collect();
        first.sort_by(f32::total_cmp);
        let ratio = f64::from(first[20]) / last;
        assert!((0.6..1.6).contains(&ratio), "{ratio}");
    }
}

#[test]
fn a_made_up_region_with_memory_is_forecast_better_than_its_climatology() {
    let first = MODEL.scores.iter().find(|score| score.pollutant == Pollutant::Pm25 && score.lead_day == 1).unwrap();
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
    assert!(run.trajectories.series[Pollutant::Pm25.index()].iter().all(|value| value.is_finite()));
    assert_eq!(run.flags, [Flag::Missing { city: "乙".into(), pollutant: Pollutant::O3 }]);
    assert!(run.days.iter().all(|day| day.value(Pollutant::O3).is_some() == (day.city == "甲")));
}

#[test]
fn too_little_is_refused_by_name() {
    let short = train(&HISTORY, hour(200, 1), 20, 1).unwrap_err();
    assert!(matches!(short, ForecastError::TooFewDays { needed: 300, .. }), "{short}");
    let early = issue(&MODEL, &HISTORY, hour(3, 20), 40).unwrap_err();
    assert!(matches!(early, ForecastError::TooFewCities { found: 0, .. }), "{early}");
    let noon = issue(&MODEL, &HISTORY, hour(390, 12), 40).unwrap_err();
    assert!(matches!(noon, ForecastError::IssueHour { expected: 20, .. }), "{noon}");
    assert!(matches!(issue(&MODEL, &HISTORY, hour(390, 20), 3), Err(ForecastError::Members { found: 3, .. })));
    let nothing = History::empty(vec![], start(), 0);
    assert!(train(&nothing, hour(1, 1), 20, 1).is_err());
    let mut ragged = HISTORY.clone();
    ragged.series[2].pop();
    assert!(matches!(ragged.checked(), Err(ForecastError::Shape { .. })));
}

#[test]
fn a_city_with_half_a_record_is_left_out_of_the_model() {
    let mut history = HISTORY.clone();
    (0..DAYS * 24 * 2 / 3).for_each(|n| history.set(Pollutant::Pm25, 1, start() + n, f64::NAN));
    let model = train(&history, hour(380, 1), 20, 1).unwrap();
    assert_eq!((model.cities.len(), model.left_out), (2, vec!["乙".to_string()]));
}

/// What a model of the air might say at each issue of the next day's PM2.5: right up to a factor that wanders.
fn guidance(until: BeijingHour) -> Extra {
    let first = start().day();
    let said = |day: units::BeijingDay, city: usize, _| {
        let hours = (day + 1).hours().map(|hour| HISTORY.value(Pollutant::Pm25, city, hour).ln());
        let mean = hours.sum::<f64>() / 24.0 + 0.1 * f64::from(day.index()).sin();
        if day < until.day() { mean } else { 77.0 }
    };
    Extra::new("air model, PM2.5 of the next day", HISTORY.cities.clone(), 1, (first, DAYS as usize - 1), said)
}

static INFORMED: LazyLock<Model> =
    LazyLock::new(|| train_with(&HISTORY, &[&guidance(hour(400, 1))], hour(380, 1), 20, 1).expect("enough days"));

fn informed_run(extras: &[&Extra]) -> Run {
    issue_with(&INFORMED, &HISTORY, extras, hour(390, 20), 40).expect("enough recent hours")
}

#[test]
fn guidance_is_used_where_it_is_and_makes_the_first_day_better() {
    let score = |scores: &[forecast::LeadScore]| {
        let of = |score: &&forecast::LeadScore| {
            (score.pollutant, score.lead_day, score.season) == (Pollutant::Pm25, 1, Season::Year)
        };
        scores.iter().find(of).expect("PM2.5 was scored").crps
    };
    let informed = INFORMED.informed.as_ref().expect("enough days with guidance");
    assert!(score(&informed.scores) < 0.8 * score(&INFORMED.scores));
    let run = informed_run(&[&guidance(hour(400, 1))]);
    assert!(run.flags.is_empty(), "{:?}", run.flags);
    assert_ne!(run.trajectories, informed_run(&[]).trajectories);
}

#[test]
fn an_issue_without_its_guidance_is_the_run_of_the_model_without_and_says_so() {
    let run = informed_run(&[]);
    assert_eq!(run.flags, [Flag::WithoutExtra { name: "air model, PM2.5 of the next day".into() }]);
    assert_eq!((run.trajectories, run.days), (self::run(&HISTORY).trajectories, self::run(&HISTORY).days));
    let other =
        Extra::new("air model, PM2.5 of the next day", HISTORY.cities.clone(), 2, (start().day(), 400), |_, _, _| 1.0);
    assert_eq!(informed_run(&[&other]).flags.len(), 1, "the same name with other columns is another predictor");
}

#[test]
fn guidance_of_later_issues_changes_neither_model_nor_run() {
    let known = |until| train_with(&HISTORY, &[&guidance(until)], hour(380, 1), 20, 1).unwrap().to_bytes();
    assert_eq!(known(hour(381, 1)), INFORMED.to_bytes());
    assert_eq!(informed_run(&[&guidance(hour(391, 1))]), informed_run(&[&guidance(hour(400, 1))]));
    assert_ne!(informed_run(&[&guidance(hour(390, 1))]).days, informed_run(&[&guidance(hour(400, 1))]).days);
}

#[test]
fn a_model_with_guidance_reads_back_and_a_cut_one_is_refused() {
    let bytes = INFORMED.to_bytes();
    assert_eq!(Model::from_bytes(&bytes).unwrap(), *INFORMED);
    assert!(Model::from_bytes(&bytes[..bytes.len() - 9]).unwrap_err().to_string().starts_with("F-106"));
    assert_ne!(INFORMED.id, MODEL.id);
}

#[test]
fn guidance_of_a_few_weeks_trains_no_second_model() {
    let short = Extra::new("wind", HISTORY.cities.clone(), 1, (hour(340, 1).day(), 40), |day, city, _| {
        f64::from(day.index() % 7) + city as f64
    });
    let model = train_with(&HISTORY, &[&short], hour(380, 1), 20, 1).unwrap();
    assert_eq!((model.informed, model.id), (None, MODEL.id.clone()));
}
