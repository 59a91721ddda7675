//! Organisations, accounts and grants as administrators see them.

use crate::house::{House, Visitor, fresh_key};
use crate::matters::order;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use org::xlsx::AccountRow;
use serde_json::{Value, json};

async fn patch(visitor: &Visitor<'_>, path: &str, version: &Value, body: Value) -> (StatusCode, Value) {
    let answer = visitor.call(Method::PATCH, path, Some(body), &[("if-match", &format!("\"{version}\""))]).await;
    (answer.status, answer.json())
}

async fn post(visitor: &Visitor<'_>, path: &str, body: Value) -> Value {
    let answer = visitor.post(path, body).await;
    assert!(answer.status.is_success(), "{path}: {}", answer.text());
    answer.json()
}

/// Sends a workbook.
async fn import(house: &House, visitor: &Visitor<'_>, query: &str, bytes: Vec<u8>) -> (StatusCode, Value) {
    let mut request = Request::post(format!("/api/v1/organisations/import{query}"))
        .header("idempotency-key", fresh_key())
        .header(header::CONTENT_TYPE, "application/octet-stream");
    visitor.keys.put(request.headers_mut().unwrap());
    let answer = house.send_bare(request, Body::from(bytes)).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn an_organisation_is_founded_renamed_moved_and_closed() {
    let house = House::of_people(|_| ()).await;
    let (admin, nanjing) = (house.visitor("sysadmin").await, house.visitor("nanjing").await);
    let body = json!({ "id": "nj-team", "name": "南京秋冬攻坚组", "kind": "team", "parent": "320100" });
    let team = post(&admin, "/api/v1/organisations", body).await;
    assert_eq!(team["path"], "/js/320100/nj-team/");
    let path = "/api/v1/organisations/nj-team";
    assert_eq!(nanjing.json(path).await["name"], "南京秋冬攻坚组");
    let (status, team) = patch(&admin, path, &team["version"], json!({ "name": "攻坚组" })).await;
    assert_eq!((status, &team["name"]), (StatusCode::OK, &json!("攻坚组")));
    let (status, moved) = patch(&admin, path, &team["version"], json!({ "parent": "320300" })).await;
    assert_eq!((status, &moved["path"]), (StatusCode::OK, &json!("/js/320300/nj-team/")));
    assert_eq!(nanjing.get(path).await.status, StatusCode::NOT_FOUND, "it went to Xuzhou");
    let (status, problem) = patch(&admin, path, &team["version"], json!({ "active": false })).await;
    assert_eq!((status, &problem["code"]), (StatusCode::PRECONDITION_FAILED, &json!("E-409")));
    let (_, two) = patch(&admin, path, &moved["version"], json!({ "name": "x", "active": false })).await;
    assert_eq!(two["code"], "A-102", "one change at a time");
    let (status, closed) = patch(&admin, path, &moved["version"], json!({ "active": false })).await;
    assert_eq!((status, &closed["active"]), (StatusCode::OK, &json!(false)));
    let full = admin.json("/api/v1/organisations/320100").await;
    let (_, problem) =
        patch(&admin, "/api/v1/organisations/320100", &full["version"], json!({ "active": false })).await;
    assert_eq!(problem["code"], "G-209", "{problem}");
}

#[tokio::test]
async fn a_new_account_logs_in_once_with_its_one_time_password() {
    let house = House::of_people(|_| ()).await;
    let admin = house.visitor("sysadmin").await;
    let key = fresh_key();
    let open = async || {
        let body =
            json!({ "login": "Jiangning", "name": "江宁值班", "organisation": "320115", "phone": "13812345678" });
        admin.call(Method::POST, "/api/v1/accounts", Some(body), &[("idempotency-key", &key)]).await
    };
    let (first, again) = (open().await.json(), open().await.json());
    let password = first["password"].as_str().unwrap();
    assert!(password.len() > 20 && again["password"].is_null(), "a password is told once: {again}");
    assert_eq!(first["account"]["login"], "jiangning");
    let answer = house.log_in(&json!({ "login": "jiangning", "password": password })).await;
    assert_eq!((answer.status, &answer.json()["must_change_password"]), (StatusCode::OK, &json!(true)));
    let taken = admin
        .post("/api/v1/accounts", json!({ "id": "x2", "login": "jiangning", "name": "x", "organisation": "320115" }))
        .await;
    assert_eq!(taken.code(), "G-302");
    let reset = post(&admin, "/api/v1/accounts/jiangning/reset-password", json!({})).await;
    assert_ne!(reset["password"].as_str().unwrap(), password);
    let old = house.log_in(&json!({ "login": "jiangning", "password": password })).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn personal_data_is_masked_erased_and_never_in_the_log() {
    let house = House::of_people(|_| ()).await;
    let (admin, nanjing) = (house.visitor("sysadmin").await, house.visitor("nanjing").await);
    let body = json!({ "login": "jiangning", "name": "江宁值班", "organisation": "320115", "phone": "13812345678" });
    let opened = post(&admin, "/api/v1/accounts", body).await["account"].clone();
    let path = "/api/v1/accounts/jiangning";
    assert_eq!(admin.json(path).await["phone"], "13812345678");
    let seen = nanjing.json(path).await;
    assert_eq!(
        (&seen["phone"], &seen["masked"], &seen["security"]),
        (&json!("138******78"), &json!(true), &Value::Null)
    );
    let (status, changed) = patch(&admin, path, &opened["version"], json!({ "mail": "duty@jiangning.example" })).await;
    assert_eq!((status, &changed["mail"]), (StatusCode::OK, &json!("duty@jiangning.example")));
    let header = json!("a@b.example\r\nBcc: c@d.example");
    let (_, refused) = patch(&admin, path, &changed["version"], json!({ "mail": header })).await;
    assert_eq!(refused["code"], "G-203", "no second header in an address");
    let version = format!("\"{}\"", changed["version"]);
    let erased = admin.call(Method::DELETE, &format!("{path}/personal"), None, &[("if-match", &version)]).await;
    assert!(erased.status.is_success(), "{}", erased.text());
    let left = admin.json(path).await;
    assert!(left["phone"].is_null() && left["mail"].is_null());
    let log =
        house.visitor("auditor").await.json("/api/v1/audit?kind=account&id=jiangning&limit=500").await.to_string();
    assert!(log.contains("updated") && !log.contains("13812345678") && !log.contains("duty@jiangning"), "{log}");
    let verdict = house.visitor("auditor").await.post("/api/v1/audit/verify", json!({})).await.json();
    assert_eq!(verdict["verified"]["ok"], true, "erasure leaves the chain whole: {verdict}");
}

#[tokio::test]
async fn a_closed_account_is_out_at_once() {
    let house = House::of_people(|_| ()).await;
    let (admin, nanjing) = (house.visitor("sysadmin").await, house.visitor("nanjing").await);
    let version = admin.json("/api/v1/accounts/nanjing").await["version"].clone();
    let (status, closed) = patch(&admin, "/api/v1/accounts/nanjing", &version, json!({ "active": false })).await;
    assert_eq!((status, &closed["active"]), (StatusCode::OK, &json!(false)));
    assert_eq!(nanjing.get("/api/v1/matters").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_grant_takes_two_persons_and_keeps_the_three_administrators_apart() {
    let house = House::of_people(|_| ()).await;
    let (admin, security) = (house.visitor("sysadmin").await, house.visitor("secadmin").await);
    let (forecaster, air) = (house.visitor("forecaster").await, house.visitor("air").await);
    air.post("/api/v1/matters", json!({ "title": "会商准备", "owner": "js-air" })).await;
    assert_eq!(forecaster.json("/api/v1/matters").await["total"], 0);

    let body =
        json!({ "account": "forecaster", "role": "air-division", "organisation": "js-air", "from": "2018-01-01" });
    let grant = post(&admin, "/api/v1/grants", body).await;
    assert_eq!(
        (&grant["state"], forecaster.json("/api/v1/matters").await["total"].as_u64()),
        (&json!("proposed"), Some(0))
    );
    let path = format!("/api/v1/grants/{}", grant["id"].as_str().unwrap());
    let alone = admin.post_on(&format!("{path}/approve"), 1, json!({})).await;
    assert_eq!(alone.code(), "A-306", "who proposes cannot approve");
    let approved = security.post_on(&format!("{path}/approve"), 1, json!({ "reason": "顶岗" })).await;
    assert_eq!((approved.status, &approved.json()["decided_by"]["id"]), (StatusCode::OK, &json!("secadmin")));
    assert_eq!(forecaster.json("/api/v1/matters").await["total"], 1);
    let ended = security.post_on(&format!("{path}/end"), 2, json!({})).await;
    assert!(ended.status.is_success());
    assert_eq!(forecaster.json("/api/v1/matters").await["total"], 0);

    let both = json!({ "account": "secadmin", "role": "auditor", "organisation": "js", "from": "2018-01-01" });
    assert_eq!(admin.post("/api/v1/grants", both).await.code(), "G-404");
    let nobody = json!({ "account": "nobody", "role": "leader", "organisation": "js", "from": "2018-01-01" });
    assert_eq!(admin.post("/api/v1/grants", nobody).await.code(), "G-402");
}

#[tokio::test]
async fn the_explanation_says_the_same_as_the_lists() {
    let house = House::of_people(|_| ()).await;
    let (xuzhou, security) = (house.visitor("xuzhou").await, house.visitor("secadmin").await);
    let id = order(&xuzhou, "限产").await["id"].as_str().unwrap().to_string();
    for (login, sees) in
        [("xuzhou", true), ("enterprise", true), ("leader", true), ("commissioner", true), ("nanjing", false)]
    {
        let path = format!("/api/v1/explain?account={login}&right=matter.read&matter={id}");
        let told = security.json(&path).await;
        assert_eq!(told["allowed"], sees, "{login}: {told}");
        let reason = &told["reasons"][0];
        assert!(!reason["why"].as_str().unwrap().is_empty() && !reason["why_en"].as_str().unwrap().is_empty());
        let read = house.visitor(login).await.get(&format!("/api/v1/matters/{id}")).await;
        assert_eq!(read.status.is_success(), sees, "{login}");
    }
    let right = security.json("/api/v1/explain?account=enterprise&right=matter.approve").await;
    assert_eq!(right["allowed"], false);
    assert_eq!(security.get("/api/v1/explain?account=nobody&right=matter.read").await.status, StatusCode::NOT_FOUND);
    assert_eq!(security.get("/api/v1/explain?account=nanjing&right=matter.eat").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        security.get(&format!("/api/v1/matters/{id}")).await.status,
        StatusCode::FORBIDDEN,
        "administrators see no matter"
    );
}

#[tokio::test]
async fn a_workbook_goes_out_and_in_again_and_changes_nothing() {
    let house = House::of_people(|_| ()).await;
    let admin = house.visitor("sysadmin").await;
    let bytes = admin.get("/api/v1/organisations.xlsx").await.bytes;
    let (status, report) = import(&house, &admin, "", bytes).await;
    assert_eq!(status, StatusCode::OK, "{report}");
    for sheet in ["organisations", "accounts"] {
        let tally = &report[sheet];
        assert_eq!((&tally["created"], &tally["changed"]), (&json!(0), &json!(0)), "{report}");
        assert!(tally["unchanged"].as_u64().unwrap() > 10);
    }
    assert!(report["refused"].as_array().unwrap().is_empty() && report["returned_copy"].is_null());
    let (status, problem) = import(&house, &admin, "", b"PK not a workbook".to_vec()).await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("G-501")));
    let (status, _) = import(&house, &admin, "", vec![0; 11 * 1024 * 1024]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_dry_run_changes_nothing_and_bad_cells_come_back_marked_to_their_sender() {
    let house = House::of_people(|_| ()).await;
    let (admin, security) = (house.visitor("sysadmin").await, house.visitor("secadmin").await);
    let row = |login: &str, organisation: &str| AccountRow {
        login: login.into(),
        name: "新账号".into(),
        organisation: organisation.parse().unwrap(),
        phone: "13900001111".into(),
        mail: String::new(),
        active: true,
    };
    let bytes = org::xlsx::write(&[], &[row("qixia", "320113"), row("lost", "nowhere")]).unwrap();
    let (status, dry) = import(&house, &admin, "?dry_run=true", bytes.clone()).await;
    assert_eq!(
        (status, &dry["accounts"]["created"], &dry["dry_run"]),
        (StatusCode::OK, &json!(1), &json!(true)),
        "{dry}"
    );
    assert_eq!(admin.get("/api/v1/accounts/qixia").await.status, StatusCode::NOT_FOUND);

    let (_, done) = import(&house, &admin, "", bytes.clone()).await;
    assert_eq!((&done["accounts"]["created"], done["refused"].as_array().unwrap().len()), (&json!(1), 1), "{done}");
    assert_eq!(done["refused"][0]["row"], dry["refused"][0]["row"]);
    assert_eq!(admin.json("/api/v1/accounts/qixia").await["phone"], "13900001111");
    let copy = done["returned_copy"].as_str().unwrap();
    let marked = admin.get(copy).await;
    assert!(marked.status.is_success() && marked.bytes.starts_with(b"PK"));
    let other = security.get(copy).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "a copy is its sender's alone");
    let (_, again) = import(&house, &admin, "", bytes).await;
    assert_eq!((&again["accounts"]["created"], &again["accounts"]["unchanged"]), (&json!(0), &json!(1)), "{again}");
}

#[tokio::test]
async fn roles_are_lent_from_day_to_day_and_taken_back() {
    let house = House::of_people(|_| ()).await;
    let (leader, air) = (house.visitor("leader").await, house.visitor("air").await);
    let body =
        json!({ "to_account": "air", "roles": ["leader"], "from": "2018-01-01", "to": "2099-01-01", "reason": "出差" });
    let lent = post(&leader, "/api/v1/delegations", body).await;
    let listed = air.json("/api/v1/delegations").await;
    assert_eq!((listed["total"].as_u64(), &listed["items"][0]["from_account"]["id"]), (Some(1), &json!("leader")));
    let path = format!("/api/v1/delegations/{}/end", lent["id"].as_str().unwrap());
    let ended = air.post_on(&path, 1, json!({})).await;
    assert!(ended.status.is_success() && !ended.json()["ended_at"].is_null(), "{}", ended.text());
    let admins = json!({ "to_account": "air", "roles": ["system-admin"], "from": "2018-01-01", "to": "2099-01-01", "reason": "x" });
    assert_eq!(leader.post("/api/v1/delegations", admins).await.code(), "G-407");
}
