//! Logging in, sessions, passwords, one-time codes, tokens, acting for another.

use crate::house::{Answer, House, Keys, Visitor, people, refused, said};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use server::{DEMO_PASSWORD, LoginOptions, Newcomer};
use sha2::Digest;

const NEW: &str = "Wanli-wuyun-2026";

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|item| item.as_str().unwrap()).collect()
}

/// A code of the app, from its secret; RFC 6238, written a second time so that the program is not its own judge.
fn code(secret: &str, step_from_now: i64) -> String {
    let bits: String =
        secret.chars().map(|c| format!("{:05b}", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).unwrap())).collect();
    let key: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|b| u8::from_str_radix(std::str::from_utf8(b).unwrap(), 2).unwrap())
        .collect();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64;
    let mac = hmac_sha1(&key, &(now / 30 + step_from_now).to_be_bytes());
    let at = (mac[19] & 15) as usize;
    let word = u32::from_be_bytes(mac[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}

fn hmac_sha1(key: &[u8], text: &[u8]) -> [u8; 20] {
    use sha1::{Digest, Sha1};
    let pad = |with: u8| (0..64).map(|n| key.get(n).copied().unwrap_or(0) ^ with).collect::<Vec<u8>>();
    let inner = Sha1::new().chain_update(pad(0x36)).chain_update(text).finalize();
    Sha1::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
}

#[tokio::test]
async fn everybody_gets_the_rights_of_his_role_and_no_other() {
    let house = people().await;
    let nanjing = house.visitor("nanjing").await;
    let me = nanjing.json("/api/v1/session").await;
    assert_eq!((me["account"]["login"].as_str(), me["organisation"]["id"].as_str()), (Some("nanjing"), Some("320100")));
    assert_eq!((me["organisation"]["path"].as_str(), me["demo"].as_bool()), (Some("/js/320100/"), Some(true)));
    assert_eq!(me["roles"][0]["id"], "city-bureau");
    let rights = names(&me["rights"]);
    assert!(rights.contains(&"matter.read") && !rights.contains(&"clock.set") && !rights.contains(&"audit.read"));
    let clock = nanjing.call(Method::PUT, "/api/v1/clock", Some(json!({"as_of": "2018-01-12T20:00:00+08:00"})), &[]);
    assert_eq!(said(&clock.await), refused("A-306", 403));
    let auditor = house.visitor("auditor").await;
    assert_eq!(said(&auditor.get("/api/v1/situation").await), refused("A-306", 403));
}

#[tokio::test]
async fn whatever_was_wrong_the_answer_is_the_same() {
    let house = people().await;
    let mut texts = Vec::new();
    for (login, password) in [("nanjing", "wrong"), ("nobody", DEMO_PASSWORD), ("nanjing", ""), ("", "")] {
        let answer = house.log_in(&json!({"login": login, "password": password})).await;
        assert_eq!(said(&answer), refused("A-302", 401), "{login}");
        assert!(answer.headers.get(header::SET_COOKIE).is_none());
        texts.push(answer.text());
    }
    assert!(texts.windows(2).all(|pair| pair[0] == pair[1]));
    let capitals = house.log_in(&json!({"login": " NanJing ", "password": DEMO_PASSWORD})).await;
    assert_eq!(capitals.status, StatusCode::OK, "a login is the same in capitals");
}

#[tokio::test]
async fn cookies_are_hidden_from_scripts_and_secure_behind_tls() {
    for tls in [false, true] {
        let house = House::of_people(|options| options.login.tls = tls).await;
        let answer = house.log_in(&json!({"login": "nanjing", "password": DEMO_PASSWORD})).await;
        let lines: Vec<&str> = answer.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap()).collect();
        assert!(
            lines[0].starts_with("qk_session=") && lines[0].contains("; HttpOnly") && lines[0].contains("SameSite=Lax")
        );
        assert!(lines[1].starts_with("qk_csrf=") && !lines[1].contains("HttpOnly"));
        assert!(lines.iter().all(|line| line.contains("; Secure") == tls));
        assert_eq!(answer.headers.contains_key(header::STRICT_TRANSPORT_SECURITY), tls);
    }
}

