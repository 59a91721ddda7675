use crate::ServerError;
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;

/// Light modules around the code; the standard asks for four.
const QUIET: i32 = 4;

/// A QR code as one SVG path of unit squares, and the side of its picture in units.
///
/// Refuses `A-501` for a text that no QR code can hold.
pub(crate) fn svg_path(text: &str) -> Result<(String, i32), ServerError> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium)
        .map_err(|error| ServerError::Broken(format!("no QR code can hold this: {error}")))?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            write!(path, "M{},{}h1v1h-1z", x + QUIET, y + QUIET).expect("writing to a string cannot fail");
        }
    }
    Ok((path, code.size() + 2 * QUIET))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_begins_with_a_finder_and_leaves_its_margin() {
        let (path, side) =
            svg_path("otpauth://totp/Qingkong:secadmin?secret=GEZDGNBVGY3TQOJQ&issuer=Qingkong").unwrap();
        assert_eq!((side - 8 - 17) % 4, 0, "a side of a QR code is 17 + 4 n");
        assert!((4..11).all(|x| path.contains(&format!("M{x},4h1"))), "seven dark modules in a row");
        assert!(!path.contains("M11,4h1") && !path.contains("M3,"));
    }

    #[test]
    fn what_is_too_long_is_refused() {
        assert!(svg_path(&"x".repeat(5000)).unwrap_err().to_string().starts_with("A-501"));
    }
}
