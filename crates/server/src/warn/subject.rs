//! A warning as the predicate sees it.

use crate::auth::Person;
use crate::{AppState, ServerError};
use ::warn::{Step, Warning, insider, permit};
use org::{Item, OrgPath, Right};
use units::OrgId;

/// A warning that somebody sees (所见预警).
pub(super) struct Subject {
    pub warning: Warning,
    pub version: u64,
    /// Whether it is seen from inside; from outside only what was issued is.
    pub insider: bool,
    /// The organisations that documents were given to.
    pub told: Vec<OrgId>,
    path: OrgPath,
}

impl Subject {
    /// The warning, when it lies in the person's scope; else the same answer as for an id that nobody has.
    pub(super) async fn seen(state: &AppState, person: &Person, id: &str) -> Result<Subject, ServerError> {
        person.need(Right::WarningRead)?;
        let nothing = || ServerError::NotFound(format!("/api/v1/warnings/{id}"));
        let row = state.store().warning(&person.scope(Right::WarningRead), id).await?.ok_or_else(nothing)?;
        let (warning, version) = state.store().load::<Warning>(id).await?.ok_or_else(nothing)?;
        let told = state.store().warning_told(&warning.id).await?;
        let subject = Subject { warning, version, insider: false, told, path: row.owner_path };
        let insider = insider(person.authority(), &subject.item());
        Ok(Subject { insider, ..subject })
    }

    /// The same for what only the house itself may see.
    pub(super) async fn inside(state: &AppState, person: &Person, id: &str) -> Result<Subject, ServerError> {
        let subject = Subject::seen(state, person, id).await?;
        let outside = || ServerError::Forbidden(::warn::WarnError::NotPermitted("this").to_string());
        if subject.insider { Ok(subject) } else { Err(outside()) }
    }

    pub(super) fn item(&self) -> Item<'_> {
        Item {
            owner_path: &self.path,
            owner: &self.warning.owner,
            assigned: &self.told,
            account: Some(&self.warning.proposed_by),
            kind: "warning",
            secrecy: Warning::SECRECY,
        }
    }

    pub(super) fn path(&self) -> &OrgPath {
        &self.path
    }

    /// Refuses a step that this person may not take.
    pub(super) fn permit(&self, person: &Person, step: Step) -> Result<(), ServerError> {
        let right = step.rights().iter().find(|right| person.may(**right));
        if right.is_none() {
            person.need(step.rights()[0])?;
        }
        permit(step, person.authority(), &self.item()).map_err(|refusal| ServerError::Forbidden(refusal.to_string()))
    }
}
