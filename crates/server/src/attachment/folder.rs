use super::digest::Growing;
use crate::ServerError;
use ::attachment::AttachmentError;
use event::Digest;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt;

const INCOMING: &str = "incoming";
/// What lies among the incoming files for longer was left by a process that was ended.
const LEFT_BEHIND: Duration = Duration::from_secs(24 * 3600);

/// Where the content of attachments lies (附件目录): `ab/cdef…` by digest, so that the same content lies there once.
///
/// Content is never changed and never deleted. What is still coming in lies apart and is removed when it does not end
/// well.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

/// A file that is coming in. Dropped before it is kept, it leaves nothing.
pub(super) struct Incoming {
    file: File,
    path: PathBuf,
    digest: Growing,
    bytes: u64,
    most_bytes: u64,
}

/// A file that has come in whole and lies on the disk, not yet kept.
pub(super) struct Received {
    pub(super) path: PathBuf,
    pub(super) digest: String,
    pub(super) bytes: u64,
}

impl Folder {
    /// The folder within a data folder.
    pub(crate) fn within(data: &Path) -> Folder {
        Folder { root: data.join("attachments") }
    }

    /// Begins to take in a file of at most so many bytes.
    pub(super) async fn begin(&self, digest: Digest, most_bytes: u64) -> Result<Incoming, ServerError> {
        let folder = self.root.join(INCOMING);
        fs::create_dir_all(&folder).await.map_err(failed)?;
        let path = folder.join(uuid::Uuid::now_v7().to_string());
        let file = File::create_new(&path).await.map_err(failed)?;
        Ok(Incoming { file, path, digest: Growing::new(digest), bytes: 0, most_bytes })
    }

    /// Puts a file to its place. Content that lies there already is replaced by the same.
    pub(super) async fn keep(&self, received: &Received) -> Result<(), ServerError> {
        let place = self.place(&received.digest)?;
        let folder = place.parent().unwrap_or(&self.root).to_path_buf();
        fs::create_dir_all(&folder).await.map_err(failed)?;
        fs::rename(&received.path, &place).await.map_err(failed)?;
        // A name is on the disk when its folder is, and a folder when the one above it is.
        for folder in [&folder, &self.root] {
            synced(folder).await.map_err(failed)?;
        }
        Ok(())
    }

    /// Opens content; `None` when it is not there.
    pub(super) async fn open(&self, digest: &str) -> Result<Option<(File, u64)>, ServerError> {
        let file = match File::open(self.place(digest)?).await {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let bytes = file.metadata().await.map_err(failed)?.len();
        Ok(Some((file, bytes)))
    }

    /// Removes what processes that were ended have left among the incoming files. Returns how many.
    pub(crate) async fn sweep(&self, now: SystemTime) -> Result<u64, ServerError> {
        let mut entries = match fs::read_dir(self.root.join(INCOMING)).await {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(failed(error)),
        };
        let mut swept = 0;
        while let Some(entry) = entries.next_entry().await.map_err(failed)? {
            // Another process may be quicker.
            let Ok(changed) = entry.metadata().await.and_then(|about| about.modified()) else { continue };
            if now.duration_since(changed).is_ok_and(|age| age > LEFT_BEHIND) {
                swept += u64::from(fs::remove_file(entry.path()).await.is_ok());
            }
        }
        Ok(swept)
    }

    /// The digest comes from the database; what is no digest must not become a path.
    fn place(&self, digest: &str) -> Result<PathBuf, ServerError> {
        let (_, hash) = Digest::read(digest).map_err(|error| ServerError::Broken(error.to_string()))?;
        let name = hex::encode(hash);
        Ok(self.root.join(&name[..2]).join(&name[2..]))
    }
}

impl Incoming {
    /// Takes the next piece; refuses `A-422` when it becomes too large.
    pub(super) async fn take(&mut self, piece: &[u8]) -> Result<(), ServerError> {
        self.bytes += piece.len() as u64;
        if self.bytes > self.most_bytes {
            return Err(AttachmentError::TooLarge { limit: self.most_bytes }.into());
        }
        self.digest.update(piece);
        self.file.write_all(piece).await.map_err(failed)
    }

