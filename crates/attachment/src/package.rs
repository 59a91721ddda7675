use crate::content::program_by_name;
use crate::{AttachmentError, Kind};
use std::io::{Read, Seek, SeekFrom};
use zip::ZipArchive;

/// More parts than any evidence has; listing them costs time and memory.
const MOST_PARTS: usize = 5_000;
/// A part that unpacks to more than this many times its packed size is a trap for whoever opens it.
const MOST_GROWTH: u64 = 300;
/// Small parts may be packed as tightly as they like.
const SMALL: u64 = 10 * 1024 * 1024;

/// Tells a Word document, an Excel workbook and a plain package apart by the names of their parts.
///
/// Only the list of parts is read; nothing is unpacked.
pub(crate) fn look_into(file: &mut (impl Read + Seek), name: &str) -> Result<Kind, AttachmentError> {
    let refused = |reason: String| AttachmentError::Package { name: name.into(), reason };
    file.seek(SeekFrom::Start(0)).map_err(AttachmentError::unreadable)?;
    let mut package = ZipArchive::new(file).map_err(|error| refused(error.to_string()))?;
    if package.len() > MOST_PARTS {
        return Err(refused(format!("{} parts, at most {MOST_PARTS} are taken", package.len())));
    }
    let mut names = Vec::with_capacity(package.len());
    for number in 0..package.len() {
        let part = package.by_index_raw(number).map_err(|error| refused(error.to_string()))?;
        if part.encrypted() {
            return Err(refused("it is encrypted, so nobody can see what it holds".into()));
        }
        if part.size() > SMALL && part.size() / part.compressed_size().max(1) > MOST_GROWTH {
            return Err(refused(format!("part {number} would unpack to {} bytes", part.size())));
        }
        names.push(String::from_utf8_lossy(part.name_raw()).into_owned());
    }
    kind_of(&names, name)
}

fn kind_of(parts: &[String], name: &str) -> Result<Kind, AttachmentError> {
    let has = |beginning: &str| parts.iter().any(|part| part.starts_with(beginning));
    if parts.iter().any(|part| part.to_ascii_lowercase().ends_with("vbaproject.bin")) {
        return Err(AttachmentError::Macros { name: name.into() });
    }
    if let Some(found) = parts.iter().find_map(|part| program_by_name(part)) {
        return Err(AttachmentError::Program { name: name.into(), found: format!("a part that ends in .{found}") });
    }
    let is_office = has("[Content_Types].xml");
    Ok(match () {
        () if is_office && has("word/") => Kind::Docx,
        () if is_office && has("xl/") => Kind::Xlsx,
        () => Kind::Zip,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognise;
    use std::io::{Cursor, Write};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn package(parts: &[&str]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        for part in parts {
            writer.start_file(*part, stored).unwrap();
            writer.write_all(b"content").unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn of(parts: &[&str], name: &str) -> Result<Kind, String> {
        recognise(&mut Cursor::new(package(parts)), name).map_err(|error| error.to_string())
    }

    #[test]
    fn office_documents_are_told_apart_by_their_parts() {
        assert_eq!(of(&["[Content_Types].xml", "word/document.xml"], "a.docx"), Ok(Kind::Docx));
        assert_eq!(of(&["[Content_Types].xml", "xl/workbook.xml"], "a.xlsx"), Ok(Kind::Xlsx));
        assert_eq!(of(&["photo.jpg"], "a.zip"), Ok(Kind::Zip));
    }

    #[test]
    fn a_package_called_a_document_is_refused() {
        assert!(of(&["photo.jpg"], "a.docx").unwrap_err().starts_with("A-426"));
    }

    #[test]
    fn macros_and_programs_inside_are_refused() {
        let macros = of(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"], "a.docx");
        assert!(macros.unwrap_err().starts_with("A-427"));
        assert!(of(&["a.txt", "tools/run.EXE"], "a.zip").unwrap_err().starts_with("A-424"));
    }

    #[test]
    fn a_package_that_was_cut_off_is_refused() {
        let whole = package(&["photo.jpg"]);
        let cut = recognise(&mut Cursor::new(&whole[..whole.len() / 2]), "a.zip");
        assert!(cut.unwrap_err().to_string().starts_with("A-428"));
    }
}
