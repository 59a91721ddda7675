use crate::{OrgError, OrgKind, OrgPath};
use std::collections::BTreeMap;
use units::OrgId;

/// What a decision has to know of an organisation other than the one it changes. Looked up, never sent by a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which.
    pub id: OrgId,
    /// What it is.
    pub kind: OrgKind,
    /// Where it lies now.
    pub path: OrgPath,
    /// Whether it is open.
    pub active: bool,
    /// The areas of a commissioner office.
    pub areas: Vec<OrgId>,
}

impl Place {
    /// The place that was asked for, open; refuses `G-204` and `G-205`.
    pub(crate) fn open<'a>(asked: &OrgId, found: Option<&'a Place>) -> Result<&'a Place, OrgError> {
        let place =
            found.filter(|place| place.id == *asked).ok_or_else(|| OrgError::UnknownOrganisation(asked.clone()))?;
        if place.active { Ok(place) } else { Err(OrgError::ClosedOrganisation(asked.clone())) }
    }
}

/// Places by id: as many of the tree as a question needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places(BTreeMap<OrgId, Place>);

impl Places {
    /// One of them.
    pub fn get(&self, id: &OrgId) -> Option<&Place> {
        self.0.get(id)
    }
}

impl FromIterator<Place> for Places {
    fn from_iter<T: IntoIterator<Item = Place>>(places: T) -> Self {
        Places(places.into_iter().map(|place| (place.id.clone(), place)).collect())
    }
}
