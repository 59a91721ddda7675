//! 统一身份认证 · logging in by the department's identity provider (OpenID Connect, code flow with PKCE).
//!
//! The provider says who somebody is; what he may do is said here. An account it names that does not exist here is
//! refused, never made.

use super::begin::begin;
use super::cookie::{self, Kind};
use super::login::succeeded;
use super::options::OidcOptions;
use super::origin::{Caller, shortened};
use super::{now, secret};
use crate::extract::Query;
use crate::{AppState, ServerError};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreJwsSigningAlgorithm, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl,
    Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse, reqwest,
};
use org::Account;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::time::Duration;
use utoipa::IntoParams;

/// How long somebody may take at the provider's page.
const MINUTES: i64 = 10;
const PATIENCE: Duration = Duration::from_secs(10);

/// Signatures that a provider makes with a key of its own; never one with a shared secret, never none.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// What is remembered in the browser while somebody is at the provider's page.
#[derive(Serialize, Deserialize)]
struct Underway {
    state: String,
    nonce: String,
    verifier: String,
    until: i64,
}

/// What the provider sends the browser back with.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SentBack {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

/// Sends the browser to the provider's page.
#[utoipa::path(get, path = "/api/v1/oidc/start", tag = "session", responses((status = 303, description = "To the identity provider, or back to the login page")))]
pub(crate) async fn start(State(state): State<AppState>, caller: Caller) -> Response {
    match begun(&state, &caller).await {
        Ok((address, cookie)) => onward(&address, [(header::SET_COOKIE, cookie)]),
        Err(refusal) => back(&state, &refusal),
    }
}

/// Takes the browser back from the provider, and logs in whom it names.
#[utoipa::path(get, path = "/api/v1/oidc/callback", tag = "session", params(SentBack),
    responses((status = 303, description = "To the first page with a session, or back to the login page")))]
pub(crate) async fn callback(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Query(sent): Query<SentBack>,
) -> Response {
    match finished(&state, &caller, &headers, sent).await {
        Ok(response) => response,
        Err(refusal) => back(&state, &refusal),
    }
}

async fn begun(state: &AppState, caller: &Caller) -> Result<(String, HeaderValue), ServerError> {
    state.gatehouse().take_address(&caller.address)?;
    let options = options(state)?;
    let client = client(options, &http()?).await?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let flow = CoreAuthenticationFlow::AuthorizationCode;
    let asked = client.authorize_url(flow, CsrfToken::new_random, Nonce::new_random);
    let (address, csrf, nonce) = asked.add_scope(Scope::new("profile".into())).set_pkce_challenge(challenge).url();
    let underway = Underway {
        state: csrf.secret().clone(),
        nonce: nonce.secret().clone(),
        verifier: verifier.secret().clone(),
        until: now().to_utc().timestamp() + MINUTES * 60,
    };
    let sealed = sealed(options, &underway);
    let cookie = cookie::set(cookie::OIDC, &sealed, MINUTES * 60, Kind::Oidc, state.options().login.tls);
    Ok((address.into(), cookie))
}

async fn finished(
    state: &AppState,
    caller: &Caller,
    headers: &HeaderMap,
    sent: SentBack,
) -> Result<Response, ServerError> {
    state.gatehouse().take_address(&caller.address)?;
    let options = options(state)?;
    let underway = cookie::of(headers, cookie::OIDC).and_then(|text| opened(options, text));
    let underway = underway.filter(|underway| underway.until > now().to_utc().timestamp());
    let underway = underway.ok_or_else(|| refused("it was not begun in this browser, or took too long"))?;
    if !sent.state.as_deref().is_some_and(|state| secret::same(state, &underway.state)) {
        return Err(refused("the answer belongs to another login"));
    }
    let code = match (sent.code, sent.error) {
        (Some(code), None) => code,
        (_, error) => {
            let said = error.map_or_else(|| "no code".into(), |error| shortened(&error, 60));
            return Err(refused(format!("the provider says {said:?}")));
        }
    };
    let login = named(options, code, underway).await?;
    let account = known(state, &login).await?;
    succeeded(state, &account, caller).await?;
    let old = cookie::of(headers, cookie::SESSION).map(secret::digest);
    let (_, cookies) = begin(state, &account.id, caller, old.as_deref()).await?;
    Ok((cookies, onward("/", [(header::SET_COOKIE, forgotten(state))])).into_response())
}

/// The login of the account that the provider's signed answer names.
async fn named(options: &OidcOptions, code: String, underway: Underway) -> Result<String, ServerError> {
    let http = http()?;
    let client = client(options, &http).await?;
    let exchange = client.exchange_code(AuthorizationCode::new(code)).map_err(|error| broken(&error))?;
    let exchange = exchange.set_pkce_verifier(PkceCodeVerifier::new(underway.verifier));
    let answer = exchange.request_async(&http).await.map_err(|error| refused(chain(&error)))?;
    let token = answer.id_token().ok_or_else(|| refused("the provider gave no identity"))?;
    let verifier = client.id_token_verifier().set_allowed_algs(ALGORITHMS);
    token.claims(&verifier, &Nonce::new(underway.nonce)).map_err(|error| refused(chain(&error)))?;
    claim(&token.to_string(), &options.claim).ok_or_else(|| refused(format!("the identity has no {}", options.claim)))
}

