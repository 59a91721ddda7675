use crate::call::fit;
use crate::settings::bad;
use crate::template::one_line;
use crate::{Allowed, Call, ChannelKind, Message, Method, NotifyError, Secrets, Success};
use url::form_urlencoded::byte_serialize;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// Refuses a gateway that could not be asked or that would put a value where it is not escaped.
pub(crate) fn check(
    allowed: &Allowed,
    url: &str,
    content_type: &str,
    body: &str,
    success: Option<&Success>,
) -> Result<(), NotifyError> {
    let parsed = allowed.permit_url(&url.replace(['{', '}'], ""))?;
    // In the host a phone number could lead the call to another machine.
    let origin = url.split(['?']).next().unwrap_or_default();
    if origin.contains(['{', '}']) {
        return Err(bad("url", "may hold placeholders behind its question mark only"));
    }
    if !["", JSON, FORM].contains(&content_type) {
        return Err(bad("content_type", "is neither application/json nor application/x-www-form-urlencoded"));
    }
    if content_type.is_empty() && !body.is_empty() {
        return Err(bad("content_type", "is needed for a body"));
    }
    let all = format!("{}{body}", parsed.query().unwrap_or_default());
    if !(all.contains("phone") && all.contains("text")) {
        return Err(bad("body", "and url hold no {phone} or no {text}"));
    }
    match success {
        Some(success) if !success.pointer.starts_with('/') => Err(bad("success", "needs a pointer such as /code")),
        _ => Ok(()),
    }
}

/// The request to a gateway. Every value is escaped for the place it goes to.
pub(crate) fn call(
    method: Method,
    [url, content_type, body]: [&str; 3],
    secrets: &Secrets,
    message: &Message,
) -> Result<Call, NotifyError> {
    let phone = message.phone.as_deref().filter(|phone| is_phone(phone));
    let phone = phone.ok_or(NotifyError::BadRecipient("phone"))?;
    let said = one_line(&format!("{}:{}", message.note.title, message.note.text));
    let text = fit(&said, ChannelKind::Sms.limits().bytes);
    let token = secrets.get("token").map(String::as_str).unwrap_or_default();
    let values = [("{phone}", phone), ("{text}", &text), ("{id}", &message.id), ("{token}", token)];
    let headers = if content_type.is_empty() { vec![] } else { vec![("content-type", content_type.to_string())] };
    let escape = if content_type == JSON { json } else { form };
    Ok(Call { method, url: fill(url, &values, form), headers, body: fill(body, &values, escape) })
}

/// One pass from left to right, so that a value is never searched for placeholders.
fn fill(template: &str, values: &[(&str, &str)], escape: fn(&str) -> String) -> String {
    let (mut filled, mut rest) = (String::new(), template);
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        match values.iter().find(|(name, _)| rest.starts_with(name)) {
            Some((name, value)) => {
                filled.push_str(&escape(value));
                rest = &rest[name.len()..];
            }
            None => {
                filled.push('{');
                rest = &rest[1..];
            }
        }
    }
    filled + rest
}

fn form(value: &str) -> String {
    byte_serialize(value.as_bytes()).collect()
}

/// As between the quotes of a JSON text.
fn json(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    quoted[1..quoted.len() - 1].to_string()
}

fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (5..=20).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Note;
    use serde_json::Value;

    fn message(phone: &str, text: &str) -> Message {
        let note = Note { title: "晴空".into(), text: text.into(), link: None };
        let created_at = "2026-01-05T08:00:00+08:00".parse().unwrap();
        let phone = Some(phone.to_string());
        Message { id: "d1".into(), templates: vec![], note, root: String::new(), phone, created_at }
    }

    fn secrets() -> Secrets {
        [("token".to_string(), "s&1".to_string())].into()
    }

    #[test]
    fn a_value_stays_inside_its_json_text_and_its_form_field() {
        let evil = r#"","to":"all"} {phone}{token}"#;
        let body = r#"{"to":"{phone}","text":"{text}","auth":"{token}"}"#;
        let call =
            call(Method::Post, ["https://s.example/send", JSON, body], &secrets(), &message("13800138000", evil));
        let sent: Value = serde_json::from_str(&call.unwrap().body).unwrap();
        assert_eq!(sent["to"], "13800138000");
        assert_eq!(sent["text"], format!("晴空:{evil}"));
        let url = "https://s.example/send?to={phone}&text={text}&key={token}";
        let call = super::call(Method::Get, [url, "", ""], &secrets(), &message("+8613800138000", "a&to=1 b"));
        let expected = "https://s.example/send?to=%2B8613800138000&text=%E6%99%B4%E7%A9%BA%3Aa%26to%3D1+b&key=s%261";
        assert_eq!(call.unwrap().url, expected);
    }

    #[test]
    fn what_is_no_phone_number_is_refused() {
        for phone in ["", "12", "1380013800a", "13800138000,13900139000", "+", "\u{ff11}3800138000"] {
            let refused = call(Method::Get, ["https://s.example/?{phone}", "", ""], &secrets(), &message(phone, ""));
            assert_eq!(refused.err(), Some(NotifyError::BadRecipient("phone")), "{phone}");
        }
    }

    #[test]
    fn a_gateway_is_checked_before_it_is_used() {
        let refused = |url, kind, body| check(&Allowed::default(), url, kind, body, None).is_err();
        let body = r#"{"to":"{phone}","text":"{text}"}"#;
        assert!(!refused("https://s.example/send", JSON, body));
        assert!(refused("https://{phone}.example/send", JSON, body));
        assert!(refused("https://s.example/{text}", JSON, body));
        assert!(refused("https://s.example/send", "text/plain", body) && refused("https://s.example/", "", body));
        assert!(refused("https://s.example/send", JSON, "{}") && refused("http://10.0.0.1/send", JSON, body));
    }
}
