use crate::EventError;
use ed25519_dalek::{Signature as EdSignature, Signer as _, SigningKey as EdKey, VerifyingKey as EdPublic};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sm2::dsa::signature::Verifier as _;
use sm2::dsa::{Signature as SmSignature, SigningKey as SmKey, VerifyingKey as SmPublic};
use std::fmt;
use std::str::FromStr;

/// The identity that GM/T 0009 names for signers without one of their own.
const IDENTITY: &str = "1234567812345678";
const SECRET_BYTES: usize = 32;

/// The algorithm of the signature under a root (签名算法).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// Ed25519, RFC 8032.
    #[default]
    Ed25519,
    /// SM2 with SM3, GB/T 32918.
    Sm2,
}

impl Algorithm {
    /// The name in files and configuration.
    pub const fn code(self) -> &'static str {
        match self {
            Algorithm::Ed25519 => "ed25519",
            Algorithm::Sm2 => "sm2",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Algorithm {
    type Err = EventError;
    fn from_str(text: &str) -> Result<Self, EventError> {
        [Algorithm::Ed25519, Algorithm::Sm2].into_iter().find(|algorithm| algorithm.code() == text).ok_or_else(|| {
            EventError::NotAKey {
                algorithm: text.chars().take(40).collect(),
                reason: "ed25519 and sm2 are known".into(),
            }
        })
    }
}

/// The key that signs roots.
pub struct Signer(Secret);

enum Secret {
    Ed25519(EdKey),
    Sm2(SmKey),
}

impl Signer {
    /// The key that 32 secret bytes make. Refuses `E-105` the few numbers that are no SM2 key.
    pub fn from_secret(algorithm: Algorithm, secret: &[u8; SECRET_BYTES]) -> Result<Signer, EventError> {
        Ok(Signer(match algorithm {
            Algorithm::Ed25519 => Secret::Ed25519(EdKey::from_bytes(secret)),
            Algorithm::Sm2 => {
                let key = SmKey::from_slice(IDENTITY, secret).map_err(|error| not_a_key(algorithm, error))?;
                Secret::Sm2(key)
            }
        }))
    }

    /// The line of a key file: algorithm and secret. Keep it from everybody.
    pub fn secret_line(&self) -> String {
        match &self.0 {
            Secret::Ed25519(key) => format!("{} {}\n", Algorithm::Ed25519, hex::encode(key.to_bytes())),
            Secret::Sm2(key) => format!("{} {}\n", Algorithm::Sm2, hex::encode(key.to_bytes())),
        }
    }

    /// Reads [`Signer::secret_line`]. Refuses `E-105` anything else, without repeating it.
    pub fn from_secret_line(text: &str) -> Result<Signer, EventError> {
        let (algorithm, digits) = text.trim().split_once(' ').unwrap_or(("", ""));
        let algorithm = algorithm.parse()?;
        let mut secret = [0; SECRET_BYTES];
        hex::decode_to_slice(digits, &mut secret).map_err(|error| not_a_key(algorithm, error))?;
        Signer::from_secret(algorithm, &secret)
    }

    /// Its algorithm.
    pub fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Secret::Ed25519(_) => Algorithm::Ed25519,
            Secret::Sm2(_) => Algorithm::Sm2,
        }
    }

    /// What others need to check its signatures.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(match &self.0 {
            Secret::Ed25519(key) => Public::Ed25519(key.verifying_key()),
            Secret::Sm2(key) => Public::Sm2(Box::new(key.verifying_key().clone())),
        })
    }

    /// Signs a text; 128 hexadecimal digits.
    pub fn sign(&self, text: &str) -> String {
        match &self.0 {
            Secret::Ed25519(key) => hex::encode(key.sign(text.as_bytes()).to_bytes()),
            Secret::Sm2(key) => hex::encode(sm2::dsa::signature::Signer::sign(key, text.as_bytes()).to_bytes()),
        }
    }
}

impl fmt::Debug for Signer {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.public_key().id())
    }
}

/// The key that checks the signatures under roots (公钥).
#[derive(Clone, Debug)]
pub struct PublicKey(Public);

#[derive(Clone, Debug)]
enum Public {
    Ed25519(EdPublic),
    Sm2(Box<SmPublic>),
}

