use crate::extract::Path;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use utoipa::ToSchema;

/// Boundaries that come with the program. A department puts its own approved ones, under the same name,
/// into the folder `geo` of the data folder.
const BUNDLED: [(&str, &[u8]); 2] = [
    ("jiangsu", include_bytes!("../../../data/geo/jiangsu.topo.json")),
    ("neighbours", include_bytes!("../../../data/geo/neighbours.topo.json")),
];

/// A TopoJSON document; only what this program adds to the format is described here.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the shape of a file that is sent as it is")]
pub(crate) struct Topology {
    /// Always `Topology`.
    #[schema(rename = "type")]
    r#type: String,
    metadata: Metadata,
    /// `cities` and `counties`, or `provinces`; geometries carry `code` and `name`.
    objects: serde_json::Value,
    /// Shared lines.
    arcs: serde_json::Value,
}

/// Where the lines come from.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the shape of a file that is sent as it is")]
pub(crate) struct Metadata {
    source: String,
    date: String,
    /// 审图号; `null` while the map is not approved.
    map_review_number: Option<String>,
}

/// Boundaries as TopoJSON: `jiangsu` (objects `cities`, `counties`) or `neighbours` (object `provinces`).
#[utoipa::path(get, path = "/api/v1/geo/{name}", tag = "geo",
    params(("name" = String, Path, description = "`jiangsu` or `neighbours`")),
    responses((status = 200, body = Topology), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn geo(State(state): State<AppState>, Path(name): Path<String>) -> Result<Response, ServerError> {
    let bytes = boundaries(&state, &name).await?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], bytes).into_response())
}

/// The department's own boundaries of this name, else the bundled ones; refuses `A-104` another name.
pub(crate) async fn boundaries(state: &AppState, name: &str) -> Result<Vec<u8>, ServerError> {
    let (name, bundled) = BUNDLED
        .into_iter()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| ServerError::NotFound(format!("/api/v1/geo/{name}; known are jiangsu, neighbours")))?;
    let own = match &state.options().data_dir {
        Some(folder) => tokio::fs::read(folder.join("geo").join(format!("{name}.topo.json"))).await.ok(),
        None => None,
    };
    Ok(own.unwrap_or_else(|| bundled.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundled_boundaries_are_topologies_with_a_source_and_a_place_for_the_review_number() {
        for (name, bytes) in BUNDLED {
            let topology: serde_json::Value = serde_json::from_slice(bytes).unwrap();
            assert_eq!(topology["type"], "Topology", "{name}");
            assert!(topology["metadata"]["source"].is_string(), "{name}");
            assert!(topology["metadata"].get("map_review_number").is_some(), "{name}");
        }
    }
}
