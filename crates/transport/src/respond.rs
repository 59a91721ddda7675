//! Cuts in, changes of concentration out; linear, with a guard where linear is not to be trusted.

use crate::matrix::Matrix;
use crate::source::{Precursor, Receptor, Source};
use crate::{Note, TransportError};
use std::collections::BTreeMap;
use units::KilogramPerDay;

/// A cut (减排量) of one source and precursor.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// Whose.
    pub source: Source,
    /// Of what.
    pub precursor: Precursor,
    /// How much less, 0 or more.
    pub cut: KilogramPerDay,
    /// Of how much; `None` when it is not known.
    pub base: Option<KilogramPerDay>,
}

/// By how much a concentration falls (下降量), µg/m³; negative when it rises.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Change {
    /// The fall.
    pub fall_ug_m3: f64,
    /// Its standard deviation when the errors of all responses go the same way, which is the cautious reading.
    pub deviation_ug_m3: f64,
}

/// What cuts come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Every receptor of the matrix, in its order.
    pub changes: Vec<(Receptor, Change)>,
    /// What was noticed, in order.
    pub notes: Vec<Note>,
}

/// kg/d by position of the source and precursor.
type Wanted = BTreeMap<(u32, Precursor), f64>;

impl Matrix {
    /// The fall of every receptor by these cuts (响应计算): `Σ response · cut`.
    ///
    /// Refuses `X-109`, `X-110` (a cut that is no number or negative), `X-118` (a cut of more than is emitted). Beyond the trusted
    /// share of the worst response concerned, [`Note::Beyond`] says the share; what the matrix does not have is noted, not taken for zero.
    pub fn respond(&self, cuts: &[Cut]) -> Result<Answer, TransportError> {
        let (wanted, mut notes) = self.wanted(cuts)?;
        let mut changes: Vec<(Receptor, Change)> =
            self.receptors().iter().map(|receptor| (*receptor, Change::default())).collect();
        let mut trusted: BTreeMap<(u32, Precursor), f64> = BTreeMap::new();
        for cell in self.cells() {
            let Some(cut) = wanted.get(&(cell.source, cell.precursor)) else { continue };
            let change = &mut changes[cell.receptor as usize].1;
            let fall = cell.response.value.0 * cut;
            change.fall_ug_m3 += fall;
            change.deviation_ug_m3 += fall.abs() * cell.response.doubt.relative_uncertainty;
            let least = trusted.entry((cell.source, cell.precursor)).or_insert(1.0);
            *least = least.min(cell.response.doubt.trusted_share);
        }
        notes.extend(cuts.iter().filter_map(|cut| {
            let source = self.sources().binary_search(&cut.source).ok()? as u32;
            let at = || format!("{} {}", cut.source, cut.precursor);
            let Some(trusted) = trusted.get(&(source, cut.precursor)) else { return Some(Note::NotInMatrix(at())) };
            let Some(base) = cut.base else { return Some(Note::NoBase(at())) };
            let share = if cut.cut.0 > 0.0 { cut.cut.0 / base.0 } else { 0.0 };
            let permille = |share: f64| (share * 1000.0).round() as u32;
            (share > *trusted).then(|| Note::Beyond {
                at: at(),
                cut_permille: permille(share),
                trusted_permille: permille(*trusted),
            })
        }));
        notes.sort();
        notes.dedup();
        Ok(Answer { changes, notes })
    }

