use crate::failure::Failure;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Largest text that is read whole.
const MOST_BYTES: u64 = 256 << 20;

/// The name for refusals and the whole text of a file, or of standard input for `None` and `-`.
///
/// Refuses what is too large, and what is no UTF-8.
pub fn text(path: Option<&Path>) -> Result<(String, String), Failure> {
    let path = path.filter(|path| *path != Path::new("-"));
    let name = path.map_or("standard input".to_string(), |path| path.display().to_string());
    let read = match path {
        None => whole(io::stdin().lock()),
        Some(path) => File::open(path).and_then(whole),
    };
    read.map(|text| (name.clone(), text))
        .map_err(|cause| Failure::refused(format_args!("{name}: {cause}; nothing was read")))
}

/// The bytes of a file; refuses what is too large, naming the file.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = File::open(path).and_then(limited);
    read.map_err(|cause| Failure::refused(format_args!("{}: {cause}; nothing was read", path.display())))
}

fn whole(source: impl Read) -> io::Result<String> {
    String::from_utf8(limited(source)?).map_err(|cause| io::Error::other(format!("no UTF-8 text: {cause}")))
}

fn limited(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = vec![];
    source.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(io::Error::other(format!("more than {MOST_BYTES} bytes")));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_there_or_no_text_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.json");
        assert!(text(Some(&path)).unwrap_err().to_string().contains("t.json"));
        std::fs::write(&path, b"{\xff}").unwrap();
        let told = text(Some(&path)).unwrap_err().to_string();
        assert!(told.contains("t.json") && told.contains("no UTF-8") && told.contains("index 1"), "{told}");
        std::fs::write(&path, "{}").unwrap();
        assert_eq!(text(Some(&path)).unwrap().1, "{}");
    }
}