#[tokio::test]
async fn logging_out_ends_the_session_for_good() {
    let house = people().await;
    let nanjing = house.visitor("nanjing").await;
    let out = nanjing.call(Method::DELETE, "/api/v1/session", None, &[]).await;
    assert_eq!((out.status, out.cookie("qk_session").as_str()), (StatusCode::NO_CONTENT, ""));
    assert_eq!(said(&nanjing.get("/api/v1/session").await), refused("A-301", 401));
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_and_in_any_case() {
    let house = people().await;
    let nanjing = house.visitor("nanjing").await;
    let id = hex::encode(sha2::Sha256::digest(nanjing.keys.session.as_bytes()));
    let store = house.store().await;
    let now = units::Instant::from_utc(chrono::Utc::now());
    let session = store.session(&id).await.unwrap().expect("the digest of the cookie is the id");
    let minutes = |from: units::Instant, to: units::Instant| (to.to_utc() - from.to_utc()).num_minutes();
    assert_eq!(minutes(session.created_at, session.expires_at), 30);
    assert_eq!(minutes(session.created_at, session.absolute_expires), 12 * 60);
    store.touch_session(&id, now, now).await.unwrap();
    assert_eq!(said(&nanjing.get("/api/v1/session").await), refused("A-301", 401));

    let over = LoginOptions { absolute_hours: 0, ..LoginOptions::default() };
    let state = house.reopened(server::Options { login: over, ..house.options() }).await;
    let house = House { state, ..house };
    let answer = house.log_in(&json!({"login": "nanjing", "password": DEMO_PASSWORD})).await;
    assert_eq!(said(&answer), refused("A-301", 401), "it had ended when it began");
}

#[tokio::test]
async fn sessions_are_listed_to_their_owner_and_security_and_ended_by_them() {
    let house = people().await;
    let (one, other) = (house.visitor("nanjing").await, house.visitor("nanjing").await);
    let list = one.json("/api/v1/sessions").await;
    let mine = list["items"].as_array().unwrap();
    assert_eq!((mine.len(), mine.iter().filter(|item| item["current"] == true).count()), (2, 1));
    assert!(mine.iter().all(|item| item["account"]["id"] == "nanjing"), "nobody else's: {list}");
    let second = mine.iter().find(|item| item["current"] == false).unwrap()["id"].as_str().unwrap().to_string();

    let path = format!("/api/v1/sessions/{second}");
    let foreign = house.visitor("xuzhou").await.call(Method::DELETE, &path, None, &[]).await;
    let unknown = house.visitor("xuzhou").await.call(Method::DELETE, "/api/v1/sessions/none", None, &[]).await;
    assert_eq!((said(&foreign), foreign.text()), (refused("A-104", 404), unknown.text()));
    assert_eq!(other.get("/api/v1/session").await.status, StatusCode::OK);

    assert_eq!(one.call(Method::DELETE, &path, None, &[]).await.status, StatusCode::NO_CONTENT);
    assert_eq!(said(&other.get("/api/v1/session").await), refused("A-301", 401));
    let security = house.visitor("secadmin").await;
    let all = security.json("/api/v1/sessions").await;
    let left = all["items"].as_array().unwrap().iter().find(|item| item["account"]["id"] == "nanjing").unwrap();
    let path = format!("/api/v1/sessions/{}", left["id"].as_str().unwrap());
    assert_eq!(security.call(Method::DELETE, &path, None, &[]).await.status, StatusCode::NO_CONTENT);
    assert_eq!(said(&one.get("/api/v1/session").await), refused("A-301", 401));
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_goes_on_under_a_new_id() {
    let house = people().await;
    let (one, other) = (house.visitor("nanjing").await, house.visitor("nanjing").await);
    let change = |old: &str, new: &str| json!({"old": old, "new": new});
    let path = "/api/v1/session/password";
    assert_eq!(said(&one.post(path, change("wrong", NEW)).await), refused("A-302", 401));
    for weak in ["short", "alllowercaseletters", "Nanjing-nanjing-1", "Password-2018"] {
        assert_eq!(said(&one.post(path, change(DEMO_PASSWORD, weak)).await), refused("G-305", 422), "{weak}");
    }
    assert_eq!(other.get("/api/v1/session").await.status, StatusCode::OK, "nothing has changed yet");
    let done = one.post(path, change(DEMO_PASSWORD, NEW)).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    for old in [&one, &other] {
        assert_eq!(said(&old.get("/api/v1/session").await), refused("A-301", 401));
    }
    assert_eq!(house.with_keys(done.keys()).get("/api/v1/session").await.status, StatusCode::OK);
    assert_eq!(
        said(&house.log_in(&json!({"login": "nanjing", "password": DEMO_PASSWORD})).await),
        refused("A-302", 401)
    );
    assert_eq!(house.log_in(&json!({"login": "nanjing", "password": NEW})).await.status, StatusCode::OK);
}

#[tokio::test]
async fn one_time_codes_are_set_up_asked_for_and_work_once() {
    let house = people().await;
    let nanjing = house.visitor("nanjing").await;
    let begun = nanjing.post("/api/v1/session/totp", json!({})).await.json();
    let secret = begun["secret"].as_str().unwrap();
    assert!(
        begun["uri"].as_str().unwrap().contains(secret) && begun["qr_svg_path"].as_str().unwrap().starts_with("M4,4h1")
    );
    assert_eq!(nanjing.json("/api/v1/session").await["totp"], false, "not before its first code");
    let confirm = |code: String| json!({ "code": code });
    let wrong = nanjing.call(Method::PUT, "/api/v1/session/totp", Some(confirm("000000".into())), &[]).await;
    assert_eq!(said(&wrong), refused("A-309", 422));
    let done = nanjing.call(Method::PUT, "/api/v1/session/totp", Some(confirm(code(secret, 0))), &[]).await;
    assert_eq!((done.status, done.json()["totp"].as_bool()), (StatusCode::OK, Some(true)), "{}", done.text());
    assert_eq!(said(&nanjing.get("/api/v1/session").await), refused("A-301", 401), "under a new id");

    let log_in = |code: Option<String>| json!({"login": "nanjing", "password": DEMO_PASSWORD, "totp": code});
    let asked = house.log_in(&log_in(None)).await;
    assert_eq!((said(&asked), asked.json()["needs"].as_str()), (refused("A-303", 401), Some("totp")));
    assert_eq!(said(&house.log_in(&log_in(Some(code(secret, 0)))).await), refused("A-302", 401), "used to set it up");
    let next = house.log_in(&log_in(Some(code(secret, 1)))).await;
    assert_eq!(next.status, StatusCode::OK, "{}", next.text());
    assert_eq!(said(&house.log_in(&log_in(Some(code(secret, 1)))).await), refused("A-302", 401), "used to log in");
}

#[tokio::test]
async fn outside_a_demonstration_administrators_set_codes_up_before_anything_else() {
    let house = House::of_people(|options| options.demo = false).await;
    let security = house.visitor("secadmin").await;
    let me = security.json("/api/v1/session").await;
    assert_eq!((me["needs"].as_str(), me["demo"].as_bool()), (Some("totp_set_up"), Some(false)));
    let barred = security.get("/api/v1/sessions").await;
    assert_eq!((said(&barred), barred.json()["needs"].as_str()), (refused("A-308", 403), Some("totp_set_up")));
    let begun = security.post("/api/v1/session/totp", json!({})).await.json();
    let code = json!({ "code": code(begun["secret"].as_str().unwrap(), 0) });
    let done = security.call(Method::PUT, "/api/v1/session/totp", Some(code), &[]).await;
    assert_eq!(done.json()["needs"], Value::Null, "{}", done.text());
    assert_eq!(house.with_keys(done.keys()).get("/api/v1/sessions").await.status, StatusCode::OK);
    let options = house.json("/api/v1/session/options").await;
    assert_eq!(options["demo_accounts"], json!([]), "no accounts to try outside a demonstration");
}

#[tokio::test]
async fn an_account_with_a_made_password_sets_its_own_first() {
    let house = people().await;
    let newcomer = Newcomer {
        login: "wang.fang".into(),
        name: "王芳".into(),
        role: "duty-officer".into(),
        organisation: "js-air".parse().unwrap(),
        password: None,
    };
    let made = server::install_account(&house.store().await, &newcomer).await.unwrap().unwrap();
    let first = house.log_in(&json!({"login": "wang.fang", "password": made})).await;
    assert_eq!(first.json()["needs"], "password", "{}", first.text());
    let wang = house.with_keys(first.keys());
    assert_eq!(said(&wang.get("/api/v1/situation").await), refused("A-308", 403));
    let done = wang.post("/api/v1/session/password", json!({"old": made, "new": NEW})).await;
    assert_eq!(house.with_keys(done.keys()).get("/api/v1/status").await.status, StatusCode::OK, "{}", done.text());
}

#[tokio::test]
async fn a_token_has_the_rights_it_was_given_and_no_session() {
    let house = people().await;
    let forecaster = house.visitor("forecaster").await;
    let wish = |rights: &[&str]| json!({"name": "脚本", "rights": rights, "days": 30});
    assert_eq!(said(&forecaster.post("/api/v1/tokens", wish(&["audit.read"])).await), refused("A-306", 403));
    assert_eq!(said(&forecaster.post("/api/v1/tokens", wish(&[])).await), refused("A-315", 422));
    let made = forecaster.post("/api/v1/tokens", wish(&["standards.read"])).await.json();
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("qk_") && secret.len() == 46);
    let bearer = |method: Method, path: &str| {
        Request::builder().method(method).uri(path).header(header::AUTHORIZATION, format!("Bearer {secret}"))
    };
    let ask = |request| house.send_bare(request, Body::empty());
    assert_eq!(ask(bearer(Method::GET, "/api/v1/standards")).await.status, StatusCode::OK);
    assert_eq!(said(&ask(bearer(Method::GET, "/api/v1/situation")).await), refused("A-306", 403));
    assert_eq!(names(&ask(bearer(Method::GET, "/api/v1/session")).await.json()["rights"]), ["standards.read"]);
    assert_eq!(said(&ask(bearer(Method::GET, "/api/v1/tokens")).await), refused("A-306", 403));
    assert_eq!(said(&ask(bearer(Method::DELETE, "/api/v1/session")).await), refused("A-310", 403));
    let list = forecaster.json("/api/v1/tokens").await;
    assert!(list["items"][0]["last_used_at"].is_string() && !list.to_string().contains(secret));
    let path = format!("/api/v1/tokens/{}", made["id"].as_str().unwrap());
    let foreign = house.visitor("duty").await.call(Method::DELETE, &path, None, &[]).await;
    assert_eq!(said(&foreign), refused("A-104", 404));
    assert_eq!(forecaster.call(Method::DELETE, &path, None, &[]).await.status, StatusCode::NO_CONTENT);
    assert_eq!(said(&ask(bearer(Method::GET, "/api/v1/standards")).await), refused("A-301", 401));
    let log = house.visitor("auditor").await.json("/api/v1/audit?kind=account&limit=200").await.to_string();
    assert!(log.contains("token_made") && log.contains("token_taken_back") && !log.contains(secret), "{log}");
}

#[tokio::test]
async fn acting_for_another_needs_a_delegation_and_a_new_session_id() {
    let house = people().await;
    let chair = house.visitor("chair").await;
    let act = |visitor: &Visitor<'_>, id: Value| {
        let keys = visitor.keys.clone();
        let house = &house;
        async move { house.with_keys(keys).post("/api/v1/session/acting", json!({ "delegation": id })).await }
    };
    assert_eq!(said(&act(&chair, json!("none")).await), refused("A-315", 422));
    delegate(&house, "d-1").await;
    let me = chair.json("/api/v1/session").await;
    assert_eq!(
        (me["acting"][0]["id"].as_str(), me["acting"][0]["from_account"].as_str()),
        (Some("d-1"), Some("nanjing"))
    );
    assert!(names(&me["rights"]).contains(&"matter.read") && me["acting_for"].is_null());
    let acting = act(&chair, json!("d-1")).await;
    assert_eq!(acting.json()["acting_for"], "d-1", "{}", acting.text());
    assert_eq!(said(&chair.get("/api/v1/session").await), refused("A-301", 401));
    let acting = house.with_keys(acting.keys());
    assert!(
        acting.json("/api/v1/session").await["roles"]
            .as_array()
            .unwrap()
            .iter()
            .any(|role| role["id"] == "city-bureau")
    );
    let back = act(&acting, Value::Null).await;
    assert!(back.json()["acting_for"].is_null());
    assert_eq!(said(&act(&house.visitor("xuzhou").await, json!("d-1")).await), refused("A-315", 422), "not his");
}

