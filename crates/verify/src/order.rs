use crate::{Rules, Signal, VerifyError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::{BeijingHour, OrgId, Share};

const MOST_HOURS: i64 = 24 * 60;

/// What one enterprise was ordered to do (管控指令行), as far as it is verified.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The enterprise.
    pub enterprise: OrgId,
    /// First hour, named by its end.
    pub from: BeijingHour,
    /// Last hour.
    pub to: BeijingHour,
    /// Share of the baseline to be cut, from the plant's own list (一厂一策).
    pub cut: Share,
    /// Signals of which the list asks another share; where it names a signal as the indicator, that share.
    #[serde(default)]
    pub indicators: BTreeMap<Signal, Share>,
    /// So many hours at the beginning are given for the change (过渡时段).
    #[serde(default)]
    pub transition_hours: u8,
    /// Why it need not be carried out, when it need not (豁免).
    #[serde(default)]
    pub exempt: Option<String>,
}

impl OrderLine {
    /// Its hours in order.
    pub fn hours(&self) -> impl Iterator<Item = BeijingHour> {
        let from = self.from;
        (0..=self.to - from).map(move |count| from + count)
    }

    /// The cut asked of a signal, never more than it can show.
    pub fn asked(&self, signal: Signal, rules: &Rules) -> f64 {
        let asked = self.indicators.get(&signal).unwrap_or(&self.cut).get();
        asked.min(rules.signal(signal).most_cut)
    }

    pub(crate) fn check(&self) -> Result<(), VerifyError> {
        let refuse = |reason: String| Err(VerifyError::OrderLine { enterprise: self.enterprise.to_string(), reason });
        let length = self.to - self.from + 1;
        if !(1..=MOST_HOURS).contains(&length) {
            return refuse(format!("{} to {} is not 1 to {MOST_HOURS} hours", self.from, self.to));
        }
        if self.exempt.is_none() && self.cut.get() <= 0.0 && self.indicators.is_empty() {
            return refuse("no cut is asked".into());
        }
        if let Some((signal, _)) = self.indicators.iter().find(|(_, share)| share.get() <= 0.0) {
            return refuse(format!("no cut is asked of {}", signal.code()));
        }
        Ok(())
    }
}
