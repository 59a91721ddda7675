//! Observed episodes, their similar past days and whether what followed those beats the thirty-day climatology.
//!
//! `cargo run --release -p qingkong-forecast --example episodes -- FILE…` with hourly observations.
//! Every model is trained on, and every analog taken from, nothing later than the issue.

use forecast::analog::{AnalogRule, Analogs, analog_words, analogs};
use forecast::episode::{EpisodeDefinition, city_episodes, episode_words, outlook_words, outlooks, region_episodes};
use forecast::measures::brier;
use forecast::{
    CityDays, DayCourses, History, HistoryBuilder, ISSUE_LABEL, Model, Run, Words, issue, skill_by_weeks, train,
};
use observe::Record;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};
use units::{BeijingDay, BeijingHour, Pollutant};

const MEMBERS: usize = 50;
const LEADS: usize = 7;
/// Methods that are compared, on the same city days.
const METHODS: [&str; 6] = [
    "30-day median",
    "5 analogs, observed",
    "5 analogs, with forecast",
    "20 analogs, with forecast",
    "nearest analog",
    "forecast median",
];

/// Absolute errors by lead and method, with the day of issue, of the city days that all methods of a lead answer.
#[derive(Default)]
struct Errors {
    issues: usize,
    cases: [Vec<(BeijingDay, [f64; METHODS.len()])>; LEADS],
}

fn main() -> Result<(), Box<dyn Error>> {
    let history = read(std::env::args().skip(1))?;
    let days = CityDays::means(&history, Pollutant::Pm25);
    let heavy = EpisodeDefinition::named("pm25-150").ok_or("no such definition")?;
    count(&days, heavy);
    let onsets = list(&days, heavy);
    nearest(&days, heavy, &onsets);
    let (mut winter, mut before_onset, mut before_region) = (Errors::default(), Errors::default(), Errors::default());
    let (mut took, mut said): (Vec<Duration>, Said) = (Vec::new(), Said::default());
    for year in history.first_hour.day().year() + 1..history.end().day().year() {
        let first = day(year, 7, 1);
        let Ok(model) = train(&history, BeijingHour::of_day(first, 1).ok_or("no such hour")?, ISSUE_LABEL, 1) else {
            continue;
        };
        for date in (day(year, 10, 31).index()..day(year + 1, 2, 22).index()).map(BeijingDay::from_index) {
            let Some((run, expected)) = expected(&model, &history, date) else { continue };
            said.add(&days, &expected);
            let began = Instant::now();
            let with = found(&days, heavy, Some(&expected.mean()), date, 5);
            took.push(began.elapsed());
            let more = found(&days, heavy, Some(&expected.mean()), date, 20);
            let without = found(&days, heavy, None, date, 5);
            let errors = |sums: &mut Errors, city: &dyn Fn(usize) -> bool| {
                score(sums, &days, &run, [&without, &with, &more], date, city);
            };
            errors(&mut winter, &|_| true);
            if onsets.iter().any(|(city, onset)| city.is_none() && *onset == date + 1) {
                errors(&mut before_region, &|_| true);
                told(&days, heavy, &expected, &with, date);
            }
            if onsets.iter().any(|(city, onset)| city.is_some() && *onset == date + 1) {
                errors(&mut before_onset, &|city| onsets.contains(&(Some(city), date + 1)));
            }
        }
    }
    print("all winter issues", &winter);
    print("issues of the evening before a city's episode, that city", &before_onset);
    print("issues of the evening before a regional episode, all cities", &before_region);
    said.print();
    took.sort();
    if let Some(median) = took.get(took.len() / 2) {
        println!("\nanalogs, median of {} searches: {median:?}", took.len());
    }
    speed(&days, heavy);
    Ok(())
}

