//! The organisation tree, accounts, roles, grants, and what follows from them: who may see and do what.
//!
//! Pure: who asks and what is stored come in as values, a decision or a predicate comes out. Which rights a role has is
//! data in `data/roles/`.

mod account;
mod action;
mod authority;
mod delegation;
mod demonstration;
mod error;
mod explain;
mod grant;
mod kind;
mod organisation;
pub mod password;
mod path;
mod place;
mod right;
mod role;
mod scope;
mod separation;
pub mod xlsx;

pub use account::{Account, AccountCommand, AccountEvent};
pub use action::Action;
pub use authority::{Acting, Authority, Known};
pub use delegation::{Delegation, DelegationCommand, DelegationEvent};
pub use demonstration::{DemoAccount, DemoGrant, Demonstration};
pub use error::OrgError;
pub use explain::{Basis, Reason};
pub use grant::{Grant, GrantCommand, GrantEvent, GrantState};
pub use kind::OrgKind;
pub use organisation::{Organisation, OrganisationCommand, OrganisationEvent};
pub use path::OrgPath;
pub use place::{Place, Places};
pub use right::Right;
pub use role::{Role, RoleClass, RoleExtent, Roles};
pub use scope::{Extent, Item, Kinds, Reach, Scope, Secrecy};
pub use separation::{acting_organisation, submitter_is_not, verifier_outside};

#[cfg(test)]
mod account_tests;
#[cfg(test)]
mod authority_tests;
#[cfg(test)]
mod grant_tests;
#[cfg(test)]
mod organisation_tests;
#[cfg(test)]
mod world;
