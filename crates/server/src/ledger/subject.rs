//! A matter as the predicate sees it, and what its rules have to know.

use crate::auth::Person;
use crate::{AppState, ServerError};
use ::ledger::{Matter, Standing};
use org::{Item, OrgPath, Places, Right, acting_organisation};

/// A matter that somebody sees (所见事项), with where those concerned belong.
pub(super) struct Subject {
    pub matter: Matter,
    pub version: u64,
    path: OrgPath,
    places: Places,
}

impl Subject {
    /// The matter, when it lies in the person's scope; else the same answer as for an id that nobody has.
    pub(super) async fn seen(state: &AppState, person: &Person, id: &str) -> Result<Subject, ServerError> {
        person.need(Right::MatterRead)?;
        let nothing = || ServerError::NotFound(format!("/api/v1/matters/{id}"));
        let row = state.store().matter(&person.scope(Right::MatterRead), id).await?.ok_or_else(nothing)?;
        let (matter, version) = state.store().load::<Matter>(id).await?.ok_or_else(nothing)?;
        let mut concerned = matter.assigned.clone();
        concerned.extend([matter.owner.clone(), acting_organisation(person.actor()).clone()]);
        let places = state.store().org_places(&concerned).await?;
        Ok(Subject { matter, version, path: row.owner_path, places })
    }

    pub(super) fn item(&self) -> Item<'_> {
        Item {
            owner_path: &self.path,
            owner: &self.matter.owner,
            assigned: &self.matter.assigned,
            account: Some(self.matter.account()),
            kind: &self.matter.kind,
            secrecy: self.matter.secrecy,
        }
    }

    /// Where those concerned belong, for the rules that need it.
    pub(super) fn standing(&self, person: &Person) -> Standing {
        let path = |id| self.places.get(id).map(|place| place.path.clone());
        Standing {
            by: path(acting_organisation(person.actor())),
            owner: path(&self.matter.owner),
            assigned: self.matter.assigned.iter().filter_map(|id| Some((id.clone(), path(id)?))).collect(),
        }
    }
}
