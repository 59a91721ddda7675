use super::{Past, Settings, mean_loss};
use std::collections::BTreeMap;
use units::BeijingHour;

/// Issues at one place that the mean over all places counts for.
const PLACE_PRIOR: f64 = 5.0;
/// Issues that no error at all counts for.
const POOLED_PRIOR: f64 = 3.0;
/// Issues that a correction must have been tried on: over a dozen, whose errors share one spell of weather, corrections
/// that had helped so far made the scored days of the KDD members worse by a tenth.
const FEWEST_TRIED: usize = 20;
/// The shares of a correction that are tried.
const SHARES: [f64; 3] = [0.0, 0.5, 1.0];

/// Mean errors of each member, in the space of the pool: overall and by place (偏差订正).
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Corrections {
    overall: Vec<f64>,
    by_place: Vec<BTreeMap<usize, f64>>,
}

impl Corrections {
    /// The case with each member moved by its share of its mean error there.
    pub(super) fn apply_to(&self, mut case: Past, shares: &[f64]) -> Past {
        for (member, said) in case.said.iter_mut().enumerate() {
            let share = shares.get(member).copied().unwrap_or(0.0);
            if let (Some(values), true) = (said.as_mut(), share > 0.0) {
                let error = share * self.at(member, case.place);
                values.iter_mut().for_each(|value| *value -= error);
            }
        }
        case
    }

    fn at(&self, member: usize, place: usize) -> f64 {
        let overall = self.overall.get(member).copied().unwrap_or(0.0);
        self.by_place.get(member).and_then(|places| places.get(&place).copied()).unwrap_or(overall)
    }
}

/// Mean errors of all members, and the share of each that would have helped.
///
/// Whether it would have helped is judged issue by issue on errors of earlier issues only: a mean error always
/// lessens the loss of the cases it was taken from.
pub(super) fn learn(past: &[Past], members: usize, settings: Settings) -> (Corrections, Vec<f64>) {
    let mut issues: BTreeMap<BeijingHour, Vec<&Past>> = BTreeMap::new();
    past.iter().for_each(|case| issues.entry(case.issue).or_default().push(case));
    let mut running = Running::new(members);
    let mut tried: Vec<Vec<Past>> = vec![vec![]; SHARES.len()];
    for (n, cases) in issues.values().enumerate() {
        if n >= 2 && issues.len() >= FEWEST_TRIED {
            let so_far = running.means();
            for (share, tried) in SHARES.iter().zip(&mut tried) {
                tried.extend(cases.iter().map(|case| so_far.apply_to((*case).clone(), &vec![*share; members])));
            }
        }
        running.take(cases, settings.decay);
    }
    let share = |member: usize| {
        let loss = |n: usize| mean_loss(&tried[n], |case| case.said[member]);
        let wanted = loss(0) * (1.0 - settings.correction_gain);
        let best = (1..SHARES.len()).filter(|n| loss(*n) < wanted).min_by(|a, b| loss(*a).total_cmp(&loss(*b)));
        best.map_or(0.0, |n| SHARES[n])
    };
    (running.means(), (0..members).map(share).collect())
}

/// Decaying sums of errors and counts of issues, by member and place.
struct Running(Vec<BTreeMap<usize, (f64, f64)>>);

impl Running {
    fn new(members: usize) -> Running {
        Running(vec![BTreeMap::new(); members])
    }

    /// Takes one issue: at each place the mean error over its targets counts once.
    fn take(&mut self, cases: &[&Past], decay: f64) {
        for (member, places) in self.0.iter_mut().enumerate() {
            places.values_mut().for_each(|(sum, count)| (*sum, *count) = (*sum * decay, *count * decay));
            let mut today: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
            for case in cases {
                if let Some(values) = case.said[member] {
                    let of_place = today.entry(case.place).or_default();
                    *of_place = (of_place.0 + values[2] - case.seen, of_place.1 + 1.0);
                }
            }
            for (place, (sum, count)) in today {
                let kept = places.entry(place).or_default();
                *kept = (kept.0 + sum / count, kept.1 + 1.0);
            }
        }
    }

    /// `b = (n b_place + k b_all) / (n + k)`, and the mean over all places itself shrunk towards no error.
    fn means(&self) -> Corrections {
        let mut corrections = Corrections::default();
        for places in &self.0 {
            let sum: f64 = places.values().map(|(sum, _)| sum).sum();
            let count: f64 = places.values().map(|(_, count)| count).sum();
            let issues = count / places.len().max(1) as f64;
            let overall = if count > 0.0 { sum / count * issues / (issues + POOLED_PRIOR) } else { 0.0 };
            let of_place = |(sum, count): (f64, f64)| (sum + PLACE_PRIOR * overall) / (count + PLACE_PRIOR);
            corrections.by_place.push(places.iter().map(|(place, sums)| (*place, of_place(*sums))).collect());
            corrections.overall.push(overall);
        }
        corrections
    }
}
