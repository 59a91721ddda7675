//! The description of the API holds every contracted route, and a schema for each answer.

use serde_json::Value;

const ROUTES: [(&str, &str); 128] = [
    ("get", "/api/v1/accounts"),
    ("post", "/api/v1/accounts"),
    ("get", "/api/v1/accounts/{id}"),
    ("patch", "/api/v1/accounts/{id}"),
    ("delete", "/api/v1/accounts/{id}/personal"),
    ("post", "/api/v1/accounts/{id}/reset-password"),
    ("post", "/api/v1/accounts/{id}/unlock"),
    ("get", "/api/v1/analogs"),
    ("get", "/api/v1/attachments"),
    ("post", "/api/v1/attachments"),
    ("get", "/api/v1/attachments/{id}"),
    ("post", "/api/v1/attachments/{id}/withdraw"),
    ("get", "/api/v1/audit"),
    ("post", "/api/v1/audit/anchor"),
    ("get", "/api/v1/audit/state"),
    ("post", "/api/v1/audit/verify"),
    ("get", "/api/v1/calendar"),
    ("get", "/api/v1/channels"),
    ("post", "/api/v1/channels"),
    ("delete", "/api/v1/channels/{id}"),
    ("patch", "/api/v1/channels/{id}"),
    ("post", "/api/v1/channels/{id}/test"),
    ("get", "/api/v1/cities"),
    ("get", "/api/v1/cities/{code}"),
    ("get", "/api/v1/cities/{code}/forecast"),
    ("put", "/api/v1/clock"),
    ("get", "/api/v1/consultation-tempo"),
    ("get", "/api/v1/consultations"),
    ("post", "/api/v1/consultations"),
    ("get", "/api/v1/consultations/{id}"),
    ("post", "/api/v1/consultations/{id}/bid"),
    ("get", "/api/v1/consultations/{id}/document"),
    ("post", "/api/v1/consultations/{id}/guests"),
    ("post", "/api/v1/consultations/{id}/guests/{guest}/revoke"),
    ("post", "/api/v1/consultations/{id}/{step}"),
    ("get", "/api/v1/delegations"),
    ("post", "/api/v1/delegations"),
    ("post", "/api/v1/delegations/{id}/end"),
    ("get", "/api/v1/deliveries"),
    ("post", "/api/v1/deliveries/{id}/retry"),
    ("get", "/api/v1/episodes"),
    ("get", "/api/v1/events"),
    ("get", "/api/v1/explain"),
    ("get", "/api/v1/forecasts"),
    ("get", "/api/v1/forecasts/changes"),
    ("get", "/api/v1/forecasts/models"),
    ("get", "/api/v1/geo/{name}"),
    ("get", "/api/v1/grants"),
    ("post", "/api/v1/grants"),
    ("post", "/api/v1/grants/{id}/{step}"),
    ("get", "/api/v1/guest/consultation"),
    ("post", "/api/v1/guest/consultation/bid"),
    ("post", "/api/v1/guest/consultation/remark"),
    ("get", "/api/v1/imports"),
    ("get", "/api/v1/jobs"),
    ("post", "/api/v1/jobs/{id}/retry"),
    ("get", "/api/v1/matters"),
    ("post", "/api/v1/matters"),
    ("get", "/api/v1/matters/count"),
    ("get", "/api/v1/matters/suggest"),
    ("get", "/api/v1/matters/{id}"),
    ("post", "/api/v1/matters/{id}/{step}"),
    ("get", "/api/v1/notices"),
    ("post", "/api/v1/notices/read-all"),
    ("post", "/api/v1/notices/{id}/read"),
    ("get", "/api/v1/official-forecasts"),
    ("get", "/api/v1/oidc/callback"),
    ("get", "/api/v1/oidc/start"),
    ("get", "/api/v1/openapi.json"),
    ("get", "/api/v1/organisations"),
    ("post", "/api/v1/organisations"),
    ("get", "/api/v1/organisations.xlsx"),
    ("post", "/api/v1/organisations/import"),
    ("get", "/api/v1/organisations/import/{id}"),
    ("get", "/api/v1/organisations/{id}"),
    ("patch", "/api/v1/organisations/{id}"),
    ("get", "/api/v1/plans"),
    ("post", "/api/v1/plans"),
    ("post", "/api/v1/plans/check"),
    ("get", "/api/v1/plans/{id}"),
    ("put", "/api/v1/plans/{id}"),
    ("get", "/api/v1/plans/{id}/trial"),
    ("post", "/api/v1/plans/{id}/trial"),
    ("post", "/api/v1/plans/{id}/{step}"),
    ("get", "/api/v1/quality"),
    ("get", "/api/v1/roles"),
    ("get", "/api/v1/scorecards"),
    ("delete", "/api/v1/session"),
    ("get", "/api/v1/session"),
    ("post", "/api/v1/session"),
    ("post", "/api/v1/session/acting"),
    ("get", "/api/v1/session/notices"),
    ("put", "/api/v1/session/notices"),
    ("get", "/api/v1/session/options"),
    ("post", "/api/v1/session/password"),
    ("delete", "/api/v1/session/totp"),
    ("post", "/api/v1/session/totp"),
    ("put", "/api/v1/session/totp"),
    ("get", "/api/v1/sessions"),
    ("delete", "/api/v1/sessions/{id}"),
    ("get", "/api/v1/sites"),
    ("get", "/api/v1/situation"),
    ("get", "/api/v1/situation/rank"),
    ("get", "/api/v1/standards"),
    ("get", "/api/v1/status"),
    ("get", "/api/v1/templates"),
    ("post", "/api/v1/templates/preview"),
    ("get", "/api/v1/timers"),
    ("post", "/api/v1/timers/{key}/retry"),
    ("get", "/api/v1/tokens"),
    ("post", "/api/v1/tokens"),
    ("delete", "/api/v1/tokens/{id}"),
    ("get", "/api/v1/verification"),
    ("get", "/api/v1/warnings"),
    ("post", "/api/v1/warnings"),
    ("get", "/api/v1/warnings/feed"),
    ("get", "/api/v1/warnings/in-force"),
    ("get", "/api/v1/warnings/proposal"),
    ("get", "/api/v1/warnings/proposals"),
    ("get", "/api/v1/warnings/{id}"),
    ("get", "/api/v1/warnings/{id}/cap"),
    ("get", "/api/v1/warnings/{id}/counterfactual"),
    ("get", "/api/v1/warnings/{id}/deliveries"),
    ("get", "/api/v1/warnings/{id}/document"),
    ("post", "/api/v1/warnings/{id}/receipt"),
    ("get", "/api/v1/warnings/{id}/review"),
    ("post", "/api/v1/warnings/{id}/{step}"),
    ("get", "/healthz"),
];

