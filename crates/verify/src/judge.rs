use crate::baseline::{NoBaseline, NormalDays};
use crate::falsification::Finding;
use crate::piece::{Against, Says, Silence};
use crate::{
    Days, HourEvidence, Kind, OrderLine, Outcome, Piece, Reason, Rules, Signal, Verdict, VerifyError, Violation,
};
use std::collections::{BTreeMap, BTreeSet};
use units::{BeijingHour, Share};

/// All that is known of an enterprise when an order is judged (核验材料).
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Hours of the order and of the days before it.
    pub hours: BTreeMap<BeijingHour, HourEvidence>,
    /// What is known of days.
    pub days: Days,
    /// Doubts about its data. They silence what they touch and decide nothing.
    pub findings: Vec<Finding>,
}

/// Judges every hour of an order (逐时核验).
///
/// An hour is `complied` when something measured shows the cut and nothing measured contradicts; `violated` when the
/// weightiest measured piece shows less over the hours that confirm it, or treatment is off while production is on; and
/// `unverifiable` in every other case. A false "complied" costs most: agreement has to be unanimous, and declarations
/// prove nothing. Refuses `V-201`.
pub fn judge(line: &OrderLine, evidence: &Evidence, rules: &Rules) -> Result<Vec<Verdict>, VerifyError> {
    line.check()?;
    let order_day = line.from.day();
    let normal: BTreeMap<Signal, NormalDays> = Signal::ALL
        .iter()
        .filter(|signal| **signal != Signal::Oxygen)
        .map(|signal| (*signal, NormalDays::before(order_day, *signal, &evidence.hours, &evidence.days, rules)))
        .collect();
    let doubted = Doubted::of(&evidence.findings);
    let against = Against { line, rules, normal: &normal, doubted: &doubted };
    let nothing = HourEvidence::default();
    let looked: Vec<Looked> = line
        .hours()
        .map(|hour| {
            let known = evidence.hours.get(&hour).unwrap_or(&nothing);
            Looked::at(&against, hour, known, hour - line.from < i64::from(line.transition_hours))
        })
        .collect();
    let short = runs(&looked, |hour| hour.says == Says::Short);
    let untreated = runs(&looked, |hour| hour.treatment_off.is_some());
    let verdict = |(place, looked): (usize, Looked)| looked.verdict(short[place], untreated[place], rules);
    Ok(looked.into_iter().enumerate().map(verdict).collect())
}

/// Hours of signals on which a doubt lies.
pub(crate) struct Doubted(BTreeSet<(BeijingHour, Signal)>);

impl Doubted {
    fn of(findings: &[Finding]) -> Doubted {
        let mut doubted = BTreeSet::new();
        for finding in findings.iter().filter(|finding| finding.doubts_values()) {
            // A doubt on one value of the analyser house lies on all of them.
            let touched =
                |signal: &&Signal| **signal == finding.signal || (signal.from_stack() && finding.signal.from_stack());
            for signal in Signal::ALL.iter().filter(touched) {
                doubted.extend(finding.hours().map(|hour| (hour, *signal)));
            }
        }
        Doubted(doubted)
    }

    pub fn holds(&self, hour: BeijingHour, signal: Signal) -> bool {
        self.0.contains(&(hour, signal))
    }
}

/// An hour looked at by itself.
struct Looked {
    hour: BeijingHour,
    /// What the measured pieces say together.
    says: Says,
    reason: Reason,
    /// Shares of the baselines of treatment and production.
    treatment_off: Option<(f64, f64)>,
    pieces: Vec<Piece>,
    supplementary: bool,
}

/// How many adjacent hours an hour belongs to for which something holds; 0 where it does not.
fn runs(looked: &[Looked], holds: impl Fn(&Looked) -> bool) -> Vec<usize> {
    let mut lengths = Vec::with_capacity(looked.len());
    for run in looked.chunk_by(|a, b| holds(a) == holds(b)) {
        let length = if holds(&run[0]) { run.len() } else { 0 };
        lengths.extend(std::iter::repeat_n(length, run.len()));
    }
    lengths
}

impl Looked {
    fn at(against: &Against, hour: BeijingHour, known: &HourEvidence, transition: bool) -> Looked {
        let pieces = against.pieces(hour, known);
        let freed = against.line.exempt.as_ref().map(|text| Reason::Exempt { text: text.clone() });
        let freed = freed.or(transition.then_some(Reason::Transition));
        let (says, reason) = freed.map_or_else(|| together(&pieces), |reason| (Says::Silent, reason));
        // Treatment must run whenever production does, exempt or not.
        let treatment_off = treatment_off(against, hour, known);
        Looked { hour, says, reason, treatment_off, pieces, supplementary: known.supplementary }
    }