/// Nanjing lends its role to the chair, who has to act for it to use it.
async fn delegate(house: &House, id: &str) {
    let now = units::Instant::from_utc(chrono::Utc::now());
    let (from, to): (units::AccountId, units::AccountId) = ("nanjing".parse().unwrap(), "chair".parse().unwrap());
    let by = event::Actor {
        account: from.clone(),
        organisation: "320100".parse().unwrap(),
        on_behalf_of: None,
        origin: "cli".into(),
    };
    let today = now.last_ended_hour().day();
    let command = org::DelegationCommand::Delegate {
        id: id.into(),
        from_account: from.clone(),
        to_account: to.clone(),
        roles: ["city-bureau".to_string()].into(),
        from: today - 1,
        to: today + 30,
        reason: "出差".into(),
        acting: true,
        open: vec![from, to],
    };
    let order: store::Order<'_, org::Delegation> =
        store::Order { id, expected: None, command, by: &by, at: now, shown: now, key: None, reason: None };
    house.store().await.execute(order).await.unwrap();
}

#[tokio::test]
async fn a_closed_account_is_out_at_once() {
    let house = people().await;
    let nanjing = house.visitor("nanjing").await;
    let now = units::Instant::from_utc(chrono::Utc::now());
    let by = event::Actor {
        account: "sysadmin".parse().unwrap(),
        organisation: "js".parse().unwrap(),
        on_behalf_of: None,
        origin: "cli".into(),
    };
    let order: store::Order<'_, org::Account> = store::Order {
        id: "nanjing",
        expected: None,
        command: org::AccountCommand::Close,
        by: &by,
        at: now,
        shown: now,
        key: None,
        reason: None,
    };
    house.store().await.execute(order).await.unwrap();
    assert_eq!(said(&nanjing.get("/api/v1/session").await), refused("A-301", 401));
    assert_eq!(
        said(&house.log_in(&json!({"login": "nanjing", "password": DEMO_PASSWORD})).await),
        refused("A-302", 401)
    );
}

