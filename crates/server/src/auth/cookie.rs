use axum::http::{HeaderMap, HeaderValue, header};

/// The session's cookie, which scripts cannot read.
pub(crate) const SESSION: &str = "qk_session";
/// The value that changes must repeat in `X-CSRF-Token`; the page's script reads it.
pub(crate) const CSRF: &str = "qk_csrf";
/// State of a login that is under way at an identity provider.
pub(crate) const OIDC: &str = "qk_oidc";

/// A cookie of the request; the first when a name comes twice, which is how browsers order the more specific path.
pub(crate) fn of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(known, _)| *known == name).map(|(_, value)| value).next()
}

/// A cookie to be set; `seconds` of zero takes it away.
pub(crate) fn set(name: &str, value: &str, seconds: i64, kind: Kind, tls: bool) -> HeaderValue {
    let (path, hidden) = match kind {
        Kind::Hidden => ("/", "; HttpOnly"),
        Kind::Readable => ("/", ""),
        Kind::Oidc => ("/api/v1/oidc", "; HttpOnly"),
    };
    let secure = if tls { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path={path}; Max-Age={seconds}; SameSite=Lax{hidden}{secure}");
    HeaderValue::from_str(&text).expect("cookie values are letters of base64 and digits")
}

/// Who may read a cookie, and where it is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Sent everywhere, out of the reach of scripts.
    Hidden,
    /// Sent everywhere, read by the page's script.
    Readable,
    /// Sent to the addresses of the identity provider's login only.
    Oidc,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; qk_session=x=y ;qk_csrf=z"));
        headers.append(header::COOKIE, HeaderValue::from_static("qk_session=second"));
        assert_eq!((of(&headers, SESSION), of(&headers, CSRF), of(&headers, "b")), (Some("x=y"), Some("z"), None));
    }

    #[test]
    fn the_session_is_hidden_from_scripts_and_bound_to_tls() {
        let plain = set(SESSION, "v", 60, Kind::Hidden, false);
        assert_eq!(plain, "qk_session=v; Path=/; Max-Age=60; SameSite=Lax; HttpOnly");
        let secure = set(CSRF, "v", 0, Kind::Readable, true);
        assert_eq!(secure, "qk_csrf=v; Path=/; Max-Age=0; SameSite=Lax; Secure");
    }
}
