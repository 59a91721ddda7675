use event::Digest;
use serde::Deserialize;

/// What is taken in (附件设置): the section `[attachments]` of the configuration file.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AttachmentOptions {
    /// Most bytes of one file.
    pub most_bytes: u64,
    /// The function that names content, `sha256` or `sm3`.
    pub digest: Digest,
}

impl Default for AttachmentOptions {
    fn default() -> Self {
        AttachmentOptions { most_bytes: 50 * 1024 * 1024, digest: Digest::Sha256 }
    }
}