#[tokio::test]
async fn every_address_asks_who_is_there_but_the_few_that_cannot() {
    let house = people().await;
    let document: Value = serde_json::from_str(&server::openapi_json()).unwrap();
    let open = [
        "get /healthz",
        "post /api/v1/session",
        "get /api/v1/session/options",
        "get /api/v1/oidc/start",
        "get /api/v1/oidc/callback",
    ];
    // Guests show a link instead of a login.
    let guests = [
        "get /api/v1/guest/consultation",
        "post /api/v1/guest/consultation/bid",
        "post /api/v1/guest/consultation/remark",
    ];
    let mut asked = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            let name = format!("{method} {path}");
            let method: Method = method.to_uppercase().parse().unwrap();
            let uri = path.replace(['{', '}'], "");
            let answer = house.send_bare(Request::builder().method(method).uri(&uri), Body::empty()).await;
            let code = if guests.contains(&name.as_str()) { "C-301" } else { "A-301" };
            let shut = said_or_open(&answer) == refused(code, 401);
            assert_eq!(shut, !open.contains(&name.as_str()), "{name}: {}", answer.status);
            asked += 1;
        }
    }
    assert!(asked > 20, "{asked}");
}

fn said_or_open(answer: &Answer) -> (u16, String) {
    let code = serde_json::from_slice::<Value>(&answer.bytes).ok();
    let code = code.and_then(|body| body["code"].as_str().map(str::to_string)).unwrap_or_default();
    (answer.status.as_u16(), code)
}

