//! Natural days of one site.

use super::hourly::join;
use super::window::Window;
use ::standards::{AqiEdition, AqiReport, DayHours, DayMeans, EvaluationRules, Limits};
use units::{BeijingDay, BeijingHour, Concentration, Pollutant};

/// One site's natural day (日报).
#[derive(Clone, Debug)]
pub(crate) struct SiteDay {
    /// Rounded to be turned into an index.
    pub means: DayMeans,
    /// Of 24.
    pub valid_hours: [usize; 6],
    pub report: AqiReport,
}

impl SiteDay {
    /// The day of one site of the window; hours outside it are missing.
    pub(crate) fn of(window: &Window, site: usize, day: BeijingDay) -> SiteDay {
        let rules = EvaluationRules::in_force(day);
        let hours: [DayHours; 6] = Pollutant::ALL.map(|pollutant| hours_of(window, site, pollutant, day));
        let means = rules.round_day(&rules.day_means(&std::array::from_fn(|n| &hours[n]), Limits::in_force(day)));
        SiteDay {
            means,
            valid_hours: hours.map(|hours| hours.iter().flatten().count()),
            report: AqiEdition::in_force(day).day_aqi(&means),
        }
    }

    /// The index.
    pub(crate) fn aqi(&self) -> Option<u16> {
        self.report.aqi.map(|aqi| aqi.get())
    }

    /// Primary pollutants joined with `|`; `None` without an index.
    pub(crate) fn primary(&self) -> Option<String> {
        self.report.aqi.map(|_| join(&self.report.primary))
    }
}

fn hours_of(window: &Window, site: usize, pollutant: Pollutant, day: BeijingDay) -> DayHours {
    let mut values: DayHours = [None; 24];
    for (value, hour) in values.iter_mut().zip(day.hours()) {
        *value =
            window.offset(hour).and_then(|at| window.value(site, pollutant, at)).filter(|v| *v >= Concentration::ZERO);
    }
    values
}

/// The hour labelled 1 of a day.
pub(crate) fn first_hour(day: BeijingDay) -> BeijingHour {
    day.hours().next().expect("a day has hours")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::window::tests::window_of;

    #[test]
    fn a_day_needs_twenty_hours_and_counts_them() {
        let day = "2018-01-01".parse().unwrap();
        let hours = |valid: usize| [vec![Some(160); valid], vec![None; 24 - valid]].concat();
        let full = SiteDay::of(&window_of(&[(Pollutant::Pm25, hours(20))]), 0, day);
        assert_eq!((full.aqi(), full.primary().as_deref(), full.valid_hours[5]), (Some(210), Some("PM2_5"), 20));
        let thin = SiteDay::of(&window_of(&[(Pollutant::Pm25, hours(19))]), 0, day);
        assert_eq!((thin.aqi(), thin.primary(), thin.valid_hours[5]), (None, None, 19));
    }
}