    /// Cuts by what they are of; several of one are added.
    fn wanted(&self, cuts: &[Cut]) -> Result<(Wanted, Vec<Note>), TransportError> {
        let (mut wanted, mut notes) = (BTreeMap::new(), vec![]);
        for cut in cuts {
            let at = || format!("{} {}", cut.source, cut.precursor);
            if !cut.cut.0.is_finite() || cut.base.is_some_and(|base| !base.0.is_finite()) {
                return Err(TransportError::NotFinite { at: at() });
            }
            if cut.cut.0 < 0.0 {
                return Err(TransportError::Negative { at: at(), value: cut.cut.0 });
            }
            if let Some(base) = cut.base.filter(|base| cut.cut.0 > base.0 * (1.0 + 1e-9)) {
                return Err(TransportError::MoreThanAll { at: at(), cut: cut.cut.0, base: base.0 });
            }
            match self.sources().binary_search(&cut.source) {
                Ok(source) => *wanted.entry((source as u32, cut.precursor)).or_insert(0.0) += cut.cut.0,
                Err(_) => notes.push(Note::NotInMatrix(at())),
            }
        }
        Ok((wanted, notes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::{Basis, Cell, Doubt, Origin, Response, ResponsePerKilogramPerDay, Status};
    use proptest::prelude::*;
    use units::Pollutant;

    const SOURCES: [&str; 3] = ["320100", "320300", "340100"];

    fn source(n: usize) -> Source {
        Source { region: SOURCES[n].parse().unwrap(), sector: String::new(), stack: String::new() }
    }

    /// Two receptors, three sources, SO2 and NOx; no NOx of the third source.
    fn matrix() -> Matrix {
        let receptor = |city: &str| Receptor {
            city: city.parse().unwrap(),
            day: "2018-01-15".parse().unwrap(),
            pollutant: Pollutant::Pm25,
        };
        let mut cells = vec![];
        for (n, precursor) in [Precursor::So2, Precursor::Nox].into_iter().enumerate() {
            for (receptor, source) in (0..2).flat_map(|r| (0..3).map(move |s| (r, s))) {
                if (precursor, source) != (Precursor::Nox, 2) {
                    let value =
                        ResponsePerKilogramPerDay(1e-4 * f64::from(1 + receptor + 2 * source) * (1.0 + n as f64));
                    let doubt = Doubt { relative_uncertainty: 0.5, trusted_share: 0.3 };
                    cells.push(Cell { receptor, source, precursor, response: Response { value, doubt } });
                }
            }
        }
        let (model, files, grid) = ("m".to_string(), vec![], String::new());
        let origin = Origin { model, files, run: None, grid, status: Status::Model, basis: Basis::Given };
        Matrix::new(origin, vec![receptor("320100"), receptor("320300")], (0..3).map(source).collect(), cells).unwrap()
    }

    fn cut(n: usize, precursor: Precursor, cut: f64, base: Option<f64>) -> Cut {
        Cut { source: source(n), precursor, cut: KilogramPerDay(cut), base: base.map(KilogramPerDay) }
    }

    fn falls(cuts: &[Cut]) -> Vec<f64> {
        matrix().respond(cuts).unwrap().changes.iter().map(|(_, change)| change.fall_ug_m3).collect()
    }

    #[test]
    fn a_tonne_less_by_hand() {
        let answer = matrix().respond(&[cut(1, Precursor::So2, 1000.0, Some(10_000.0))]).unwrap();
        // Responses of the second source: 3e-4 and 4e-4.
        assert!((answer.changes[0].1.fall_ug_m3 - 0.3).abs() < 1e-12);
        assert!((answer.changes[1].1.deviation_ug_m3 - 0.2).abs() < 1e-12);
        assert_eq!(answer.notes, []);
    }

    #[test]
    fn the_guard_speaks_above_the_trusted_share_and_not_at_it() {
        let notes = |kg: f64| matrix().respond(&[cut(0, Precursor::So2, kg, Some(1000.0))]).unwrap().notes;
        assert_eq!(notes(300.0), []);
        let told = notes(301.0)[0].to_string();
        assert_eq!(told, "X-401 320100 SO2: a cut of 30.1 % of the emission; the response is trusted up to 30 %");
    }

    #[test]
    fn what_is_not_known_is_noted_and_not_zero() {
        let told = |one: Cut| matrix().respond(&[one]).unwrap().notes[0].to_string();
        assert!(told(cut(2, Precursor::Nox, 1.0, Some(9.0))).starts_with("X-402 340100 NOx"));
        assert!(told(cut(0, Precursor::So2, 1.0, None)).starts_with("X-403 320100 SO2"));
        let elsewhere = Source { sector: "power".into(), ..source(0) };
        assert!(told(Cut { source: elsewhere, ..cut(0, Precursor::So2, 1.0, None) }).starts_with("X-402"));
    }

    #[test]
    fn cuts_that_can_not_be_are_refused() {
        let told = |kg: f64| matrix().respond(&[cut(0, Precursor::So2, kg, Some(100.0))]).unwrap_err().to_string();
        assert!(told(f64::NAN).starts_with("X-109"));
        assert!(told(-1.0).starts_with("X-110"));
        assert!(told(100.1).starts_with("X-118"));
        assert!(matrix().respond(&[cut(0, Precursor::So2, 100.0, Some(100.0))]).is_ok());
    }

    fn any_cut() -> impl Strategy<Value = Cut> {
        (0usize..3, prop::bool::ANY, 0.0..1e5f64)
            .prop_map(|(n, so2, kg)| cut(n, if so2 { Precursor::So2 } else { Precursor::Nox }, kg, None))
    }

    proptest! {
        #[test]
        fn the_response_to_a_sum_is_the_sum_of_the_responses(
            first in prop::collection::vec(any_cut(), 0..6),
            second in prop::collection::vec(any_cut(), 0..6),
        ) {
            let both: Vec<Cut> = first.iter().chain(&second).cloned().collect();
            for ((a, b), sum) in falls(&first).iter().zip(falls(&second)).zip(falls(&both)) {
                prop_assert!((a + b - sum).abs() <= 1e-9 * (1.0 + sum.abs()));
            }
        }

        #[test]
        fn a_cut_scaled_is_a_response_scaled(cuts in prop::collection::vec(any_cut(), 0..6), factor in 0.0..10.0f64) {
            let scale = |cut: &Cut| Cut { cut: KilogramPerDay(cut.cut.0 * factor), ..cut.clone() };
            let scaled: Vec<Cut> = cuts.iter().map(scale).collect();
            for (one, other) in falls(&cuts).iter().zip(falls(&scaled)) {
                prop_assert!((one * factor - other).abs() <= 1e-9 * (1.0 + other.abs()));
            }
        }
    }
}
