use crate::StandardsError;
use rust_decimal::Decimal;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use std::ops::Range;
use toml::Spanned;
use units::BeijingDay;

/// A document of law or guidance (标准文件) and where it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The file's own id, for example `hj633-2026`.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// First day in force.
    #[serde(deserialize_with = "day")]
    pub effective_from: BeijingDay,
    /// Last day in force; `None` while it is.
    #[serde(default, deserialize_with = "optional_day")]
    pub effective_to: Option<BeijingDay>,
    /// Number, clause and address.
    pub source: Source,
    /// The day the source was last checked.
    #[serde(deserialize_with = "day")]
    pub checked_on: BeijingDay,
    /// How sure the content is: P primary text, 2+ several secondary pages, 1 one page, K own knowledge.
    pub confidence: String,
}

/// Where a document was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The number it is cited by, for example `HJ 633-2026`.
    pub document: String,
    /// Clauses and tables used.
    pub clause: String,
    /// Public address.
    pub url: String,
}

/// One embedded file: its name and its text.
pub(crate) struct File {
    pub name: &'static str,
    pub text: &'static str,
}

/// Embeds a file of `data/standards` by name.
macro_rules! embed {
    ($name:literal) => {
        crate::document::File { name: $name, text: include_str!(concat!("../../../data/standards/", $name)) }
    };
}
pub(crate) use embed;

impl File {
    /// Reads header and body; refuses `S-101` with the line.
    pub fn read<T: DeserializeOwned>(&self) -> Result<(Document, T), StandardsError> {
        let document: Document = self.parse()?;
        if document.effective_to.is_some_and(|to| to < document.effective_from) {
            return Err(self.refuse_line(1, "effective_to lies before effective_from".into()));
        }
        Ok((document, self.parse()?))
    }

    fn parse<T: DeserializeOwned>(&self) -> Result<T, StandardsError> {
        toml::from_str(self.text).map_err(|error| {
            let line = error.span().map_or(1, |span| self.line(span.start));
            self.refuse_line(line, error.message().to_string())
        })
    }

    /// A refusal at the place of `span`.
    pub fn refuse(&self, span: Range<usize>, reason: impl Into<String>) -> StandardsError {
        self.refuse_line(self.line(span.start), reason.into())
    }

    fn refuse_line(&self, line: usize, reason: String) -> StandardsError {
        StandardsError::DataFile { file: self.name.to_string(), line, reason }
    }

    fn line(&self, offset: usize) -> usize {
        self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
    }

    /// The exact decimal a text of the file states.
    pub fn decimal(&self, text: &Spanned<String>) -> Result<Decimal, StandardsError> {
        Decimal::from_str_exact(text.as_ref())
            .map_err(|_| self.refuse(text.span(), format!("not a decimal: {:?}", text.as_ref())))
    }
}

/// The document in force on `day`: the last that had begun, or the first when none had.
pub(crate) fn in_force<T>(all: &[T], document: impl Fn(&T) -> &Document, day: BeijingDay) -> &T {
    all.iter()
        .rev()
        .find(|one| document(one).effective_from <= day)
        .or_else(|| all.first())
        .expect("each family of standards embeds at least one file")
}

/// Loads a family of files, oldest first; `expect` holds because a test of each family loads it.
pub(crate) fn load_family<T>(files: &[File], load: impl Fn(&File) -> Result<T, StandardsError>) -> Vec<T> {
    files.iter().map(|file| load(file).unwrap_or_else(|error| panic!("embedded standard: {error}"))).collect()
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BeijingDay, D::Error> {
    let datetime = toml::value::Datetime::deserialize(deserializer)?;
    datetime
        .date
        .filter(|_| datetime.time.is_none())
        .and_then(|date| BeijingDay::from_ymd(date.year.into(), date.month.into(), date.day.into()))
        .ok_or_else(|| D::Error::custom("expected a day such as 2026-03-01"))
}

fn optional_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<BeijingDay>, D::Error> {
    day(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Body {
        wanted: u8,
    }

    const HEADER: &str = "id = \"x\"\ntitle = \"x\"\ntitle_en = \"x\"\neffective_from = 2026-03-01\n\
        source = { document = \"X\", clause = \"1\", url = \"u\" }\nchecked_on = 2026-11-24\nconfidence = \"P\"\n";

    fn read(rest: &str) -> Result<(Document, Body), StandardsError> {
        let text = format!("{HEADER}{rest}");
        File { name: "x.toml", text: text.leak() }.read()
    }

    #[test]
    fn header_and_body_are_read_from_one_file() {
        let (document, body) = read("wanted = 7\n").unwrap();
        assert_eq!(
            (document.effective_to, document.effective_from.to_string(), body.wanted),
            (None, "2026-03-01".into(), 7)
        );
    }

    #[test]
    fn a_wrong_type_is_refused_at_its_line() {
        let error = read("wanted = \"seven\"\n").unwrap_err().to_string();
        assert!(error.starts_with("S-101 x.toml line 8:"), "{error}");
    }

    #[test]
    fn a_missing_key_is_refused_by_name() {
        let error = read("other = 1\n").unwrap_err().to_string();
        assert!(error.contains("wanted"), "{error}");
    }

    #[test]
    fn a_time_where_a_day_is_due_is_refused_at_its_line() {
        let text = HEADER.replace("2026-03-01", "2026-03-01T08:00:00Z") + "wanted = 1\n";
        let error = File { name: "x.toml", text: text.leak() }.read::<Body>().unwrap_err().to_string();
        assert!(error.starts_with("S-101 x.toml line 4:") && error.contains("expected a day"), "{error}");
    }

    #[test]
    fn a_document_that_ends_before_it_begins_is_refused() {
        assert!(read("effective_to = 2020-01-01\nwanted = 1\n").unwrap_err().to_string().contains("effective_to"));
    }
}
