use crate::{Outcome, Reason, Rules, Verdict, Violation};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::Share;

/// What a whole order line came to (指令行核验结论).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineOutcome {
    /// Violated when any hour was; complied when enough hours were; exempt when all were; else unverifiable.
    pub outcome: Outcome,
    /// Hours by outcome.
    pub hours: BTreeMap<Outcome, usize>,
    /// Hours by violation.
    pub violations: BTreeMap<Violation, usize>,
    /// Share of its hours, those left out that are exempt or had nothing to cut, of which something could be said.
    pub verified: Share,
    /// Mean share of the ordered cut that was delivered, over the hours where it was measured.
    pub delivered: Option<Share>,
    /// Mean confidence of the hours of which something could be said.
    pub confidence: Share,
}

/// Closes a line: its hours into one outcome (指令行归并).
pub fn close<'a>(verdicts: impl IntoIterator<Item = &'a Verdict>, rules: &Rules) -> LineOutcome {
    let verdicts: Vec<&Verdict> = verdicts.into_iter().collect();
    let (mut hours, mut violations) = (BTreeMap::new(), BTreeMap::new());
    for verdict in &verdicts {
        *hours.entry(verdict.outcome).or_insert(0) += 1;
        for violation in &verdict.violations {
            *violations.entry(*violation).or_insert(0) += 1;
        }
    }
    let count = |outcome| hours.get(&outcome).copied().unwrap_or(0);
    let (complied, violated) = (count(Outcome::Complied), count(Outcome::Violated));
    // Hours in which there was nothing to cut ask for nothing, and tell nothing.
    let idle = verdicts.iter().filter(|verdict| verdict.reasons.contains(&Reason::NothingToCut)).count();
    let asked = verdicts.len() - count(Outcome::Exempt) - idle;
    let outcome = if violated > 0 {
        Outcome::Violated
    } else if asked == 0 && count(Outcome::Exempt) > 0 {
        Outcome::Exempt
    } else if asked > 0 && complied as f64 >= rules.line_complied_share * asked as f64 {
        Outcome::Complied
    } else {
        Outcome::Unverifiable
    };
    let said = verdicts.iter().filter(|verdict| matches!(verdict.outcome, Outcome::Complied | Outcome::Violated));
    let confidences: Vec<f64> = said.map(|verdict| verdict.confidence.get()).collect();
    let delivered: Vec<f64> = verdicts.iter().filter_map(|verdict| Some(verdict.delivered?.get())).collect();
    LineOutcome {
        outcome,
        hours,
        violations,
        verified: share((complied + violated) as f64 / asked.max(1) as f64),
        delivered: mean(&delivered).map(share),
        confidence: share(mean(&confidences).unwrap_or(0.0)),
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn share(value: f64) -> Share {
    Share::new(value.clamp(0.0, 1.0)).expect("a mean of shares, or a part of a whole")
}
