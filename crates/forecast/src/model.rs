use crate::events::{PairCalibration, PairMaps};
use crate::extra::Extra;
use crate::folds::{Fold, folds};
use crate::holes::{Span, holes};
use crate::past::{Gathered, Past};
use crate::predictors::groups;
use crate::recent::Recent;
use crate::ridge::{Ridge, fit};
use crate::rows::Rows;
use crate::scores::{LeadScore, held_out};
use crate::spread::{Spread, State};
use crate::targets::{LEADS, Timetable};
use crate::{ForecastError, History};
use serde::{Deserialize, Serialize};
use units::{BeijingDay, BeijingHour, Pollutant};

/// The form of the model; a change of meaning is a new number, and old files are refused.
pub(crate) const VERSION: u16 = 4;
/// Fewest issue days a model is trained on: one winter and one summer with room for gaps.
pub const NEEDED_DAYS: usize = 300;
/// Share of the training hours a city needs to be forecast by the model.
const NEEDED_SHARE: f64 = 0.5;

/// A trained forecast model (预报模型): everything an issue needs beside the last 31 days of observations.
///
/// For each pollutant ridge regression in logarithms against the 30-day level for the mean, a gamma
/// regression for the spread, and an archive of past out-of-fold error courses, on the same past days for all,
/// for the joint distribution over pollutants, cities and hours. Trained from city observations alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Form of this structure.
    pub version: u16,
    /// Names the form, the issue hour, the training bound and a checksum of the coefficients.
    pub id: String,
    /// Hour label of the issue (起报时间).
    pub issue_label: u8,
    /// Cities that are forecast.
    pub cities: Vec<String>,
    /// Cities of the history with too few hours to be forecast.
    pub left_out: Vec<String>,
    /// Pollutants with too few hours to be forecast.
    pub not_forecast: Vec<Pollutant>,
    /// First hour of the history it was trained on.
    pub trained_from: BeijingHour,
    /// No observation at or after this hour was used.
    pub trained_until: BeijingHour,
    /// Days within the training span on which no city has an hour of PM2.5, as spans.
    pub holes: Vec<Span>,
    /// Issue days it was trained on.
    pub issue_days: usize,
    /// Groups of predictors of each pollutant and how many each holds.
    pub features: Vec<(String, usize)>,
    /// Skill on days the model had not seen, by pollutant, lead and season.
    pub scores: Vec<LeadScore>,
    /// The same with further predictors, where there were enough days with them.
    pub informed: Option<Informed>,
    pub(crate) seed: u64,
    pub(crate) core: Core,
}

/// A model beside the first that looks at further predictors too (带附加因子的模型).
///
/// An issue at which one of them is missing is made by the first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Informed {
    /// Names of the [`Extra`]s and the columns of each.
    pub extras: Vec<(String, usize)>,
    /// Issue days it was trained on.
    pub issue_days: usize,
    /// Skill on days it had not seen.
    pub scores: Vec<LeadScore>,
    pub(crate) core: Core,
}

/// What an issue is computed from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Core {
    /// One for each forecast pollutant, in the order of [`Pollutant::ALL`].
    pub parts: Vec<Part>,
    /// Issue days of the archives of errors.
    pub days: Vec<BeijingDay>,
    pub pairs: PairMaps,
}

/// What the model knows of one pollutant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Part {
    pub pollutant: Pollutant,
    /// Ridge penalty of each lead day.
    pub penalty: [f64; LEADS],
    pub intercept: Vec<f32>,
    pub slope: Vec<f32>,
    pub spread: Spread,
    pub past: Past,
}

/// A part under way: its archive waits for the days of the others.
struct Fitted {
    rows: Rows,
    folds: Vec<Fold>,
    ridge: Ridge,
    spread: Spread,
    gathered: Gathered,
}

/// Trains on every hour of `history` before `until` the model of one hour of issue (label 1 to 24).
///
/// Deterministic: the same history, bound and seed give the same bytes. Cities with fewer than half the
/// hours of PM2.5 are named in [`Model::left_out`], pollutants with too few issue days in
/// [`Model::not_forecast`]. Refuses `F-101`, `F-102` below [`NEEDED_DAYS`] issue days of PM2.5, `F-109`, `F-110`.
pub fn train(history: &History, until: BeijingHour, issue_hour: u8, seed: u64) -> Result<Model, ForecastError> {
    train_with(history, &[], until, issue_hour, seed)
}