impl PublicKey {
    /// Its algorithm.
    pub fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Public::Ed25519(_) => Algorithm::Ed25519,
            Public::Sm2(_) => Algorithm::Sm2,
        }
    }

    /// A short name: the first 16 digits of the SHA-256 of its bytes.
    pub fn id(&self) -> String {
        hex::encode(&Sha256::digest(self.bytes())[..8])
    }

    /// The line of a public key file: algorithm and key (SM2: the SEC 1 point).
    pub fn line(&self) -> String {
        format!("{} {}\n", self.algorithm(), hex::encode(self.bytes()))
    }

    /// Reads [`PublicKey::line`]. Refuses `E-105` anything else.
    pub fn from_line(text: &str) -> Result<PublicKey, EventError> {
        let (algorithm, digits) = text.trim().split_once(' ').unwrap_or(("", ""));
        let algorithm: Algorithm = algorithm.parse()?;
        let bytes = hex::decode(digits).map_err(|error| not_a_key(algorithm, error))?;
        Ok(PublicKey(match algorithm {
            Algorithm::Ed25519 => {
                let key = EdPublic::try_from(bytes.as_slice()).map_err(|error| not_a_key(algorithm, error))?;
                Public::Ed25519(key)
            }
            Algorithm::Sm2 => {
                let key = SmPublic::from_sec1_bytes(IDENTITY, &bytes).map_err(|error| not_a_key(algorithm, error))?;
                Public::Sm2(Box::new(key))
            }
        }))
    }

    /// Whether this key's owner signed the text.
    pub fn signed(&self, text: &str, signature: &str) -> bool {
        let Ok(bytes) = hex::decode(signature) else { return false };
        match &self.0 {
            Public::Ed25519(key) => EdSignature::from_slice(&bytes)
                .is_ok_and(|signature| key.verify_strict(text.as_bytes(), &signature).is_ok()),
            Public::Sm2(key) => {
                SmSignature::from_slice(&bytes).is_ok_and(|signature| key.verify(text.as_bytes(), &signature).is_ok())
            }
        }
    }

    fn bytes(&self) -> Vec<u8> {
        match &self.0 {
            Public::Ed25519(key) => key.to_bytes().to_vec(),
            Public::Sm2(key) => key.to_sec1_bytes().to_vec(),
        }
    }
}

fn not_a_key(algorithm: Algorithm, error: impl fmt::Display) -> EventError {
    EventError::NotAKey { algorithm: algorithm.to_string(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signers() -> [Signer; 2] {
        [Algorithm::Ed25519, Algorithm::Sm2].map(|algorithm| Signer::from_secret(algorithm, &[7; 32]).unwrap())
    }

    #[test]
    fn a_signature_holds_for_its_text_and_key_alone() {
        for signer in signers() {
            let other = Signer::from_secret(signer.algorithm(), &[8; 32]).unwrap();
            let signature = signer.sign("每日根");
            assert!(signer.public_key().signed("每日根", &signature));
            assert!(!signer.public_key().signed("每日根 ", &signature));
            assert!(!other.public_key().signed("每日根", &signature));
            assert!(!signer.public_key().signed("每日根", "00"));
            assert!(!signer.public_key().signed("每日根", &"0".repeat(128)));
        }
    }

    #[test]
    fn keys_come_back_from_their_lines() {
        for signer in signers() {
            let again = Signer::from_secret_line(&signer.secret_line()).unwrap();
            assert_eq!(again.sign("x"), signer.sign("x"));
            let public = PublicKey::from_line(&signer.public_key().line()).unwrap();
            assert_eq!(public.id(), signer.public_key().id());
            assert!(public.signed("x", &signer.sign("x")));
            assert!(!format!("{signer:?}").contains(&hex::encode([7; 32])), "no secret in a log");
        }
    }

    /// RFC 8032, section 7.1, test 1: the empty message.
    #[test]
    fn ed25519_gives_the_published_signature() {
        let signer =
            Signer::from_secret_line("ed25519 9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
                .unwrap();
        assert_eq!(
            signer.public_key().line(),
            "ed25519 d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a\n"
        );
        assert_eq!(
            signer.sign(""),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b\
             d25bf5f0595bbe24655141438e7a100b"
        );
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for line in ["", "ed25519", "ed25519 00", "rsa 00", "sm2 zz"] {
            assert!(PublicKey::from_line(line).is_err(), "{line:?}");
            assert!(Signer::from_secret_line(line).is_err(), "{line:?}");
        }
        assert!(Signer::from_secret(Algorithm::Sm2, &[0; 32]).is_err(), "zero is no SM2 key");
    }
}
