//! List, responses, scenarios and needs as one plan instance (算例).

use super::amounts::{Amounts, Precursor};
use super::lawful::{Excluded, Offer, lawful};
use super::scheme::Scheme;
use super::value::List;
use crate::{FORMAT, Instance, InstanceFile, LegalMinimum, Measure, PlanError, Receptor, ResponseList, Source};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use units::{Share, WarningLevel};

/// Responses as a plain matrix (源—受体响应): µg/m³ at a receptor per kg/day cut at an entry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Responses {
    /// Rows.
    pub receptors: Vec<Receptor>,
    /// Ids of the entries, in the order that `coo.source` counts.
    pub sources: Vec<String>,
    /// In the order that `coo.precursor` counts.
    pub precursors: Vec<Precursor>,
    /// The entries of the matrix.
    pub coo: ResponseList,
}

/// What is uncertain, and what is asked (情景与需求).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenarios {
    /// Share of scenarios in which each receptor has to be met.
    pub confidence: f64,
    /// `[scenario][receptor]`, µg/m³ to be taken off.
    pub need: Vec<Vec<f64>>,
    /// `[scenario][receptor]`, scales every response; 1 when absent.
    #[serde(default)]
    pub response_factor: Option<Vec<Vec<f64>>>,
    /// `[scenario][source of the matrix]`, share of the ordered cut that is delivered; 1 when absent.
    #[serde(default)]
    pub sure: Option<Vec<Vec<f64>>>,
}

/// An instance with what stands behind its options.
#[derive(Clone, Debug)]
pub struct Joined {
    /// The instance; its sources are those of the matrix, in that order.
    pub file: InstanceFile,
    /// One for each option of the instance, in its order.
    pub offers: Vec<Offer>,
    /// What was not offered, each with its clause.
    pub excluded: Vec<Excluded>,
    /// Sources whose grade has to do something: a plan must not leave them out, which the instance cannot say.
    pub obliged: Vec<usize>,
    /// Entries with a lawful option that the matrix does not know. They are not in the instance: no response is not a response of 0.
    pub without_response: Vec<String>,
    grades: Vec<(String, bool)>,
    level: WarningLevel,
}

/// Least cuts by city (法定最低减排量): shares of what the list's entries emit in a day.
///
/// The law speaks of all local emissions; the list holds its entries only, so that for a city whose list is not complete this
/// is less than the law asks. See the reconciliation.
pub fn minima(list: &List, ratio: &Amounts<Share>) -> Vec<LegalMinimum> {
    let of_city = |(city, total): (units::RegionCode, Amounts<units::KilogramPerDay>)| {
        let known = ratio.known().filter_map(move |(precursor, share)| {
            let cut = total.get(precursor)?.0 * share.get();
            Some(LegalMinimum { city: city.to_string(), precursor: precursor.name().to_string(), cut })
        });
        known.collect::<Vec<_>>()
    };
    list.daily_totals().into_iter().flat_map(of_city).collect()
}