    /// It has come in whole: on the disk before anything refers to it.
    pub(super) async fn finish(mut self) -> Result<Received, ServerError> {
        self.file.flush().await.map_err(failed)?;
        self.file.sync_all().await.map_err(failed)?;
        let digest = std::mem::replace(&mut self.digest, Growing::new(Digest::Sha256)).write();
        Ok(Received { path: std::mem::take(&mut self.path), digest, bytes: self.bytes })
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

impl Drop for Received {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

/// A path that is empty or was renamed names nothing any more.
fn remove(path: &Path) {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(path = %path.display(), %error, "an incoming file could not be removed; it is swept later");
        }
        _ => {}
    }
}

#[cfg(unix)]
async fn synced(folder: &Path) -> io::Result<()> {
    File::open(folder).await?.sync_all().await
}

#[cfg(not(unix))]
async fn synced(_: &Path) -> io::Result<()> {
    Ok(())
}

pub(super) fn failed(error: io::Error) -> ServerError {
    ServerError::Broken(format!("the folder of attachments cannot be used: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    async fn received(folder: &Folder, content: &[u8]) -> Received {
        let mut incoming = folder.begin(Digest::Sha256, 10).await.unwrap();
        incoming.take(content).await.unwrap();
        incoming.finish().await.unwrap()
    }

    fn incoming(root: &Path) -> usize {
        std::fs::read_dir(root.join("attachments/incoming")).unwrap().count()
    }

    #[tokio::test]
    async fn content_lies_under_its_digest_once() {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::within(data.path());
        for _ in 0..2 {
            folder.keep(&received(&folder, b"abc").await).await.unwrap();
        }
        let digest = Digest::Sha256.written_of(b"abc");
        let path = data.path().join("attachments/ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(path.is_file());
        let (mut file, bytes) = folder.open(&digest).await.unwrap().unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).await.unwrap();
        assert_eq!((text.as_str(), bytes, incoming(data.path())), ("abc", 3, 0));
    }

    #[tokio::test]
    async fn what_does_not_end_well_leaves_nothing() {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::within(data.path());
        let mut cut_off = folder.begin(Digest::Sm3, 10).await.unwrap();
        cut_off.take(b"abc").await.unwrap();
        assert_eq!(incoming(data.path()), 1);
        drop(cut_off);
        let mut large = folder.begin(Digest::Sm3, 10).await.unwrap();
        let refusal = large.take(b"more than ten").await.unwrap_err();
        assert!(refusal.to_string().starts_with("A-422"));
        drop(large);
        drop(received(&folder, b"refused").await);
        assert_eq!(incoming(data.path()), 0);
    }

    #[tokio::test]
    async fn what_is_no_digest_is_no_path() {
        let folder = Folder::within(Path::new("/nowhere"));
        for text in ["../../etc/passwd", "sha256:../../../../etc/passwd", ""] {
            assert!(folder.open(text).await.is_err(), "{text:?}");
        }
    }

    #[tokio::test]
    async fn old_leftovers_are_swept_and_new_ones_are_not() {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::within(data.path());
        assert_eq!(folder.sweep(SystemTime::now()).await.unwrap(), 0);
        std::fs::create_dir_all(data.path().join("attachments/incoming")).unwrap();
        std::fs::write(data.path().join("attachments/incoming/left"), b"half").unwrap();
        assert_eq!(folder.sweep(SystemTime::now()).await.unwrap(), 0);
        assert_eq!(folder.sweep(SystemTime::now() + 2 * LEFT_BEHIND).await.unwrap(), 1);
        assert_eq!(incoming(data.path()), 0);
    }
}
