use axum::http::HeaderValue;
use std::fmt::Write;

/// `Content-Disposition` that saves a file under its name (RFC 6266): plain letters for old clients, the name itself
/// as RFC 8187 says for all others.
pub(super) fn attachment(name: &str) -> HeaderValue {
    let plain: String = name.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    let mut whole = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            whole.push(char::from(byte));
        } else {
            write!(whole, "%{byte:02X}").expect("a string takes everything");
        }
    }
    let text = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}");
    HeaderValue::from_str(&text).expect("plain letters, digits and signs are a legal header")
}

/// A percent sign would be taken for an escape by some clients.
fn is_plain(letter: char) -> bool {
    (letter.is_ascii_graphic() || letter == ' ') && !matches!(letter, '"' | '\\' | '%' | ';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_becomes_one_header_and_comes_back() {
        let header = attachment("现场 1\".jpg\r\nSet-Cookie: a=b");
        let text = header.to_str().unwrap();
        assert!(text.starts_with("attachment; filename=\"__ 1_.jpg__Set-Cookie: a=b\"; filename*=UTF-8''%E7%8E%B0"));
        assert!(text.contains("%22.jpg%0D%0ASet-Cookie%3A"), "{text}");
        assert_eq!(text.matches('"').count(), 2);
    }
}
