//! Where a change came from: another site's page must not make a browser change anything here (CSRF).

use crate::ServerError;
use crate::auth::secret;
use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use std::net::{IpAddr, SocketAddr};

/// Longest text from outside that is kept or logged.
const LONGEST: usize = 200;
const FETCH_SITE: &str = "sec-fetch-site";
const TOKEN: &str = "x-csrf-token";

/// From where a request came, cleaned for logs and lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub address: String,
    pub agent: String,
}

impl Caller {
    /// The address of the connection, or the one a known proxy names.
    pub(crate) fn of(request: &Request, proxies: &[IpAddr]) -> Caller {
        let direct = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
        let address = direct.map(|direct| client(direct, request.headers(), proxies));
        let agent =
            request.headers().get(header::USER_AGENT).map(|value| plain(&String::from_utf8_lossy(value.as_bytes())));
        Caller {
            address: address.map_or_else(|| "local".to_string(), |address| address.to_string()),
            agent: agent.unwrap_or_default(),
        }
    }
}

/// Put there by the gate, which every address of the API lies behind.
impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = ServerError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ServerError> {
        let caller = parts.extensions.get::<Caller>().cloned();
        caller.ok_or_else(|| ServerError::Broken("a request came past the gate".into()))
    }
}

/// Each proxy adds the address it was called from at the end; the last that is no proxy of ours is the client.
fn client(direct: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    if !proxies.contains(&direct) {
        return direct;
    }
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let named: Vec<IpAddr> = lines.flat_map(|line| line.split(',')).filter_map(|one| one.trim().parse().ok()).collect();
    named.into_iter().rev().find(|address| !proxies.contains(address)).unwrap_or(direct)
}

/// A text from outside without anything a terminal, a log or a page could take for more than letters.
pub(crate) fn plain(text: &str) -> String {
    shortened(text, LONGEST)
}

/// The same, of at most so many characters.
pub(super) fn shortened(text: &str, most: usize) -> String {
    text.chars().map(|c| if c.is_control() || is_direction(c) { ' ' } else { c }).take(most).collect()
}

/// Marks that turn the direction of the text after them.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a request of this method changes nothing.
pub(crate) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses `A-307` a change that a browser says comes from elsewhere.
///
/// Browsers set `Sec-Fetch-Site` themselves; older ones send `Origin`. A program that is no browser sends neither.
pub(crate) fn same_origin(headers: &HeaderMap) -> Result<(), ServerError> {
    let text = |name| headers.get(name).map(|value: &axum::http::HeaderValue| value.to_str().unwrap_or("?"));
    let ours = match (text(FETCH_SITE), text(header::ORIGIN.as_str())) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text(header::HOST.as_str())
        }
        (None, None) => true,
    };
    if ours { Ok(()) } else { Err(ServerError::ForeignOrigin) }
}

/// Refuses `A-307` a change that does not repeat the session's own value.
pub(crate) fn repeats(headers: &HeaderMap, csrf: &str) -> Result<(), ServerError> {
    let sent = headers.get(TOKEN).and_then(|value| value.to_str().ok()).unwrap_or("");
    if secret::same(sent, csrf) { Ok(()) } else { Err(ServerError::ForeignOrigin) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_our_own_pages_and_programs_may_change_anything() {
        let host = ("host", "air.example.gov.cn:8787");
        let taken: [&[(&str, &str)]; 4] = [
            &[],
            &[("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://air.example.gov.cn:8787")],
        ];
        for pairs in taken {
            assert!(same_origin(&headers(&[pairs, &[host]].concat())).is_ok(), "{pairs:?}");
        }
        let refused: [&[(&str, &str)]; 6] = [
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://air.example.gov.cn:8787")],
            &[("origin", "null")],
            &[("origin", "https://evil.example")],
            &[("origin", "https://air.example.gov.cn")],
        ];
        for pairs in refused {
            assert!(same_origin(&headers(&[pairs, &[host]].concat())).is_err(), "{pairs:?}");
        }
    }

    #[test]
    fn only_a_proxy_of_ours_is_believed_about_where_a_request_came_from() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let forwarded = headers(&[("x-forwarded-for", "6.6.6.6, 10.9.8.7, 10.0.0.1")]);
        let proxies = [address("10.0.0.1"), address("10.0.0.2")];
        assert_eq!(client(address("10.0.0.2"), &forwarded, &proxies), address("10.9.8.7"));
        assert_eq!(client(address("10.3.3.3"), &forwarded, &proxies), address("10.3.3.3"));
        assert_eq!(client(address("10.0.0.1"), &headers(&[]), &proxies), address("10.0.0.1"));
    }

    #[test]
    fn a_browser_cannot_write_lines_into_a_log() {
        assert_eq!(plain("a\r\nINFO ok\u{1b}[31m\u{202e}b"), "a  INFO ok [31m b");
        assert_eq!(shortened("晴空万里", 2), "晴空");
    }

    #[test]
    fn the_token_must_be_the_sessions_own() {
        assert!(repeats(&headers(&[("x-csrf-token", "abc")]), "abc").is_ok());
        assert!(repeats(&headers(&[("x-csrf-token", "abd")]), "abc").is_err());
        assert!(repeats(&headers(&[]), "abc").is_err());
    }
}
