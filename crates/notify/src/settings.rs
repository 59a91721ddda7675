use crate::{Allowed, ChannelKind, Language, NotifyError, SignDigest};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The keys of a channel by name. They are kept apart from the settings and never shown.
pub type Secrets = BTreeMap<String, String>;

/// How a channel is reached (渠道配置); without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Settings {
    /// A mail server.
    Email {
        /// Its name.
        host: String,
        /// Its port.
        port: u16,
        /// How the line is protected.
        security: MailSecurity,
        /// The account there; the password is the secret `password`.
        #[serde(default)]
        user: Option<String>,
        /// The sender, an address.
        from: String,
        /// The language it speaks.
        #[serde(default)]
        language: Language,
    },
    /// An HTTP gateway for text messages. The placeholders are `{phone}`, `{text}`, `{id}` and the secret `{token}`.
    Sms {
        /// `GET` or `POST`.
        method: crate::Method,
        /// Address with placeholders.
        url: String,
        /// Kind of the body: `application/json` or `application/x-www-form-urlencoded`.
        #[serde(default)]
        content_type: String,
        /// Body with placeholders.
        #[serde(default)]
        body: String,
        /// How the gateway says that it took the message, beside a 2xx status.
        #[serde(default)]
        success: Option<Success>,
        /// The language it speaks.
        #[serde(default)]
        language: Language,
    },
    /// A WeCom robot; the secret `key` is the one in its address.
    Wecom {
        /// Address without the key.
        #[serde(default = "wecom")]
        url: String,
        /// The language it speaks.
        #[serde(default)]
        language: Language,
    },
    /// A DingTalk robot; secrets `access_token` and, where signing is switched on, `sign_secret`.
    Dingtalk {
        /// Address without the token.
        #[serde(default = "dingtalk")]
        url: String,
        /// The keyword it demands in each message, if any.
        #[serde(default)]
        keyword: Option<String>,
        /// The language it speaks.
        #[serde(default)]
        language: Language,
    },
    /// A Feishu robot; secrets `token` and, where signing is switched on, `sign_secret`.
    Feishu {
        /// Address without the token.
        #[serde(default = "feishu")]
        url: String,
        /// The language it speaks.
        #[serde(default)]
        language: Language,
    },
    /// A signed call to another program; the secret `secret` is the key of the signature.
    Webhook {
        /// Address.
        url: String,
        /// Digest under the signature.
        #[serde(default)]
        digest: SignDigest,
        /// The language it speaks.
        #[serde(default)]
        language: Language,
    },
}

/// How the line to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// TLS after a first word in the clear; without TLS nothing is sent.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// None. For a relay inside the house; an account is refused with it.
    Plain,
}

/// A field of a gateway's JSON answer and the text it has when the message was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Success {
    /// JSON pointer (RFC 6901), for example `/code`.
    pub pointer: String,
    /// The value, a number without quotes too.
    pub equals: String,
}

fn wecom() -> String {
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send".into()
}

fn dingtalk() -> String {
    "https://oapi.dingtalk.com/robot/send".into()
}

fn feishu() -> String {
    "https://open.feishu.cn/open-apis/bot/v2/hook/".into()
}

