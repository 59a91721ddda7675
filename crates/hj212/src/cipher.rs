//! SM4 of the content, as HJ 212-2025 lays it down.

use crate::error::Hj212Error;
use sm4::Sm4;
use sm4::cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use std::fmt;
use std::str::FromStr;

const BLOCK_BYTES: usize = 16;

/// The key of a device (SM4 密钥), 16 bytes; registered at the centre and renewed every 90 days with CN 1014.
///
/// Encryption is SM4-ECB without padding: whole groups of 16 bytes of the content between `CP=&&` and `&&`, while the tail of
/// fewer than 16 bytes stays plain. The check sum is that of the plain text, and the length does not change. ECB shows
/// equal groups as equal and protects nothing against change; it is what the standard asks for, not a reason for trust.
/// Source: HJ 212-2025, second hand; the first group of its printed example was recomputed.
#[derive(Clone)]
pub struct Key(Sm4);

impl Key {
    /// From 16 bytes.
    pub fn from_bytes(bytes: [u8; BLOCK_BYTES]) -> Key {
        Key(Sm4::new(&bytes.into()))
    }

    /// Encrypts the whole groups in place.
    pub fn encrypt(&self, content: &mut [u8]) {
        for group in content.chunks_exact_mut(BLOCK_BYTES) {
            self.0.encrypt_block(block(group));
        }
    }

    /// Decrypts the whole groups in place.
    pub fn decrypt(&self, content: &mut [u8]) {
        for group in content.chunks_exact_mut(BLOCK_BYTES) {
            self.0.decrypt_block(block(group));
        }
    }
}

fn block(group: &mut [u8]) -> &mut Block<Sm4> {
    group.try_into().expect("chunks_exact gives groups of one block")
}

/// From 32 hexadecimal digits; refuses `H-103`.
impl FromStr for Key {
    type Err = Hj212Error;
    fn from_str(text: &str) -> Result<Key, Hj212Error> {
        let mut bytes = [0; BLOCK_BYTES];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| Hj212Error::Key)?;
        Ok(Key::from_bytes(bytes))
    }
}

/// A key never shows.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_group_of_the_printed_example() {
        let key = Key::from_bytes([0x30; 16]);
        let mut content = *b"DataTime=2024052tail";
        key.encrypt(&mut content);
        assert_eq!(hex::encode(&content[..16]), "e43e159acfab242cb53155fb8b9281a1");
        assert_eq!(&content[16..], b"tail", "what is left of a group stays plain");
        key.decrypt(&mut content);
        assert_eq!(&content, b"DataTime=2024052tail");
    }

    #[test]
    fn a_key_has_32_digits_and_never_shows() {
        let key: Key = "30303030303030303030303030303030".parse().unwrap();
        assert_eq!(format!("{key:?}"), "Key(…)");
        for text in [
            "",
            "3030",
            "3030303030303030303030303030303",
            "x0303030303030303030303030303030",
            "303030303030303030303030303030303",
        ] {
            assert_eq!(text.parse::<Key>().unwrap_err(), Hj212Error::Key);
        }
    }
}
