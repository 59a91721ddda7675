use crate::ConsultError;
use crate::text::{MOST_NAME, line};
use serde::{Deserialize, Serialize};
use units::{AccountId, Instant};

/// Guests of one room.
pub(crate) const MOST_GUESTS: usize = 40;
/// Days a link may live.
pub const MOST_GUEST_DAYS: i64 = 14;
const HASH_LETTERS: usize = 64;

/// The link of a guest (来宾链接): who it is for, until when. Of the secret only the digest is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestLink {
    /// Its id.
    pub id: String,
    /// The guest's name.
    pub name: String,
    /// Where the guest comes from, for example 安徽省生态环境监测中心.
    pub organisation: String,
    /// Digest of the secret, SHA-256 in hexadecimal.
    pub hash: String,
    /// By the wall clock: a replayed clock must not bring an ended link back.
    pub expires: Instant,
    /// Who invited.
    pub invited_by: AccountId,
    /// Whether it was taken back.
    pub revoked: bool,
}

impl GuestLink {
    /// Whether it lets somebody in at this moment of the wall clock.
    pub fn opens(&self, wall: Instant) -> bool {
        !self.revoked && wall < self.expires
    }

    /// How the guest is called where bids and remarks are shown.
    pub fn label(&self) -> String {
        format!("{}（{} 来宾）", self.name, self.organisation)
    }

    /// Refuses `C-103` and `C-210`; `wall` is the moment of the wall clock.
    pub(crate) fn checked(mut self, wall: Instant) -> Result<GuestLink, ConsultError> {
        self.name = line("name", &self.name, MOST_NAME)?;
        self.organisation = line("organisation", &self.organisation, MOST_NAME)?;
        let latest = Instant::from_utc(wall.to_utc() + chrono::TimeDelta::days(MOST_GUEST_DAYS));
        if self.expires <= wall || self.expires > latest {
            return Err(ConsultError::BadExpiry);
        }
        let is_hash = self.hash.len() == HASH_LETTERS && self.hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hash { Ok(self) } else { Err(ConsultError::BadText { what: "hash", most: HASH_LETTERS }) }
    }
}
