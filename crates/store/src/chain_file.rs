//! The files beside the database: the key that signs, the public keys that are trusted, and the anchors.

use crate::{Store, StoreError};
use event::{Algorithm, Anchor, PublicKey, Signer, Verdict, read_anchors, write_anchors};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use units::Instant;

/// Where anchors and keys lie (存证目录). Copies of the folder belong somewhere the operator of this machine cannot
/// write: who holds the key and every copy of the anchors can write history anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnchorFolder {
    /// The file of anchors, one line of JSON each.
    pub anchors: PathBuf,
    /// The folder of secret keys, each readable by its owner alone.
    pub secrets: PathBuf,
    /// The public keys that are trusted, one line each.
    pub public: PathBuf,
}

/// Bytes from the system's own source, for a new key of [`AnchorFolder::signer`].
pub fn random_secret() -> io::Result<[u8; 32]> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(io::Error::other)?;
    Ok(secret)
}

impl AnchorFolder {
    /// The usual places in a data folder: `anchors/anchors.jsonl`, `anchors/keys.pub` and `keys/`.
    pub fn in_data(folder: &Path) -> AnchorFolder {
        let anchors = folder.join("anchors");
        AnchorFolder {
            anchors: anchors.join("anchors.jsonl"),
            public: anchors.join("keys.pub"),
            secrets: folder.join("keys"),
        }
    }

    /// The anchors signed so far; none when there is no file yet.
    pub fn read(&self) -> Result<Vec<Anchor>, StoreError> {
        Ok(read_anchors(&read(&self.anchors)?.unwrap_or_default())?)
    }

    /// The trusted public keys; none when there is no file yet.
    pub fn trusted(&self) -> Result<Vec<PublicKey>, StoreError> {
        let text = read(&self.public)?.unwrap_or_default();
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(|line| PublicKey::from_line(line).map_err(|error| unusable(&self.public, &error))).collect()
    }

    /// The file of the secret key of an algorithm.
    pub fn secret_file(&self, algorithm: Algorithm) -> PathBuf {
        self.secrets.join(format!("anchor-{algorithm}.key"))
    }

    /// The signing key of an algorithm, made at first use; `secret` gives 32 bytes of chance for it. Its public key
    /// is added to the trusted ones, so that anchors signed before with another still hold.
    pub fn signer(
        &self,
        algorithm: Algorithm,
        secret: impl Fn() -> io::Result<[u8; 32]>,
    ) -> Result<Signer, StoreError> {
        let file = self.secret_file(algorithm);
        let signer = match read(&file)? {
            Some(text) => Signer::from_secret_line(&text).map_err(|error| unusable(&file, &error))?,
            None => {
                let secret = secret().map_err(|error| unusable(&file, &error))?;
                let signer = Signer::from_secret(algorithm, &secret)?;
                replace(&file, &signer.secret_line(), true)?;
                signer
            }
        };
        self.trust(&signer.public_key())?;
        Ok(signer)
    }

    fn trust(&self, key: &PublicKey) -> Result<(), StoreError> {
        let trusted = self.trusted()?;
        if trusted.iter().any(|known| known.id() == key.id()) {
            return Ok(());
        }
        let lines: String = trusted.iter().chain([key]).map(PublicKey::line).collect();
        replace(&self.public, &lines, false)
    }

    /// Adds anchors: the file appears whole or stays as it was.
    fn add(&self, before: &[Anchor], new: &[Anchor]) -> Result<(), StoreError> {
        let all: Vec<Anchor> = before.iter().chain(new).cloned().collect();
        replace(&self.anchors, &write_anchors(&all)?, false)
    }
}

impl Store {
    /// Signs the roots that are due and writes them into the folder; see [`Store::anchor`]. Returns the new ones.
    pub async fn export_anchors(
        &self,
        folder: &AnchorFolder,
        signer: &Signer,
        at: Instant,
        up_to_now: bool,
    ) -> Result<Vec<Anchor>, StoreError> {
        let before = folder.read()?;
        let new = self.anchor(&before, &folder.trusted()?, signer, at, up_to_now).await?;
        if !new.is_empty() {
            folder.add(&before, &new)?;
        }
        Ok(new)
    }

    /// Verifies the log against the anchors and keys of a folder.
    pub async fn verify_folder(&self, folder: &AnchorFolder) -> Result<Verdict, StoreError> {
        self.verify(&folder.read()?, &folder.trusted()?).await
    }
}

fn read(path: &Path) -> Result<Option<String>, StoreError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(path, &error)),
    }
}

/// Writes beside and renames, so that a crash leaves the old file or the new one.
fn replace(path: &Path, text: &str, secret: bool) -> Result<(), StoreError> {
    let part = path.with_extension(format!("{}.part", std::process::id()));
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| {
        let mut file = create(&part, secret)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&part, path)
    });
    written.map_err(|error| unusable(path, &error))
}

fn create(path: &Path, secret: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if secret {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    drop(secret);
    options.open(path)
}

fn unusable(path: &Path, reason: &dyn std::fmt::Display) -> StoreError {
    StoreError::KeyFile { path: path.display().to_string(), reason: reason.to_string() }
}
