use crate::EventError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The hash of one record, 32 bytes with either function.
pub type Hash = [u8; 32];

/// What stands before the first record.
pub const GENESIS: Hash = [0; 32];

/// The hash function of the chain (杂凑算法).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Digest {
    /// SHA-256.
    #[default]
    Sha256,
    /// SM3, GB/T 32905.
    Sm3,
}

impl Digest {
    /// The name in tables, files and configuration.
    pub const fn code(self) -> &'static str {
        match self {
            Digest::Sha256 => "sha256",
            Digest::Sm3 => "sm3",
        }
    }

    /// The digest of bytes.
    pub fn of(self, parts: &[&[u8]]) -> Hash {
        match self {
            Digest::Sha256 => hashed::<sha2::Sha256>(parts),
            Digest::Sm3 => hashed::<sm3::Sm3>(parts),
        }
    }

    /// A hash as it is stored, with the name of its function: `sha256:2cf2…`.
    pub fn write(self, hash: &Hash) -> String {
        format!("{}:{}", self.code(), hex::encode(hash))
    }

    /// Reads what [`Digest::write`] wrote. Refuses `E-103` anything else.
    pub fn read(text: &str) -> Result<(Digest, Hash), EventError> {
        let refused = || EventError::NotAHash(text.chars().take(80).collect());
        let (code, digits) = text.split_once(':').ok_or_else(refused)?;
        let mut hash = GENESIS;
        hex::decode_to_slice(digits, &mut hash).map_err(|_| refused())?;
        Ok((code.parse()?, hash))
    }
}

fn hashed<D: sha2::Digest>(parts: &[&[u8]]) -> Hash {
    let mut digest = D::new();
    parts.iter().for_each(|part| digest.update(part));
    let mut hash = GENESIS;
    hash.copy_from_slice(&digest.finalize());
    hash
}

impl Digest {
    /// The digest of some bytes as it is written: the name of the function, a colon and 64 digits.
    pub fn written_of(self, bytes: &[u8]) -> String {
        self.write(&self.of(&[bytes]))
    }
}

/// The hash of a record: of the hash before it and its own text.
pub fn link(digest: Digest, previous: &Hash, canonical: &str) -> Hash {
    digest.of(&[previous, canonical.as_bytes()])
}

impl FromStr for Digest {
    type Err = EventError;
    fn from_str(text: &str) -> Result<Self, EventError> {
        [Digest::Sha256, Digest::Sm3]
            .into_iter()
            .find(|digest| digest.code() == text)
            .ok_or_else(|| EventError::NotAHash(text.chars().take(80).collect()))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4 and GB/T 32905 print the digest of "abc".
    #[test]
    fn both_functions_give_the_published_digests() {
        let abc: &[&[u8]] = &[b"a", b"bc"];
        let sha256 = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let sm3 = "sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
        assert_eq!(Digest::Sha256.write(&Digest::Sha256.of(abc)), sha256);
        assert_eq!(Digest::Sm3.write(&Digest::Sm3.of(abc)), sm3);
        assert_eq!(Digest::read(sm3).unwrap(), (Digest::Sm3, Digest::Sm3.of(abc)));
    }

    #[test]
    fn half_a_hash_is_refused() {
        for text in ["", "sha256", "sha256:", "sha256:zz", "md5:00", "sm3:66c7f0"] {
            assert!(Digest::read(text).is_err(), "{text:?}");
        }
    }
}
