//! What a command must say of itself: its key, and the version it was decided on.

use crate::ServerError;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponseParts;

const KEY: &str = "idempotency-key";
const LONGEST: usize = 128;

/// The header `Idempotency-Key` (幂等键): the same key makes the same command count once.
///
/// Refuses `A-311` when it is missing, longer than 128 letters, or not plain ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key(String);

impl Key {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The header `If-Match: "<version>"` of a change, and the `ETag` of its answer.
///
/// Refuses `A-312` (428) when it is missing and `A-101` when it is no version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version(pub u64);

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = ServerError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ServerError> {
        let text = parts.headers.get(KEY).and_then(|value| value.to_str().ok()).unwrap_or("").trim();
        if text.is_empty() || text.len() > LONGEST || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(ServerError::NoKey);
        }
        Ok(Key(text.to_string()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Version {
    type Rejection = ServerError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ServerError> {
        let value = parts.headers.get(header::IF_MATCH).ok_or(ServerError::NoVersion)?;
        let text = value.to_str().unwrap_or("").trim();
        // A proxy that compresses answers makes their tags weak.
        let inner = text.strip_prefix("W/").unwrap_or(text).strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let number = inner.and_then(|digits| digits.parse().ok());
        number
            .map(Version)
            .ok_or_else(|| ServerError::BadQuery("If-Match must be a version in quotes, as ETag gave it".into()))
    }
}

/// `(Version(3), Json(…))` answers with `ETag: "3"`.
impl IntoResponseParts for Version {
    type Error = std::convert::Infallible;
    fn into_response_parts(
        self,
        mut answer: axum::response::ResponseParts,
    ) -> Result<axum::response::ResponseParts, Self::Error> {
        let tag = HeaderValue::from_str(&format!("\"{}\"", self.0)).expect("a number in quotes is a legal header");
        answer.headers_mut().insert(header::ETAG, tag);
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    async fn read<T: FromRequestParts<(), Rejection = ServerError>>(name: &str, value: &str) -> Result<T, ServerError> {
        let (mut parts, ()) = Request::get("/").header(name, value).body(()).unwrap().into_parts();
        T::from_request_parts(&mut parts, &()).await
    }

    #[tokio::test]
    async fn a_version_is_a_number_in_quotes() {
        for text in ["\"7\"", "W/\"7\"", " \"7\" "] {
            assert_eq!(read::<Version>("if-match", text).await.unwrap(), Version(7), "{text}");
        }
        for text in ["7", "*", "\"7", "\"-1\"", "\"x\"", "\"7\", \"8\""] {
            assert!(matches!(read::<Version>("if-match", text).await, Err(ServerError::BadQuery(_))), "{text}");
        }
        assert!(matches!(read::<Version>("x-other", "1").await, Err(ServerError::NoVersion)));
    }

    #[tokio::test]
    async fn a_key_is_short_and_plain() {
        assert_eq!(read::<Key>("idempotency-key", "0193-ab").await.unwrap().as_str(), "0193-ab");
        for text in ["", "a b", "a\tb", &"x".repeat(129)] {
            assert!(matches!(read::<Key>("idempotency-key", text).await, Err(ServerError::NoKey)), "{text:?}");
        }
    }
}
