//! What a room is based on, taken from the run and the observations at the moment shown. The one place where a
//! consultation looks into a forecast run.

use crate::forecast::{Arrived, Found, guidance_at, issue_shown, run_shown};
use crate::sight::{Sight, own_cities, sites};
use crate::{AppState, Issued, ServerError};
use ::consult::{
    CityMaterial, EpisodeProbabilities, Material, MemberMaterial, MemberState, ModelDay, Peak, RunMaterial, RunState,
};
use ::guidance::ArrivalState;
use ::observe::regions::Region;
use ::standards::AqiEdition;
use units::{Aqi, BeijingDay, BeijingHour, Pollutant, Share};

/// How far back a city's newest hour is looked for.
const LOOKED_BACK_HOURS: i64 = 48;
/// A city's data is new enough when its newest hour is no older.
const FRESH_HOURS: i64 = 3;

/// The material as it stands now. A run that is being made is material that is missing, not a reason to wait.
pub(super) async fn material(state: &AppState) -> Result<Material, ServerError> {
    let (sight, regions) = (Sight::now(state), own_cities());
    let as_of = sight.as_of();
    let (run, run_state) = match run_shown(state, as_of).await? {
        Found::Ready(issued) => (Some(issued), RunState::Ready),
        Found::Pending => (None, RunState::Pending),
        Found::Failed(_) => (None, RunState::Failed),
    };
    let own = if run.is_some() { MemberState::Present } else { MemberState::Missing };
    let guidance = guidance_at(state, as_of).await?;
    let window = sight.values(&sites(&regions), as_of - LOOKED_BACK_HOURS, as_of).await?;
    let newest = |place: usize| {
        let measured = |at: &usize| Pollutant::ALL.iter().any(|one| window.value(place, *one, *at).is_some());
        (0..window.hours()).rev().find(measured).map(|at| window.hour(at))
    };
    let issue = issue_shown(as_of);
    let city = |(place, region): (usize, &&Region)| {
        let last_hour = newest(place);
        CityMaterial {
            city: region.code,
            name: region.name.clone(),
            name_en: region.name_en.clone(),
            last_hour,
            fresh: last_hour.is_some_and(|last| as_of - last <= FRESH_HOURS),
            days: run.as_ref().map_or_else(Vec::new, |issued| days(issued, region)),
        }
    };
    let cities: Vec<CityMaterial> = regions.iter().enumerate().map(city).collect();
    Ok(Material {
        issue,
        data_time: cities.iter().filter_map(|city| city.last_hour).max(),
        standard: AqiEdition::in_force(issue.day()).id().to_string(),
        run: RunMaterial {
            state: run_state,
            model: run.as_ref().map(|issued| issued.run.model_id.clone()),
            trained_until: run.as_ref().map(|issued| issued.run.trained_until.day()),
            members: run.as_ref().map_or(0, |issued| issued.run.trajectories.members as u32),
        },
        cities,
        members: std::iter::once(MemberMaterial::plain("qingkong", own))
            .chain(guidance.into_iter().map(member))
            .collect(),
    })
}

/// Guidance as the checklist tells it.
fn member(arrived: Arrived) -> MemberMaterial {
    let state = match arrived.state {
        ArrivalState::Present => MemberState::Present,
        ArrivalState::Partial => MemberState::Partial,
        ArrivalState::Late => MemberState::Late,
        ArrivalState::Missing => MemberState::Missing,
    };
    let Arrived { model, issued, note, note_en, .. } = arrived;
    MemberMaterial { id: model, state, issued: Some(issued), note, note_en }
}

/// The largest probabilities of the run, over all cities and days.
pub(super) fn probabilities(issued: &Issued) -> EpisodeProbabilities {
    let regions = own_cities();
    let region = |code: &str| regions.iter().find(|region| region.code.to_string() == code).copied();
    let run = &issued.run;
    let of_day = |share: fn(&::forecast::DayForecast) -> f64| {
        let peaks = run.days.iter().filter_map(|day| peak(region(&day.city)?, share(day), Some(day.date)));
        largest(peaks)
    };
    let pairs = run.events.iter();
    EpisodeProbabilities {
        above150: of_day(|day| day.aqi.p_aqi150),
        above200: of_day(|day| day.aqi.p_aqi200),
        event48: largest(pairs.filter_map(|pair| peak(region(&pair.city)?, pair.calibrated, Some(pair.first_day)))),
    }
}

fn days(issued: &Issued, region: &Region) -> Vec<ModelDay> {
    let code = region.code.to_string();
    let day = |day: &::forecast::DayForecast| {
        Some(ModelDay {
            lead: day.lead_day,
            lo: Aqi::new(day.aqi.lo).ok()?,
            hi: Aqi::new(day.aqi.hi).ok()?,
            primary: primary(day),
            above150: Share::new(day.aqi.p_aqi150).ok(),
            above200: Share::new(day.aqi.p_aqi200).ok(),
        })
    };
    issued.run.days.iter().filter(|day| day.city == code).filter_map(day).collect()
}

/// A range that reaches above 50 names a pollutant even where its middle lies below.
fn primary(day: &::forecast::DayForecast) -> Vec<Pollutant> {
    match &day.aqi.primary[..] {
        [] if day.aqi.hi > 50 => vec![Pollutant::Pm25],
        primary => primary.to_vec(),
    }
}

fn peak(region: &Region, share: f64, day: Option<BeijingDay>) -> Option<Peak> {
    let (city, city_en) = (region.name.clone(), region.name_en.clone());
    Share::new(share).ok().map(|share| Peak { share, city, city_en, day })
}

fn largest(peaks: impl Iterator<Item = Peak>) -> Option<Peak> {
    // The first of equals: the order of the run decides, so that the same run gives the same words.
    peaks.reduce(|a, b| if b.share > a.share { b } else { a })
}

/// The issue time of the run that belongs to the moment shown.
pub(super) fn issue(state: &AppState) -> BeijingHour {
    issue_shown(state.as_of())
}
