//! What one enterprise can lawfully be ordered to do at a level (合法可选措施), and why not the rest.

use super::amounts::{Amounts, Precursor};
use super::entry::{Entry, Measure};
use super::phrase::Action;
use super::scheme::{Barrier, Scheme};
use serde::Serialize;
use units::{KilogramPerDay, Share, WarningLevel};

/// Where the cost of an offer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CostBasis {
    /// The list states it for this measure.
    Listed,
    /// Along the line between costs that the list states.
    Interpolated,
    /// The scheme's cost of a kilogram; a placeholder.
    PerKilogram,
}

/// A lawful option (可选措施).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Offer {
    /// Entry's id, `@`, and the level whose measure it is, or the share of the load in per cent.
    pub id: String,
    /// What is ordered.
    pub text: String,
    /// The level of the list whose measure it is; `None` for a step between.
    pub listed: Option<WarningLevel>,
    /// Share of the load; estimated from the cut where the list gives only that.
    pub share: Share,
    /// kg/day.
    pub cut: Amounts<KilogramPerDay>,
    /// 10⁴ CNY per day.
    pub cost_wan_yuan: f64,
    /// Where the cost comes from.
    pub cost_basis: CostBasis,
}

/// A measure that is not offered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Excluded {
    /// What it would have been called.
    pub id: String,
    /// What it would have been.
    pub text: String,
    /// Share of the load, where known.
    pub share: Option<Share>,
    /// Why not.
    pub barrier: Barrier,
    /// Document and clause.
    pub clause: String,
}

/// What can and cannot be ordered from one entry at one level.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Lawful {
    /// Lawful options, the smallest first.
    pub offers: Vec<Offer>,
    /// The rest, each with its clause.
    pub excluded: Vec<Excluded>,
    /// Its grade has to do something at this level: a plan may not leave it out.
    pub obliged: bool,
}

struct Candidate<'a> {
    id: String,
    text: String,
    measure: Option<&'a Measure>,
    share: Option<Share>,
    cut: Amounts<KilogramPerDay>,
}

/// Lawful options of an entry at a level, under a scheme.
///
/// Candidates are the measures of its own sheet and the scheme's steps between them, cuts in kg/day. A stop is only ever what
/// the sheet orders for the level or a lower one; nothing makes one up.
pub fn lawful(entry: &Entry, level: WarningLevel, scheme: &Scheme) -> Lawful {
    let (baseline, _) = entry.baseline();
    let duty = scheme.duty(entry.key_industry, scheme.grade_of(entry), level);
    let listed = entry.measure(level).and_then(|own| share_of(own, &baseline));
    let mut lawful = Lawful {
        obliged: duty.is_some_and(|duty| duty.least.get() > 0.0) && !entry.long_stopped && entry.safeguard.is_empty(),
        ..Lawful::default()
    };
    for candidate in candidates(entry, &baseline, scheme) {
        let barrier = barrier(entry, level, scheme, &candidate, listed);
        let Candidate { id, text, measure, share, cut } = candidate;
        match (barrier, share) {
            (None, Some(share)) if share.get() > 0.0 && cut.known().any(|(_, cut)| cut.0 > 0.0) => {
                let (cost_wan_yuan, cost_basis) = cost(entry, &baseline, scheme, measure, share, &cut);
                let listed = measure.map(|measure| measure.level);
                lawful.offers.push(Offer { id, text, listed, share, cut, cost_wan_yuan, cost_basis });
            }
            // A measure that orders nothing is no option and no exclusion.
            (None, _) => {}
            (Some(barrier), share) => {
                lawful.excluded.push(Excluded { id, text, share, barrier, clause: scheme.clause(barrier) });
            }
        }
    }
    lawful.offers.sort_by(|a, b| a.share.get().total_cmp(&b.share.get()));
    lawful
}

