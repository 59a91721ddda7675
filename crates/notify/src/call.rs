use crate::{Note, NotifyError, Secrets, Settings, robot, sms, webhook};
use serde::{Deserialize, Serialize};
use units::Instant;

/// How a gateway is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Without a body.
    Get,
    /// With a body.
    Post,
}

/// What is to be sent through a channel: one message or a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The delivery's id; the same at every attempt, so that the receiver can tell a repetition.
    pub id: String,
    /// The templates of its parts.
    pub templates: Vec<String>,
    /// The text.
    pub note: Note,
    /// The root address of this program, to make a full link.
    pub root: String,
    /// The recipient's phone, for a text message.
    pub phone: Option<String>,
    /// When it was made.
    pub created_at: Instant,
}

/// An HTTP request, ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    /// How.
    pub method: Method,
    /// Where, with the key if it belongs there: never to be shown or logged.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body, UTF-8.
    pub body: String,
}

/// The request that carries a message through a channel; `None` for mail and the list inside the program, which are
/// no HTTP. Refuses `N-204` and `N-206`.
pub fn call(
    settings: &Settings,
    secrets: &Secrets,
    message: &Message,
    now: Instant,
) -> Result<Option<Call>, NotifyError> {
    settings.demand_secrets(secrets)?;
    Ok(match settings {
        Settings::Email { .. } => None,
        Settings::Sms { method, url, content_type, body, .. } => {
            Some(sms::call(*method, [url, content_type, body], secrets, message)?)
        }
        Settings::Wecom { url, .. } => Some(robot::wecom(url, secrets, message)),
        Settings::Dingtalk { url, keyword, .. } => {
            Some(robot::dingtalk(url, keyword.as_deref(), secrets, message, now))
        }
        Settings::Feishu { url, .. } => Some(robot::feishu(url, secrets, message, now)),
        Settings::Webhook { url, digest, .. } => Some(webhook::call(url, *digest, secrets, message, now)),
    })
}

impl Message {
    /// Address of the page the message leads to. It holds no secret: whoever follows it logs in.
    pub fn link(&self) -> Option<String> {
        let path = self.note.link.as_ref()?;
        (!self.root.is_empty()).then(|| format!("{}{path}", self.root.trim_end_matches('/')))
    }
}

impl Call {
    pub(crate) fn json(url: String, body: &serde_json::Value) -> Call {
        let headers = vec![("content-type", "application/json; charset=utf-8".to_string())];
        Call { method: Method::Post, url, headers, body: body.to_string() }
    }
}

/// The text cut at a character so that it fits, with a sign that something is missing.
pub(crate) fn fit(text: &str, bytes: usize) -> String {
    const MORE: &str = "…";
    if text.len() <= bytes {
        return text.to_string();
    }
    let room = bytes.saturating_sub(MORE.len());
    let end = (0..=room).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}{MORE}", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_that_was_cut_fits_and_is_a_beginning(text in "\\PC{0,60}", bytes in 3usize..80) {
            let cut = fit(&text, bytes);
            prop_assert!(cut.len() <= bytes);
            prop_assert!(text.starts_with(cut.trim_end_matches('…')) || cut == text);
        }
    }
}