#[test]
fn every_route_of_the_contract_is_described_with_a_schema_and_its_refusals() {
    let document: Value = serde_json::from_str(&server::openapi_json()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for (method, path) in ROUTES {
        let operation = &document["paths"][path][method];
        assert!(operation.is_object(), "{method} {path} is not described");
        let done: Vec<(&String, &Value)> = operation["responses"]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(code, _)| code.starts_with(['2', '3']))
            .collect();
        assert!(!done.is_empty(), "{method} {path} never ends well");
        for (code, answer) in done.iter().filter(|(code, _)| *code != "204" && *code != "303") {
            let content =
                answer["content"].as_object().unwrap_or_else(|| panic!("{method} {path} {code} has no content"));
            let schema = &content.values().next().unwrap()["schema"];
            if let Some(name) = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
                assert!(document["components"]["schemas"][name].is_object(), "{name} is named but not described");
            }
        }
    }
    let described = document["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len());
    assert_eq!(described.sum::<usize>(), ROUTES.len(), "a route that is not in the list");
    assert!(document["components"]["schemas"]["Problem"]["properties"]["title_en"].is_object());
}

#[test]
fn every_reference_leads_somewhere() {
    let text = server::openapi_json();
    let document: Value = serde_json::from_str(&text).unwrap();
    let names = text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next());
    for name in names {
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
}