fn candidates<'a>(entry: &'a Entry, baseline: &Amounts<KilogramPerDay>, scheme: &Scheme) -> Vec<Candidate<'a>> {
    let mut found: Vec<Candidate> = vec![];
    for measure in &entry.measures {
        let share = share_of(measure, baseline);
        // The same measure at two levels is one option.
        let known = found
            .iter_mut()
            .find(|own| own.measure.is_some_and(|own| own.clauses == measure.clauses) && own.share == share);
        if known.is_none() {
            let id = format!("{}@{}", entry.id, measure.level.code());
            let cut = measure.cut(baseline);
            found.push(Candidate { id, text: measure.text.clone(), measure: Some(measure), share, cut });
        }
    }
    if !baseline.is_empty() && !entry.long_stopped {
        for &step in &scheme.steps {
            let stands = |own: &Candidate| own.share.is_some_and(|own| (own.get() - step.get()).abs() < 1e-6);
            if !found.iter().any(stands) {
                let percent = (step.get() * 100.0).round();
                let cut = baseline.map(|daily| KilogramPerDay(daily.0 * step.get()));
                let (id, text) = (format!("{}@{percent}%", entry.id), format!("限产{percent}%"));
                found.push(Candidate { id, text, measure: None, share: Some(step), cut });
            }
        }
    }
    found
}

/// Share of the load: what the words say, else the largest share of a pollutant that is cut.
fn share_of(measure: &Measure, baseline: &Amounts<KilogramPerDay>) -> Option<Share> {
    measure.share().or_else(|| {
        let shares = Precursor::ALL.into_iter().filter_map(|precursor| {
            let (cut, daily) = (measure.stated_cut.get(precursor)?, baseline.get(precursor)?);
            (daily.0 > 0.0).then(|| (cut.0 / daily.0).min(1.0))
        });
        Share::new(shares.max_by(f64::total_cmp)?).ok()
    })
}

fn barrier(
    entry: &Entry,
    level: WarningLevel,
    scheme: &Scheme,
    candidate: &Candidate,
    listed: Option<Share>,
) -> Option<Barrier> {
    const LITTLE: f64 = 1e-9;
    if entry.long_stopped {
        return Some(Barrier::LongStopped);
    }
    let Some(share) = candidate.share.map(Share::get).filter(|share| *share == 0.0 || !candidate.cut.is_empty()) else {
        return Some(Barrier::CutUnknown);
    };
    if share == 0.0 {
        return None;
    }
    let own_level = candidate.measure.is_some_and(|measure| measure.level <= level);
    let stops = share >= 1.0 || candidate.measure.is_some_and(Measure::stops);
    if !entry.safeguard.is_empty() && share > scheme.safeguard_most(level).get() + LITTLE {
        let sized = |measure: &Measure| measure.clauses.iter().any(|clause| clause.action == Action::Demand);
        if !(own_level && candidate.measure.is_some_and(sized)) {
            return Some(Barrier::Safeguard);
        }
        return None;
    }
    if entry.small_emitter && stops && !scheme.small_emitter_stops() {
        return Some(Barrier::SmallEmitter);
    }
    let Some(duty) = scheme.duty(entry.key_industry, scheme.grade_of(entry), level) else {
        return Some(Barrier::AboveGrade);
    };
    if duty.most.get() == 0.0 {
        return Some(Barrier::SelfDirected);
    }
    if share < duty.least.get() - LITTLE {
        return Some(Barrier::BelowGrade);
    }
    if stops && !own_level {
        return Some(Barrier::BlanketStop);
    }
    // A sheet that asks for more than its grade may be ordered binds up to that.
    if listed.is_some_and(|listed| share < listed.get().min(duty.most.get()) - LITTLE) {
        return Some(Barrier::BelowListed);
    }
    (share > duty.most.get() + LITTLE).then_some(Barrier::AboveGrade)
}

