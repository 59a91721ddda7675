//! Texts from people, as they are kept: trimmed, of bounded length, without control characters.

use crate::ConsultError;

pub(crate) const MOST_TEXT: usize = 4000;
pub(crate) const MOST_LINE: usize = 400;
pub(crate) const MOST_NAME: usize = 80;

/// One line; refuses `C-103`.
pub(crate) fn line(what: &'static str, text: &str, most: usize) -> Result<String, ConsultError> {
    checked(what, text, most, char::is_control)
}

/// One line that may be left out.
pub(crate) fn optional_line(what: &'static str, text: &str, most: usize) -> Result<String, ConsultError> {
    if text.trim().is_empty() { Ok(String::new()) } else { line(what, text, most) }
}

/// Several lines; refuses `C-103`.
pub(crate) fn lines(what: &'static str, text: &str, most: usize) -> Result<String, ConsultError> {
    checked(what, text, most, |c| c.is_control() && c != '\n' && c != '\t')
}

/// Several lines that may be left out.
pub(crate) fn optional_lines(what: &'static str, text: &str, most: usize) -> Result<String, ConsultError> {
    if text.trim().is_empty() { Ok(String::new()) } else { lines(what, text, most) }
}

fn checked(what: &'static str, text: &str, most: usize, bad: impl Fn(char) -> bool) -> Result<String, ConsultError> {
    let text = text.trim().replace("\r\n", "\n");
    let good = !text.is_empty() && text.chars().count() <= most && !text.chars().any(bad);
    if good { Ok(text) } else { Err(ConsultError::BadText { what, most }) }
}
