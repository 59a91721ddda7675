use crate::model::{Core, Informed, VERSION};
use crate::predictors::groups;
use crate::targets::Timetable;
use crate::{ForecastError, Model, Run};
use serde::Serialize;
use serde::de::DeserializeOwned;
use units::Pollutant;

/// First bytes of a model file; the last digit is the form.
const MODEL: &[u8; 8] = b"QKMODEL4";
/// First bytes of a run file.
const RUN: &[u8; 8] = b"QKFCRUN2";

impl Model {
    /// The model as bytes: the same model gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        written(MODEL, self)
    }

    /// Reads what [`Model::to_bytes`] wrote; refuses `F-106` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Model, ForecastError> {
        let model: Model = read("model", MODEL, bytes)?;
        if model.fits() { Ok(model) } else { Err(refused("model", "its parts do not fit each other")) }
    }
}

impl Model {
    fn fits(&self) -> bool {
        let Some(time) = self.time() else { return false };
        let Some(predictors) = self.features.iter().try_fold(0usize, |sum, (_, size)| sum.checked_add(*size)) else {
            return false;
        };
        let cities = self.cities.len();
        let expected: usize = groups(cities).iter().map(|group| group.size).sum();
        self.version == VERSION
            && cities > 0
            && predictors == expected
            && self.core.fits(cities, time, predictors)
            && self.informed.as_ref().is_none_or(|informed| informed.fits(cities, time, predictors))
    }
}

impl Informed {
    fn fits(&self, cities: usize, time: Timetable, predictors: usize) -> bool {
        let of_cities = |(_, columns): &(String, usize)| columns.checked_mul(cities);
        let add = |sum: usize, extra| of_cities(extra).and_then(|size| sum.checked_add(size));
        self.extras.iter().try_fold(predictors, add).is_some_and(|all| self.core.fits(cities, time, all))
    }
}

impl Core {
    fn fits(&self, cities: usize, time: Timetable, predictors: usize) -> bool {
        self.parts.iter().any(|part| part.pollutant == Pollutant::Pm25)
            && self.parts.iter().all(|part| part.fits(cities, time, predictors, self.days.len()))
            && self.pairs.fits()
    }
}

impl Run {
    /// The run as bytes: the same run gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        written(RUN, self)
    }

    /// Reads what [`Run::to_bytes`] wrote; refuses `F-106` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Run, ForecastError> {
        let run: Run = read("run", RUN, bytes)?;
        if run.fits() { Ok(run) } else { Err(refused("run", "its parts do not fit each other")) }
    }
}

fn written(mark: &[u8; 8], value: &impl Serialize) -> Vec<u8> {
    postcard::to_extend(value, mark.to_vec()).expect("a growing buffer takes any of our plain structures")
}

fn read<T: DeserializeOwned>(kind: &'static str, mark: &[u8; 8], bytes: &[u8]) -> Result<T, ForecastError> {
    let Some(body) = bytes.strip_prefix(mark) else { return Err(refused(kind, &other(mark, bytes))) };
    match postcard::take_from_bytes(body) {
        Ok((value, [])) => Ok(value),
        Ok((_, rest)) => Err(refused(kind, &format!("{} bytes too many", rest.len()))),
        Err(error) => Err(refused(kind, &error.to_string())),
    }
}

/// What bytes with another mark are: an older or newer form is named as such.
fn other(mark: &[u8; 8], bytes: &[u8]) -> String {
    match bytes.get(..8) {
        Some(found) if found[..7] == mark[..7] && found[7].is_ascii_digit() => {
            format!("it has form {}, this program reads form {}", char::from(found[7]), char::from(mark[7]))
        }
        _ => "its first bytes are another file's".to_string(),
    }
}

fn refused(kind: &'static str, reason: &str) -> ForecastError {
    ForecastError::NotReadable { kind, reason: reason.to_string() }
}