/// The same with further predictors: beside the model of [`train`], which stays as it is, one that uses them all.
///
/// [`Model::informed`] is `None` when fewer than [`NEEDED_DAYS`] issue days have every extra, or when a pollutant of
/// the first model is not forecast by the second. Refuses what [`train`] refuses.
pub fn train_with(
    history: &History,
    extras: &[&Extra],
    until: BeijingHour,
    issue_hour: u8,
    seed: u64,
) -> Result<Model, ForecastError> {
    let time = Timetable::of(issue_hour).ok_or(ForecastError::NoHour { found: issue_hour })?;
    let seen = history.window(history.first_hour, until.min(history.end())).checked()?;
    let (cities, left_out) = usable_cities(&seen);
    let seen = seen.of_cities(&cities);
    let recent = Recent::new(&seen);
    let first = Trained::of(&seen, &recent, &[], time, seed)?;
    let second = if extras.is_empty() { None } else { Some(Trained::of(&seen, &recent, extras, time, seed)) };
    let informed = match second {
        Some(Ok(second)) if second.not_forecast == first.not_forecast => Some(Informed {
            extras: extras.iter().map(|extra| (extra.name().to_string(), extra.columns())).collect(),
            issue_days: second.issue_days,
            scores: second.scores,
            core: second.core,
        }),
        None | Some(Ok(_) | Err(ForecastError::TooFewDays { .. } | ForecastError::TooFewCommonDays { .. })) => None,
        Some(Err(error)) => return Err(error),
    };
    let cores = [Some(&first.core), informed.as_ref().map(|informed| &informed.core)];
    Ok(Model {
        version: VERSION,
        id: name(until, issue_hour, cores.into_iter().flatten().flat_map(|core| &core.parts)),
        issue_label: issue_hour,
        left_out,
        not_forecast: first.not_forecast,
        trained_from: seen.first_hour,
        trained_until: until,
        holes: holes(&seen),
        issue_days: first.issue_days,
        features: groups(cities.len()).into_iter().map(|group| (group.name.to_string(), group.size)).collect(),
        cities,
        scores: first.scores,
        informed,
        seed,
        core: first.core,
    })
}

/// A core and what is known of it.
struct Trained {
    core: Core,
    not_forecast: Vec<Pollutant>,
    scores: Vec<LeadScore>,
    issue_days: usize,
}

impl Trained {
    fn of(
        seen: &History,
        recent: &Recent,
        extras: &[&Extra],
        time: Timetable,
        seed: u64,
    ) -> Result<Trained, ForecastError> {
        let until = || seen.end().to_string();
        let (mut fitted, mut not_forecast, mut scores) = (vec![], vec![], vec![]);
        for pollutant in Pollutant::ALL {
            let rows = Rows::of(pollutant, time, seen, recent, extras);
            let found = rows.days.len();
            if found >= NEEDED_DAYS && !seen.cities.is_empty() {
                let part = Fitted::of(rows, recent)?;
                scores.extend(part.scores(recent, seed)?);
                fitted.push(part);
            } else if pollutant == Pollutant::Pm25 {
                return Err(ForecastError::TooFewDays { found, needed: NEEDED_DAYS, until: until() });
            } else {
                not_forecast.push(pollutant);
            }
        }
        let days = common_days(&fitted);
        let pm25 = fitted.last().filter(|part| part.rows.pollutant == Pollutant::Pm25);
        let pm25 = pm25.ok_or(ForecastError::Singular)?;
        if days.len() < NEEDED_DAYS / 2 {
            let found = days.len();
            return Err(ForecastError::TooFewCommonDays { found, needed: NEEDED_DAYS / 2, until: until() });
        }
        let archive = (&pm25.gathered.archived(&days), days.as_slice());
        let pairs = PairMaps::learn(&pm25.rows, &pm25.ridge.out_of_fold, &pm25.spread, archive, &pm25.folds)
            .ok_or(ForecastError::Singular)?;
        let issue_days = pm25.rows.days.len();
        let parts = fitted.into_iter().map(|part| part.archived(&days)).collect();
        Ok(Trained { core: Core { parts, days, pairs }, not_forecast, scores, issue_days })
    }
}

impl Fitted {
    fn of(rows: Rows, recent: &Recent) -> Result<Fitted, ForecastError> {
        let folds = folds(&rows.days);
        let ridge = fit(&rows, &folds).ok_or(ForecastError::Singular)?;
        let cases = error_cases(&rows, &ridge.out_of_fold, 0..rows.days.len());
        let spread = Spread::fit(rows.cities, &cases).ok_or(ForecastError::Singular)?;
        let gathered = Gathered::of(&rows, recent, &ridge.out_of_fold, &spread);
        Ok(Fitted { rows, folds, ridge, spread, gathered })
    }

