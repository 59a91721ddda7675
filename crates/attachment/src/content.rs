use crate::text::{is_text, markup};
use crate::{AttachmentError, Kind, package};
use std::io::{ErrorKind, Read, Seek, SeekFrom};

/// Bytes from the start by which a kind is known.
const HEAD: u64 = 8192;

/// What a file really is, read from its content; `name` (already cleaned) must agree with it.
///
/// Refuses `A-421` nothing, `A-423` to `A-428` what is not taken, and `A-429` when the file cannot be read.
pub fn recognise(file: &mut (impl Read + Seek), name: &str) -> Result<Kind, AttachmentError> {
    let head = head(file)?;
    let found = match program(&head).or(program_by_name(name)) {
        Some(found) => return Err(AttachmentError::Program { name: name.into(), found: found.into() }),
        None => infer::get(&head).map(|found| found.mime_type()),
    };
    let kind = match found {
        Some("application/zip") => package::look_into(file, name)?,
        Some(media) if is_office(media) => package::look_into(file, name)?,
        Some("text/html" | "text/xml") => return Err(active(name, markup(&head).unwrap_or("HTML or XML"))),
        Some(media) => taken(media).ok_or_else(|| not_taken(name, media))?,
        None => text(file, &head, name)?,
    };
    fits(kind, name)
}

fn head(file: &mut (impl Read + Seek)) -> Result<Vec<u8>, AttachmentError> {
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(0)).map_err(AttachmentError::unreadable)?;
    match file.by_ref().take(HEAD).read_to_end(&mut head) {
        Ok(0) => Err(AttachmentError::Empty),
        Ok(_) => Ok(head),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(AttachmentError::Empty),
        Err(error) => Err(AttachmentError::unreadable(error)),
    }
}

fn taken(media: &str) -> Option<Kind> {
    match media {
        "image/jpeg" => Some(Kind::Jpeg),
        "image/png" => Some(Kind::Png),
        "image/webp" => Some(Kind::Webp),
        "image/heif" | "image/heic" => Some(Kind::Heic),
        "video/mp4" | "video/x-m4v" => Some(Kind::Mp4),
        "video/quicktime" => Some(Kind::Mov),
        "application/pdf" => Some(Kind::Pdf),
        _ => None,
    }
}

fn is_office(media: &str) -> bool {
    media.starts_with("application/vnd.openxmlformats-officedocument") || media.contains("opendocument")
}

/// Programs are known by how they begin, whatever they are called.
fn program(head: &[u8]) -> Option<&'static str> {
    const BEGINNINGS: [(&[u8], &str); 10] = [
        (b"MZ", "Windows program"),
        (b"\x7fELF", "Linux program"),
        (b"\xca\xfe\xba\xbe", "Java class or macOS program"),
        (b"\xfe\xed\xfa", "macOS program"),
        (b"\xcf\xfa\xed\xfe", "macOS program"),
        (b"\xce\xfa\xed\xfe", "macOS program"),
        (b"\0asm", "WebAssembly"),
        (b"#!", "script"),
        (b"\xef\xbb\xbf#!", "script"),
        (b"L\0\0\0\x01\x14\x02\0", "Windows shortcut"),
    ];
    BEGINNINGS.iter().find(|(beginning, _)| head.starts_with(beginning)).map(|(_, what)| *what)
}

/// Scripts are plain text and known by their name only.
pub(crate) fn program_by_name(name: &str) -> Option<&'static str> {
    const SCRIPTS: [&str; 30] = [
        "exe", "dll", "com", "scr", "msi", "bat", "cmd", "ps1", "psm1", "vbs", "vbe", "js", "mjs", "cjs", "jse", "wsf",
        "wsh", "hta", "jar", "sh", "bash", "py", "pl", "php", "jsp", "asp", "aspx", "lnk", "reg", "apk",
    ];
    let ending = ending(name)?;
    SCRIPTS.into_iter().find(|script| *script == ending)
}

/// The ending of a name in small letters, without the dot.
pub(crate) fn ending(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    (!stem.is_empty() && !ending.is_empty()).then(|| ending.to_ascii_lowercase())
}