fn cost(
    entry: &Entry,
    baseline: &Amounts<KilogramPerDay>,
    scheme: &Scheme,
    measure: Option<&Measure>,
    share: Share,
    cut: &Amounts<KilogramPerDay>,
) -> (f64, CostBasis) {
    if let Some(stated) = measure.and_then(|measure| measure.cost_wan_yuan) {
        return (stated, CostBasis::Listed);
    }
    let mut points: Vec<(f64, f64)> = entry
        .measures
        .iter()
        .filter_map(|own| Some((share_of(own, baseline)?.get(), own.cost_wan_yuan?)))
        .filter(|(share, _)| *share > 0.0)
        .collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let share = share.get();
    let Some(&last) = points.last() else {
        let kilograms: f64 = cut.known().map(|(_, cut)| cut.0).sum();
        return (kilograms * scheme.yuan_per_kilogram / 1e4, CostBasis::PerKilogram);
    };
    let upper = points.iter().position(|point| point.0 >= share);
    let along = match upper {
        None => last.1 * share / last.0,
        Some(place) => {
            let (low, high) = (place.checked_sub(1).map_or((0.0, 0.0), |below| points[below]), points[place]);
            if high.0 > low.0 { low.1 + (high.1 - low.1) * (share - low.0) / (high.0 - low.0) } else { high.1 }
        }
    };
    (along.max(0.0), CostBasis::Interpolated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::testing::{entry, measure};
    use crate::list::{Grade, Graded};
    use proptest::prelude::*;
    use units::WarningLevel::{Orange, Red, Yellow};

    fn scheme() -> Scheme {
        Scheme::bundled("grading-2020").unwrap()
    }

    fn graded(grade: Grade) -> Entry {
        let mut entry = entry("a");
        entry.grades = vec![Graded {
            scheme: "grading-2020".into(),
            grade,
            local: false,
            decided_on: None,
            evidence: String::new(),
        }];
        entry.measures = vec![measure(Yellow, "限产10%"), measure(Orange, "限产30%"), measure(Red, "停产")];
        entry
    }

    fn ids(lawful: &Lawful) -> Vec<&str> {
        lawful.offers.iter().map(|offer| offer.id.as_str()).collect()
    }

    fn barriers(lawful: &Lawful, barrier: Barrier) -> Vec<&str> {
        let found = lawful.excluded.iter().filter(|excluded| excluded.barrier == barrier);
        found.map(|excluded| excluded.id.as_str()).collect()
    }

    #[test]
    fn grade_c_at_orange_gets_its_own_measure_and_more_but_no_stop() {
        let lawful = lawful(&graded(Grade::C), Orange, &scheme());
        assert_eq!(ids(&lawful), ["a@orange", "a@40%", "a@50%"]);
        assert_eq!(barriers(&lawful, Barrier::BelowListed), ["a@yellow", "a@20%"]);
        assert_eq!(barriers(&lawful, Barrier::BlanketStop), ["a@red"]);
        assert_eq!(barriers(&lawful, Barrier::AboveGrade), ["a@70%"]);
        assert!(lawful.excluded.iter().all(|excluded| excluded.clause.contains("340号")));
        let first = &lawful.offers[0];
        assert_eq!((first.cut.so2, first.cut.pm), (Some(KilogramPerDay(30.0)), None));
        assert_eq!((first.cost_wan_yuan, first.cost_basis), (3.0, CostBasis::Listed));
        assert_eq!(lawful.offers[1].cost_basis, CostBasis::Interpolated);
    }

    #[test]
    fn a_stop_is_offered_at_the_level_whose_sheet_orders_it() {
        assert!(ids(&lawful(&graded(Grade::C), Red, &scheme())).contains(&"a@red"));
        let b = lawful(&graded(Grade::B), Red, &scheme());
        assert_eq!(ids(&b), ["a@50%"], "the sheet's stop binds up to what B may be ordered");
        assert_eq!(barriers(&b, Barrier::AboveGrade), ["a@red", "a@70%"], "B is not stopped: {b:?}");
    }

    #[test]
    fn grade_a_decides_by_itself_and_the_ungraded_count_as_d() {
        let a = lawful(&graded(Grade::A), Red, &scheme());
        assert!(a.offers.is_empty() && !a.obliged);
        assert!(a.excluded.iter().all(|excluded| excluded.barrier == Barrier::SelfDirected));
        let mut none = graded(Grade::C);
        none.grades.clear();
        assert_eq!(lawful(&none, Red, &scheme()), lawful(&graded(Grade::D), Red, &scheme()));
    }

    #[test]
    fn the_least_of_the_industry_binds_and_obliges() {
        let mut glass = graded(Grade::D);
        (glass.key_industry, glass.measures) = (Some(19), vec![]);
        let found = lawful(&glass, Yellow, &scheme());
        assert_eq!(ids(&found), ["a@30%", "a@40%", "a@50%", "a@70%"]);
        assert_eq!(barriers(&found, Barrier::BelowGrade), ["a@10%", "a@20%"]);
        assert!(found.obliged);
        assert_eq!(found.offers[0].cost_basis, CostBasis::PerKilogram);
        assert!((found.offers[0].cost_wan_yuan - 30.0 * 60.0 / 1e4).abs() < 1e-12);
    }

    #[test]
    fn safeguard_small_and_stopped_entries_are_kept_out_with_their_clause() {
        let mut heat = graded(Grade::D);
        heat.safeguard = "民生供热".into();
        assert_eq!(barriers(&lawful(&heat, Red, &scheme()), Barrier::Safeguard).len(), 7);
        let mut sized = measure(Orange, "以热定产");
        sized.stated_cut.set(Precursor::So2, KilogramPerDay(15.0));
        heat.measures = vec![sized];
        assert_eq!(ids(&lawful(&heat, Red, &scheme())), ["a@orange"], "what its own sheet sizes to the demand");
        let mut small = graded(Grade::D);
        small.small_emitter = true;
        assert_eq!(barriers(&lawful(&small, Red, &scheme()), Barrier::SmallEmitter), ["a@red"]);
        let mut stopped = graded(Grade::D);
        stopped.long_stopped = true;
        let found = lawful(&stopped, Red, &scheme());
        assert!(found.offers.is_empty() && barriers(&found, Barrier::LongStopped).len() == 3);
    }

    #[test]
    fn what_cuts_nobody_knows_how_much_is_no_option() {
        let mut unknown = graded(Grade::D);
        (unknown.daily, unknown.annual) = Default::default();
        let found = lawful(&unknown, Red, &scheme());
        assert!(found.offers.is_empty());
        assert_eq!(barriers(&found, Barrier::CutUnknown), ["a@yellow", "a@orange", "a@red"]);
    }

    proptest! {
        #[test]
        fn every_offer_keeps_within_its_grade_and_its_emission(
            grade in 0usize..8, level in 0usize..3, industry in proptest::option::of(1u8..=39), small: bool,
            texts in proptest::array::uniform3(prop_oneof!["自主减排", "限产[1-9]0%", "停产", "错峰生产"]),
        ) {
            let (scheme, level) = (scheme(), WarningLevel::ALL[level]);
            let mut entry = graded(Grade::ALL[grade]);
            (entry.key_industry, entry.small_emitter) = (industry, small);
            entry.measures = WarningLevel::ALL.into_iter().zip(&texts).map(|(level, text)| measure(level, text)).collect();
            let found = lawful(&entry, level, &scheme);
            for offer in &found.offers {
                let duty = scheme.duty(industry, Grade::ALL[grade], level).unwrap();
                prop_assert!(offer.share >= duty.least && offer.share.get() <= duty.most.get() + 1e-9);
                prop_assert!(offer.cut.so2.unwrap().0 <= entry.daily.so2.unwrap().0 && offer.cost_wan_yuan >= 0.0);
                prop_assert!(!small || offer.share.get() < 1.0);
            }
            let mut all: Vec<&str> = ids(&found);
            all.extend(found.excluded.iter().map(|excluded| excluded.id.as_str()));
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            prop_assert_eq!(all.len(), count);
        }
    }
}
