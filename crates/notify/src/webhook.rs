use crate::call::fit;
use crate::{Call, ChannelKind, Message, Secrets, SignDigest, webhook_signature};
use serde_json::json;
use units::Instant;

/// The signed request to another program; its secret is there.
///
/// The receiver checks `X-Qingkong-Signature` over `timestamp.body`, refuses an old timestamp, and takes each
/// `X-Qingkong-Delivery` once.
pub(crate) fn call(url: &str, digest: SignDigest, secrets: &Secrets, message: &Message, now: Instant) -> Call {
    let body = json!({
        "id": message.id,
        "templates": message.templates,
        "title": message.note.title,
        "text": fit(&message.note.text, ChannelKind::Webhook.limits().bytes / 3),
        "link": message.link(),
        "created_at": message.created_at,
    });
    let mut call = Call::json(url.to_string(), &body);
    let timestamp = now.to_utc().timestamp();
    call.headers.extend([
        ("x-qingkong-delivery", message.id.clone()),
        ("x-qingkong-timestamp", timestamp.to_string()),
        ("x-qingkong-signature", webhook_signature(digest, &secrets["secret"], timestamp, &call.body)),
    ]);
    call
}
