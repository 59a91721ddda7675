//! Periods that requests name.

use crate::ServerError;
use serde::Deserialize;
use units::BeijingHour;
use utoipa::IntoParams;

/// First and last hour, both included.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PeriodQuery {
    /// First hour.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<BeijingHour>,
    /// Last hour; nothing after the hour shown is told.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<BeijingHour>,
    /// `json`, `csv` or `xlsx` where the answer is a list; `Accept` works too.
    #[serde(rename = "format")]
    #[param(value_type = Option<String>)]
    _format: Option<String>,
}

impl PeriodQuery {
    /// The period that may be seen, by default the `usual_hours` up to the hour shown. Refuses `A-203`.
    pub(crate) fn seen(
        &self,
        as_of: BeijingHour,
        usual_hours: i64,
        most_days: i64,
    ) -> Result<(BeijingHour, BeijingHour), ServerError> {
        let to = self.to.unwrap_or(as_of).min(as_of);
        let from = self.from.unwrap_or(to - usual_hours);
        let refuse = |why: String| ServerError::BadPeriod { from: from.to_string(), to: to.to_string(), why };
        if from > to {
            return Err(refuse(format!("ends before it begins; nothing after {as_of} can be shown")));
        }
        if to - from > most_days * 24 {
            return Err(refuse(format!("is longer than {most_days} days")));
        }
        Ok((from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_ends_at_the_hour_shown_and_has_bounds() {
        let hour = BeijingHour::from_index;
        let ask = |from, to| PeriodQuery { from, to, _format: None }.seen(hour(1000), 168, 366).ok();
        assert_eq!(ask(None, None), Some((hour(832), hour(1000))));
        assert_eq!(ask(Some(hour(900)), Some(hour(2000))), Some((hour(900), hour(1000))));
        assert_eq!(ask(Some(hour(1001)), Some(hour(2000))), None, "all of it lies ahead");
        assert_eq!(ask(Some(hour(990)), Some(hour(980))), None);
        assert_eq!(ask(Some(hour(1000 - 366 * 24 - 1)), None), None);
    }
}
