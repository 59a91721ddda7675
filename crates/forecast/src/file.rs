use crate::targets::{HORIZON, LEADS, count};
use crate::{ForecastError, Model, Run};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// First bytes of a model file; the last digit is the form.
const MODEL: &[u8; 8] = b"QKMODEL1";
/// First bytes of a run file.
const RUN: &[u8; 8] = b"QKFCRUN1";

impl Model {
    /// The model as bytes: the same model gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        written(MODEL, self)
    }

    /// Reads what [`Model::to_bytes`] wrote; refuses `F-106` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Model, ForecastError> {
        let model: Model = read("model", MODEL, bytes)?;
        let (cities, predictors) = (model.cities.len(), model.features.iter().map(|(_, size)| size).sum::<usize>());
        let fits = cities > 0
            && model.intercept.len() == count(cities)
            && model.slope.len() == count(cities) * predictors
            && model.spread.fits(cities)
            && model.past.fits(cities);
        if fits { Ok(model) } else { Err(refused("model", "its parts do not fit each other")) }
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
        let courses = &run.trajectories;
        let cities = courses.cities.len();
        let fits = courses.hours == HORIZON
            && courses.pm25.len() == courses.members * cities * HORIZON
            && run.days.len() == cities * LEADS;
        if fits { Ok(run) } else { Err(refused("run", "its parts do not fit each other")) }
    }
}

fn written(mark: &[u8; 8], value: &impl Serialize) -> Vec<u8> {
    postcard::to_extend(value, mark.to_vec()).expect("a growing buffer takes any of our plain structures")
}

fn read<T: DeserializeOwned>(kind: &'static str, mark: &[u8; 8], bytes: &[u8]) -> Result<T, ForecastError> {
    let body = bytes.strip_prefix(mark).ok_or_else(|| refused(kind, "its first bytes are another file's"))?;
    match postcard::take_from_bytes(body) {
        Ok((value, [])) => Ok(value),
        Ok((_, rest)) => Err(refused(kind, &format!("{} bytes too many", rest.len()))),
        Err(error) => Err(refused(kind, &error.to_string())),
    }
}

fn refused(kind: &'static str, reason: &str) -> ForecastError {
    ForecastError::NotReadable { kind, reason: reason.to_string() }
}
