use crate::extract::Query;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use ::calendar::{Calendar, CalendarError, Festival, Notice, Year};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use units::BeijingDay;
use utoipa::{IntoParams, ToSchema};

static CALENDAR: LazyLock<Result<Calendar, CalendarError>> = LazyLock::new(Calendar::bundled);

/// The calendars that come with the program, read once.
pub(crate) fn calendar() -> Result<&'static Calendar, CalendarError> {
    CALENDAR.as_ref().map_err(Clone::clone)
}

/// The days of one year that differ from the plain week, and what says so.
#[derive(Serialize, ToSchema)]
pub(crate) struct CalendarYear {
    year: i32,
    /// Days off and make-up workdays, in order. All others: Monday to Friday is worked.
    days: Vec<SpecialDay>,
    notices: Vec<NoticeView>,
    /// How sure the data is.
    confidence: String,
    #[schema(value_type = String, format = Date)]
    checked_on: BeijingDay,
    /// Years that can be asked for.
    known: Vec<i32>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SpecialDay {
    #[schema(value_type = String, format = Date)]
    day: BeijingDay,
    /// `holiday` or `make-up-workday`.
    kind: &'static str,
    /// The holiday that made it so.
    name: String,
    name_en: String,
    /// Number of the notice that says so.
    notice: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeView {
    document: String,
    title: String,
    #[schema(value_type = String, format = Date)]
    issued: BeijingDay,
    url: String,
}

#[derive(Deserialize, IntoParams)]
pub(crate) struct OfYear {
    /// The year; the one shown when absent.
    year: Option<i32>,
}

/// Days off and make-up workdays of a year. Refuses `K-101` a year whose notice is not known.
#[utoipa::path(get, path = "/api/v1/calendar", tag = "work", params(OfYear),
    responses((status = 200, body = CalendarYear), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn days(
    State(state): State<AppState>,
    Query(of): Query<OfYear>,
) -> Result<Json<CalendarYear>, ServerError> {
    let asked = of.year.unwrap_or_else(|| state.as_of().day().year());
    let known = calendar().map_err(refused)?;
    let year = known.year(asked).map_err(refused)?;
    Ok(Json(view(year, known.years().map(|year| year.year).collect())))
}

fn refused(error: CalendarError) -> ServerError {
    ServerError::Refused(error.to_string())
}

fn view(year: &Year, known: Vec<i32>) -> CalendarYear {
    let day = |(day, kind, festival): (BeijingDay, ::calendar::DayKind, &Festival)| SpecialDay {
        day,
        kind: kind.code(),
        name: festival.name.clone(),
        name_en: festival.name_en.clone(),
        notice: festival.notice.clone(),
    };
    let notice = |notice: &Notice| NoticeView {
        document: notice.document.clone(),
        title: notice.title.clone(),
        issued: notice.issued,
        url: notice.url.clone(),
    };
    CalendarYear {
        year: year.year,
        days: year.special_days().map(day).collect(),
        notices: year.notices.iter().map(notice).collect(),
        confidence: year.confidence.clone(),
        checked_on: year.checked_on,
        known,
    }
}
