use crate::call::fit;
use crate::{Call, ChannelKind, Message, Note, Secrets, sign};
use serde_json::json;
use units::Instant;
use url::form_urlencoded;

/// Plain text: nothing in it is markup there, and nobody is mentioned by it.
pub(crate) fn wecom(url: &str, secrets: &Secrets, message: &Message) -> Call {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("key", &secrets["key"]).finish();
    let content = plain(message, ChannelKind::Wecom.limits().bytes);
    Call::json(format!("{url}?{query}"), &json!({"msgtype": "text", "text": {"content": content}}))
}

/// Markdown, every sign of the message's own escaped; signed when the robot has a signing secret.
pub(crate) fn dingtalk(url: &str, keyword: Option<&str>, secrets: &Secrets, message: &Message, now: Instant) -> Call {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("access_token", &secrets["access_token"]);
    if let Some(secret) = secrets.get("sign_secret") {
        let timestamp = now.to_utc().timestamp_millis();
        query.append_pair("timestamp", &timestamp.to_string()).append_pair("sign", &sign::dingtalk(secret, timestamp));
    }
    let title = markdown(&message.note.title);
    let lines: Vec<String> = message.note.text.lines().map(markdown).collect();
    let link = message.link().map(|link| format!("\n\n[{link}]({link})")).unwrap_or_default();
    let said = keyword.is_none_or(|word| message.note.title.contains(word) || message.note.text.contains(word));
    let word = if said { String::new() } else { format!("\n\n{}", markdown(keyword.unwrap_or_default())) };
    // The limit counts the whole body: what is around the text and the escapes of JSON need room too.
    let room = (ChannelKind::Dingtalk.limits().bytes / 2).saturating_sub(title.len() + link.len() + word.len());
    let text = format!("### {title}\n\n{}{link}{word}", fit(&lines.join("\n\n"), room));
    let body = json!({"msgtype": "markdown", "markdown": {"title": title, "text": text}, "at": {"isAtAll": false}});
    Call::json(format!("{url}?{}", query.finish()), &body)
}

/// Plain text without tags; signed in its body when the robot has a signing secret.
pub(crate) fn feishu(url: &str, secrets: &Secrets, message: &Message, now: Instant) -> Call {
    let token: String = form_urlencoded::byte_serialize(secrets["token"].as_bytes()).collect();
    // The limit counts the whole body, and JSON may write one byte as two.
    let text = plain(&untagged(message), ChannelKind::Feishu.limits().bytes / 2 - 256);
    let mut body = json!({"msg_type": "text", "content": {"text": text}});
    if let Some(secret) = secrets.get("sign_secret") {
        let timestamp = now.to_utc().timestamp();
        body["timestamp"] = timestamp.to_string().into();
        body["sign"] = sign::feishu(secret, timestamp).into();
    }
    Call::json(format!("{}/{token}", url.trim_end_matches('/')), &body)
}

/// A tag `<at user_id="all">` would call everyone; the full-width sign reads the same and opens none.
fn untagged(message: &Message) -> Message {
    let wide = |text: &str| text.replace('<', "\u{ff1c}");
    let note =
        Note { title: wide(&message.note.title), text: wide(&message.note.text), link: message.note.link.clone() };
    Message { note, ..message.clone() }
}

/// Title, text, link; the text gives way when it is too long.
fn plain(message: &Message, bytes: usize) -> String {
    let link = message.link().map(|link| format!("\n{link}")).unwrap_or_default();
    let head = format!("{}\n", fit(&message.note.title, bytes / 2));
    let room = bytes.saturating_sub(head.len() + link.len());
    format!("{head}{}{link}", fit(&message.note.text, room))
}

/// Every sign that markdown could take for one of its own, escaped.
fn markdown(text: &str) -> String {
    let escape = |c: char| {
        if "\\`*_{}[]()#+-.!|~@".contains(c) {
            format!("\\{c}")
        } else if c == '<' || c == '>' || c == '&' {
            format!("&#{};", u32::from(c))
        } else {
            c.to_string()
        }
    };
    text.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;
    use serde_json::Value;

    fn message(text: &str) -> Message {
        let note = Note { title: "任务已下达".into(), text: text.into(), link: Some("/matters/1".into()) };
        let created_at = "2026-01-05T08:00:00+08:00".parse().unwrap();
        let (id, root) = ("d1".to_string(), "https://qk.example/".to_string());
        Message { id, templates: vec![], note, root, phone: None, created_at }
    }

    fn sent(kind: &str, more: &str, secrets: &[(&str, &str)], text: &str) -> (Call, Value) {
        let settings: Settings = serde_json::from_str(&format!(r#"{{"kind":"{kind}"{more}}}"#)).unwrap();
        let secrets = secrets.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        let now = "2023-11-15T06:13:20+08:00".parse().unwrap();
        let call = crate::call(&settings, &secrets, &message(text), now).unwrap().unwrap();
        let body = serde_json::from_str(&call.body).unwrap();
        (call, body)
    }

    #[test]
    fn wecom_takes_text_within_its_2048_bytes_and_the_link_stays() {
        let (call, body) = sent("wecom", "", &[("key", "k&1")], &"长".repeat(2000));
        assert_eq!(call.url, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k%261");
        let content = body["text"]["content"].as_str().unwrap();
        assert!(content.len() <= 2048 && content.starts_with("任务已下达\n"));
        assert!(content.ends_with("…\nhttps://qk.example/matters/1"), "{}", &content[content.len() - 60..]);
    }

    #[test]
    fn dingtalk_is_signed_and_says_its_keyword_once() {
        let secrets = [("access_token", "t"), ("sign_secret", "SEC1")];
        let (call, body) = sent("dingtalk", r#","keyword":"晴空""#, &secrets, "到期");
        let sign: String =
            form_urlencoded::byte_serialize(sign::dingtalk("SEC1", 1_700_000_000_000).as_bytes()).collect();
        assert!(call.url.ends_with(&format!("?access_token=t&timestamp=1700000000000&sign={sign}")), "{}", call.url);
        let text = body["markdown"]["text"].as_str().unwrap();
        assert_eq!(text.matches("晴空").count(), 1);
        let (_, body) = sent("dingtalk", r#","keyword":"到期""#, &secrets, "到期");
        assert_eq!(body["markdown"]["text"].as_str().unwrap().matches("到期").count(), 1);
    }

    #[test]
    fn markup_in_a_value_stays_text() {
        let evil = "**粗** [点我](http://evil.example) <a href=x> # @all\n![](x)";
        let (_, body) = sent("dingtalk", "", &[("access_token", "t")], evil);
        let text = body["markdown"]["text"].as_str().unwrap();
        assert!(!text.contains("[点我](") && !text.contains("**粗**") && !text.contains("<a") && !text.contains("![]"));
        let (_, body) = sent("feishu", "", &[("token", "t")], r#"<at user_id="all">所有人</at>"#);
        assert!(!body["content"]["text"].as_str().unwrap().contains('<'));
    }

    #[test]
    fn feishu_is_signed_in_its_body_and_stays_below_20_kilobytes() {
        let secrets = [("token", "a/b"), ("sign_secret", "SEC1")];
        let (call, body) = sent("feishu", "", &secrets, &"\"".repeat(30_000));
        assert_eq!(call.url, "https://open.feishu.cn/open-apis/bot/v2/hook/a%2Fb");
        assert_eq!(body["sign"], sign::feishu("SEC1", 1_700_000_000));
        assert_eq!(body["timestamp"], "1700000000");
        assert!(call.body.len() <= 20 * 1024, "{}", call.body.len());
    }
}
