//! Logging in by an identity provider, against one that runs here on a loopback socket.

use crate::house::{Answer, House};
use axum::body::Body;
use axum::extract::{Form, State};
use axum::http::{Request, StatusCode, header};
use axum::routing::{get, post};
use axum::{Json, Router};
use openidconnect::PrivateSigningKey;
use openidconnect::core::CoreEdDsaPrivateSigningKey;
use serde_json::{Value, json};
use server::OidcOptions;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Made for these tests and used nowhere else.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n-----END PRIVATE KEY-----\n";
const OTHER_KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgEA\n-----END PRIVATE KEY-----\n";

/// What the provider is to say, and what it was asked.
#[derive(Clone, Default)]
struct Provider(Arc<Mutex<Says>>);

#[derive(Default)]
struct Says {
    issuer: String,
    claims: Value,
    forged: bool,
    challenge: String,
    exchanged: Vec<HashMap<String, String>>,
}

async fn provider() -> Provider {
    let provider = Provider::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    provider.0.lock().unwrap().issuer = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/keys", get(keys))
        .route("/token", post(token))
        .with_state(provider.clone());
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    provider
}

async fn discovery(State(provider): State<Provider>) -> Json<Value> {
    let issuer = provider.0.lock().unwrap().issuer.clone();
    Json(json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"), "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "none", "HS256"],
    }))
}

async fn keys() -> Json<Value> {
    let key = CoreEdDsaPrivateSigningKey::from_ed25519_pem(KEY, None).unwrap();
    Json(json!({ "keys": [key.as_verification_key()] }))
}

async fn token(
    State(provider): State<Provider>,
    Form(asked): Form<HashMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let mut says = provider.0.lock().unwrap();
    let challenge = base64(&Sha256::digest(asked["code_verifier"].as_bytes()));
    let fits = challenge == says.challenge;
    says.exchanged.push(asked);
    if !fits {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" })));
    }
    let id_token = signed(&says.claims, if says.forged { OTHER_KEY } else { KEY });
    (StatusCode::OK, Json(json!({ "access_token": "a", "token_type": "Bearer", "id_token": id_token })))
}