#[tokio::test]
async fn somebody_without_a_role_sees_nothing_but_himself() {
    let house = people().await;
    let nobody = Keys { session: "x".repeat(43), csrf: String::new() };
    assert_eq!(said(&house.with_keys(nobody).get("/api/v1/status").await), refused("A-301", 401));
    let enterprise = house.visitor("enterprise").await;
    for path in ["/api/v1/quality", "/api/v1/imports", "/api/v1/cities/320300/forecast", "/api/v1/tokens"] {
        assert_eq!(said(&enterprise.get(path).await), refused("A-306", 403), "{path}");
    }
}

#[tokio::test]
async fn the_demonstrations_people_come_in_once() {
    let house = people().await;
    let store = house.store().await;
    let everything = store::EventFilter::default();
    let before = store.count_events(&everything).await.unwrap();
    server::install_demonstration(&store).await.unwrap();
    assert_eq!(store.count_events(&everything).await.unwrap(), before);
    let offered = house.json("/api/v1/session/options").await;
    let offered = offered["demo_accounts"].as_array().unwrap();
    assert_eq!(offered.len(), 15);
    for account in offered {
        let keys = house.visitor(account["login"].as_str().unwrap()).await.keys;
        let me = house.with_keys(keys).json("/api/v1/session").await;
        assert_eq!(me["roles"][0]["name"], account["role"]);
    }
}