/// A name of a secret and whether nothing can be sent without it.
type SecretName = (&'static str, bool);

impl Settings {
    /// The kind of channel they are of.
    pub fn kind(&self) -> ChannelKind {
        match self {
            Settings::Email { .. } => ChannelKind::Email,
            Settings::Sms { .. } => ChannelKind::Sms,
            Settings::Wecom { .. } => ChannelKind::Wecom,
            Settings::Dingtalk { .. } => ChannelKind::Dingtalk,
            Settings::Feishu { .. } => ChannelKind::Feishu,
            Settings::Webhook { .. } => ChannelKind::Webhook,
        }
    }

    /// The language the channel speaks.
    pub fn language(&self) -> Language {
        match self {
            Settings::Email { language, .. }
            | Settings::Sms { language, .. }
            | Settings::Wecom { language, .. }
            | Settings::Dingtalk { language, .. }
            | Settings::Feishu { language, .. }
            | Settings::Webhook { language, .. } => *language,
        }
    }

    /// Refuses what could not work or must not be reached (`N-201`, `N-202`, `N-203`).
    pub fn check(&self, allowed: &Allowed) -> Result<(), NotifyError> {
        match self {
            Settings::Email { host, security, user, from, .. } => {
                allowed.permit_name(host)?;
                crate::letter::address(from).ok_or_else(|| bad("from", "is no mail address"))?;
                match (security, user) {
                    (MailSecurity::Plain, Some(_)) => Err(bad("user", "would send its password in the clear")),
                    _ => Ok(()),
                }
            }
            Settings::Sms { url, content_type, body, success, .. } => {
                crate::sms::check(allowed, url, content_type, body, success.as_ref())
            }
            Settings::Dingtalk { url, keyword, .. } => {
                let long = keyword.as_ref().is_some_and(|word| word.chars().count() > 20);
                if long { Err(bad("keyword", "is longer than 20 characters")) } else { no_query(allowed, url) }
            }
            Settings::Wecom { url, .. } | Settings::Feishu { url, .. } => no_query(allowed, url),
            Settings::Webhook { url, .. } => allowed.permit_url(url).map(drop),
        }
    }

    /// Secrets this channel knows.
    pub fn secret_names(&self) -> &'static [SecretName] {
        match self {
            Settings::Email { user: Some(_), .. } => &[("password", true)],
            Settings::Email { .. } => &[("password", false)],
            Settings::Sms { .. } => &[("token", false)],
            Settings::Wecom { .. } => &[("key", true)],
            Settings::Dingtalk { .. } => &[("access_token", true), ("sign_secret", false)],
            Settings::Feishu { .. } => &[("token", true), ("sign_secret", false)],
            Settings::Webhook { .. } => &[("secret", true)],
        }
    }

    /// Refuses secrets of other names (`N-205`) and those that could not be used (`N-203`).
    pub fn check_secrets(&self, secrets: &Secrets) -> Result<(), NotifyError> {
        let known = || self.secret_names().iter().map(|(name, _)| *name);
        for (name, value) in secrets {
            if !known().any(|known| known == name) {
                let known = known().collect::<Vec<_>>().join(", ");
                let name = name.chars().take(40).collect();
                return Err(NotifyError::UnknownSecret { kind: self.kind().text(), name, known });
            }
            if value.is_empty() || value.len() > 500 || value.chars().any(char::is_control) {
                return Err(bad("secrets", "holds one that is empty, longer than 500 bytes or has control characters"));
            }
        }
        let weak = |secret: &String| self.kind() == ChannelKind::Webhook && secret.len() < 16;
        if secrets.values().any(weak) { Err(bad("secret", "is shorter than 16 bytes")) } else { Ok(()) }
    }

    /// Refuses `N-204` while a needed secret is not there.
    pub fn demand_secrets(&self, secrets: &Secrets) -> Result<(), NotifyError> {
        let missing = self.secret_names().iter().find(|(name, needed)| *needed && !secrets.contains_key(*name));
        missing.map_or(Ok(()), |(name, _)| Err(NotifyError::MissingSecret(name)))
    }
}

/// The key belongs to the secrets, not into the address that everyone with the right to read channels sees.
fn no_query(allowed: &Allowed, url: &str) -> Result<(), NotifyError> {
    match allowed.permit_url(url)?.query() {
        Some(_) => Err(bad("url", "must not hold the robot's key; set it as a secret")),
        None => Ok(()),
    }
}

pub(crate) fn bad(field: &'static str, reason: &str) -> NotifyError {
    NotifyError::BadSetting { field, reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Settings {
        serde_json::from_str(text).unwrap()
    }

    fn refusal(text: &str) -> String {
        settings(text).check(&Allowed::default()).unwrap_err().to_string()
    }

    #[test]
    fn a_robot_needs_no_more_than_its_kind() {
        for kind in ["wecom", "dingtalk", "feishu"] {
            let robot = settings(&format!(r#"{{"kind":"{kind}"}}"#));
            robot.check(&Allowed::default()).unwrap();
            assert_eq!(robot.kind().text(), kind);
            assert!(robot.demand_secrets(&Secrets::new()).is_err());
        }
    }

    #[test]
    fn a_key_in_the_address_an_account_in_the_clear_and_an_inner_host_are_refused() {
        assert!(refusal(r#"{"kind":"wecom","url":"https://qyapi.weixin.qq.com/send?key=1"}"#).starts_with("N-203"));
        assert!(refusal(r#"{"kind":"webhook","url":"http://169.254.169.254/"}"#).starts_with("N-202"));
        let mail =
            r#"{"kind":"email","host":"smtp.example.com","port":25,"security":"plain","user":"u","from":"a@b.cn"}"#;
        assert!(refusal(mail).starts_with("N-203"));
        let split = mail.replace("a@b.cn", r"a@b.cn\r\nBcc: c@d.cn").replace(r#""user":"u","#, "");
        assert!(refusal(&split).contains("from"));
    }

    #[test]
    fn secrets_are_known_by_name_and_strong_enough() {
        let hook = settings(r#"{"kind":"webhook","url":"https://example.com/"}"#);
        let one = |name: &str, value: &str| Secrets::from([(name.to_string(), value.to_string())]);
        assert!(hook.check_secrets(&one("secret", "0123456789abcdef")).is_ok());
        for (name, value) in
            [("secret", "short"), ("key", "0123456789abcdef"), ("secret", ""), ("secret", "0123456789abcd\r\n")]
        {
            assert!(hook.check_secrets(&one(name, value)).is_err(), "{name} {value:?}");
        }
    }

    #[test]
    fn a_setting_nobody_knows_is_refused() {
        assert!(serde_json::from_str::<Settings>(r#"{"kind":"wecom","proxy":"x"}"#).is_err());
        assert!(serde_json::from_str::<Settings>(r#"{"kind":"fax"}"#).is_err());
    }
}
