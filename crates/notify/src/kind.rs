use crate::NotifyError;
use crate::gate::{Bucket, Limits};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A way to reach people or machines (通知渠道).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// The list of notices inside the program (站内信).
    InApp,
    /// Mail over SMTP (邮件).
    Email,
    /// Text messages through an HTTP gateway (短信网关).
    Sms,
    /// Group robot of WeCom (企业微信群机器人).
    Wecom,
    /// Group robot of DingTalk (钉钉群机器人).
    Dingtalk,
    /// Group robot of Feishu (飞书群机器人).
    Feishu,
    /// Signed HTTP call to another program (回调).
    Webhook,
}

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const BLOCKED_FOR: u64 = 60_000_000;

/// 20 a minute: a burst of 5 and one every 4 seconds make 20 in any 60 seconds.
const TWENTY_A_MINUTE: &[Bucket] = &[Bucket { burst: 5, every: 4 * SECOND }];
/// 100 a minute and 5 a second: 10 and 90, and 2 and 3.
const FEISHU: &[Bucket] = &[Bucket { burst: 10, every: MINUTE / 90 + 1 }, Bucket { burst: 2, every: SECOND / 3 + 1 }];
/// Not demanded by anyone: protects a mail server and a gateway that is paid by the message from a fault of ours.
const FIVE_A_SECOND: &[Bucket] = &[Bucket { burst: 20, every: SECOND / 5 }];

impl ChannelKind {
    /// All kinds.
    pub const ALL: [ChannelKind; 7] = [
        ChannelKind::InApp,
        ChannelKind::Email,
        ChannelKind::Sms,
        ChannelKind::Wecom,
        ChannelKind::Dingtalk,
        ChannelKind::Feishu,
        ChannelKind::Webhook,
    ];

    /// The stable text, as in the API and the database.
    pub const fn text(self) -> &'static str {
        match self {
            ChannelKind::InApp => "in_app",
            ChannelKind::Email => "email",
            ChannelKind::Sms => "sms",
            ChannelKind::Wecom => "wecom",
            ChannelKind::Dingtalk => "dingtalk",
            ChannelKind::Feishu => "feishu",
            ChannelKind::Webhook => "webhook",
        }
    }

    /// Whether it reaches one person; the others reach a group or a program.
    pub const fn personal(self) -> bool {
        matches!(self, ChannelKind::InApp | ChannelKind::Email | ChannelKind::Sms)
    }

    /// How much it takes at a time, and how fast. The robots' figures are those their platforms publish.
    pub const fn limits(self) -> Limits {
        match self {
            ChannelKind::InApp => Limits { bytes: 16 * 1024, buckets: &[], block: 0 },
            ChannelKind::Email => Limits { bytes: 64 * 1024, buckets: FIVE_A_SECOND, block: BLOCKED_FOR },
            ChannelKind::Sms => Limits { bytes: 800, buckets: FIVE_A_SECOND, block: BLOCKED_FOR },
            ChannelKind::Wecom => Limits { bytes: 2_048, buckets: TWENTY_A_MINUTE, block: BLOCKED_FOR },
            // Who sends a 21st message to DingTalk is shut out for ten minutes.
            ChannelKind::Dingtalk => Limits { bytes: 20_000, buckets: TWENTY_A_MINUTE, block: 10 * BLOCKED_FOR },
            ChannelKind::Feishu => Limits { bytes: 20 * 1024, buckets: FEISHU, block: BLOCKED_FOR },
            ChannelKind::Webhook => Limits { bytes: 64 * 1024, buckets: FIVE_A_SECOND, block: BLOCKED_FOR },
        }
    }
}

impl fmt::Display for ChannelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl FromStr for ChannelKind {
    type Err = NotifyError;
    fn from_str(text: &str) -> Result<Self, NotifyError> {
        let known = ChannelKind::ALL.into_iter().find(|kind| kind.text() == text);
        known.ok_or_else(|| NotifyError::UnknownKind(text.chars().take(40).collect()))
    }
}
