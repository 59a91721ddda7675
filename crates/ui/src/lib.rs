//! The built front end, embedded in the program (内嵌网页).
//!
//! Gives bytes with all that an HTTP answer needs and knows no web framework. What is embedded is decided
//! by the build script beside this crate: the real front end, or one page that says why it is not there.

mod variant;

use rust_embed::RustEmbed;
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "$QINGKONG_UI_DIST"]
struct Dist;

/// The file by which the build script marks a real front end.
const STAMP_FILE: &str = ".qingkong-stamp";

/// One file, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// What goes over the wire, compressed as `encoding` says.
    pub bytes: Cow<'static, [u8]>,
    /// Strong entity tag with its quotes; differs between encodings of one file.
    pub etag: String,
    /// Value for `Content-Type`, of the file itself.
    pub mime: &'static str,
    /// Value for `Content-Encoding`, `None` for plain bytes.
    pub encoding: Option<&'static str>,
    /// Whether the name carries a hash of the content, so that it may be kept for ever.
    pub immutable: bool,
}

/// The file at `path` (no leading slash), in the smallest form that `accept_encoding` (the request's header)
/// allows; `None` when there is no such file. Names that begin with a dot are not served.
///
/// ```
/// let page = ui::lookup("index.html", None).unwrap();
/// assert_eq!((page.mime, page.immutable), ("text/html; charset=utf-8", false));
/// ```
pub fn lookup(path: &str, accept_encoding: Option<&str>) -> Option<Asset> {
    variant::choose(path, accept_encoding.unwrap_or(""), |name| {
        Dist::get(name).map(|file| (file.data, file.metadata.sha256_hash()))
    })
}

/// Whether the real front end is in this build, not the page that stands in for it.
pub fn is_built() -> bool {
    Dist::get(STAMP_FILE).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_a_first_page_and_the_stamp_is_not_served() {
        let page = lookup("index.html", Some("")).unwrap();
        assert!(String::from_utf8_lossy(&page.bytes).contains("<html"));
        assert_eq!(lookup(STAMP_FILE, None), None);
    }
}
