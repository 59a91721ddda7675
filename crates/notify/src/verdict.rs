use crate::{Settings, Success};
use serde_json::Value;

/// What came back from a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Seconds of `Retry-After`.
    pub retry_after: Option<u32>,
    /// The beginning of the body.
    pub body: String,
}

/// What became of an attempt (送达结果).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Taken by the receiver; the text is its receipt (回执).
    Sent(String),
    /// Too fast: the channel is to stay away for a while, the message is not to blame. `None` for the usual while.
    TooFast {
        /// What was said.
        said: String,
        /// Seconds.
        wait: Option<u32>,
    },
    /// Not now; worth another attempt.
    Later(String),
    /// Not like this: another attempt would end the same.
    Refused(String),
}

/// Reads a gateway's answer. The robots answer 200 with a code of their own in the body.
pub fn judge(settings: &Settings, reply: &Reply) -> Verdict {
    let said = format!("{} {}", reply.status, words(&reply.body));
    match reply.status {
        200..=299 => judge_body(settings, reply, said),
        429 => Verdict::TooFast { said, wait: reply.retry_after },
        408 | 425 | 500..=599 => Verdict::Later(said),
        300..=399 => Verdict::Refused(format!("{said} (a redirect is not followed)")),
        _ => Verdict::Refused(said),
    }
}

fn judge_body(settings: &Settings, reply: &Reply, said: String) -> Verdict {
    match settings {
        Settings::Email { .. } | Settings::Webhook { .. } | Settings::Sms { success: None, .. } => Verdict::Sent(said),
        Settings::Sms { success: Some(success), .. } => {
            if confirmed(success, &reply.body) {
                Verdict::Sent(said)
            } else {
                Verdict::Refused(said)
            }
        }
        Settings::Wecom { .. } => robot(&reply.body, "errcode", &[45009, 45033], &[-1], said),
        Settings::Dingtalk { .. } => robot(&reply.body, "errcode", &[130101, 130102, 410100], &[-1], said),
        Settings::Feishu { .. } => robot(&reply.body, "code", &[9499, 11232, 99991400], &[], said),
    }
}

fn robot(body: &str, field: &str, too_fast: &[i64], later: &[i64], said: String) -> Verdict {
    let answer: Value = serde_json::from_str(body).unwrap_or_default();
    // Older robots of Feishu write the code in capitals.
    match answer.get(field).or_else(|| answer.get("StatusCode")).and_then(Value::as_i64) {
        Some(0) => Verdict::Sent(said),
        Some(code) if too_fast.contains(&code) => Verdict::TooFast { said, wait: None },
        Some(code) if later.contains(&code) => Verdict::Later(said),
        Some(_) => Verdict::Refused(said),
        // A page of a proxy in between: nobody knows whether the message arrived.
        None => Verdict::Later(said),
    }
}

fn confirmed(success: &Success, body: &str) -> bool {
    let answer: Value = serde_json::from_str(body).unwrap_or_default();
    match answer.pointer(&success.pointer) {
        Some(Value::String(text)) => *text == success.equals,
        Some(other) => {
            let told = other.to_string();
            told == success.equals
        }
        None => false,
    }
}

/// The beginning of an answer on one line, for the list of deliveries.
fn words(body: &str) -> String {
    crate::template::one_line(&body.chars().take(300).collect::<String>()).trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(settings: &str, status: u16, body: &str) -> Verdict {
        let settings = serde_json::from_str(settings).unwrap();
        judge(&settings, &Reply { status, retry_after: Some(7), body: body.into() })
    }

    #[test]
    fn a_robot_says_in_its_body_what_it_did() {
        let wecom = r#"{"kind":"wecom"}"#;
        assert!(matches!(verdict(wecom, 200, r#"{"errcode":0,"errmsg":"ok"}"#), Verdict::Sent(_)));
        assert!(matches!(verdict(wecom, 200, r#"{"errcode":45009}"#), Verdict::TooFast { wait: None, .. }));
        assert!(matches!(verdict(wecom, 200, r#"{"errcode":93000}"#), Verdict::Refused(_)));
        assert!(matches!(verdict(wecom, 200, "<html>login</html>"), Verdict::Later(_)));
        assert!(matches!(verdict(r#"{"kind":"dingtalk"}"#, 200, r#"{"errcode":130101}"#), Verdict::TooFast { .. }));
        let feishu = r#"{"kind":"feishu"}"#;
        assert!(matches!(verdict(feishu, 200, r#"{"StatusCode":0}"#), Verdict::Sent(_)));
        assert!(matches!(verdict(feishu, 200, r#"{"code":11232}"#), Verdict::TooFast { .. }));
    }

    #[test]
    fn a_status_decides_before_the_body() {
        let hook = r#"{"kind":"webhook","url":"https://example.com"}"#;
        assert_eq!(verdict(hook, 204, ""), Verdict::Sent("204 ".into()));
        assert!(matches!(verdict(hook, 429, ""), Verdict::TooFast { wait: Some(7), .. }));
        assert!(matches!(verdict(hook, 503, "busy"), Verdict::Later(_)));
        assert!(matches!(verdict(hook, 302, ""), Verdict::Refused(_)));
        assert!(matches!(verdict(hook, 404, ""), Verdict::Refused(_)));
    }

    #[test]
    fn a_gateway_that_answers_200_and_means_no_is_understood() {
        let sms =
            r#"{"kind":"sms","method":"POST","url":"https://s.example/","success":{"pointer":"/code","equals":"0"}}"#;
        assert!(matches!(verdict(sms, 200, r#"{"code":0}"#), Verdict::Sent(_)));
        assert!(matches!(verdict(sms, 200, r#"{"code":"0"}"#), Verdict::Sent(_)));
        assert!(matches!(verdict(sms, 200, r#"{"code":5}"#), Verdict::Refused(_)));
        assert!(matches!(verdict(sms, 200, "ok"), Verdict::Refused(_)));
    }

    #[test]
    fn what_the_receiver_says_is_kept_short_and_on_one_line() {
        let Verdict::Refused(said) = verdict(r#"{"kind":"wecom"}"#, 400, &"a\r\nb".repeat(500)) else { panic!() };
        assert!(said.len() <= 310 && !said.contains('\n'));
    }
}
