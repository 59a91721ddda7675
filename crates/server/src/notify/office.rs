use super::{line, mail};
use crate::ServerError;
use notify::{Allowed, ChannelKind, Message, NotifyError, Secrets, Settings, Verdict};
use serde::Deserialize;
use std::time::Duration;
use tokio::sync::watch;
use units::Instant;

/// How notifications leave the house (通知配置): the section `[notify]` of the configuration file, never set by the API.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NotifyOptions {
    /// Hosts inside the house that channels may reach: addresses, ranges, names.
    pub allow_private: Vec<String>,
    /// The root address of this program as people reach it, for links; empty for none.
    pub public_url: String,
}

/// Everything that sends (发送).
pub(crate) struct PostOffice {
    line: line::Line,
    allowed: Allowed,
    root: String,
    worker: String,
    closing: watch::Sender<bool>,
}

impl PostOffice {
    /// Refuses a configuration with an entry that means nothing.
    pub(crate) fn open(options: &NotifyOptions) -> Result<PostOffice, ServerError> {
        let allowed = Allowed::read(options.allow_private.iter().map(String::as_str))?;
        let worker = format!("post {}", uuid::Uuid::now_v7());
        let (line, root) = (line::Line::new(&allowed)?, options.public_url.clone());
        Ok(PostOffice { line, allowed, root, worker, closing: watch::channel(false).0 })
    }

    /// Where channels may lead.
    pub(crate) fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    /// The name under which this process takes deliveries.
    pub(crate) fn worker(&self) -> &str {
        &self.worker
    }

    /// The root address for links.
    pub(crate) fn root(&self) -> &str {
        &self.root
    }

    /// Ends the background sending after the step under way.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Waits for a while, and says whether the office closed meanwhile.
    pub(crate) async fn closes_within(&self, pause: Duration) -> bool {
        let mut closing = self.closing.subscribe();
        tokio::time::timeout(pause, closing.wait_for(|closing| *closing)).await.is_ok()
    }

    /// Makes one attempt. What comes of it is a value: nothing that a receiver does is an error of this program.
    pub(crate) async fn send(
        &self,
        settings: &Settings,
        secrets: &Secrets,
        message: &Message,
        address: Option<&str>,
        now: Instant,
    ) -> Verdict {
        match self.attempt(settings, secrets, message, address, now).await {
            Ok(verdict) => verdict,
            // A missing key or a forbidden host does not mend itself.
            Err(refusal) => Verdict::Refused(refusal.to_string()),
        }
    }

    async fn attempt(
        &self,
        settings: &Settings,
        secrets: &Secrets,
        message: &Message,
        address: Option<&str>,
        now: Instant,
    ) -> Result<Verdict, NotifyError> {
        settings.check(&self.allowed)?;
        if settings.kind() == ChannelKind::Email {
            settings.demand_secrets(secrets)?;
            let to = address.ok_or(NotifyError::BadRecipient("mail"))?;
            return mail::send(&self.allowed, settings, secrets, to, message).await;
        }
        match notify::call(settings, secrets, message, now)? {
            Some(call) => self.line.send(&self.allowed, settings, call).await,
            None => Err(NotifyError::BadRecipient("way")),
        }
    }
}
