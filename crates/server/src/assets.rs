use crate::{AppState, ServerError};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

const INDEX: &str = "index.html";

/// Everything that is not the API: the embedded front end, or its first page for the addresses it makes itself.
pub(crate) async fn serve(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return ServerError::MethodNotAllowed(format!("/{path}")).into_response();
    }
    let accept = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let name = if path.is_empty() { INDEX } else { path };
    let found = ui::lookup(name, accept).or_else(|| if is_page(path) { ui::lookup(INDEX, accept) } else { None });
    match found {
        Some(asset) => answer(asset, request.headers(), state.policy()),
        None => ServerError::NotFound(format!("/{path}")).into_response(),
    }
}

/// Whether the front end's own router may know this address: no file name, nothing of the server's.
fn is_page(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or("");
    !path.contains('.') && first != "api" && first != "assets"
}

fn answer(asset: ui::Asset, request: &HeaderMap, policy: &HeaderValue) -> Response {
    let keep = if asset.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&asset.etag) {
        headers.insert(header::ETAG, tag);
    }
    // Also on a 304: a browser replaces the headers of the page it keeps by those of that answer (RFC 9111, 3.2).
    if asset.mime.starts_with("text/html") {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    }
    if is_known(request, &asset.etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.mime));
    if let Some(encoding) = asset.encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    (headers, asset.bytes.into_owned()).into_response()
}

/// Whether the client says that it has this very version already.
pub(crate) fn is_known(request: &HeaderMap, etag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_string();
    let known = request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    known.is_some_and(|list| list.split(',').any(|tag| bare(tag) == bare(etag) || tag.trim() == "*"))
}

/// The content security policy of the first page: nothing from elsewhere, and of the inline scripts exactly
/// those that are in it. Inline styles are needed by the chart and component libraries.
pub(crate) fn policy() -> HeaderValue {
    let page = ui::lookup(INDEX, None).map(|asset| asset.bytes.into_owned()).unwrap_or_default();
    let hashes: String = inline_scripts(&String::from_utf8_lossy(&page))
        .iter()
        .map(|script| format!(" 'sha256-{}'", digest(script)))
        .collect();
    let policy = format!(
        "default-src 'self'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
         object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("base64 and the words above are legal in a header")
}

fn digest(script: &str) -> String {
    STANDARD.encode(Sha256::digest(script.as_bytes()))
}

fn inline_scripts(page: &str) -> Vec<&str> {
    let opened = page.split("<script").skip(1);
    opened
        .filter_map(|rest| {
            let (attributes, body) = rest.split_once('>')?;
            let (script, _) = body.split_once("</script>")?;
            (!attributes.contains("src=") && !script.is_empty()).then_some(script)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scripts_written_into_the_page_are_hashed() {
        let page = r#"<script>a()</script><script type="module" src="/x.js"></script><script nonce="1">b</script>"#;
        assert_eq!(inline_scripts(page), ["a()", "b"]);
        // RFC-independent check value: `printf 'a()' | openssl dgst -sha256 -binary | base64`.
        assert_eq!(digest("a()").len(), 44);
        assert_eq!(digest(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn pages_of_the_front_end_are_told_from_files() {
        for (path, page) in
            [("map", true), ("cities/320100", true), ("favicon.svg", false), ("api/v1/x", false), ("assets/x", false)]
        {
            assert_eq!(is_page(path), page, "{path}");
        }
    }

    #[test]
    fn a_tag_is_known_weak_or_strong_and_in_a_list() {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"a\", W/\"b\""));
        assert!(is_known(&headers, "\"b\"") && is_known(&headers, "W/\"a\"") && !is_known(&headers, "\"c\""));
    }
}