/// Probability and outcome of an episode of a city within the forecast days, by definition.
#[derive(Default)]
struct Said(BTreeMap<&'static str, Vec<(f64, bool)>>);

impl Said {
    fn add(&mut self, days: &CityDays, expected: &DayCourses) {
        let known = days.before(expected.end());
        for definition in EpisodeDefinition::bundled().iter().filter(|definition| definition.id.starts_with("pm25")) {
            for outlook in outlooks(definition, days, expected) {
                let Some(city) = outlook.city.and_then(|name| days.cities().iter().position(|city| *city == name))
                else {
                    continue;
                };
                let seen = city_episodes(definition, &known, city).last().is_some_and(|e| e.last >= expected.first());
                self.0.entry(&definition.id).or_default().push((outlook.probability, seen));
            }
        }
    }

    fn print(&self) {
        println!("\nepisode of a city within the forecast days, all winter issues");
        for (definition, cases) in &self.0 {
            let mean = |of: &dyn Fn(f64, bool) -> f64| {
                cases.iter().map(|(said, seen)| of(*said, *seen)).sum::<f64>() / cases.len() as f64
            };
            let (said, seen) = (mean(&|said, _| said), mean(&|_, seen| f64::from(seen)));
            let skill = 1.0 - mean(&brier) / (seen * (1.0 - seen));
            println!("{definition}: {} cases, said {said:.3}, seen {seen:.3}, Brier skill {skill:.2}", cases.len());
        }
    }
}

fn day(year: i32, month: u32, day: u32) -> BeijingDay {
    BeijingDay::from_ymd(year, month, day).expect("a day of the calendar")
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

fn names(city: Option<&str>) -> Words {
    let name = city.unwrap_or("The region");
    Words { text: name.to_string(), text_en: name.to_string() }
}

/// How many city episodes there are, by definition and gap.
fn count(days: &CityDays, heavy: &EpisodeDefinition) {
    let cities = 0..days.cities().len();
    let all = |of: &EpisodeDefinition| cities.clone().map(|city| city_episodes(of, days, city).len()).sum::<usize>();
    for definition in EpisodeDefinition::bundled().iter().filter(|definition| definition.id.starts_with("pm25")) {
        println!(
            "{}: {} of cities, {} of the region",
            definition.id,
            all(definition),
            region_episodes(definition, days).len()
        );
    }
    let gap = |gap_days: usize| all(&EpisodeDefinition { gap_days, ..heavy.clone() });
    println!("above 150 for 2 days with gaps of 0, 1, 2 days: {:?}", [0, 1, 2].map(gap));
}

/// Prints the regional episodes; gives the onsets of all, the city as its place.
fn list(days: &CityDays, heavy: &EpisodeDefinition) -> Vec<(Option<usize>, BeijingDay)> {
    let region = region_episodes(heavy, days);
    region.iter().for_each(|episode| println!("{}", episode_words(heavy, episode, &names).text_en));
    let cities = (0..days.cities().len())
        .flat_map(|city| city_episodes(heavy, days, city).into_iter().map(move |episode| (Some(city), episode.onset)));
    cities.chain(region.iter().map(|episode| (None, episode.onset))).collect()
}

/// The nearest analog of the evening before every city episode, found in the observed days alone.
fn nearest(days: &CityDays, heavy: &EpisodeDefinition, onsets: &[(Option<usize>, BeijingDay)]) {
    let (mut cases, mut climatology, mut analog) = (0, 0.0, 0.0);
    for (city, onset) in onsets.iter().filter_map(|(city, onset)| Some(((*city)?, *onset))) {
        let (name, date) = (&days.cities()[city], onset - 1);
        let said = found(days, heavy, None, date, 5);
        let Some(item) = said.items.first() else {
            println!("{name} {onset}: no analog before it");
            continue;
        };
        let seen: Vec<f64> = (0..LEADS).map(|lead| days.value(city, onset + lead as i32)).collect();
        let (share, after) = (item.similarity, &item.after_at_level[city]);
        println!("{name} {onset}: like {} ({share:.2}), after it at level {after:.0?}, seen {seen:.0?}", item.date);
        let median = thirty_day_median(days, city, date);
        for (seen, said) in seen.iter().zip(&said.mean_after[city]).take(3) {
            if [*seen, *said, median].iter().all(|value| value.is_finite()) {
                cases += 1;
                climatology += (median - seen).abs();
                analog += (said - seen).abs();
            }
        }
    }
    let (climatology, analog) = (climatology / cases as f64, analog / cases as f64);
    println!("first 3 days of these, {cases} days, MAE: 30-day median {climatology:.1}, 5 analogs {analog:.1}\n");
}

/// The run of an evening and its members' day means, the day of issue with its observed hours.
fn expected(model: &Model, history: &History, date: BeijingDay) -> Option<(Run, DayCourses)> {
    let at = BeijingHour::of_day(date, model.issue_label)?;
    let run = issue(model, history, at, MEMBERS).ok()?;
    let place: Vec<usize> =
        run.cities.iter().map(|name| history.cities.iter().position(|city| city == name)).collect::<Option<_>>()?;
    // The hour of issue itself is neither known nor forecast: 23 hours are left of the day.
    let seen = |city: usize, hour| if hour < at { history.value(Pollutant::Pm25, place[city], hour) } else { f64::NAN };
    let paths = &run.trajectories;
    let course = |m: usize, city: usize| paths.course(Pollutant::Pm25, m, city).unwrap_or(&[]);
    let courses = DayCourses::means(run.cities.clone(), paths.first_hour, MEMBERS, course, seen);
    Some((run, courses))
}

fn found(
    days: &CityDays,
    heavy: &EpisodeDefinition,
    expected: Option<&CityDays>,
    date: BeijingDay,
    count: usize,
) -> Analogs {
    let at = BeijingHour::of_day(date, 20).expect("a label of the day");
    analogs(&AnalogRule { count, ..AnalogRule::default() }, heavy, days, expected, at, &[])
}

fn score(
    errors: &mut Errors,
    days: &CityDays,
    run: &Run,
    [without, with, more]: [&Analogs; 3],
    date: BeijingDay,
    counts: &dyn Fn(usize) -> bool,
) {
    errors.issues += 1;
    for (city, lead) in (0..days.cities().len()).flat_map(|city| (0..LEADS).map(move |lead| (city, lead))) {
        let seen = days.value(city, date + lead as i32 + 1);
        let median = run.days.iter().find(|d| d.city == days.cities()[city] && usize::from(d.lead_day) == lead + 1);
        let said = [
            thirty_day_median(days, city, date),
            without.mean_after[city][lead],
            with.mean_after[city][lead],
            more.mean_after[city][lead],
            with.items.first().map_or(f64::NAN, |item| item.after_at_level[city][lead]),
            median.and_then(|day| day.value(Pollutant::Pm25)).map_or(f64::NAN, |said| said.quantiles[2]),
        ];
        let needed = if median.is_some() { &said[..] } else { &said[..METHODS.len() - 1] };
        if counts(city) && seen.is_finite() && needed.iter().all(|value| value.is_finite()) {
            errors.cases[lead].push((date, said.map(|said| (said - seen).abs())));
        }
    }
}

fn thirty_day_median(days: &CityDays, city: usize, date: BeijingDay) -> f64 {
    let mut month: Vec<f64> = (1..=30).map(|back| days.value(city, date - back)).filter(|v| v.is_finite()).collect();
    month.sort_by(f64::total_cmp);
    forecast::measures::quantile(&month, 0.5)
}

/// One regional episode as the evening before it saw it.
fn told(days: &CityDays, heavy: &EpisodeDefinition, expected: &DayCourses, with: &Analogs, date: BeijingDay) {
    println!("\nissued {date}");
    if let Some(region) = outlooks(heavy, days, expected).last() {
        println!("  {}", outlook_words(heavy, region, &names).text_en);
    }
    let mean = |day: usize| with.mean_after.iter().map(|city| city[day]).sum::<f64>() / with.mean_after.len() as f64;
    let seen = |lead: i32| {
        (0..days.cities().len()).map(|city| days.value(city, date + lead)).sum::<f64>() / days.cities().len() as f64
    };
    println!("  mean of the cities, analogs {:.0?}", (0..LEADS).map(mean).collect::<Vec<_>>());
    println!("                      seen    {:.0?}", (1..=LEADS as i32).map(seen).collect::<Vec<_>>());
    with.items.iter().for_each(|item| println!("  {}", analog_words(heavy, item, &names).text_en));
}

fn print(title: &str, errors: &Errors) {
    let counts = errors.cases.each_ref().map(Vec::len);
    println!("\n{title}: {} issues, {counts:?} city days by lead", errors.issues);
    println!("MAE by lead, µg/m³; skill against the 30-day median at leads 1, 2, 3, 5 with 95 % bounds over weeks");
    for (method, name) in METHODS.iter().enumerate() {
        let mae = errors
            .cases
            .each_ref()
            .map(|cases| cases.iter().map(|(_, errors)| errors[method]).sum::<f64>() / cases.len() as f64);
        let skill = |lead: usize| {
            let losses = errors.cases[lead - 1].iter().map(|(date, errors)| (*date, errors[method], errors[0]));
            let skill = skill_by_weeks(losses, 1);
            format!("{:.2} [{:.2}, {:.2}]", skill.value, skill.low, skill.high)
        };
        println!("{name:>26} {mae:6.1?}  {}", [1, 2, 3, 5].map(skill).join("  "));
    }
}

/// Outlooks of 13 cities and the region over 1,000 members, of random walks.
fn speed(days: &CityDays, heavy: &EpisodeDefinition) {
    let first = days.end() - 200;
    let course = |m: usize, city: usize, d: BeijingDay| {
        160.0 + 80.0 * ((m * 7 + city) as f64 + f64::from(d.index()) * (1.0 + m as f64 / 1000.0)).sin()
    };
    let courses = DayCourses::new(days.cities().to_vec(), (first, 8), 1000, course);
    let mut took: Vec<Duration> = (0..20)
        .map(|_| {
            let began = Instant::now();
            assert_eq!(outlooks(heavy, days, &courses).len(), days.cities().len() + 1);
            began.elapsed()
        })
        .collect();
    took.sort();
    println!("outlooks of 13 cities and the region over 1,000 members: median {:?}, shortest {:?}", took[10], took[0]);
}
