//! The description of the API holds every contracted route, and a schema for each answer.

use serde_json::Value;

const ROUTES: [(&str, &str); 17] = [
    ("get", "/healthz"),
    ("get", "/api/v1/status"),
    ("put", "/api/v1/clock"),
    ("get", "/api/v1/events"),
    ("get", "/api/v1/situation"),
    ("get", "/api/v1/situation/rank"),
    ("get", "/api/v1/cities"),
    ("get", "/api/v1/cities/{code}"),
    ("get", "/api/v1/cities/{code}/forecast"),
    ("get", "/api/v1/warnings/proposal"),
    ("get", "/api/v1/plans"),
    ("get", "/api/v1/sites"),
    ("get", "/api/v1/quality"),
    ("get", "/api/v1/imports"),
    ("get", "/api/v1/standards"),
    ("get", "/api/v1/geo/{name}"),
    ("get", "/api/v1/openapi.json"),
];

#[test]
fn every_route_of_the_contract_is_described_with_a_schema_and_its_refusals() {
    let document: Value = serde_json::from_str(&server::openapi_json()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for (method, path) in ROUTES {
        let operation = &document["paths"][path][method];
        assert!(operation.is_object(), "{method} {path} is not described");
        let content =
            operation["responses"]["200"]["content"].as_object().unwrap_or_else(|| panic!("{path} has no content"));
        let schema = &content.values().next().unwrap()["schema"];
        assert!(schema.is_object(), "{path} has no schema");
        if let Some(name) = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
            assert!(document["components"]["schemas"][name].is_object(), "{name} is named but not described");
        }
    }
    assert_eq!(document["paths"].as_object().unwrap().len(), ROUTES.len(), "a route that is not in the list");
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
