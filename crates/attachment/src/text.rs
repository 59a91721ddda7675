use crate::AttachmentError;
use encoding_rs::{GB18030, UTF_8};
use std::io::{Read, Seek, SeekFrom};

/// What in the first bytes of a text a browser would run.
pub(crate) fn markup(head: &[u8]) -> Option<&'static str> {
    const SIGNS: [(&[u8], &str); 8] = [
        (b"<svg", "SVG"),
        (b"<html", "HTML"),
        (b"<!doctype", "HTML"),
        (b"<script", "a script"),
        (b"<iframe", "HTML"),
        (b"<body", "HTML"),
        (b"<?xml", "XML"),
        (b"<?php", "PHP"),
    ];
    let small = head.to_ascii_lowercase();
    SIGNS.iter().find(|(sign, _)| small.windows(sign.len()).any(|part| part == *sign)).map(|(_, what)| *what)
}

/// Whether all of it is text: UTF-8 or GB 18030, without the control characters that no text has.
pub(crate) fn is_text(file: &mut (impl Read + Seek)) -> Result<bool, AttachmentError> {
    Ok(decodes(file, UTF_8)? || decodes(file, GB18030)?)
}

/// Decodes piece by piece, so that a file of any size needs the same memory.
fn decodes(file: &mut (impl Read + Seek), encoding: &'static encoding_rs::Encoding) -> Result<bool, AttachmentError> {
    file.seek(SeekFrom::Start(0)).map_err(AttachmentError::unreadable)?;
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let (mut bytes, mut text) = (vec![0; 64 * 1024], String::new());
    loop {
        let read = file.read(&mut bytes).map_err(AttachmentError::unreadable)?;
        let room = decoder.max_utf8_buffer_length_without_replacement(read).unwrap_or(4 * read + 16);
        text.clear();
        text.reserve(room);
        let (result, _) = decoder.decode_to_string_without_replacement(&bytes[..read], &mut text, read == 0);
        if result != encoding_rs::DecoderResult::InputEmpty || text.chars().any(is_foreign) {
            return Ok(false);
        }
        if read == 0 {
            return Ok(true);
        }
    }
}

fn is_foreign(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn text(bytes: &[u8]) -> bool {
        is_text(&mut Cursor::new(bytes)).unwrap()
    }

    #[test]
    fn chinese_text_in_either_encoding_is_text() {
        assert!(text("浓度 35\r\n".as_bytes()));
        assert!(text(&GB18030.encode("浓度 35\r\n").0));
        let long = "浓".repeat(100_000);
        assert!(text(long.as_bytes()), "a letter across two pieces");
    }

    #[test]
    fn control_characters_and_broken_bytes_are_no_text() {
        assert!(!text(b"a\0b") && !text(b"\x1b[31mred") && !text(b"\xff\xff\xff"));
    }

    #[test]
    fn tags_are_found_in_any_spelling() {
        assert_eq!((markup(b"x <SVG"), markup(b"a < b, c > d")), (Some("SVG"), None));
    }
}
