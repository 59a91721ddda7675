use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use org::{Demonstration, Roles};
use serde::Serialize;
use utoipa::ToSchema;

/// What the login page has to know before anybody is logged in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Welcome {
    /// The department's identity provider.
    oidc: Option<OidcOffer>,
    /// Accounts to try; in a demonstration only, all with the password `Qingkong-demo-2018`.
    demo_accounts: Vec<DemoAccount>,
    password_rules: PasswordRules,
    version: &'static str,
}

/// An account of the demonstration.
#[derive(Serialize, ToSchema)]
pub(crate) struct DemoAccount {
    login: String,
    name: String,
    name_en: String,
    role: String,
    role_en: String,
    /// The organisation's name.
    organisation: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct OidcOffer {
    /// What the button says.
    name: String,
    start_url: &'static str,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct PasswordRules {
    /// Fewest characters.
    min: usize,
    /// How many of small letters, capital letters, digits and other characters it needs.
    classes: usize,
}

/// Ways to log in, and the rules for passwords.
#[utoipa::path(get, path = "/api/v1/session/options", tag = "session",
    responses((status = 200, body = Welcome), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn welcome(State(state): State<AppState>) -> Result<Json<Welcome>, ServerError> {
    let oidc = state.options().login.oidc.as_ref();
    Ok(Json(Welcome {
        oidc: oidc.map(|provider| OidcOffer { name: provider.name.clone(), start_url: "/api/v1/oidc/start" }),
        demo_accounts: if state.options().demo { demo_accounts(&state).await? } else { Vec::new() },
        password_rules: PasswordRules { min: org::password::LEAST, classes: org::password::CLASSES },
        version: env!("CARGO_PKG_VERSION"),
    }))
}

/// Those of the file that are here and open.
async fn demo_accounts(state: &AppState) -> Result<Vec<DemoAccount>, ServerError> {
    let people = Demonstration::jiangsu()?;
    let ids: Vec<_> = people.accounts.iter().map(|account| account.id.clone()).collect();
    let stored = state.store().accounts_among(&ids).await?;
    let here = people
        .accounts
        .iter()
        .filter(|wanted| stored.iter().any(|row| row.account.id == wanted.id && row.account.active));
    let one = |account: &org::DemoAccount| {
        let grant = people.grants.iter().find(|grant| grant.account == account.id)?;
        let role = Roles::bundled().get(&grant.role).ok()?;
        let organisation = people.organisations.iter().find(|row| row.id == account.organisation)?;
        Some(DemoAccount {
            login: account.id.to_string(),
            name: account.name.clone(),
            name_en: account.name_en.clone(),
            role: role.name.clone(),
            role_en: role.name_en.clone(),
            organisation: organisation.name.clone(),
        })
    };
    Ok(here.filter_map(one).collect())
}