fn text(file: &mut (impl Read + Seek), head: &[u8], name: &str) -> Result<Kind, AttachmentError> {
    const ACTIVE: [&str; 8] = ["svg", "svgz", "html", "htm", "xhtml", "xml", "mht", "mhtml"];
    if let Some(found) = markup(head) {
        return Err(active(name, found));
    }
    let ending = ending(name).unwrap_or_default();
    if let Some(found) = ACTIVE.into_iter().find(|active| *active == ending) {
        return Err(active(name, found));
    }
    if !is_text(file)? {
        return Err(not_taken(name, "unknown content"));
    }
    Ok(if ending == "csv" { Kind::Csv } else { Kind::Txt })
}

fn fits(kind: Kind, name: &str) -> Result<Kind, AttachmentError> {
    match ending(name) {
        Some(ending) if !kind.endings().contains(&ending.as_str()) => {
            Err(AttachmentError::OtherName { name: name.into(), kind, expected: kind.endings().join(" or .") })
        }
        _ => Ok(kind),
    }
}

fn active(name: &str, found: &str) -> AttachmentError {
    AttachmentError::Markup { name: name.into(), found: found.into() }
}

fn not_taken(name: &str, found: &str) -> AttachmentError {
    AttachmentError::NotTaken { name: name.into(), found: found.into(), taken: Kind::taken() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::testing::jpeg;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn of(bytes: &[u8], name: &str) -> Result<Kind, String> {
        recognise(&mut Cursor::new(bytes), name).map_err(|error| error.to_string())
    }

    #[track_caller]
    fn refused(bytes: &[u8], name: &str, code: &str) {
        let refusal = of(bytes, name).unwrap_err();
        assert!(refusal.starts_with(code), "{name}: {refusal}");
    }

    #[test]
    fn the_content_says_what_a_file_is() {
        assert_eq!(of(&jpeg(&[]), "现场.JPG"), Ok(Kind::Jpeg));
        assert_eq!(of(b"\x89PNG\r\n\x1a\n____", "a.png"), Ok(Kind::Png));
        assert_eq!(of(b"%PDF-1.7\n", "a.pdf"), Ok(Kind::Pdf));
        assert_eq!(of("时间,浓度\n".as_bytes(), "a.csv"), Ok(Kind::Csv));
        assert_eq!(of(b"plain", "a.txt"), Ok(Kind::Txt));
        assert_eq!(of(b"plain", "README"), Ok(Kind::Txt));
        assert_eq!(of(&jpeg(&[]), "no ending"), Ok(Kind::Jpeg));
    }

    #[test]
    fn a_name_that_says_something_else_is_refused() {
        refused(&jpeg(&[]), "report.pdf", "A-426");
        refused(b"%PDF-1.7\n", "photo.jpg", "A-426");
        refused(b"plain", "a.docx", "A-426");
        refused(b"plain", "a.jpg", "A-426");
    }

    #[test]
    fn programs_and_scripts_are_refused_under_any_name() {
        refused(b"MZ\x90\0", "photo.jpg", "A-424");
        refused(b"\x7fELF\x02\x01", "a.pdf", "A-424");
        refused(b"#!/bin/sh\nrm -rf /\n", "notes.txt", "A-424");
        refused(b"alert(1)", "a.js", "A-424");
        refused(b"plain", "report.pdf.exe", "A-424");
        refused(b"plain", "a.PS1", "A-424");
    }

    #[test]
    fn what_a_browser_would_run_is_refused_under_any_name() {
        refused(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg", "A-425");
        refused(b"<?xml version=\"1.0\"?><svg/>", "a.png", "A-425");
        refused(b"  <!DOCTYPE html><html></html>", "a.txt", "A-425");
        refused(b"\xef\xbb\xbf<html>", "a.csv", "A-425");
        refused(b"name\n<ScRiPt>alert(1)</script>", "a.csv", "A-425");
        refused(b"harmless", "a.html", "A-425");
    }

    #[test]
    fn nothing_and_unknown_content_are_refused() {
        refused(b"", "a.txt", "A-421");
        refused(b"\x01\x02\x03\xff\xfe\x00", "a.txt", "A-423");
        refused(b"GIF89a____", "a.gif", "A-423");
        refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old.doc", "A-423");
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken_or_refused_without_panic(
            begins in prop::sample::select(vec![&b""[..], b"PK\x03\x04", b"\xff\xd8\xff\xe1", b"%PDF-", b"RIFF"]),
            bytes in prop::collection::vec(any::<u8>(), 0..400),
            name in "\\PC{0,12}",
        ) {
            let bytes = [begins, &bytes].concat();
            let _ = of(&bytes, &name);
        }
    }
}
