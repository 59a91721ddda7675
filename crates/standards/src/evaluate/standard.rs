use crate::{AqiEdition, EvaluationRules, IndexRule, Limits, StandardsError};
use std::fmt;
use std::str::FromStr;
use units::BeijingDay;

/// Which edition of the index rules to apply.
#[derive(Clone, Copy, Debug, Default)]
pub enum Standard {
    /// To each day the edition in force on it.
    #[default]
    Auto,
    /// One edition for all days.
    Fixed(&'static AqiEdition),
}

impl Standard {
    /// The edition of the index for a day.
    pub fn edition(self, day: BeijingDay) -> &'static AqiEdition {
        match self {
            Standard::Auto => AqiEdition::in_force(day),
            Standard::Fixed(edition) => edition,
        }
    }

    /// The limits for a period that ends on `last`.
    pub fn limits(self, last: BeijingDay) -> &'static Limits {
        Limits::in_force(self.reference_day(last))
    }

    /// The evaluation rules for a period that ends on `last`.
    pub fn rules(self, last: BeijingDay) -> &'static EvaluationRules {
        EvaluationRules::in_force(self.reference_day(last))
    }

    /// The composite index rule for a period that ends on `last`.
    pub fn index_rule(self, last: BeijingDay) -> &'static IndexRule {
        IndexRule::in_force(self.reference_day(last))
    }

    /// The editions the days `from` to `to` are judged by, oldest first.
    pub fn editions(self, from: BeijingDay, to: BeijingDay) -> Vec<&'static str> {
        let (first, last) = (self.edition(from).id(), self.edition(to).id());
        let ids: Vec<&str> = AqiEdition::all().iter().map(AqiEdition::id).collect();
        let place = |id: &str| ids.iter().position(|other| *other == id).unwrap_or(0);
        ids[place(first)..=place(last)].to_vec()
    }

    /// The documents of one generation belong together: a fixed edition takes the limits and rules that were
    /// in force beside it, the nearest to `last`.
    fn reference_day(self, last: BeijingDay) -> BeijingDay {
        match self {
            Standard::Auto => last,
            Standard::Fixed(edition) => {
                let document = edition.document();
                last.max(document.effective_from).min(document.effective_to.unwrap_or(BeijingDay::from_index(i32::MAX)))
            }
        }
    }
}

impl FromStr for Standard {
    type Err = StandardsError;

    /// `auto`, `2012`, `2026`, or the full number. Refuses `S-102`.
    fn from_str(text: &str) -> Result<Self, StandardsError> {
        match text.trim() {
            "auto" => Ok(Standard::Auto),
            other => AqiEdition::by_id(other)
                .map(Standard::Fixed)
                .ok_or_else(|| StandardsError::UnknownStandard(text.to_string())),
        }
    }
}

impl fmt::Display for Standard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Standard::Auto => f.write_str("auto"),
            Standard::Fixed(edition) => f.write_str(edition.id()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_edition_takes_the_limits_that_were_in_force_beside_it() {
        let limits =
            |standard: &str, last: &str| standard.parse::<Standard>().unwrap().limits(last.parse().unwrap()).id();
        assert_eq!(limits("auto", "2018-12-31"), "gb3095-2012");
        assert_eq!(limits("2026", "2018-12-31"), "gb3095-2026-transitional");
        assert_eq!(limits("2026", "2031-06-30"), "gb3095-2026-final");
        assert_eq!(limits("2012", "2031-06-30"), "gb3095-2012");
    }

    #[test]
    fn a_straddling_period_names_both_editions() {
        let (from, to) = ("2026-01-01".parse().unwrap(), "2026-12-31".parse().unwrap());
        assert_eq!(Standard::Auto.editions(from, to), ["HJ 633-2012", "HJ 633-2026"]);
        assert_eq!("2012".parse::<Standard>().unwrap().editions(from, to), ["HJ 633-2012"]);
        assert!("2020".parse::<Standard>().unwrap_err().to_string().starts_with("S-102"));
    }
}
