use crate::OrgError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use units::OrgId;

/// Where an organisation lies in the tree (组织路径): the ids from the root down, each ended by `/`, for example
/// `/js/320300/ent1/`.
///
/// Because each id ends in `/`, lying below is a prefix of bytes and no id can be the beginning of another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrgPath(String);

impl OrgPath {
    /// Levels a path may have, the root counted.
    pub const MOST_LEVELS: usize = 12;

    /// The path of a root.
    pub fn root(id: &OrgId) -> OrgPath {
        OrgPath(format!("/{id}/"))
    }

    /// The path of what lies directly below.
    pub fn child(&self, id: &OrgId) -> OrgPath {
        OrgPath(format!("{}{id}/", self.0))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ids from the root down.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0[1..self.0.len() - 1].split('/')
    }

    /// How many ids it has.
    pub fn levels(&self) -> usize {
        self.ids().count()
    }

    /// Whether `other` is this organisation or lies below it.
    pub fn contains(&self, other: &OrgPath) -> bool {
        other.0.starts_with(&self.0)
    }

    /// Whether the path goes through an organisation, or ends in it.
    pub fn passes(&self, id: &OrgId) -> bool {
        self.ids().any(|part| part == id.as_str())
    }

    /// The bounds between which, in byte order, exactly the paths lie that this one contains: from the first, before
    /// the second.
    pub fn range(&self) -> (String, String) {
        // The last byte is '/', and '0' follows it directly.
        let upper = format!("{}0", &self.0[..self.0.len() - 1]);
        (self.0.clone(), upper)
    }
}

impl FromStr for OrgPath {
    type Err = OrgError;
    fn from_str(text: &str) -> Result<Self, OrgError> {
        let refused = || OrgError::NotAPath(text.chars().take(128).collect());
        let inner = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).ok_or_else(refused)?;
        if inner.split('/').all(|part| part.parse::<OrgId>().is_ok()) {
            Ok(OrgPath(text.to_string()))
        } else {
            Err(refused())
        }
    }
}

impl TryFrom<String> for OrgPath {
    type Error = OrgError;
    fn try_from(text: String) -> Result<Self, OrgError> {
        text.parse()
    }
}

impl From<OrgPath> for String {
    fn from(path: OrgPath) -> String {
        path.0
    }
}

impl fmt::Display for OrgPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path(text: &str) -> OrgPath {
        text.parse().unwrap()
    }

    #[test]
    fn a_path_holds_itself_and_what_lies_below_but_no_namesake() {
        let nanjing = path("/js/nj/");
        assert!(nanjing.contains(&nanjing) && nanjing.contains(&path("/js/nj/ent1/")));
        assert!(!nanjing.contains(&path("/js/")) && !nanjing.contains(&path("/js/njqx/")));
    }

    #[test]
    fn only_whole_paths_are_read() {
        for text in ["", "/", "//", "js", "/js", "js/", "/js//nj/", "/js/../", "/j s/", "/js/\u{7}/", "/js/nj"] {
            assert!(text.parse::<OrgPath>().is_err(), "{text:?}");
        }
        assert_eq!(path("/js/nj/").ids().collect::<Vec<_>>(), ["js", "nj"]);
    }

    fn any_path() -> impl Strategy<Value = OrgPath> {
        // Few letters, and those around '/' in byte order, so that near misses are common.
        proptest::collection::vec("[a0][a0.-]{0,1}", 1..5).prop_map(|ids| path(&format!("/{}/", ids.join("/"))))
    }

    proptest! {
        #[test]
        fn the_range_holds_exactly_what_the_path_contains(a in any_path(), b in any_path()) {
            let (lower, upper) = a.range();
            let within = b.as_str() >= lower.as_str() && b.as_str() < upper.as_str();
            prop_assert_eq!(within, a.contains(&b));
        }
    }
}
