//! What belongs to another city looks like what does not exist: one test for each way in.

use crate::house::{Answer, House, Visitor, fresh_key};
use crate::matters::order;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const NOBODY: &str = "00000000-0000-8000-8000-000000000000";

/// Status and body with the id that was asked for taken out.
fn told(answer: &Answer, id: &str) -> (StatusCode, String) {
    (answer.status, answer.text().replace(id, "ID"))
}

async fn same_as_unknown(visitor: &Visitor<'_>, path: &str, id: &str) {
    let (foreign, unknown) =
        (visitor.get(&path.replace("ID", id)).await, visitor.get(&path.replace("ID", NOBODY)).await);
    assert_eq!(told(&foreign, id), told(&unknown, NOBODY), "{path}");
    assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{path}");
    assert_eq!(foreign.header("etag"), "", "{path}: a tag would tell that there is something");
}

async fn xuzhous(house: &House) -> String {
    let xuzhou = house.visitor("xuzhou").await;
    order(&xuzhou, "徐州机密").await["id"].as_str().unwrap().to_string()
}

#[tokio::test]
async fn a_matter_of_another_city_cannot_be_read_or_touched() {
    let house = House::of_people(|_| ()).await;
    let (id, nanjing) = (xuzhous(&house).await, house.visitor("nanjing").await);
    same_as_unknown(&nanjing, "/api/v1/matters/ID", &id).await;
    same_as_unknown(&nanjing, "/api/v1/attachments?matter=ID", &id).await;
    for step in [
        "assign",
        "acknowledge",
        "comment",
        "evidence",
        "submit",
        "approve",
        "return",
        "cancel",
        "rename",
        "reschedule",
    ] {
        let post = async |id: &str, version: u64| {
            let path = format!("/api/v1/matters/{id}/{step}");
            told(&nanjing.post_on(&path, version, json!({ "text": "x", "assigned": ["320115"] })).await, id)
        };
        for version in [1, 99] {
            let foreign = post(&id, version).await;
            assert_eq!((foreign.0, &foreign), (StatusCode::NOT_FOUND, &post(NOBODY, version).await), "{step}");
        }
    }
    let upload = async |id: &str| {
        let path = format!("/api/v1/attachments?matter={id}&name=a.txt");
        told(&nanjing.call(Method::POST, &path, Some(json!("x")), &[("idempotency-key", &fresh_key())]).await, id)
    };
    let (foreign, unknown) = (upload(&id).await, upload(NOBODY).await);
    assert_eq!((foreign.0, &foreign), (StatusCode::NOT_FOUND, &unknown));
    assert_eq!(house.visitor("xuzhou").await.json(&format!("/api/v1/matters/{id}")).await["version"], 1);
}

#[tokio::test]
async fn lists_counts_exports_and_suggestions_do_not_tell_of_another_city() {
    let house = House::of_people(|_| ()).await;
    let (id, nanjing) = (xuzhous(&house).await, house.visitor("nanjing").await);
    for path in [
        "/api/v1/matters",
        "/api/v1/matters?q=%E5%BE%90%E5%B7%9E",
        "/api/v1/matters?owner=320300",
        "/api/v1/matters?assigned=demo-xz-steel",
        "/api/v1/matters?responsible=xuzhou",
        "/api/v1/matters/count",
        "/api/v1/matters/count?owner=320300",
        "/api/v1/matters/suggest?q=%E5%BE%90%E5%B7%9E",
        "/api/v1/matters/suggest?q=RW",
    ] {
        let answer = nanjing.json(path).await;
        assert_eq!(answer["total"], 0, "{path}: {answer}");
    }
    for format in ["csv", "xlsx"] {
        let answer = nanjing.get(&format!("/api/v1/matters?format={format}")).await;
        assert!(answer.status.is_success() && !answer.text().contains("徐州") && !answer.text().contains(&id));
    }
    let csv = nanjing.get("/api/v1/matters?format=csv").await.text();
    assert_eq!(csv.lines().count(), 1, "the header alone");
}