fn newcomer(login: &str, role: &str, password: Option<&str>) -> Newcomer {
    Newcomer {
        login: login.into(),
        name: login.into(),
        role: role.into(),
        organisation: "department".parse().unwrap(),
        password: password.map(str::to_string),
    }
}

#[tokio::test]
async fn the_first_administrator_comes_from_the_console() {
    let folder = tempfile::tempdir().unwrap();
    let store = store::Store::open(&folder.path().join("qingkong.db").display().to_string()).await.unwrap();
    for (login, role, password, code) in [
        ("li.na", "king", Some(NEW), "G-401"),
        ("li.na", "system-admin", Some("short"), "G-305"),
        ("李娜", "system-admin", Some(NEW), "G-301"),
    ] {
        let refusal = server::install_account(&store, &newcomer(login, role, password)).await.unwrap_err().to_string();
        assert!(refusal.starts_with(code), "{login}: {refusal}");
    }
    assert_eq!(server::install_account(&store, &newcomer("Li.Na", "system-admin", Some(NEW))).await.unwrap(), None);
    let taken = server::install_account(&store, &newcomer("li.na", "auditor", Some(NEW))).await.unwrap_err();
    assert!(taken.to_string().starts_with("G-302"), "{taken}");
    let accounts = server::all_accounts(&store).await.unwrap();
    assert_eq!((accounts.len(), accounts[0].account.login.as_str()), (1, "li.na"));
    assert_eq!(accounts[0].path.to_string(), "/department/");
}

#[tokio::test]
async fn the_console_resets_and_unlocks() {
    let house = people().await;
    let nanjing = house.visitor("nanjing").await;
    for _ in 0..5 {
        house.log_in(&json!({"login": "nanjing", "password": "x"})).await;
    }
    let right = json!({"login": "nanjing", "password": DEMO_PASSWORD});
    assert_eq!(said(&house.log_in(&right).await), refused("A-304", 423));
    server::unlock(&house.store().await, "nanjing").await.unwrap();
    assert_eq!(house.log_in(&right).await.status, StatusCode::OK);
    let made = server::reset_password(&house.store().await, "nanjing").await.unwrap();
    assert_eq!(said(&nanjing.get("/api/v1/session").await), refused("A-301", 401), "its sessions have ended");
    assert_eq!(said(&house.log_in(&right).await), refused("A-302", 401));
    assert_eq!(house.log_in(&json!({"login": "nanjing", "password": made})).await.json()["needs"], "password");
    assert!(server::unlock(&house.store().await, "nobody").await.unwrap_err().to_string().starts_with("G-201"));
}
