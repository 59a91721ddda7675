use super::now;
use super::person::Person;
use crate::{AppState, ServerError};
use org::{Delegation, Extent, Kinds, Reach, Scope, Secrecy};
use serde::Serialize;
use std::collections::BTreeSet;
use units::{BeijingDay, Instant, OrgId};
use utoipa::ToSchema;

/// Who is logged in, and what the pages have to know of that (我).
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    account: MyAccount,
    organisation: MyOrganisation,
    /// Roles in force now, with the organisation each is for.
    roles: Vec<MyRole>,
    /// What may be done; pages show what these allow.
    rights: Vec<String>,
    /// Whom one could act for.
    acting: Vec<Offer>,
    /// The delegation one acts under.
    acting_for: Option<String>,
    demo: bool,
    must_change_password: bool,
    /// Whether one-time codes are set up.
    totp: bool,
    /// What must be done first: `password` or `totp_set_up`.
    needs: Option<&'static str>,
    /// Minutes without use after which the session ends.
    idle_minutes: u32,
    /// When the session ends in any case.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Instant>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct MyAccount {
    id: String,
    login: String,
    name: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct MyOrganisation {
    id: String,
    name: String,
    path: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct MyRole {
    id: String,
    name: String,
    name_en: String,
    organisation: MyOrganisation,
}

/// A delegation under which one may act for another (代理).
#[derive(Serialize, ToSchema)]
pub(crate) struct Offer {
    id: String,
    from_account: String,
    name: String,
    roles: BTreeSet<String>,
    /// Its last day.
    #[schema(value_type = String, format = Date)]
    until: BeijingDay,
}

impl Me {
    pub(super) async fn of(state: &AppState, person: &Person) -> Result<Me, ServerError> {
        let account = person.stored();
        let options = state.options();
        Ok(Me {
            account: MyAccount { id: account.id.to_string(), login: account.login.clone(), name: account.name.clone() },
            organisation: organisation(state, &account.organisation).await?,
            roles: roles(state, person).await?,
            rights: person.rights().into_iter().map(String::from).collect(),
            acting: offers(person),
            acting_for: person.authority().acting().map(|acting| acting.delegation.clone()),
            demo: options.demo,
            must_change_password: account.must_change_password,
            totp: account.totp,
            needs: person.set_up(options.demo).map(super::SetUp::word),
            idle_minutes: options.login.idle_minutes,
            expires_at: person.session().ok().map(|session| session.absolute_expires),
        })
    }
}

/// Where one belongs and what one's roles are for is one's own to know, whatever else is in scope.
async fn organisation(state: &AppState, id: &OrgId) -> Result<MyOrganisation, ServerError> {
    let everything = Reach { extent: Extent::All, kinds: Kinds::All, secrecy: Secrecy::Restricted };
    let found = state.store().organisation(&Scope { reaches: vec![everything] }, id.as_str()).await?;
    let row = found.ok_or_else(|| ServerError::Broken(format!("organisation {id} of an account is not on file")))?;
    Ok(MyOrganisation { id: id.to_string(), name: row.organisation.name, path: row.path.to_string() })
}

async fn roles(state: &AppState, person: &Person) -> Result<Vec<MyRole>, ServerError> {
    let mut roles = Vec::new();
    for (role, id) in person.authority().roles() {
        roles.push(MyRole {
            id: role.id.clone(),
            name: role.name.clone(),
            name_en: role.name_en.clone(),
            organisation: organisation(state, id).await?,
        });
    }
    Ok(roles)
}

/// Whether this delegation lets one act for another now.
pub(super) fn may_act(person: &Person, delegation: &str) -> bool {
    offers(person).iter().any(|offer| offer.id == delegation)
}

fn offers(person: &Person) -> Vec<Offer> {
    let standing = person.standing();
    let today = now().last_ended_hour().day();
    let offered = standing.delegations.iter().filter(|lent| lent.to_account == *person.account());
    let one = |lent: &Delegation| {
        let lender = standing.lenders.iter().find(|lender| lender.id == lent.from_account && lender.active)?;
        Some(Offer {
            id: lent.id.clone(),
            from_account: lender.id.to_string(),
            name: lender.name.clone(),
            roles: lent.roles.clone(),
            until: lent.to,
        })
    };
    offered
        .filter(|lent| lent.acting && lent.ended.is_none() && lent.from <= today && today <= lent.to)
        .filter_map(one)
        .collect()
}
