use crate::call::fit;
use crate::{ChannelKind, Message, NotifyError};

/// A mail, ready to be handed to a mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Sender.
    pub from: String,
    /// Recipient.
    pub to: String,
    /// One line.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// The same as HTML, everything escaped.
    pub html: String,
    /// The same at every attempt, so that a mail server can drop a repetition.
    pub message_id: String,
}

/// The mail that carries a message. Refuses `N-206` for an address that could carry more than an address.
pub fn letter(from: &str, to: &str, message: &Message) -> Result<Letter, NotifyError> {
    let to = address(to).ok_or(NotifyError::BadRecipient("mail"))?;
    let from = address(from).ok_or(NotifyError::BadRecipient("sender"))?;
    let domain = from.rsplit('@').next().unwrap_or("qingkong");
    let body = fit(&message.note.text, ChannelKind::Email.limits().bytes / 8);
    let link = message.link();
    Ok(Letter {
        from: from.to_string(),
        to: to.to_string(),
        subject: fit(&crate::template::one_line(&message.note.title), 300),
        text: format!("{body}\n\n{}\n", link.as_deref().unwrap_or_default()),
        html: html(&message.note.title, &body, link.as_deref()),
        message_id: format!("<{}@{domain}>", message.id),
    })
}

/// An address that is nothing but one: no second recipient, no name, no line break.
pub(crate) fn address(text: &str) -> Option<&str> {
    let (local, domain) = text.split_once('@')?;
    let legal = |b: u8| b.is_ascii_alphanumeric() || b"._%+-=".contains(&b);
    let label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let fits = !local.is_empty() && text.len() <= 254 && local.bytes().all(legal);
    (fits && domain.split('.').all(label)).then_some(text)
}

fn html(title: &str, text: &str, link: Option<&str>) -> String {
    let lines: String = text.lines().map(|line| format!("<p>{}</p>", escape(line))).collect();
    let link = link.map(escape).map(|link| format!("<p><a href=\"{link}\">{link}</a></p>")).unwrap_or_default();
    let (head, body) = (escape(title), format!("{lines}{link}"));
    format!("<!doctype html><html><head><meta charset=\"utf-8\"></head><body><h3>{head}</h3>{body}</body></html>")
}

fn escape(text: &str) -> String {
    let one = |c: char| match c {
        '<' | '>' | '&' | '"' | '\'' => format!("&#{};", u32::from(c)),
        other => other.to_string(),
    };
    text.chars().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Note;

    fn message(title: &str, text: &str) -> Message {
        let note = Note { title: title.into(), text: text.into(), link: Some("/matters/1".into()) };
        let created_at = "2026-01-05T08:00:00+08:00".parse().unwrap();
        let (id, root) = ("d1".to_string(), "https://qk.example".to_string());
        Message { id, templates: vec![], note, root, phone: None, created_at }
    }

    #[test]
    fn an_address_carries_nothing_but_an_address() {
        for text in
            ["a@b.cn\r\nBcc: c@d.cn", "a@b.cn,c@d.cn", "A <a@b.cn>", "a@b@c", "@b.cn", "a@", "a b@c.cn", "a@b..cn", ""]
        {
            assert!(letter("from@qk.example", text, &message("t", "x")).is_err(), "{text:?}");
        }
        assert!(letter("from@qk.example", "zhang.san+qk@sub.example.cn", &message("t", "x")).is_ok());
    }

    #[test]
    fn a_subject_is_one_line_and_html_is_text() {
        let evil = message("警\r\nBcc: all@example.com", "<script>alert('1')</script>\n<img src=\"x\">");
        let mail = letter("from@qk.example", "a@b.cn", &evil).unwrap();
        assert!(!mail.subject.contains(['\r', '\n']));
        assert!(
            !mail.html.contains("<script") && !mail.html.contains("<img") && mail.html.contains("&#60;script&#62;")
        );
        assert!(mail.html.contains(r#"<a href="https://qk.example/matters/1">"#));
        assert_eq!(mail.message_id, "<d1@qk.example>");
    }
}
