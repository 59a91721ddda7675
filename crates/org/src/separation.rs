//! Rules that need two persons (双人规则) and roles that exclude each other (三员分立).

use crate::{OrgError, OrgPath, RoleClass};
use event::Actor;
use units::{AccountId, OrgId};

/// The organisation an actor acts for: the one acted on behalf of, else the own one.
pub fn acting_organisation(by: &Actor) -> &OrgId {
    by.on_behalf_of.as_ref().unwrap_or(&by.organisation)
}

/// Whoever submits does not approve; refuses `G-405`. Acting for another does not make two persons of one.
pub fn submitter_is_not(submitter: &AccountId, approver: &AccountId) -> Result<(), OrgError> {
    if submitter == approver { Err(OrgError::SamePerson(submitter.clone())) } else { Ok(()) }
}

/// Whoever verifies does not belong to what is verified; refuses `G-410`.
pub fn verifier_outside(verified: &OrgPath, verifier: &OrgPath) -> Result<(), OrgError> {
    if verified.contains(verifier) { Err(OrgError::VerifierInside(verified.clone())) } else { Ok(()) }
}

/// No account holds roles of two administrator classes; refuses `G-404`.
pub(crate) fn separate(held: &[RoleClass], asked: RoleClass) -> Result<(), OrgError> {
    match held.iter().find(|class| class.conflicts(asked)) {
        Some(class) => Err(OrgError::Separation { held: class.as_str(), asked: asked.as_str() }),
        None => Ok(()),
    }
}