    fn verdict(self, short: usize, untreated: usize, rules: &Rules) -> Verdict {
        let mut violations = Vec::new();
        let mut reasons = Vec::new();
        if short >= rules.confirm_hours {
            violations.push(Violation::Shortfall);
            let by =
                self.pieces.iter().find(|piece| decides(piece, Says::Short)).map_or(Kind::Mass, |piece| piece.kind);
            reasons.push(Reason::Short { by, hours: short });
        }
        let off = self.treatment_off.filter(|_| untreated >= rules.confirm_hours);
        if let Some((treatment, production)) = off {
            violations.push(Violation::TreatmentOff);
            reasons.push(Reason::TreatmentOff { treatment, production });
        }
        let outcome = match (&self.reason, self.says) {
            _ if !violations.is_empty() => Outcome::Violated,
            (Reason::Exempt { .. } | Reason::Transition, _) => Outcome::Exempt,
            // Off for one hour only: not a violation, but nobody can say the cut was delivered.
            (_, Says::Met) if self.treatment_off.is_none() => Outcome::Complied,
            _ => Outcome::Unverifiable,
        };
        match (self.says, self.treatment_off) {
            (Says::Short, _) if short < rules.confirm_hours => {
                reasons.push(Reason::ShortOnce { needed: rules.confirm_hours });
            }
            (Says::Short, _) => {}
            (_, Some((treatment, production))) if off.is_none() => {
                reasons.push(Reason::TreatmentOff { treatment, production });
            }
            _ if violations.is_empty() => reasons.push(self.reason.clone()),
            _ => {}
        }
        let confidence = match outcome {
            Outcome::Complied => joined(&self.pieces, rules),
            Outcome::Violated if violations.contains(&Violation::Shortfall) => 1.0 - joined(&self.pieces, rules),
            Outcome::Violated => rules.probability,
            Outcome::Unverifiable | Outcome::Exempt => 0.0,
        };
        let delivered = match outcome {
            Outcome::Exempt => None,
            _ if off.is_some() => Some(0.0),
            Outcome::Complied | Outcome::Violated => delivered(&self.pieces),
            Outcome::Unverifiable => None,
        };
        let share = |value: f64| Share::new(value.clamp(0.0, 1.0)).expect("clamped, and made of finite numbers");
        Verdict {
            hour: self.hour,
            outcome,
            confidence: share(confidence),
            violations,
            delivered: delivered.map(share),
            reasons,
            pieces: self.pieces,
            supplementary: self.supplementary,
            rules: rules.id.clone(),
        }
    }
}

fn decides(piece: &Piece, says: Says) -> bool {
    piece.kind.measured() && piece.says == says
}

fn stands_still_anyway(piece: &Piece) -> bool {
    piece.kind.measured() && piece.silence == Some(Silence::NoBaseline(NoBaseline::StandsStill))
}

/// What the pieces say together: a cut only unanimously, a shortfall by the weightiest that is clear.
fn together(pieces: &[Piece]) -> (Says, Reason) {
    let first = |says| pieces.iter().find(|piece| decides(piece, says)).map(|piece| piece.kind);
    let gainsaid = pieces.iter().find(|piece| !piece.kind.measured() && piece.says == Says::Short);
    match (first(Says::Met), first(Says::Short)) {
        // The list of pieces is in order of weight, and kinds compare by it.
        (Some(met), Some(short)) if met < short => (Says::Unclear, Reason::Contradiction { met, short }),
        (_, Some(short)) => (Says::Short, Reason::Short { by: short, hours: 1 }),
        (Some(met), None) => {
            match (gainsaid, pieces.iter().any(|piece| piece.kind < met && decides(piece, Says::Unclear))) {
                (Some(piece), _) => (Says::Unclear, Reason::Gainsaid { by: piece.kind }),
                // Something weightier speaks and does not confirm it.
                (None, true) => (Says::Unclear, Reason::Near),
                (None, false) => (Says::Met, Reason::CutShown { by: met }),
            }
        }
        (None, None) if pieces.iter().any(stands_still_anyway) => (Says::Silent, Reason::NothingToCut),
        (None, None) if pieces.iter().any(|piece| decides(piece, Says::Unclear)) => (Says::Unclear, Reason::Near),
        (None, None) if pieces.iter().any(|piece| piece.says != Says::Silent) => (Says::Unclear, Reason::DeclaredOnly),
        (None, None) => (Says::Silent, Reason::NoEvidence),
    }
}

fn treatment_off(against: &Against, hour: BeijingHour, known: &HourEvidence) -> Option<(f64, f64)> {
    let share = |signal| -> Result<f64, Silence> {
        let (value, baseline) = against.held(hour, known, signal)?;
        Ok(value / baseline.median)
    };
    let rule = &against.rules.treatment;
    let (treatment, production) = (share(Signal::TreatmentPower).ok()?, share(Signal::ProductionPower).ok()?);
    (production >= rule.production_on && treatment <= rule.treatment_off).then_some((treatment, production))
}

/// Probability of the cut from all that speak: log odds added by weight.
fn joined(pieces: &[Piece], rules: &Rules) -> f64 {
    let odds = |piece: &Piece| {
        let probability = piece.probability.clamp(0.02, 0.98);
        (probability / (1.0 - probability)).ln() * rules.weight(piece.kind)
    };
    let sum: f64 = pieces.iter().filter(|piece| piece.says != Says::Silent).map(odds).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// Share of the ordered cut that was delivered, by the weightiest piece that measured it.
fn delivered(pieces: &[Piece]) -> Option<f64> {
    let quantity = |piece: &Piece| Some((piece.cut?.max(0.0) / piece.asked).min(1.0));
    let idle = pieces.iter().any(|piece| piece.kind == Kind::StackPhysics && piece.says == Says::Met);
    let idle_now = || idle.then_some(1.0);
    let none = pieces.iter().any(|piece| piece.kind == Kind::StackPhysics && piece.says == Says::Short).then_some(0.0);
    pieces.iter().find_map(quantity).or_else(idle_now).or(none)
}
