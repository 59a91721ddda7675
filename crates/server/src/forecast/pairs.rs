//! Forecasts beside what was observed (预报实况对), from stored runs; nothing after the moment shown is looked at.

use super::days::first_hour;
use super::history::{load, off_the_reactor};
use super::named;
use super::past::{PastRun, past_runs};
use super::runs::ISSUE_LABEL;
use crate::sight::Sight;
use crate::{AppState, ServerError};
use ::forecast::verification::{
    Author, Case, HEAVY_PM25, IndexCase, IndexSaid, Item, JointCase, Occasion, PairCase, ReferenceBook, Said,
};
use ::forecast::{DayForecast, History, LEADS, PairEvent};
use std::collections::BTreeMap;
use std::sync::Arc;
use units::{BeijingDay, Pollutant};

/// Days before the first issue that the references are made from: 30 of climatology, 90 that dress persistence,
/// and the leads between.
pub(super) const REFERENCE_DAYS: i32 = 100;

/// Which target days are paired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Target {
    pub from: BeijingDay,
    pub to: BeijingDay,
    /// One lead day, or all.
    pub lead: Option<u8>,
}

/// What can be scored.
#[derive(Default)]
pub(super) struct Pairs {
    /// Runs that were stored.
    pub runs: usize,
    pub values: Vec<Case>,
    pub indices: Vec<IndexCase>,
    pub joint: Vec<JointCase>,
    /// Two heavy days in a row of the joint courses, as the members say them and as decisions use them.
    pub events: Vec<PairCase>,
    /// What people and houses among the authors are called, by id.
    pub names: BTreeMap<String, named::Said>,
}

impl Target {
    /// Issue days that speak of the target days.
    pub(super) fn issues(self) -> (BeijingDay, BeijingDay) {
        match self.lead {
            Some(lead) => (self.from - i32::from(lead), self.to - i32::from(lead)),
            None => (self.from - LEADS as i32, self.to - 1),
        }
    }

    fn holds(self, day: &DayForecast) -> bool {
        (self.from..=self.to).contains(&day.date) && self.lead.is_none_or(|lead| lead == day.lead_day)
    }
}

/// The pairs of all stored daily runs that speak of the target days, as far as these are over at the moment shown.
pub(super) async fn pairs_of_runs(state: &AppState, target: Target) -> Result<Pairs, ServerError> {
    let last = Sight::now(state).last_whole_day();
    let target = Target { to: target.to.min(last), ..target };
    let (first, until) = target.issues();
    let runs = past_runs(state, first, until).await?;
    let history = load(state, first_hour(first - REFERENCE_DAYS), first_hour(target.to.max(first) + 1)).await?;
    off_the_reactor(move || paired(&runs, &history, target)).await
}

/// Pure: every day of the runs beside its observation.
fn paired(runs: &[Arc<PastRun>], history: &History, target: Target) -> Pairs {
    let book = ReferenceBook::new(history, ISSUE_LABEL as u8);
    let mut pairs = Pairs { runs: runs.len(), ..Pairs::default() };
    for run in runs {
        for day in run.days.iter().filter(|day| target.holds(day)) {
            if let Some(city) = history.cities.iter().position(|city| *city == day.city) {
                pairs.add(run, day, city, &book);
            }
        }
        if let Some(joint) = joint(run, history, target, &book) {
            pairs.events.extend(events(run, &joint));
            pairs.joint.push(joint);
        }
    }
    pairs
}

impl Pairs {
    fn add(&mut self, run: &PastRun, day: &DayForecast, city: usize, book: &ReferenceBook) {
        let Some(seen) = book.seen(city, day.date) else { return };
        let occasion = Occasion {
            issue: run.issue,
            lead_day: day.lead_day,
            date: day.date,
            city: day.city.clone(),
            author: Author::Model(run.model.clone()),
            observed_level: seen.level(),
        };
        for item in Item::ALL {
            let Some((said, value)) = said(day, item).zip(seen.value(item)) else { continue };
            let references = book.value(city, run.issue, day.lead_day, item);
            self.values.push(Case { occasion: occasion.clone(), item, said, seen: value, references });
        }
        if let Some(aqi) = seen.aqi {
            let references = book.index(city, run.issue, day.lead_day);
            let (said, primary) = (index_said(day), seen.primary.clone());
            self.indices.push(IndexCase { occasion, said, seen: aqi, primary, references });
        }
    }
}

fn said(day: &DayForecast, item: Item) -> Option<Said> {
    match item {
        Item::Pollutant(pollutant) => day.value(pollutant).map(|value| (value.mean, value.quantiles)),
        Item::Aqi => Some((day.aqi.mean, day.aqi.quantiles.map(f64::from))),
    }
    .map(|(mean, quantiles)| Said { mean, quantiles, members: vec![] })
}

fn index_said(day: &DayForecast) -> IndexSaid {
    IndexSaid {
        range: (day.aqi.lo, day.aqi.hi),
        levels: day.aqi.levels.clone(),
        primary: Some(day.aqi.primary.clone()),
        p_aqi150: Some(day.aqi.p_aqi150),
        p_aqi200: Some(day.aqi.p_aqi200),
    }
}

/// The pairs of days of a run's joint course that were both observed.
fn events(run: &PastRun, joint: &JointCase) -> Vec<PairCase> {
    let one = |pair: &PairEvent| {
        let city = run.cities.iter().position(|city| *city == pair.city)?;
        let first = city * joint.leads + usize::from(pair.first_lead).checked_sub(1)?;
        let seen = joint.seen.get(first..first + 2)?;
        let happened = seen.iter().all(|day| *day > HEAVY_PM25);
        let known = seen.iter().all(|day| day.is_finite());
        let (issue, lead_day, members, calibrated) = (joint.issue, pair.first_lead, pair.raw, pair.calibrated);
        known.then_some(PairCase { issue, lead_day, members, calibrated, happened })
    };
    run.events.iter().filter_map(one).collect()
}

/// The joint course of a run whose first day is a target day; days that are not over are missing.
fn joint(run: &PastRun, history: &History, target: Target, book: &ReferenceBook) -> Option<JointCase> {
    if !(target.from..=target.to).contains(&(run.issue + 1)) || target.lead.is_some() {
        return None;
    }
    let place = |name: &String| history.cities.iter().position(|city| city == name);
    let places: Vec<usize> = run.cities.iter().map(place).collect::<Option<_>>()?;
    let pm25 = Item::Pollutant(Pollutant::Pm25);
    let seen = |city: usize, lead: usize| {
        let day = run.issue + lead as i32 + 1;
        book.seen(city, day).filter(|_| day <= target.to).and_then(|seen| seen.value(pm25)).unwrap_or(f64::NAN)
    };
    Some(JointCase {
        issue: run.issue,
        author: Author::Model(run.model.clone()),
        cities: places.len(),
        leads: LEADS,
        members: run.courses.clone(),
        seen: places.iter().flat_map(|city| (0..LEADS).map(move |lead| seen(*city, lead))).collect(),
        references: book.courses(&places, run.issue, LEADS),
    })
}