/// Joins a list at a level with responses, scenarios and minima to an instance `qingkong-plan/1`.
///
/// Refuses `P-210` sources that the list does not know or names twice, and `P-102` what the instance itself would refuse.
pub fn instance(
    list: &List,
    level: WarningLevel,
    scheme: &Scheme,
    responses: Responses,
    scenarios: Scenarios,
    minima: Vec<LegalMinimum>,
) -> Result<Joined, PlanError> {
    let entries: HashMap<&str, &super::Entry> = list.entries.iter().map(|entry| (entry.id.as_str(), entry)).collect();
    let precursors: Vec<Precursor> = Precursor::ALL.to_vec();
    let place = places(&responses.precursors)?;
    let (mut sources, mut options, mut offers) = (vec![], vec![], vec![]);
    let (mut excluded, mut obliged, mut grades) = (vec![], vec![], vec![]);
    let mut seen = HashSet::new();
    for (index, id) in responses.sources.iter().enumerate() {
        let refused = |reason| PlanError::Join { path: format!("sources[{index}]"), reason };
        let entry = entries.get(id.as_str()).ok_or_else(|| refused(format!("the list has no entry {id:?}")))?;
        if !seen.insert(id.as_str()) {
            return Err(refused(format!("{id:?} a second time")));
        }
        let found = lawful(entry, level, scheme);
        sources.push(Source { id: id.clone(), city: entry.city.to_string() });
        grades.push((scheme.grade_of(entry).name().to_string(), !entry.safeguard.is_empty()));
        if found.obliged && !found.offers.is_empty() {
            obliged.push(index);
        }
        for offer in found.offers {
            // A cut that is not known counts as none: the plan may not lean on it.
            let cut = precursors.iter().map(|&precursor| offer.cut.get(precursor).map_or(0.0, |cut| cut.0)).collect();
            options.push(Measure { id: offer.id.clone(), source: index, cost: offer.cost_wan_yuan, cut });
            offers.push(offer);
        }
        excluded.extend(found.excluded);
    }
    let outside = list.entries.iter().filter(|entry| !seen.contains(entry.id.as_str()));
    let without_response =
        outside.filter(|entry| !lawful(entry, level, scheme).offers.is_empty()).map(|entry| entry.id.clone()).collect();
    let file = InstanceFile {
        format: FORMAT.to_string(),
        precursors: precursors.iter().map(ToString::to_string).collect(),
        confidence: scenarios.confidence,
        scenarios: scenarios.need.len(),
        receptors: responses.receptors,
        sources,
        options,
        response_coo: numbered(responses.coo, &place)?,
        response_factor: scenarios.response_factor,
        sure: scenarios.sure,
        need: scenarios.need,
        legal_min: minima,
        forbidden: vec![],
    };
    Instance::new(file.clone())?;
    Ok(Joined { file, offers, excluded, obliged, without_response, grades, level })
}

/// The place of each of the matrix's precursors among all.
fn places(named: &[Precursor]) -> Result<Vec<u16>, PlanError> {
    let twice = named.iter().enumerate().find(|(place, precursor)| named[..*place].contains(precursor));
    if let Some((place, precursor)) = twice {
        return Err(PlanError::Join {
            path: format!("precursors[{place}]"),
            reason: format!("{precursor} a second time"),
        });
    }
    Ok(named.iter().map(|precursor| *precursor as u16).collect())
}

fn numbered(mut coo: ResponseList, place: &[u16]) -> Result<ResponseList, PlanError> {
    for (at, precursor) in coo.precursor.iter_mut().enumerate() {
        *precursor = *place.get(usize::from(*precursor)).ok_or_else(|| PlanError::Join {
            path: format!("coo.precursor[{at}]"),
            reason: format!("{precursor} of {}", place.len()),
        })?;
    }
    Ok(coo)
}

impl Joined {
    /// Obliged entries to which a chosen set gives no order; whoever writes the orders adds their own sheet's measure.
    pub fn left_out(&self, chosen: &[usize]) -> Vec<&str> {
        let ordered: HashSet<usize> =
            chosen.iter().filter_map(|&option| Some(self.file.options.get(option)?.source)).collect();
        let left = self.obliged.iter().filter(|source| !ordered.contains(source));
        left.map(|&source| self.file.sources[source].id.as_str()).collect()
    }

