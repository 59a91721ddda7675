use serde::{Deserialize, Serialize};
use std::fmt;

/// A kind of file that is taken in (允许的类型).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Photo.
    Jpeg,
    /// Picture.
    Png,
    /// Picture.
    Webp,
    /// Photo of newer telephones.
    Heic,
    /// Film.
    Mp4,
    /// Film of some telephones.
    Mov,
    /// Document.
    Pdf,
    /// Word document without macros.
    Docx,
    /// Excel workbook without macros.
    Xlsx,
    /// Table as text.
    Csv,
    /// Text.
    Txt,
    /// Package of other files.
    Zip,
}

struct About {
    code: &'static str,
    media: &'static str,
    endings: &'static [&'static str],
}

impl Kind {
    /// All that are taken.
    pub const ALL: [Kind; 12] = [
        Kind::Jpeg,
        Kind::Png,
        Kind::Webp,
        Kind::Heic,
        Kind::Mp4,
        Kind::Mov,
        Kind::Pdf,
        Kind::Docx,
        Kind::Xlsx,
        Kind::Csv,
        Kind::Txt,
        Kind::Zip,
    ];

    const fn about(self) -> About {
        let (code, media, endings): (_, _, &[&str]) = match self {
            Kind::Jpeg => ("jpeg", "image/jpeg", &["jpg", "jpeg", "jpe", "jfif"]),
            Kind::Png => ("png", "image/png", &["png"]),
            Kind::Webp => ("webp", "image/webp", &["webp"]),
            Kind::Heic => ("heic", "image/heic", &["heic", "heif"]),
            Kind::Mp4 => ("mp4", "video/mp4", &["mp4", "m4v"]),
            Kind::Mov => ("mov", "video/quicktime", &["mov"]),
            Kind::Pdf => ("pdf", "application/pdf", &["pdf"]),
            Kind::Docx => {
                ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"])
            }
            Kind::Xlsx => ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
            Kind::Csv => ("csv", "text/csv", &["csv"]),
            Kind::Txt => ("txt", "text/plain", &["txt", "log"]),
            Kind::Zip => ("zip", "application/zip", &["zip"]),
        };
        About { code, media, endings }
    }

    /// The word in tables, events and answers.
    pub const fn code(self) -> &'static str {
        self.about().code
    }

    /// The media type it is sent with.
    pub const fn media_type(self) -> &'static str {
        self.about().media
    }

    /// Name endings that fit, the usual one first.
    pub const fn endings(self) -> &'static [&'static str] {
        self.about().endings
    }

    /// Whether it may carry the time and place of a photo.
    pub const fn is_photo(self) -> bool {
        matches!(self, Kind::Jpeg | Kind::Png | Kind::Webp | Kind::Heic)
    }

    /// The kind of a stored word.
    pub fn from_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    pub(crate) fn taken() -> String {
        Kind::ALL.map(Kind::code).join(", ")
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_word_the_json_and_the_kind_agree() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
            assert!(!kind.endings().is_empty() && kind.media_type().contains('/'));
        }
        assert_eq!(Kind::from_code("exe"), None);
    }
}