#[tokio::test]
async fn organisations_and_accounts_of_another_city_do_not_exist() {
    let house = House::of_people(|_| ()).await;
    let nanjing = house.visitor("nanjing").await;
    same_as_unknown(&nanjing, "/api/v1/organisations/ID", "320300").await;
    same_as_unknown(&nanjing, "/api/v1/organisations/ID", "demo-xz-steel").await;
    same_as_unknown(&nanjing, "/api/v1/accounts/ID", "xuzhou").await;
    for path in [
        "/api/v1/organisations?under=320300",
        "/api/v1/organisations?q=320300",
        "/api/v1/accounts?q=xuzhou",
        "/api/v1/accounts?organisation=320300",
    ] {
        assert_eq!(nanjing.json(path).await["total"], 0, "{path}");
    }
    let all = nanjing.json("/api/v1/organisations?limit=500").await;
    let paths = all["items"].as_array().unwrap().iter().map(|item| item["path"].as_str().unwrap());
    assert!(paths.clone().count() > 10 && paths.clone().all(|path| path.starts_with("/js/320100/")));
    assert!(!nanjing.get("/api/v1/organisations.xlsx").await.text().contains("320300"));
    for path in [
        "/api/v1/grants",
        "/api/v1/audit",
        "/api/v1/audit/state",
        "/api/v1/roles",
        "/api/v1/explain?account=xuzhou&right=air.read",
    ] {
        let answer = nanjing.get(path).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "A-306"), "{path}");
    }
}

#[tokio::test]
async fn nothing_is_changed_by_who_has_not_the_right() {
    let house = House::of_people(|_| ()).await;
    let nanjing = house.visitor("nanjing").await;
    let version = [("if-match", "\"1\"")];
    let patch = async |path: &str, body: Value| nanjing.call(Method::PATCH, path, Some(body), &version).await.status;
    assert_eq!(patch("/api/v1/organisations/320300", json!({ "name": "x" })).await, StatusCode::FORBIDDEN);
    assert_eq!(patch("/api/v1/organisations/320100", json!({ "name": "x" })).await, StatusCode::FORBIDDEN);
    assert_eq!(patch("/api/v1/accounts/xuzhou", json!({ "active": false })).await, StatusCode::FORBIDDEN);
    for (path, body) in [
        ("/api/v1/organisations", json!({ "id": "x", "name": "x", "kind": "team", "parent": "320100" })),
        ("/api/v1/accounts", json!({ "login": "mine", "name": "x", "organisation": "320100" })),
        ("/api/v1/accounts/xuzhou/reset-password", json!({})),
        ("/api/v1/accounts/xuzhou/unlock", json!({})),
        (
            "/api/v1/grants",
            json!({ "account": "nanjing", "role": "leader", "organisation": "js", "from": "2018-01-01" }),
        ),
        ("/api/v1/organisations/import", json!({})),
        ("/api/v1/audit/verify", json!({})),
        ("/api/v1/audit/anchor", json!({})),
    ] {
        assert_eq!(nanjing.post(path, body).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let grant = nanjing.post_on("/api/v1/grants/demo-xuzhou/end", 2, json!({})).await;
    assert_eq!(grant.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn sessions_and_delegations_of_others_cannot_be_seen_or_ended() {
    let house = House::of_people(|_| ()).await;
    let (nanjing, xuzhou) = (house.visitor("nanjing").await, house.visitor("xuzhou").await);
    let sessions = xuzhou.json("/api/v1/sessions").await;
    let session = sessions["items"][0]["id"].as_str().unwrap().to_string();
    let listed = nanjing.json("/api/v1/sessions").await.to_string();
    assert!(!listed.contains(&session) && !listed.contains("xuzhou"), "{listed}");
    let end =
        async |id: &str| told(&nanjing.call(Method::DELETE, &format!("/api/v1/sessions/{id}"), None, &[]).await, id);
    let unknown = end(&"0".repeat(session.len())).await;
    assert_eq!(end(&session).await, unknown);
    assert_eq!(xuzhou.get("/api/v1/session").await.status, StatusCode::OK, "the session goes on");

    let lend = async |to: &str| {
        let body = json!({ "to_account": to, "roles": ["city-bureau"], "from": "2018-01-01", "to": "2099-01-01", "reason": "x" });
        told(&nanjing.post("/api/v1/delegations", body).await, to)
    };
    let (foreign, unknown) = (lend("xuzhou").await, lend("nobody-at-all").await);
    assert_eq!((foreign.0, &foreign), (StatusCode::UNPROCESSABLE_ENTITY, &unknown));
    let steal = json!({ "from_account": "xuzhou", "to_account": "enterprise", "roles": ["city-bureau"], "from": "2018-01-01", "to": "2099-01-01", "reason": "x" });
    assert_eq!(nanjing.post("/api/v1/delegations", steal).await.code(), "G-402");
}
