//! One city's forecast, as its page shows it.

use super::course::{Bands, Courses, figures, index, indices};
use super::{Found, Issued, Pending, issue_shown, pending, run_shown};
use crate::extract::Path;
use crate::figure::Figure;
use crate::observe::{Window, join, level};
use crate::problem::Problem;
use crate::sight::{Sight, city};
use crate::stamp::Stamp;
use crate::table::{Cell, Shape, Table, answer};
use crate::{AppState, ServerError};
use ::forecast::{DayForecast, LEADS, Model, Season};
use ::observe::regions::Region;
use ::standards::{AqiEdition, EvaluationRules};
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use units::{Aqi, BeijingDay, BeijingHour, MassUnit, Pollutant, SiteCode};
use utoipa::ToSchema;

/// Members told one by one.
const SAMPLE: usize = 20;
/// Observed hours shown before the issue.
const PAST_HOURS: i64 = 72;

/// Seven days of PM2.5 for one city, with its uncertainty.
#[derive(Serialize, ToSchema)]
pub(crate) struct CityForecast {
    stamp: Stamp,
    code: String,
    name: String,
    #[schema(value_type = String, format = DateTime)]
    issue_time: BeijingHour,
    model: String,
    /// The model has seen nothing of this day or later.
    #[schema(value_type = String, format = Date)]
    trained_until: BeijingDay,
    members: usize,
    /// Edition of the index.
    standard: String,
    /// Hours after the issue, to the end of the seventh day.
    #[schema(value_type = Vec<String>)]
    hours: Vec<BeijingHour>,
    /// Quantiles of hourly PM2.5 over the members, µg/m³.
    q05: Vec<Option<Figure>>,
    q25: Vec<Option<Figure>>,
    q50: Vec<Option<Figure>>,
    q75: Vec<Option<Figure>>,
    q95: Vec<Option<Figure>>,
    /// Quantiles of the index of the 24 h mean that ends with each hour.
    aqi24: IndexBands,
    /// Some members, hourly PM2.5, µg/m³.
    sample: Vec<Vec<Option<Figure>>>,
    /// What has been observed, up to the moment shown.
    observed: Observed,
    days: Vec<Day>,
    skill: Option<SkillNote>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct IndexBands {
    q05: Vec<Option<u16>>,
    q25: Vec<Option<u16>>,
    q50: Vec<Option<u16>>,
    q75: Vec<Option<u16>>,
    q95: Vec<Option<u16>>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Observed {
    #[schema(value_type = Vec<String>)]
    hours: Vec<BeijingHour>,
    #[serde(rename = "PM2_5")]
    pm25: Vec<Option<Figure>>,
    /// Index of PM2.5's running 24 h mean.
    aqi24: Vec<Option<u16>>,
}

/// One lead day.
#[derive(Serialize, ToSchema)]
pub(crate) struct Day {
    #[schema(value_type = String, format = Date)]
    date: BeijingDay,
    lead_day: u8,
    /// Daily mean PM2.5, µg/m³.
    mean: Option<Figure>,
    q05: Option<Figure>,
    q25: Option<Figure>,
    q50: Option<Figure>,
    q75: Option<Figure>,
    q95: Option<Figure>,
    aqi_lo: u16,
    aqi_hi: u16,
    aqi_q50: Option<u16>,
    level_lo: Option<u8>,
    level_hi: Option<u8>,
    /// The pollutants likely to lead; empty when the range stays within 50.
    primary: String,
    p_aqi150: Option<Figure>,
    p_aqi200: Option<Figure>,
}

/// How good such forecasts were on days the model had not seen.
#[derive(Serialize, ToSchema)]
pub(crate) struct SkillNote {
    text: String,
    text_en: String,
    /// Continuous ranked probability skill against climatology, one a lead day.
    crpss_climatology: Vec<Option<Figure>>,
    /// `winter`, `warm` or `year`.
    period: &'static str,
}

/// The forecast of one city from the latest run at the moment shown. 202 while the run is being made.
#[utoipa::path(get, path = "/api/v1/cities/{code}/forecast", tag = "forecast",
    params(("code" = String, Path, description = "GB/T 2260"), ("format" = Option<String>, Query, description = "`csv` or `xlsx` for the days")),
    responses((status = 200, body = CityForecast), (status = 202, body = Pending), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn city_forecast(
    State(state): State<AppState>,
    Path(code): Path<String>,
    shape: Shape,
) -> Result<Response, ServerError> {
    let region = city(&code)?;
    let sight = Sight::now(&state);
    let issued = match run_shown(&state, sight.as_of()).await? {
        Found::Ready(issued) => issued,
        Found::Pending => return Ok(pending(issue_shown(sight.as_of()))),
        Found::Failed(reason) => return Err(ServerError::NoRun(reason)),
    };
    let issue = issue_shown(sight.as_of());
    let place = issued.run.trajectories.cities.iter().position(|name| *name == region.code.to_string());
    let place =
        place.ok_or_else(|| ServerError::NoRun(format!("{} is not forecast in the run of {issue}", region.name)))?;
    let last = issue + issued.run.trajectories.hours as i64;
    // 23 hours more than are shown, for the running mean of the first.
    let window = sight.values(&[SiteCode::from(region.code)], issue - PAST_HOURS - 23, last.min(sight.as_of())).await?;
    let body = view(&issued, place, region, &window, state.options().demo);
    answer(shape, body, day_table)
}

/// Pure: what the page shows, from the run and what has been observed.
fn view(issued: &Issued, place: usize, region: &Region, window: &Window, demo: bool) -> CityForecast {
    let run = &issued.run;
    let course = &run.trajectories;
    let observed_at = |hour| window.offset(hour).and_then(|at| window.value(0, Pollutant::Pm25, at));
    let known = |hour| observed_at(hour).map_or(f64::NAN, |value| value.to_f64(MassUnit::Microgram));
    let courses = Courses::after(course, place, run.issue, course.hours, known);
    let edition = AqiEdition::in_force(run.issue.day()).id();
    let Bands { q05, q25, q50, q75, q95 } = courses.hourly();
    CityForecast {
        stamp: Stamp::forecast(run.issue, edition, demo),
        code: region.code.to_string(),
        name: region.name.clone(),
        issue_time: run.issue,
        model: run.model_id.clone(),
        trained_until: run.trained_until.day(),
        members: course.members,
        standard: edition.to_string(),
        hours: (0..course.hours).map(|n| course.hour(n)).collect(),
        q05: figures(&q05),
        q25: figures(&q25),
        q50: figures(&q50),
        q75: figures(&q75),
        q95: figures(&q95),
        aqi24: index_bands(&courses),
        sample: (0..course.members.min(SAMPLE)).map(|member| figures(courses.member(member))).collect(),
        observed: observed(window, run.issue),
        days: run.days.iter().filter(|day| day.city == course.cities[place]).map(day).collect(),
        skill: skill(&issued.model, run.issue.day()),
    }
}

fn index_bands(courses: &Courses) -> IndexBands {
    let Bands { q05, q25, q50, q75, q95 } = courses.running();
    let [q05, q25, q50, q75, q95] = [q05, q25, q50, q75, q95].map(|line| indices(&line, courses.first()));
    IndexBands { q05, q25, q50, q75, q95 }
}

fn observed(window: &Window, issue: BeijingHour) -> Observed {
    let shown = window.offset(issue - PAST_HOURS).unwrap_or(0)..window.hours();
    let value = |at| window.value(0, Pollutant::Pm25, at).map(|value| Figure::reported(value, Pollutant::Pm25));
    let running = |at| {
        let needed = EvaluationRules::in_force(window.hour(at).day()).day_hours();
        let mean = window.running_mean(0, Pollutant::Pm25, at, 24, needed)?;
        index(mean.to_f64(MassUnit::Microgram), window.hour(at)).map(Aqi::get)
    };
    Observed {
        hours: shown.clone().map(|at| window.hour(at)).collect(),
        pm25: shown.clone().map(value).collect(),
        aqi24: shown.map(running).collect(),
    }
}

fn day(day: &DayForecast) -> Day {
    let said = day.value(Pollutant::Pm25);
    let figure = |value: f64| figures(&[value])[0];
    let [q05, q25, q50, q75, q95] = said.map_or([None; 5], |said| said.quantiles.map(figure));
    let aqi = &day.aqi;
    let number = |aqi: u16| level(Some(aqi)).map(|level| level.number());
    Day {
        date: day.date,
        lead_day: day.lead_day,
        mean: said.and_then(|said| figure(said.mean)),
        q05,
        q25,
        q50,
        q75,
        q95,
        aqi_lo: aqi.lo,
        aqi_hi: aqi.hi,
        aqi_q50: Some(aqi.quantiles[2]),
        level_lo: number(aqi.lo),
        level_hi: number(aqi.hi),
        primary: join(&aqi.primary),
        p_aqi150: Figure::rounded(aqi.p_aqi150, 2),
        p_aqi200: Figure::rounded(aqi.p_aqi200, 2),
    }
}

/// The skill of the season at hand; of the whole year when the season was not scored.
fn skill(model: &Model, day: BeijingDay) -> Option<SkillNote> {
    let (season, period, zh) =
        [(Season::Winter, "winter", "冬半年（11—2 月）"), (Season::Warm, "warm", "暖季（4—9 月）")]
            .into_iter()
            .find(|(season, ..)| season.holds(day))
            .unwrap_or((Season::Year, "year", "全年"));
    let scores: Vec<_> =
        model.scores.iter().filter(|score| score.pollutant == Pollutant::Pm25 && score.season == season).collect();
    let first = scores.iter().find(|score| score.lead_day == 1)?;
    let value =
        |lead: u8| scores.iter().find(|score| score.lead_day == lead).map(|score| score.skill_climatology.value);
    let percent = |value: f64| (value * 100.0).round();
    let (one, cases) = (percent(first.skill_climatology.value), first.cases);
    let sure = percent(first.coverage90);
    Some(SkillNote {
        text: format!("未参与训练的{zh}共 {cases} 个城市日：第 1 天相对气候态技巧 {one} %，90 % 区间实际覆盖 {sure} %"),
        text_en: format!(
            "On {cases} city days the model had not seen ({period}): day 1 skill over climatology {one} %, the 90 % range held {sure} %"
        ),
        crpss_climatology: (1..=LEADS as u8)
            .map(|lead| value(lead).and_then(|value| Figure::rounded(value, 3)))
            .collect(),
        period,
    })
}

fn day_table(forecast: &CityForecast) -> Table {
    let columns = [
        "issue_time",
        "city",
        "date",
        "lead_day",
        "PM2_5 mean (µg/m³)",
        "q05",
        "q25",
        "q50",
        "q75",
        "q95",
        "aqi_lo",
        "aqi_hi",
        "primary",
        "p_aqi150",
        "p_aqi200",
    ];
    let row = |day: &Day| -> Vec<Cell> {
        vec![
            forecast.issue_time.to_string().into(),
            forecast.name.clone().into(),
            day.date.to_string().into(),
            day.lead_day.into(),
            day.mean.into(),
            day.q05.into(),
            day.q25.into(),
            day.q50.into(),
            day.q75.into(),
            day.q95.into(),
            day.aqi_lo.into(),
            day.aqi_hi.into(),
            day.primary.clone().into(),
            day.p_aqi150.into(),
            day.p_aqi200.into(),
        ]
    };
    Table {
        title: format!("{} PM2.5 预报", forecast.name),
        file: format!("forecast-{}-{}", forecast.code, &forecast.issue_time.to_string()[..10]),
        stamp: forecast.stamp.clone(),
        columns: columns.map(String::from).to_vec(),
        rows: forecast.days.iter().map(row).collect(),
    }
}
