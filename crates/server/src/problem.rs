use crate::ServerError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// Why a request was not done, in the form of RFC 9457 (`application/problem+json`).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A name for the kind of problem, `urn:qingkong:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status once more.
    pub status: u16,
    /// Stable code, for example `A-201`; its first letter is the step of the work that refused.
    pub code: String,
    /// What happened, in Chinese.
    pub title: String,
    /// What happened, in English.
    pub title_en: String,
    /// This occurrence: which value, what to do next.
    pub detail: String,
    /// What was kept, when something could have been lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
    /// What must be given or done first: `totp`, `totp_set_up` or `password`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
}

impl From<&ServerError> for Problem {
    fn from(error: &ServerError) -> Problem {
        let text = error.to_string();
        let (code, detail) = split_code(&text);
        let (status, title, title_en) = error.meaning();
        Problem {
            kind: format!("urn:qingkong:problem:{code}"),
            status: status.as_u16(),
            code: code.to_string(),
            title: title.to_string(),
            title_en: title_en.to_string(),
            detail: detail.to_string(),
            kept: error.kept().map(str::to_string),
            needs: error.needs().map(str::to_string),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).expect("a problem is plain text and numbers");
        let kind = HeaderValue::from_static("application/problem+json");
        (status, [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], body)
            .into_response()
    }
}

impl IntoResponse for ServerError {
    fn into_response(self) -> Response {
        let problem = Problem::from(&self);
        if problem.status >= 500 {
            tracing::error!(code = %problem.code, "a request could not be answered: {}", problem.detail);
        }
        let mut response = problem.into_response();
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Every crate's error text begins with its code; the rest is for people.
fn split_code(text: &str) -> (&str, &str) {
    text.split_once(' ').filter(|(code, _)| is_code(code)).unwrap_or(("A-500", text))
}

fn is_code(word: &str) -> bool {
    word.split_once('-').is_some_and(|(letter, number)| {
        letter.len() == 1
            && letter.chars().all(|c| c.is_ascii_uppercase())
            && number.len() == 3
            && number.bytes().all(|b| b.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_leads_the_text_and_leaves_the_detail() {
        assert_eq!(split_code("T-102 the database is newer"), ("T-102", "the database is newer"));
        assert_eq!(split_code("no code here"), ("A-500", "no code here"));
        assert_eq!(split_code("TOO-1 x"), ("A-500", "TOO-1 x"));
    }

    #[test]
    fn a_problem_says_it_in_two_languages() {
        let problem = Problem::from(&ServerError::ClockIsLive);
        assert_eq!((problem.status, problem.code.as_str()), (409, "A-202"));
        assert!(problem.title.contains("实时") && problem.title_en.contains("live") && problem.kept.is_some());
    }
}