/// A claim of a token whose signature has been checked.
fn claim(token: &str, name: &str) -> Option<String> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: serde_json::Value = serde_json::from_slice(&payload).ok()?;
    claims.get(name)?.as_str().map(str::to_string)
}

/// The account here. One with one-time codes is asked for them, which only the login page does.
async fn known(state: &AppState, login: &str) -> Result<Account, ServerError> {
    let login = login.trim().to_ascii_lowercase();
    let found = state.store().account_by_login(&login).await?.map(|row| row.account);
    let Some(account) = found.filter(|account| account.active) else {
        tracing::warn!(?login, "the identity provider named an account that is not open here");
        return Err(refused("no open account here has this name; ask an administrator to open one"));
    };
    if let Some(until) = account.locked_at(now()) {
        return Err(ServerError::Locked(until));
    }
    if account.totp {
        return Err(refused("the account has one-time codes here; log in with login, password and code"));
    }
    Ok(account)
}

/// Read afresh for every login, so that a provider's new keys count at once.
async fn client(options: &OidcOptions, http: &reqwest::Client) -> Result<Client, ServerError> {
    let issuer = IssuerUrl::new(options.issuer.clone()).map_err(|error| broken(&error))?;
    let provider = CoreProviderMetadata::discover_async(issuer, http).await.map_err(|error| broken(&error))?;
    let (id, secret) = (ClientId::new(options.client_id.clone()), ClientSecret::new(options.client_secret.clone()));
    let redirect = RedirectUrl::new(options.redirect_url.clone()).map_err(|error| broken(&error))?;
    Ok(CoreClient::from_provider_metadata(provider, id, Some(secret)).set_redirect_uri(redirect))
}

/// Follows no redirect: the provider's own addresses are the only ones asked.
fn http() -> Result<reqwest::Client, ServerError> {
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE);
    builder.build().map_err(|error| broken(&error))
}

fn options(state: &AppState) -> Result<&OidcOptions, ServerError> {
    state.options().login.oidc.as_ref().ok_or_else(|| ServerError::OidcBroken("none is configured".into()))
}

/// Signed with a key that all processes of one installation share.
fn sealed(options: &OidcOptions, underway: &Underway) -> String {
    let text = serde_json::to_vec(underway).expect("texts and a number are JSON");
    let body = URL_SAFE_NO_PAD.encode(text);
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(mac(options, &body).finalize().into_bytes()))
}

fn opened(options: &OidcOptions, sealed: &str) -> Option<Underway> {
    let (body, signature) = sealed.split_once('.')?;
    mac(options, body).verify_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()
}

fn mac(options: &OidcOptions, body: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::new_from_slice(options.client_secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(b"qingkong login underway ");
    mac.update(body.as_bytes());
    mac
}

fn onward<const N: usize>(address: &str, cookies: [(HeaderName, HeaderValue); N]) -> Response {
    let address = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/login"));
    let cookies = axum::response::AppendHeaders(cookies);
    (StatusCode::SEE_OTHER, [(header::LOCATION, address)], cookies).into_response()
}

/// Back to the login page, which says the refusal in words.
fn back(state: &AppState, refusal: &ServerError) -> Response {
    tracing::warn!(%refusal, "a login by the identity provider failed");
    let text = refusal.to_string();
    let code = text.split(' ').next().unwrap_or_default();
    onward(&format!("/login?refused={code}"), [(header::SET_COOKIE, forgotten(state))])
}

fn forgotten(state: &AppState) -> HeaderValue {
    cookie::set(cookie::OIDC, "", 0, Kind::Oidc, state.options().login.tls)
}

fn refused(why: impl Into<String>) -> ServerError {
    ServerError::OidcRefused(why.into())
}

fn broken(error: &dyn std::error::Error) -> ServerError {
    ServerError::OidcBroken(chain(error))
}

/// An error with its causes, which is where the word that matters stands.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    shortened(&text, 300)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(secret: &str) -> OidcOptions {
        OidcOptions {
            name: "厅统一认证".into(),
            issuer: "https://id.example".into(),
            client_id: "qingkong".into(),
            client_secret: secret.into(),
            redirect_url: "https://air.example/api/v1/oidc/callback".into(),
            claim: "preferred_username".into(),
        }
    }

    #[test]
    fn what_lies_in_the_browser_cannot_be_changed_there() {
        let underway = Underway { state: "s".into(), nonce: "n".into(), verifier: "v".into(), until: 7 };
        let text = sealed(&options("one"), &underway);
        assert_eq!(opened(&options("one"), &text).unwrap().nonce, "n");
        assert!(opened(&options("other"), &text).is_none());
        let (body, signature) = text.split_once('.').unwrap();
        let forged = URL_SAFE_NO_PAD.encode(r#"{"state":"x","nonce":"n","verifier":"v","until":99999999999}"#);
        for bad in [format!("{forged}.{signature}"), format!("{body}."), body.to_string(), String::new()] {
            assert!(opened(&options("one"), &bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn the_login_is_read_from_the_configured_claim() {
        let token = format!("h.{}.s", URL_SAFE_NO_PAD.encode(r#"{"preferred_username":"nanjing","uid":7}"#));
        assert_eq!(claim(&token, "preferred_username").as_deref(), Some("nanjing"));
        assert_eq!((claim(&token, "uid"), claim(&token, "mail"), claim("x", "uid")), (None, None, None));
    }
}
