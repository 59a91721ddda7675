use crate::{Algorithm, Digest, EventError, PublicKey, Signer};
use serde::{Deserialize, Serialize};

const FORMAT: &str = "qingkong-signature/1";

/// A signature that lies beside a file (分离签名): this house gave out exactly these bytes.
///
/// What is signed is the line `qingkong-signature/1 sha256:…` with the digest of the file, so that it can never pass for
/// the signature of a root of the log, nor the other way round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detached {
    /// `qingkong-signature/1`.
    pub format: String,
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The id of the key.
    pub key: String,
    /// Digest of the file, `sha256:` and 64 digits.
    pub digest: String,
    /// 128 hexadecimal digits.
    pub signature: String,
}

impl Detached {
    /// Signs a file.
    pub fn sign(signer: &Signer, bytes: &[u8]) -> Detached {
        let digest = Digest::Sha256.written_of(bytes);
        Detached {
            format: FORMAT.into(),
            algorithm: signer.algorithm(),
            key: signer.public_key().id(),
            signature: signer.sign(&statement(&digest)),
            digest,
        }
    }

    /// Reads the text of a signature. Refuses `E-108` anything else.
    pub fn read(text: &str) -> Result<Detached, EventError> {
        let not = |reason: String| EventError::NotASignature { reason };
        let read: Detached = serde_json::from_str(text).map_err(|error| not(error.to_string()))?;
        if read.format != FORMAT {
            return Err(not(format!("its format is {:?}, not {FORMAT:?}", read.format)));
        }
        Ok(read)
    }

    /// Whether one of the trusted keys signed these bytes. Refuses `E-109` with what does not hold.
    pub fn check(&self, bytes: &[u8], trusted: &[PublicKey]) -> Result<(), EventError> {
        let broken = |reason: String| Err(EventError::SignatureBroken { reason });
        let found = Digest::Sha256.written_of(bytes);
        if found != self.digest {
            return broken(format!("the file is {found}, what was signed is {}", self.digest));
        }
        let Some(key) = trusted.iter().find(|key| key.id() == self.key && key.algorithm() == self.algorithm) else {
            return broken(format!("the key {} is not among the {} trusted ones", self.key, trusted.len()));
        };
        if key.signed(&statement(&self.digest), &self.signature) {
            return Ok(());
        }
        broken(format!("the signature is not that of the key {}", self.key))
    }
}

fn statement(digest: &str) -> String {
    format!("{FORMAT} {digest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(secret: u8, algorithm: Algorithm) -> Signer {
        Signer::from_secret(algorithm, &[secret; 32]).unwrap()
    }

    #[test]
    fn it_holds_for_its_file_and_a_trusted_key_alone() {
        for algorithm in [Algorithm::Ed25519, Algorithm::Sm2] {
            let (house, other) = (signer(7, algorithm), signer(8, algorithm));
            let text = serde_json::to_string(&Detached::sign(&house, "<alert/>".as_bytes())).unwrap();
            let read = Detached::read(&text).unwrap();
            assert_eq!(read.check(b"<alert/>", &[other.public_key(), house.public_key()]), Ok(()));
            let said = |result: Result<(), EventError>| result.unwrap_err().to_string();
            assert!(said(read.check(b"<alert />", &[house.public_key()])).starts_with("E-109"), "another file");
            assert!(said(read.check(b"<alert/>", &[other.public_key()])).contains("not among the 1"), "another key");
            let forged = Detached { signature: Detached::sign(&other, b"<alert/>").signature, ..read.clone() };
            assert!(said(forged.check(b"<alert/>", &[house.public_key()])).contains("not that of the key"));
            let root = Detached { signature: house.sign(&read.digest), ..read };
            assert!(root.check(b"<alert/>", &[house.public_key()]).is_err(), "a signature over a bare digest");
        }
    }

    #[test]
    fn what_is_no_signature_is_refused() {
        let sound = serde_json::to_string(&Detached::sign(&signer(7, Algorithm::Ed25519), b"x")).unwrap();
        for text in
            ["", "{}", &sound.replace("/1", "/2"), &sound.replace("ed25519", "rsa"), &sound.replace('}', ",\"x\":1}")]
        {
            let error = Detached::read(text).unwrap_err().to_string();
            assert!(error.starts_with("E-108"), "{text}: {error}");
        }
    }
}