    fn scores(&self, recent: &Recent, seed: u64) -> Result<Vec<LeadScore>, ForecastError> {
        held_out(&self.rows, recent, &self.folds, &self.ridge.out_of_fold, seed).ok_or(ForecastError::Singular)
    }

    fn archived(self, days: &[BeijingDay]) -> Part {
        let single = |values: &[f64]| values.iter().map(|value| *value as f32).collect();
        Part {
            pollutant: self.rows.pollutant,
            penalty: self.ridge.penalty,
            intercept: single(&self.ridge.coefficients.intercept),
            slope: single(&self.ridge.coefficients.slope),
            past: self.gathered.archived(days),
            spread: self.spread,
        }
    }
}

/// The issue days on which every pollutant has an error course.
fn common_days(fitted: &[Fitted]) -> Vec<BeijingDay> {
    let Some((first, others)) = fitted.split_first() else { return vec![] };
    first.gathered.days().filter(|day| others.iter().all(|part| part.gathered.holds(*day))).collect()
}

impl Model {
    /// Whether a model of this name is one this program reads and issues at this hour.
    pub fn is_named_for(id: &str, issue_hour: u8) -> bool {
        id.starts_with(&format!("ridge-{VERSION}/{issue_hour:02}/"))
    }

    /// How calibrating the probability of two heavy days in a row did on days the model had not seen: the pair that
    /// begins tomorrow, and all later ones.
    pub fn pair_calibration(&self) -> [PairCalibration; 2] {
        self.core.pairs.tried()
    }

    pub(crate) fn time(&self) -> Option<Timetable> {
        Timetable::of(self.issue_label)
    }
}

impl Part {
    /// All targets of one row of predictors.
    pub(crate) fn predict(&self, x: &[f64]) -> Vec<f64> {
        let mut y: Vec<f64> = self.intercept.iter().map(|v| f64::from(*v)).collect();
        for (xi, slope) in x.iter().zip(self.slope.chunks_exact(self.intercept.len())) {
            y.iter_mut().zip(slope).for_each(|(y, b)| *y += xi * f64::from(*b));
        }
        y
    }

    /// Whether its sizes are those of the model's cities; what comes from a file may not be.
    pub(crate) fn fits(&self, cities: usize, time: Timetable, predictors: usize, days: usize) -> bool {
        let targets = time.count(cities);
        self.intercept.len() == targets
            && self.slope.len() == targets * predictors
            && self.spread.fits(cities)
            && self.past.fits(days, cities, time)
    }
}

/// The states and errors of some rows, lead by lead, where the day was observed.
pub(crate) fn error_cases(rows: &Rows, said: &[Vec<f64>], of: impl Iterator<Item = usize>) -> Vec<Vec<(State, f64)>> {
    let mut cases = vec![vec![]; LEADS];
    for row in of {
        for (k, target) in rows.observed[row][..LEADS * rows.cities].iter().enumerate() {
            if target.is_finite() {
                cases[k / rows.cities].push((state(rows, said, row, k), target - said[row][k]));
            }
        }
    }
    cases
}

/// The state of target `k = lead * cities + city` of a training row.
pub(crate) fn state(rows: &Rows, said: &[Vec<f64>], row: usize, k: usize) -> State {
    let city = k % rows.cities;
    let (anomaly, unrest) = (rows.anomaly[row][city], rows.unrest[row][city]);
    State { day: rows.days[row], city, forecast: said[row][k], anomaly, unrest }
}

fn usable_cities(history: &History) -> (Vec<String>, Vec<String>) {
    let series = &history.series[Pollutant::Pm25.index()];
    let valid = |city: usize| {
        series[city * history.hours..(city + 1) * history.hours].iter().filter(|value| value.is_finite()).count()
    };
    let most = (0..history.cities.len()).map(valid).max().unwrap_or(0) as f64;
    let (usable, left_out): (Vec<_>, Vec<_>) = history
        .cities
        .iter()
        .enumerate()
        .partition(|(city, _)| valid(*city) > 0 && valid(*city) as f64 >= NEEDED_SHARE * most);
    let names = |some: Vec<(usize, &String)>| some.into_iter().map(|(_, name)| name.clone()).collect();
    (names(usable), names(left_out))
}

/// FNV-1a over the bits of the coefficients: two models of one name are the same model.
fn name<'a>(until: BeijingHour, issue_hour: u8, all: impl Iterator<Item = &'a Part>) -> String {
    let sum = all
        .flat_map(|part| part.intercept.iter().chain(&part.slope))
        .flat_map(|value| value.to_bits().to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("ridge-{VERSION}/{issue_hour:02}/{}/{:08x}", &until.to_string()[..13], (sum ^ (sum >> 32)) as u32)
}
