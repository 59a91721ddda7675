use crate::LedgerError;
use serde::de::{DeserializeOwned, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// Most keys that a warning names; a file of another kind would name thousands.
const MOST_NAMED: usize = 20;

/// Reads JSON into its type; returns the keys that were not read beside it.
///
/// Refuses `L-301` with the path into the file, line and column.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<(T, Vec<String>), LedgerError> {
    // Windows editors write a mark in front that JSON does not know.
    let text = text.trim_start_matches('\u{feff}');
    let mut json = serde_json::Deserializer::from_str(text);
    let (mut track, mut unread) = (serde_path_to_error::Track::new(), vec![]);
    let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    let value = serde_ignored::deserialize(tracked, |path| {
        if unread.len() < MOST_NAMED {
            unread.push(path.to_string());
        }
    });
    let value = value.and_then(|value: T| json.end().map(|()| value));
    value.map(|value| (value, unread)).map_err(|reason| {
        let path = track.path().to_string();
        let at = if path == "." { "file".to_string() } else { path };
        LedgerError::BadFile { at, reason: reason.to_string() }
    })
}

/// A JSON object whose keys stand once; the reader's own way keeps the last of several in silence.
pub(crate) fn map_of_once<'de, D, V>(deserializer: D) -> Result<BTreeMap<String, V>, D::Error>
where
    D: Deserializer<'de>,
    V: Deserialize<'de>,
{
    struct Once<V>(PhantomData<V>);

    impl<'de, V: Deserialize<'de>> Visitor<'de> for Once<V> {
        type Value = BTreeMap<String, V>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object, or null")
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(BTreeMap::new())
        }

        fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some((key, value)) = access.next_entry::<String, V>()? {
                if map.contains_key(&key) {
                    return Err(Error::custom(format_args!("{key:?} stands here twice")));
                }
                map.insert(key, value);
            }
            Ok(map)
        }
    }

    deserializer.deserialize_any(Once(PhantomData))
}

/// Refusal of a value outside what is allowed.
pub(crate) fn bad(at: String, value: impl ToString, expected: &'static str) -> LedgerError {
    LedgerError::BadValue { at, value: value.to_string(), expected }
}
