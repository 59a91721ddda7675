use crate::History;
use crate::extra::{Extra, side_by_side};
use crate::predictors::predictors;
use crate::recent::Recent;
use crate::targets::{LEADS, Timetable, completed, targets};
use units::{BeijingDay, BeijingHour, Pollutant};

/// Everything a training looks at of one pollutant: one row an issue day, in order of time.
pub(crate) struct Rows {
    pub pollutant: Pollutant,
    pub time: Timetable,
    pub cities: usize,
    pub days: Vec<BeijingDay>,
    /// Predictors of every row.
    pub x: Vec<Vec<f64>>,
    /// Targets as observed, NaN where missing.
    pub observed: Vec<Vec<f64>>,
    /// Targets with the gaps filled, for the regression.
    pub completed: Vec<Vec<f64>>,
    /// 30-day level of every row and city; NaN when unknown.
    pub level: Vec<Vec<f64>>,
    /// Last 24 hours against the level.
    pub anomaly: Vec<Vec<f64>>,
    /// Deviation of the last eight 3-hour blocks.
    pub unrest: Vec<Vec<f64>>,
}

impl Rows {
    /// The issue days whose predictors and target days all lie in the history, and the extras' values beside.
    pub fn of(pollutant: Pollutant, time: Timetable, history: &History, recent: &Recent, extras: &[&Extra]) -> Rows {
        let mut rows = Rows {
            pollutant,
            time,
            cities: history.cities.len(),
            days: vec![],
            x: vec![],
            observed: vec![],
            completed: vec![],
            level: vec![],
            anomaly: vec![],
            unrest: vec![],
        };
        let last = history.end().day().index() - LEADS as i32;
        (history.first_hour.day().index()..last).map(BeijingDay::from_index).for_each(|day| {
            if let Some(beside) = side_by_side(extras, &history.cities, day) {
                rows.push(recent, day, beside);
            }
        });
        rows
    }

    fn push(&mut self, recent: &Recent, day: BeijingDay, beside: Vec<f64>) {
        let mut row = predictors(recent, self.pollutant, last_usable(self.time.issue(day)));
        if 2 * row.level.iter().flatten().count() < self.cities {
            return;
        }
        let observed = targets(recent, self.pollutant, self.time, day, &row.level);
        let Some(completed) = completed(&observed, self.cities) else { return };
        row.x.extend(beside);
        self.days.push(day);
        self.x.push(row.x);
        self.observed.push(observed);
        self.completed.push(completed);
        self.level.push(row.level.into_iter().map(|level| level.unwrap_or(f64::NAN)).collect());
        self.anomaly.push(row.anomaly);
        self.unrest.push(row.unrest);
    }
}

/// The last hour that is known at an issue: the label of the issue hour itself is not yet out.
pub(crate) fn last_usable(issue: BeijingHour) -> BeijingHour {
    issue - 1
}
