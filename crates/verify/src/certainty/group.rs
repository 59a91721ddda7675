use super::{Beta, ClosedLine, Prior};
use crate::VerifyError;
use serde::{Deserialize, Serialize};
use statrs::function::beta::ln_beta;
use std::collections::BTreeMap;
use units::{BeijingDay, OrgId};

/// How alike enterprises may be, in lines: what is tried when it is learned.
const ALIKE: [f64; 13] = [0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0];

/// What was learned from closed lines (确定性学习结果), by industry and measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    prior: Prior,
    groups: BTreeMap<(String, String), Group>,
}

/// How surely one enterprise carries one measure out (确定性), with what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Certainty {
    /// The mean share it delivers, and how far that mean may be wrong: it narrows with every line.
    pub mean_share: Beta,
    /// The share it delivers in one order: what the planner takes as `sure`, with its spread.
    pub one_order: Beta,
    /// Its own verified lines.
    pub lines: usize,
    /// What they weigh together, in wholly verified lines.
    pub weight: f64,
    /// How much of what is said rests on its own lines, 0 to 1; the rest is its industry.
    pub own_part: f64,
    /// Other enterprises of its industry with lines of this measure.
    pub others: usize,
    /// First and last day of each of its own lines, oldest first.
    pub rests_on: Vec<(BeijingDay, BeijingDay)>,
    /// First and last day of all lines of its industry that it rests on.
    pub industry_days: Option<(BeijingDay, BeijingDay)>,
    /// The prior it began with.
    pub prior: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Group {
    by_enterprise: BTreeMap<OrgId, Own>,
    /// How alike the enterprises are, in lines.
    alike: f64,
    /// How much one enterprise differs from order to order.
    unsteady: f64,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Own {
    delivered: f64,
    missing: f64,
    squares: f64,
    days: Vec<(BeijingDay, BeijingDay)>,
}

impl Own {
    fn weight(&self) -> f64 {
        self.delivered + self.missing
    }

    fn mean(&self) -> f64 {
        self.delivered / self.weight()
    }

    /// What this enterprise says about its industry: never more than `alike` lines, however many it has.
    fn voice(&self, alike: f64) -> f64 {
        let (weight, alike) = (self.weight(), alike + 1.0);
        weight * alike / (weight + alike)
    }
}

impl Learned {
    /// Learns from lines, whatever their order. Refuses `V-401` a line that ends before it begins, one whose id stands twice,
    /// and one of which nothing was verified.
    pub fn from_lines(lines: impl IntoIterator<Item = ClosedLine>, prior: &Prior) -> Result<Learned, VerifyError> {
        let mut by_id: BTreeMap<String, ClosedLine> = BTreeMap::new();
        for line in lines {
            let refuse = |reason: &str| Err(VerifyError::ClosedLine { line: line.id.clone(), reason: reason.into() });
            if line.from > line.to {
                return refuse("it ends before it begins");
            }
            if line.verified.get() <= 0.0 {
                return refuse("nothing of it was verified");
            }
            if by_id.contains_key(&line.id) {
                return refuse("its id stands twice; give the version that stands");
            }
            by_id.insert(line.id.clone(), line);
        }
        let mut groups: BTreeMap<(String, String), Group> = BTreeMap::new();
        // In order of ids: sums of floating numbers would otherwise know the order in which lines came.
        for line in by_id.into_values() {
            let group = groups.entry((line.industry, line.measure)).or_default();
            let own = group.by_enterprise.entry(line.enterprise).or_default();
            let (weight, share) = (line.verified.get(), line.delivered.get());
            own.delivered += weight * share;
            own.missing += weight * (1.0 - share);
            own.squares += weight * share * share;
            own.days.push((line.from, line.to));
        }
        for group in groups.values_mut() {
            group.by_enterprise.values_mut().for_each(|own| own.days.sort_unstable());
            group.alike = group.most_likely_alike(prior);
            group.unsteady = group.learned_unsteady(prior);
        }
        Ok(Learned { prior: prior.clone(), groups })
    }

    /// What is known of an enterprise; of an unknown one what its industry says, and of an unknown industry the prior.
    pub fn of(&self, enterprise: &OrgId, industry: &str, measure: &str) -> Certainty {
        let empty = Group { alike: self.prior.alike_lines, unsteady: self.prior.unsteady, ..Group::default() };
        let group = self.groups.get(&(industry.to_string(), measure.to_string())).unwrap_or(&empty);
        let nothing = Own::default();
        let own = group.by_enterprise.get(enterprise).unwrap_or(&nothing);
        let (industry_mean, industry_variance) = group.industry_without(enterprise, &self.prior);
        let (alike, weight) = (group.alike, own.weight());
        let total = alike + weight;
        let mean = (alike * industry_mean + own.delivered) / total;
        // Uncertainty of the enterprise given its industry, and what the industry's own uncertainty adds.
        let variance = mean * (1.0 - mean) / (total + 1.0) + (alike / total).powi(2) * industry_variance;
        let mean_share = Beta::new(mean, variance);
        let known = mean_share.deviation.powi(2);
        let one = known + group.unsteady * (mean_share.mean * (1.0 - mean_share.mean) - known).max(0.0);
        let days = || group.by_enterprise.values().flat_map(|own| own.days.iter());
        let span = |first: BeijingDay| Some((first, days().map(|(_, to)| *to).max()?));
        Certainty {
            mean_share,
            one_order: Beta::new(mean, one),
            lines: own.days.len(),
            weight,
            own_part: weight / total,
            others: group.by_enterprise.keys().filter(|other| *other != enterprise).count(),
            rests_on: own.days.clone(),
            industry_days: days().map(|(from, _)| *from).min().and_then(span),
            prior: self.prior.id.clone(),
        }
    }
}

impl Group {
    /// Mean and variance of the industry's mean, by the other enterprises: an enterprise is not its own witness twice.
    fn industry_without(&self, enterprise: &OrgId, prior: &Prior) -> (f64, f64) {
        let others = self.by_enterprise.iter().filter(|(other, _)| *other != enterprise).map(|(_, own)| own);
        industry(others, self.alike, prior)
    }

    /// How alike the enterprises are: what makes the lines most likely, held near the prior's opinion.
    fn most_likely_alike(&self, prior: &Prior) -> f64 {
        let score = |alike: f64| {
            let (mean, _) = industry(self.by_enterprise.values(), alike, prior);
            let (up, down) = (mean * alike, (1.0 - mean) * alike);
            let likelihood = |own: &Own| ln_beta(up + own.delivered, down + own.missing) - ln_beta(up, down);
            let away = (alike / prior.alike_lines).ln() / prior.alike_spread;
            self.by_enterprise.values().map(likelihood).sum::<f64>() - away * away / 2.0
        };
        ALIKE.into_iter().max_by(|a, b| score(*a).total_cmp(&score(*b))).unwrap_or(prior.alike_lines)
    }

    /// How much of the greatest possible variance lies between the orders of one enterprise. Enterprises that always deliver
    /// all, or nothing, leave hardly anything to vary, and so say hardly anything about it.
    fn learned_unsteady(&self, prior: &Prior) -> f64 {
        let (mean, _) = industry(self.by_enterprise.values(), self.alike, prior);
        let opinion = prior.unsteady_lines * mean * (1.0 - mean);
        let (mut varied, mut possible) = (prior.unsteady * opinion, opinion);
        for own in self.by_enterprise.values().filter(|own| own.days.len() > 1) {
            let (mean, count) = (own.mean(), own.days.len() as f64);
            // One line of each enterprise is spent on its mean.
            varied += (own.squares - own.weight() * mean * mean).max(0.0) * count / (count - 1.0);
            possible += own.weight() * mean * (1.0 - mean);
        }
        (varied / possible).min(1.0)
    }
}

fn industry<'a>(owns: impl Iterator<Item = &'a Own>, alike: f64, prior: &Prior) -> (f64, f64) {
    let (mut delivered, mut voices) = (prior.mean * prior.enterprises, prior.enterprises);
    for own in owns {
        let voice = own.voice(alike);
        delivered += voice * own.mean();
        voices += voice;
    }
    let mean = delivered / voices;
    (mean, mean * (1.0 - mean) / (voices + 1.0))
}
