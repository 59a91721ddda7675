use super::estimate::{Estimate, ratio_by_weeks};
use super::event::{EventCase, EventScore, WARNING_PROBABILITY, event_score};
use crate::measures::brier;
use serde::Serialize;
use std::collections::BTreeSet;
use units::BeijingDay;

/// What was said of two heavy days in a row in one city, beside whether they came (连续两日重污染实况对).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairCase {
    /// Day of the issue.
    pub issue: BeijingDay,
    /// Lead of the first of the two days, from 1.
    pub lead_day: u8,
    /// Share of members.
    pub members: f64,
    /// The probability that decisions use.
    pub calibrated: f64,
    /// Both day means of PM2.5 above [`super::HEAVY_PM25`].
    pub happened: bool,
}

/// Both probabilities of the same pairs, scored (连续两日事件检验).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairScore {
    /// Lead of the first day; `None`: all of them together.
    pub lead_day: Option<u8>,
    /// By the share of members.
    pub members: EventScore,
    /// By the calibrated probability.
    pub calibrated: EventScore,
    /// Brier skill of the calibrated probability against the share of members; bounds that hold 0 tell no difference.
    pub gain: Option<Estimate>,
}

/// All pairs together, then lead by lead; nothing of no case.
pub fn pair_scores(cases: &[PairCase], seed: u64) -> Vec<PairScore> {
    let leads: BTreeSet<u8> = cases.iter().map(|case| case.lead_day).collect();
    let of =
        |lead: Option<u8>| pair_score(cases.iter().filter(|case| lead.is_none_or(|l| l == case.lead_day)), lead, seed);
    std::iter::once(None).chain(leads.into_iter().map(Some)).filter_map(of).collect()
}

fn pair_score<'a>(cases: impl Iterator<Item = &'a PairCase>, lead_day: Option<u8>, seed: u64) -> Option<PairScore> {
    let cases: Vec<&PairCase> = cases.collect();
    let by = |said: fn(&PairCase) -> f64| {
        let event =
            |case: &&PairCase| EventCase { issue: case.issue, probability: said(case), happened: case.happened };
        event_score(&cases.iter().map(event).collect::<Vec<_>>(), WARNING_PROBABILITY, seed)
    };
    let losses = cases
        .iter()
        .map(|case| (case.issue, brier(case.calibrated, case.happened), brier(case.members, case.happened)));
    Some(PairScore {
        lead_day,
        members: by(|case| case.members)?,
        calibrated: by(|case| case.calibrated)?,
        gain: ratio_by_weeks(losses, seed).map(Estimate::complement),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(day: i32, lead_day: u8, members: f64, calibrated: f64, happened: bool) -> PairCase {
        PairCase { issue: BeijingDay::from_index(17_500 + day), lead_day, members, calibrated, happened }
    }

    #[test]
    fn all_pairs_come_first_and_then_the_leads() {
        let cases = [case(0, 2, 0.2, 0.4, true), case(0, 1, 0.5, 0.5, false), case(8, 2, 0.0, 0.1, false)];
        let found = pair_scores(&cases, 1);
        assert_eq!(found.iter().map(|score| score.lead_day).collect::<Vec<_>>(), [None, Some(1), Some(2)]);
        let second = &found[2];
        // Members .64 and 0, calibrated .36 and .01: the gain is 1 - .37 / .64.
        assert!((second.members.brier.value - 0.32).abs() < 1e-12);
        assert!((second.calibrated.brier.value - 0.185).abs() < 1e-12);
        assert!((second.gain.unwrap().value - (1.0 - 0.37 / 0.64)).abs() < 1e-12);
        assert_eq!((found[0].members.cases, found[1].gain.unwrap().value), (3, 0.0));
    }

    #[test]
    fn nothing_gives_nothing_and_faultless_members_leave_no_ratio() {
        assert!(pair_scores(&[], 1).is_empty());
        assert_eq!(pair_scores(&[case(0, 1, 0.0, 0.1, false)], 1)[0].gain, None);
    }
}
