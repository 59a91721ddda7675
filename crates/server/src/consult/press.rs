//! The font documents are set in, read once.

use crate::{AppState, ServerError};
use ::document::{Sheet, TypeFace, pdf};
use std::path::{Path, PathBuf};
use tokio::sync::OnceCell;

/// Where systems keep a font with Chinese letters.
const KNOWN: [&str; 5] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/System/Library/Fonts/Supplemental/Songti.ttc",
];
const ENDINGS: [&str; 3] = ["otf", "ttf", "ttc"];

/// Sets documents (排版).
#[derive(Default)]
pub(crate) struct Press(OnceCell<TypeFace>);

impl Press {
    /// The document as PDF; refuses `A-343` where no font with Chinese letters is found.
    pub(crate) async fn pdf(&self, state: &AppState, sheet: Sheet) -> Result<Vec<u8>, ServerError> {
        let data = state.options().data_dir.clone();
        let face = self.0.get_or_try_init(|| async {
            let found = tokio::task::spawn_blocking(move || find(data.as_deref())).await;
            found.map_err(|error| ServerError::Broken(format!("a font could not be read: {error}")))?
        });
        let face = face.await?.clone();
        // Setting a sheet is pure computing, which must not hold up the answers of other requests.
        let set = tokio::task::spawn_blocking(move || pdf(&sheet, &face)).await;
        let set = set.map_err(|error| ServerError::Broken(format!("a document could not be set: {error}")))?;
        set.map_err(|error| ServerError::Broken(error.to_string()))
    }
}

/// A font laid into the data folder comes before those of the system.
fn find(data: Option<&Path>) -> Result<TypeFace, ServerError> {
    let mut tried = Vec::new();
    for path in own(data).into_iter().chain(KNOWN.iter().map(PathBuf::from)) {
        match std::fs::read(&path) {
            Ok(bytes) => match TypeFace::read(bytes) {
                Ok(face) => {
                    tracing::info!(font = face.name(), path = %path.display(), "documents are set in this font");
                    return Ok(face);
                }
                Err(error) => tracing::warn!(path = %path.display(), %error, "a font is passed over"),
            },
            Err(error) => tracing::debug!(path = %path.display(), %error, "no font here"),
        }
        tried.push(path.display().to_string());
    }
    Err(ServerError::NoFont(tried.join(", ")))
}

fn own(data: Option<&Path>) -> Vec<PathBuf> {
    let Some(folder) = data.map(|data| data.join("fonts")) else { return Vec::new() };
    let Ok(entries) = std::fs::read_dir(&folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let is_font = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        ENDINGS.contains(&ending.as_str())
    };
    let mut found: Vec<PathBuf> = paths.filter(is_font).collect();
    found.sort();
    found
}
