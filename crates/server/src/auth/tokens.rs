use super::origin::shortened;
use super::person::Person;
use super::{later, now, secret};
use crate::extract::{Body, Path};
use crate::list::Listed;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use org::{Account, AccountCommand, Right};
use serde::{Deserialize, Serialize};
use store::Token;
use units::Instant;
use utoipa::ToSchema;

/// Marks the secret, so that scanners of leaked files know it.
const PREFIX: &str = "qk_";
const LONGEST_DAYS: u32 = 366;
const MOST_TOKENS: usize = 50;

/// A token of one's own (接口令牌); its secret is never told again.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenLine {
    id: String,
    name: String,
    rights: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Instant,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Instant>,
}

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenWish {
    /// What its owner calls it.
    name: String,
    /// Some of one's own rights.
    #[schema(value_type = Vec<String>)]
    rights: Vec<Right>,
    /// For how many days, 1 to 366.
    days: u32,
}

/// A new token with its secret, told this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewToken {
    #[serde(flatten)]
    line: TokenLine,
    /// To be sent as `Authorization: Bearer …`.
    secret: String,
}

/// One's own tokens, the newest first.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "session",
    responses((status = 200, body = Listed<TokenLine>), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn tokens(
    State(state): State<AppState>,
    person: Person,
) -> Result<Json<Listed<TokenLine>>, ServerError> {
    person.need(Right::TokenOwn)?;
    let tokens = state.store().tokens(person.account()).await?;
    Ok(Json(Listed::whole(tokens.iter().map(line).collect())))
}

/// Makes a token with some of one's own rights. Refuses `A-306` for a right one does not have, `A-310` to a token.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "session", request_body = TokenWish,
    responses((status = 200, body = NewToken), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn make_token(
    State(state): State<AppState>,
    person: Person,
    Body(wish): Body<TokenWish>,
) -> Result<Json<NewToken>, ServerError> {
    person.session()?;
    person.need(Right::TokenOwn)?;
    wish.rights.iter().try_for_each(|right| person.need(*right))?;
    let rights = wish.rights.clone();
    let token = made(&state, &person, wish).await?;
    let secret = format!("{PREFIX}{}", secret::unguessable());
    let token = Token { hash: secret::digest(&secret), ..token };
    // Recorded first: a token without its event could be used without a trace of how it came to be.
    let made = AccountCommand::TokenMade {
        token: token.id.clone(),
        name: token.name.clone(),
        rights,
        expires_at: token.expires_at,
    };
    state.store().execute(person.order_now::<Account>(person.account().as_str(), made)).await?;
    state.store().add_token(&token).await?;
    tracing::info!(account = %token.account, token = %token.id, "a token was made");
    Ok(Json(NewToken { line: line(&token), secret }))
}

/// Takes a token of one's own back.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "session", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn take_back(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<StatusCode, ServerError> {
    person.session()?;
    if state.store().revoke_token(person.account(), &id, now()).await? {
        let command = AccountCommand::TokenTakenBack { token: id };
        state.store().execute(person.order_now::<Account>(person.account().as_str(), command)).await?;
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(ServerError::NotFound("/api/v1/tokens".into()))
}

async fn made(state: &AppState, person: &Person, wish: TokenWish) -> Result<Token, ServerError> {
    let name = shortened(wish.name.trim(), 50);
    if name.trim().is_empty() || wish.rights.is_empty() || !(1..=LONGEST_DAYS).contains(&wish.days) {
        let text = format!("a token has a name, at least one right, and 1 to {LONGEST_DAYS} days");
        return Err(ServerError::BadSetting(text));
    }
    if state.store().tokens(person.account()).await?.len() >= MOST_TOKENS {
        return Err(ServerError::BadSetting(format!("{MOST_TOKENS} tokens are enough; take one back first")));
    }
    let made = now();
    Ok(Token {
        id: uuid::Uuid::now_v7().to_string(),
        hash: String::new(),
        account: person.account().clone(),
        name,
        rights: wish.rights.into_iter().map(String::from).collect(),
        created_at: made,
        expires_at: later(made, i64::from(wish.days) * 86_400),
        last_used_at: None,
        revoked_at: None,
    })
}

fn line(token: &Token) -> TokenLine {
    TokenLine {
        id: token.id.clone(),
        name: token.name.clone(),
        rights: token.rights.clone(),
        created_at: token.created_at,
        expires_at: token.expires_at,
        last_used_at: token.last_used_at,
    }
}
