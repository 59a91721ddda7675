use super::line::{Unreachable, permitted};
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use notify::{Allowed, Letter, MailSecurity, Message, NotifyError, Secrets, Settings, Verdict, letter};
use std::time::Duration;

const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// Hands a message to a mail server. The server's "250" is the receipt; whether a person reads it nobody knows.
pub(crate) async fn send(
    allowed: &Allowed,
    settings: &Settings,
    secrets: &Secrets,
    to: &str,
    message: &Message,
) -> Result<Verdict, NotifyError> {
    let Settings::Email { host, port, security, user, from, .. } = settings else {
        return Err(NotifyError::BadRecipient("way"));
    };
    let letter = letter(from, to, message)?;
    // The name is resolved here and the connection made to what was checked, so that no second look can differ.
    let address = match permitted(allowed, host, *port).await {
        Ok(found) => found.first().copied(),
        Err(Unreachable::Forbidden(refused)) => return Err(refused),
        Err(unknown) => return Ok(Verdict::Later(unknown.to_string())),
    };
    let Some(address) = address else { return Ok(Verdict::Later("the mail server has no address".into())) };
    let tls = match tls(*security, host) {
        Ok(tls) => tls,
        Err(error) => return Ok(Verdict::Refused(error.to_string())),
    };
    let server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.ip().to_string());
    let server = server.port(*port).tls(tls).timeout(Some(ANSWER_WITHIN)).hello_name(hello(from));
    let server = match (user, secrets.get("password")) {
        (Some(user), Some(password)) => server.credentials(Credentials::new(user.clone(), password.clone())),
        _ => server,
    };
    let mail = match mail(&letter) {
        Ok(mail) => mail,
        Err(error) => return Ok(Verdict::Refused(error)),
    };
    match tokio::time::timeout(ANSWER_WITHIN, server.build().send(mail)).await {
        Ok(Ok(answer)) => Ok(Verdict::Sent(format!("{} {}", answer.code(), answer.first_line().unwrap_or_default()))),
        Ok(Err(error)) if error.is_permanent() => Ok(Verdict::Refused(error.to_string())),
        Ok(Err(error)) => Ok(Verdict::Later(error.to_string())),
        Err(_) => Ok(Verdict::Later(format!("no answer within {} seconds", ANSWER_WITHIN.as_secs()))),
    }
}

fn tls(security: MailSecurity, host: &str) -> Result<Tls, lettre::transport::smtp::Error> {
    Ok(match security {
        MailSecurity::Plain => Tls::None,
        // Required, not opportunistic: whoever stands between could take the offer out.
        MailSecurity::Starttls => Tls::Required(TlsParameters::new(host.to_string())?),
        MailSecurity::Tls => Tls::Wrapper(TlsParameters::new(host.to_string())?),
    })
}

fn hello(from: &str) -> ClientId {
    ClientId::Domain(from.rsplit('@').next().unwrap_or("qingkong").to_string())
}

fn mail(letter: &Letter) -> Result<lettre::Message, String> {
    let mailbox = |text: &str| -> Result<Mailbox, String> {
        Ok(Mailbox::new(None, text.parse::<Address>().map_err(|error| error.to_string())?))
    };
    let part = |kind: ContentType, text: &str| SinglePart::builder().header(kind).body(text.to_string());
    let body = MultiPart::alternative()
        .singlepart(part(ContentType::TEXT_PLAIN, &letter.text))
        .singlepart(part(ContentType::TEXT_HTML, &letter.html));
    lettre::Message::builder()
        .from(mailbox(&letter.from)?)
        .to(mailbox(&letter.to)?)
        .subject(letter.subject.clone())
        .message_id(Some(letter.message_id.clone()))
        .multipart(body)
        .map_err(|error| error.to_string())
}
