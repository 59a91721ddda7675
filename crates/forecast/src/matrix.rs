use crate::recent::Recent;
use crate::rows::Rows;
use crate::targets::{LEADS, Timetable};
use crate::{ForecastError, History};
use units::{BeijingDay, Pollutant};

/// What the regression of one pollutant is trained on (训练矩阵), for comparison with other learners.
///
/// One row an issue day, in order of time; logarithms against the city's 30-day level.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingMatrix {
    /// Issue day of each row.
    pub days: Vec<BeijingDay>,
    /// Predictors of each row; none is missing.
    pub predictors: Vec<Vec<f64>>,
    /// Day targets of each row, `[lead * cities + city]`; NaN where not observed.
    pub targets: Vec<Vec<f64>>,
    /// The level of each row and city on the pollutant's scale: `exp(level + target)` is the day value, for ozone
    /// with an offset. NaN where unknown.
    pub level: Vec<Vec<f64>>,
}

impl TrainingMatrix {
    /// The matrix of a pollutant at an issue hour (label 1 to 24). Refuses `F-101`, `F-110`.
    pub fn of(history: &History, pollutant: Pollutant, issue_hour: u8) -> Result<TrainingMatrix, ForecastError> {
        let time = Timetable::of(issue_hour).ok_or(ForecastError::NoHour { found: issue_hour })?;
        let history = history.clone().checked()?;
        let rows = Rows::of(pollutant, time, &history, &Recent::new(&history), &[]);
        let days = |mut row: Vec<f64>| {
            row.truncate(LEADS * rows.cities);
            row
        };
        Ok(TrainingMatrix {
            targets: rows.observed.into_iter().map(days).collect(),
            days: rows.days,
            predictors: rows.x,
            level: rows.level,
        })
    }
}