    /// The instance as JSON with the keys of the public format that the solver does not need: grade, safeguard, level.
    pub fn json(&self) -> Result<serde_json::Value, PlanError> {
        let broken = |error: serde_json::Error| PlanError::Join { path: ".".into(), reason: error.to_string() };
        let mut value = serde_json::to_value(&self.file).map_err(broken)?;
        for (source, (grade, safeguard)) in self.grades.iter().enumerate() {
            value["sources"][source]["grade"] = grade.as_str().into();
            value["sources"][source]["safeguard"] = (*safeguard).into();
        }
        for option in 0..self.offers.len() {
            value["options"][option]["level"] = self.level.code().into();
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::testing::{entry, list, measure};
    use crate::{Additions, Effort, Status, solve};
    use WarningLevel::Orange;

    fn two() -> List {
        let mut entries = vec![entry("a"), entry("b")];
        entries[0].measures = vec![measure(Orange, "限产30%")];
        entries[1].measures = vec![measure(Orange, "限产50%")];
        entries[1].measures[0].cost_wan_yuan = Some(1.0);
        list(entries)
    }

    fn responses(sources: &[&str]) -> Responses {
        let receptor = Receptor { city: "320300".into(), day: "2026-01-05".into(), pollutant: "PM2_5".into() };
        let n = sources.len() as u32;
        let coo = ResponseList {
            receptor: vec![0; sources.len()],
            source: (0..n).collect(),
            precursor: vec![0; sources.len()],
            value: vec![0.1; sources.len()],
        };
        Responses {
            receptors: vec![receptor],
            sources: sources.iter().map(ToString::to_string).collect(),
            precursors: vec![Precursor::So2],
            coo,
        }
    }

    fn need(value: f64) -> Scenarios {
        Scenarios { confidence: 1.0, need: vec![vec![value]], response_factor: None, sure: None }
    }

    fn joined(
        list: &List,
        responses: Responses,
        scenarios: Scenarios,
        minima: Vec<LegalMinimum>,
    ) -> Result<Joined, PlanError> {
        instance(list, Orange, &Scheme::bundled("grading-2020").unwrap(), responses, scenarios, minima)
    }

    #[test]
    fn the_joined_instance_is_solved_by_hand_and_by_the_solver() {
        // 50 % of 100 kg at 0.1 µg/m³ a kg take off 5 µg/m³ for 1; the other plant would have to stop half for 5.
        let found = joined(&two(), responses(&["a", "b"]), need(5.0), vec![]).unwrap();
        let solver = crate::read(found.json().unwrap().to_string().as_bytes()).unwrap();
        assert!(solver.1.is_empty(), "{:?}", solver.1);
        let plan = solve(&solver.0, &Additions::default(), Effort::seconds(0.1, 1), None);
        assert_eq!((plan.status, plan.cost), (Status::Optimal, 1.0));
        assert_eq!(found.offers[plan.chosen[0]].id, "b@orange");
    }

    #[test]
    fn minima_are_shares_of_the_list_by_city() {
        let ratio =
            Amounts { so2: Some(Share::new(0.2).unwrap()), nox: Some(Share::new(0.2).unwrap()), ..Amounts::default() };
        let minima = minima(&two(), &ratio);
        assert_eq!(minima, [LegalMinimum { city: "320300".into(), precursor: "SO2".into(), cut: 40.0 }]);
        let found = joined(&two(), responses(&["a", "b"]), need(0.0), minima).unwrap();
        let plan =
            solve(&Instance::new(found.file.clone()).unwrap(), &Additions::default(), Effort::seconds(0.1, 1), None);
        assert_eq!((plan.status, plan.cost), (Status::Optimal, 1.0));
    }

    #[test]
    fn an_entry_without_response_is_named_and_not_taken_for_zero() {
        let found = joined(&two(), responses(&["b"]), need(1.0), vec![]).unwrap();
        assert_eq!((found.without_response.as_slice(), found.file.sources.len()), (["a".to_string()].as_slice(), 1));
    }

    #[test]
    fn an_obliged_entry_that_gets_no_order_is_named() {
        let mut list = two();
        list.entries[0].key_industry = Some(19);
        let found = joined(&list, responses(&["a", "b"]), need(1.0), vec![]).unwrap();
        assert_eq!(found.left_out(&[]), ["a"]);
        let of_a = found.offers.iter().position(|offer| offer.id.starts_with("a@")).unwrap();
        assert!(found.left_out(&[of_a]).is_empty());
    }

    #[test]
    fn what_does_not_belong_together_is_refused_by_its_place() {
        let mut twice = responses(&["a", "b"]);
        twice.precursors = vec![Precursor::So2, Precursor::So2];
        let mut outside = responses(&["a", "b"]);
        outside.coo.precursor[1] = 4;
        let mut nan = responses(&["a"]);
        nan.coo.value[0] = f64::NAN;
        for (responses, expected) in [
            (responses(&["x"]), "P-210 sources[0]: the list has no entry \"x\""),
            (responses(&["a", "a"]), "P-210 sources[1]: \"a\" a second time"),
            (twice, "P-210 precursors[1]"),
            (outside, "P-210 coo.precursor[1]: 4 of 1"),
            (nan, "P-102 response_coo.value[0]"),
        ] {
            let error = joined(&two(), responses, need(1.0), vec![]).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        let error = joined(&two(), responses(&["a"]), need(f64::INFINITY), vec![]).unwrap_err().to_string();
        assert!(error.starts_with("P-102 need[0][0]"), "{error}");
    }
}