fn signed(claims: &Value, pem: &str) -> String {
    let key = CoreEdDsaPrivateSigningKey::from_ed25519_pem(pem, None).unwrap();
    let text = format!("{}.{}", base64(br#"{"alg":"EdDSA"}"#), base64(claims.to_string().as_bytes()));
    let alg = openidconnect::core::CoreJwsSigningAlgorithm::EdDsa;
    format!("{text}.{}", base64(&key.sign(&alg, text.as_bytes()).unwrap()))
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

async fn house(provider: &Provider) -> House {
    let issuer = provider.0.lock().unwrap().issuer.clone();
    House::of_people(|options| {
        options.login.oidc = Some(OidcOptions {
            name: "厅统一认证".into(),
            issuer,
            client_id: "qingkong".into(),
            client_secret: "a secret of the test".into(),
            redirect_url: "http://localhost:8787/api/v1/oidc/callback".into(),
            claim: "employee".into(),
        });
    })
    .await
}

/// A browser at the provider's page: what it was sent there with.
struct Away {
    cookie: String,
    state: String,
    nonce: String,
}

async fn start(house: &House, provider: &Provider) -> Away {
    let answer = house.send_bare(Request::get("/api/v1/oidc/start"), Body::empty()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let address = openidconnect::url::Url::parse(answer.header(header::LOCATION)).unwrap();
    let sent: HashMap<String, String> = address.query_pairs().into_owned().collect();
    assert_eq!((sent["response_type"].as_str(), sent["code_challenge_method"].as_str()), ("code", "S256"), "{address}");
    let mut says = provider.0.lock().unwrap();
    says.challenge = sent["code_challenge"].clone();
    says.claims = claims(&says.issuer, &sent["nonce"], "nanjing");
    Away { cookie: answer.cookie("qk_oidc"), state: sent["state"].clone(), nonce: sent["nonce"].clone() }
}

fn claims(issuer: &str, nonce: &str, employee: &str) -> Value {
    let now = chrono::Utc::now().timestamp();
    json!({"iss": issuer, "aud": "qingkong", "sub": "7", "exp": now + 300, "iat": now, "nonce": nonce, "employee": employee})
}

async fn back(house: &House, cookie: &str, query: &str) -> Answer {
    let request =
        Request::get(format!("/api/v1/oidc/callback?{query}")).header(header::COOKIE, format!("qk_oidc={cookie}"));
    house.send_bare(request, Body::empty()).await
}

fn assert_refused(answer: &Answer, why: &str) {
    assert_eq!(
        (answer.status, answer.header(header::LOCATION)),
        (StatusCode::SEE_OTHER, "/login?refused=A-313"),
        "{why}"
    );
    assert_eq!(answer.cookie("qk_session"), "", "{why}");
}

#[tokio::test]
async fn whom_the_provider_names_is_logged_in_with_his_rights_here() {
    let provider = provider().await;
    let house = house(&provider).await;
    let options = house.json("/api/v1/session/options").await;
    assert_eq!(options["oidc"], json!({"name": "厅统一认证", "start_url": "/api/v1/oidc/start"}));
    let away = start(&house, &provider).await;
    let answer = back(&house, &away.cookie, &format!("code=c1&state={}", away.state)).await;
    assert_eq!((answer.status, answer.header(header::LOCATION)), (StatusCode::SEE_OTHER, "/"), "{}", answer.text());
    let me = house.with_keys(answer.keys()).json("/api/v1/session").await;
    assert_eq!((me["account"]["id"].as_str(), me["roles"][0]["id"].as_str()), (Some("nanjing"), Some("city-bureau")));
    let asked = &provider.0.lock().unwrap().exchanged[0];
    assert_eq!((asked["code"].as_str(), asked["grant_type"].as_str()), ("c1", "authorization_code"));
}

#[tokio::test]
async fn an_account_that_is_not_here_is_refused_and_never_made() {
    let provider = provider().await;
    let house = house(&provider).await;
    for employee in ["stranger", "", "' OR 1=1 --"] {
        let away = start(&house, &provider).await;
        {
            let mut says = provider.0.lock().unwrap();
            says.claims = claims(&says.issuer, &away.nonce, employee);
        }
        assert_refused(&back(&house, &away.cookie, &format!("code=c&state={}", away.state)).await, employee);
    }
    assert!(house.store().await.account_by_login("stranger").await.unwrap().is_none());
}

#[tokio::test]
async fn an_answer_that_is_not_the_providers_or_not_for_this_login_is_refused() {
    let provider = provider().await;
    let house = house(&provider).await;
    type Change = fn(&mut Says);
    let changes: [(&str, Change); 6] = [
        ("signed by another key", |says| says.forged = true),
        ("another nonce", |says| says.claims["nonce"] = json!("other")),
        ("for another client", |says| says.claims["aud"] = json!("other")),
        ("of another issuer", |says| says.claims["iss"] = json!("http://evil.example")),
        ("long over", |says| says.claims["exp"] = json!(1000)),
        ("another verifier", |says| says.challenge = "other".into()),
    ];
    for (why, change) in changes {
        let away = start(&house, &provider).await;
        change(&mut provider.0.lock().unwrap());
        assert_refused(&back(&house, &away.cookie, &format!("code=c&state={}", away.state)).await, why);
        provider.0.lock().unwrap().forged = false;
    }
}

#[tokio::test]
async fn a_callback_that_this_browser_did_not_begin_is_refused() {
    let provider = provider().await;
    let house = house(&provider).await;
    let (mine, theirs) = (start(&house, &provider).await, start(&house, &provider).await);
    assert_refused(&back(&house, "", &format!("code=c&state={}", mine.state)).await, "no cookie");
    assert_refused(&back(&house, &mine.cookie, &format!("code=c&state={}", theirs.state)).await, "another's state");
    assert_refused(&back(&house, &mine.cookie, "code=c").await, "no state");
    assert_refused(
        &back(&house, &format!("{}x", mine.cookie), &format!("code=c&state={}", mine.state)).await,
        "forged cookie",
    );
    let denied = back(&house, &mine.cookie, &format!("error=access_denied&state={}", mine.state)).await;
    assert_refused(&denied, "the provider refused");
    assert!(provider.0.lock().unwrap().exchanged.is_empty(), "no code was ever handed on");
}

#[tokio::test]
async fn a_provider_that_is_not_there_or_not_configured_is_said_so() {
    let gone = Provider::default();
    gone.0.lock().unwrap().issuer = "http://127.0.0.1:9".into();
    for house in [house(&gone).await, House::of_people(|_| ()).await] {
        let answer = house.send_bare(Request::get("/api/v1/oidc/start"), Body::empty()).await;
        assert_eq!(answer.header(header::LOCATION), "/login?refused=A-314");
    }
}
