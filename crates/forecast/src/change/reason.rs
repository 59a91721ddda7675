use super::compare::{Change, Statement};
use crate::measures::quantile;
use serde::Serialize;
use units::BeijingHour;

/// What was observed in a city since the earlier run, beside what that run said of the same hours. µg/m³.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Since {
    /// The city.
    pub city: String,
    /// The first hour.
    pub from: BeijingHour,
    /// The last hour.
    pub to: BeijingHour,
    /// Hours with an observation.
    pub hours: usize,
    /// Mean of the observations.
    pub seen: f64,
    /// Median of the members' means over the same hours.
    pub said: f64,
    /// 25 % quantile of the same.
    pub low: f64,
    /// 75 % quantile of the same.
    pub high: f64,
}

impl Since {
    /// Compares the hours from `from` up to, not including, `until`; `None` without an hour that was both observed
    /// and forecast.
    ///
    /// `seen` gives an observation, `said` the value of a member; NaN = missing.
    pub fn of(
        city: &str,
        (from, until): (BeijingHour, BeijingHour),
        members: usize,
        seen: impl Fn(BeijingHour) -> f64,
        said: impl Fn(usize, BeijingHour) -> f64,
    ) -> Option<Since> {
        let hours = (0..(until - from).max(0)).map(|n| from + n);
        let both = |hour: &BeijingHour| seen(*hour).is_finite() && members > 0 && said(0, *hour).is_finite();
        let hours: Vec<BeijingHour> = hours.filter(both).collect();
        let mean =
            |of: &dyn Fn(BeijingHour) -> f64| hours.iter().map(|hour| of(*hour)).sum::<f64>() / hours.len() as f64;
        let mut means: Vec<f64> = (0..members).map(|m| mean(&|hour| said(m, hour))).collect();
        means.retain(|mean| mean.is_finite());
        means.sort_by(f64::total_cmp);
        let [low, median, high] = [0.25, 0.5, 0.75].map(|p| quantile(&means, p));
        Some(Since {
            city: city.to_string(),
            from: *hours.first()?,
            to: *hours.last()?,
            hours: hours.len(),
            seen: mean(&seen),
            said: median,
            low,
            high,
        })
    }

    /// Outside the middle half of what was said.
    fn surprising(&self) -> bool {
        self.seen > self.high || self.seen < self.low
    }

    /// How far off, as a logarithm.
    fn off(&self) -> f64 {
        (self.seen.max(1.0) / self.said.max(1.0)).ln().abs()
    }
}

/// A figure that differs, and may be why.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// The model is another one.
    Model {
        /// Model of the earlier run.
        from: String,
        /// Model of this run.
        to: String,
    },
    /// Guidance of the earlier run is missing in this one.
    GuidanceMissing {
        /// Its name.
        name: String,
    },
    /// Guidance of this run was missing in the earlier one.
    GuidanceNew {
        /// Its name.
        name: String,
    },
    /// A city is no longer forecast.
    LeftOut {
        /// The city.
        city: String,
    },
    /// A city is forecast again.
    Back {
        /// The city.
        city: String,
    },
    /// It was observed otherwise than the earlier run said.
    Observed(Since),
}

impl Reason {
    /// The city it is about; `None` is all of them.
    pub fn city(&self) -> Option<&str> {
        match self {
            Reason::LeftOut { city } | Reason::Back { city } => Some(city),
            Reason::Observed(since) => Some(&since.city),
            Reason::Model { .. } | Reason::GuidanceMissing { .. } | Reason::GuidanceNew { .. } => None,
        }
    }

    /// Whether it can be why: it is about the city or about all, and does not point the other way.
    fn speaks_for(&self, city: &str, change: &Change) -> bool {
        let against = match self {
            Reason::Observed(since) => change.rises().is_some_and(|rises| rises != (since.seen > since.said)),
            _ => false,
        };
        self.city().is_none_or(|about| about == city) && !against
    }
}

/// Reasons for all cities first, then the observations, the farthest off first.
pub(crate) fn reasons(previous: &Statement, this: &Statement, since: &[Since]) -> Vec<Reason> {
    let new = |here: &[String], there: &[String]| -> Vec<String> {
        here.iter().filter(|name| !there.contains(name)).cloned().collect()
    };
    let mut found = Vec::new();
    if previous.model_id != this.model_id {
        found.push(Reason::Model { from: previous.model_id.clone(), to: this.model_id.clone() });
    }
    let missing = new(&previous.guidance, &this.guidance);
    found.extend(missing.into_iter().map(|name| Reason::GuidanceMissing { name }));
    let added = new(&this.guidance, &previous.guidance);
    found.extend(added.into_iter().map(|name| Reason::GuidanceNew { name }));
    found.extend(new(&this.left_out, &previous.left_out).into_iter().map(|city| Reason::LeftOut { city }));
    found.extend(new(&previous.left_out, &this.left_out).into_iter().map(|city| Reason::Back { city }));
    let mut surprises: Vec<&Since> = since.iter().filter(|since| since.surprising()).collect();
    surprises.sort_by(|a, b| b.off().total_cmp(&a.off()));
    found.extend(surprises.into_iter().cloned().map(Reason::Observed));
    found
}

/// Cities whose largest change no reason speaks for, in the order of those changes.
pub(crate) fn unexplained(items: &[Change], reasons: &[Reason]) -> Vec<String> {
    let (mut seen, mut found) = (Vec::new(), Vec::new());
    for (city, change) in items.iter().filter_map(|change| Some((change.city.as_deref()?, change))) {
        if seen.contains(&city) {
            continue;
        }
        seen.push(city);
        if !reasons.iter().any(|reason| reason.speaks_for(city, change)) {
            found.push(city.to_string());
        }
    }
    found
}
