use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use sm3::Sm3;

/// The digest under a webhook's signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignDigest {
    /// SHA-256.
    #[default]
    Sha256,
    /// SM3 (GB/T 32905).
    Sm3,
}

/// `X-Qingkong-Signature`: HMAC over `timestamp.body`, in hexadecimal, with the digest's name before it.
///
/// The timestamp is under the signature, so that an old call cannot be sent again as a new one.
pub fn webhook_signature(digest: SignDigest, secret: &str, timestamp: i64, body: &str) -> String {
    let signed = format!("{timestamp}.{body}");
    match digest {
        SignDigest::Sha256 => format!("sha256={}", hex::encode(sha256(secret.as_bytes(), signed.as_bytes()))),
        SignDigest::Sm3 => format!("sm3={}", hex::encode(hmac_sm3(secret.as_bytes(), signed.as_bytes()))),
    }
}

/// DingTalk: the secret is the key, time and secret are the text.
pub(crate) fn dingtalk(secret: &str, timestamp_ms: i64) -> String {
    BASE64_STANDARD.encode(sha256(secret.as_bytes(), format!("{timestamp_ms}\n{secret}").as_bytes()))
}

/// Feishu: time and secret are the key, the text is empty.
pub(crate) fn feishu(secret: &str, timestamp: i64) -> String {
    BASE64_STANDARD.encode(sha256(format!("{timestamp}\n{secret}").as_bytes(), b""))
}

fn sha256(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("an HMAC key may have any length");
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

fn hmac_sm3(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sm3>::new_from_slice(key).expect("an HMAC key may have any length");
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_sha256_is_that_of_rfc_4231() {
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hex::encode(sha256(b"Jefe", b"what do ya want for nothing?")), expected);
    }

    #[test]
    fn time_body_and_secret_are_all_under_the_signature() {
        for digest in [SignDigest::Sha256, SignDigest::Sm3] {
            let sign = |secret, time, body| webhook_signature(digest, secret, time, body);
            let first = sign("secret", 1, "{}");
            assert_eq!(first, sign("secret", 1, "{}"));
            for other in [sign("Secret", 1, "{}"), sign("secret", 2, "{}"), sign("secret", 1, "{ }")] {
                assert_ne!(first, other);
            }
        }
        assert!(webhook_signature(SignDigest::Sm3, "s", 1, "").starts_with("sm3="));
    }

    /// Computed with Python's hmac and hashlib.
    #[test]
    fn the_robots_signatures_are_those_of_an_independent_program() {
        assert_eq!(dingtalk("SEC1", 1_700_000_000_000), "ukR4+WoOOBTGaOauYqugxVrMSFyr92q4hPxJxuOkiio=");
        assert_eq!(feishu("SEC1", 1_700_000_000), "s3Va4ru9IQUY6HTJcYx7OEVyXl0V0S/y32v4ZbfOHCI=");
        assert_eq!(
            webhook_signature(SignDigest::Sm3, "secret", 1, "{}"),
            "sm3=375864a3891961d6b7a381a1cef6b019556026906456a6f06e1e9a6a349864da"
        );
    }
}
