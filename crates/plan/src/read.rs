//! Reading JSON: refusals name the path inside the file, unknown keys are told, lists end where memory would.

use crate::instance::{Instance, InstanceFile, MOST_OPTIONS, Measure};
use crate::{Additions, Chosen, PlanError};
use serde::de::{DeserializeOwned, Deserializer, Error, SeqAccess, Visitor};
use std::collections::BTreeSet;
use std::io::Read;

/// Keys of the format that the solver does not need.
const UNUSED: [&str; 3] = ["grade", "safeguard", "level"];

/// Reads and checks a plan instance; the second value are the unknown keys that were ignored, each once.
///
/// Refuses `P-101` what is no JSON of the format and `P-102` what contradicts it, with the path inside the file.
pub fn read(from: impl Read) -> Result<(Instance, Vec<String>), PlanError> {
    let (file, unknown) = json::<InstanceFile>(from)?;
    Ok((Instance::new(file)?, unknown))
}

/// Reads the chosen options of a plan file; everything else in it is recomputed, not believed.
pub fn read_chosen(from: impl Read) -> Result<Chosen, PlanError> {
    Ok(json::<Chosen>(from)?.0)
}

/// Reads additions to the cost and checks them against the instance.
pub fn read_additions(from: impl Read, instance: &Instance) -> Result<Additions, PlanError> {
    json::<Additions>(from)?.0.against(instance)
}

fn json<T: DeserializeOwned>(from: impl Read) -> Result<(T, Vec<String>), PlanError> {
    let mut unknown = BTreeSet::new();
    let mut text = serde_json::Deserializer::from_reader(std::io::BufReader::with_capacity(1 << 16, from));
    let mut told = |path: serde_ignored::Path| {
        let path = pattern(&path.to_string());
        if !UNUSED.iter().any(|key| path.ends_with(&format!(".{key}"))) {
            unknown.insert(path);
        }
    };
    let value = serde_path_to_error::deserialize(serde_ignored::Deserializer::new(&mut text, &mut told))
        .map_err(|error| PlanError::Form { path: error.path().to_string(), reason: error.into_inner().to_string() })?;
    text.end().map_err(|error| PlanError::Form { path: ".".into(), reason: error.to_string() })?;
    Ok((value, unknown.into_iter().collect()))
}

/// The path with every index as `*`, so that a key repeated in each option is told once.
fn pattern(path: &str) -> String {
    let star = |part: &str| if part.bytes().all(|b| b.is_ascii_digit()) { "*".to_string() } else { part.to_string() };
    path.split('.').map(star).collect::<Vec<_>>().join(".")
}

/// The list of options, which is given up as soon as it is longer than can be solved.
pub(crate) fn options<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Measure>, D::Error> {
    struct Options;
    impl<'de> Visitor<'de> for Options {
        type Value = Vec<Measure>;
        fn expecting(&self, to: &mut std::fmt::Formatter) -> std::fmt::Result {
            to.write_str("a list of options")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Measure>, A::Error> {
            let mut options = vec![];
            while let Some(option) = list.next_element()? {
                if options.len() == MOST_OPTIONS {
                    return Err(A::Error::custom(format_args!("more than {MOST_OPTIONS} options")));
                }
                options.push(option);
            }
            Ok(options)
        }
    }
    from.deserialize_seq(Options)
}
