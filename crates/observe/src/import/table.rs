//! Comma-separated tables: header, bounded rows, columns by name.

use super::cell::Cell;
use super::emit::Emit;
use super::input::Input;
use super::lines::{Line, Lines};
use crate::{ObserveError, RowFault};
use std::collections::VecDeque;
use units::{MassUnit, Pollutant};

/// Thirty times the widest real table.
const MAX_FIELDS: usize = 10_000;
/// A quoted cell may run over lines; one that is never closed must not swallow the rest of the file.
const MAX_CONTINUATION_LINES: usize = 8;

/// A table being read, standing on one row.
pub(super) struct Table<'i, 'r> {
    lines: Lines<'i, 'r>,
    layout: &'static str,
    header: Vec<String>,
    header_line: u64,
    fields: Vec<String>,
    line: u64,
    /// Lines looked at in search of a closing quote and given back.
    ahead: VecDeque<Line>,
}

/// Columns that hold concentrations, and the unit the layout writes them in.
pub(super) type ValueColumns = Vec<(usize, Pollutant, MassUnit)>;

impl<'i, 'r> Table<'i, 'r> {
    /// Reads the header.
    pub(super) fn open(input: &'i mut Input<'r>, layout: &'static str) -> Result<Self, ObserveError> {
        let mut table = Table::headless(input, layout, &[]);
        let Some(Line { number, text, .. }) = table.lines.next()? else {
            return Err(ObserveError::Empty { file: table.lines.file().to_string() });
        };
        table.header_line = number;
        table.header = text.as_deref().and_then(split).unwrap_or_default();
        table.check_width(number, table.header.len())?;
        table.refuse_repeats()?;
        Ok(table)
    }

    /// A table without a header line, whose columns the layout names.
    pub(super) fn headless(input: &'i mut Input<'r>, layout: &'static str, columns: &[&str]) -> Self {
        let header = columns.iter().map(|name| name.to_string()).collect();
        Table {
            lines: Lines::new(input),
            layout,
            header,
            header_line: 1,
            fields: Vec::new(),
            line: 0,
            ahead: VecDeque::new(),
        }
    }

    /// Position of a column the layout can't do without; refuses `O-105`.
    pub(super) fn column(&self, name: &str) -> Result<usize, ObserveError> {
        self.optional(name).ok_or_else(|| ObserveError::MissingColumn {
            file: self.lines.file().to_string(),
            line: self.header_line,
            layout: self.layout,
            column: name.to_string(),
        })
    }

    /// Position of a column that may be absent.
    pub(super) fn optional(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|field| field == name)
    }

    /// Positions of needed concentration columns, in the reporting units.
    pub(super) fn values(&self, names: &[(&str, Pollutant)]) -> Result<ValueColumns, ObserveError> {
        names.iter().map(|(name, pollutant)| Ok((self.column(name)?, *pollutant, pollutant.unit()))).collect()
    }

    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// Goes to the next whole row; rows that are none are refused on the way. False at the end.
    pub(super) fn advance(&mut self, emit: &mut Emit<'_>) -> Result<bool, ObserveError> {
        while let Some(line) = self.next_line()? {
            emit.row();
            self.line = line.number;
            match self.take(line, emit)? {
                None => return Ok(true),
                Some((fault, text)) => emit.refuse(self.line, None, fault, &text),
            }
        }
        Ok(false)
    }

    fn next_line(&mut self) -> Result<Option<Line>, ObserveError> {
        match self.ahead.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next(),
        }
    }

    fn take(&mut self, line: Line, emit: &mut Emit<'_>) -> Result<Option<(RowFault, String)>, ObserveError> {
        let Some(text) = line.text else { return Ok(Some((RowFault::Encoding, String::new()))) };
        if line.gbk {
            emit.note("GBK text, read as such line by line");
        }
        let whole = match split(&text) {
            Some(fields) => Some(fields),
            None => self.continued(&text, emit)?,
        };
        let Some(fields) = whole else { return Ok(Some((RowFault::Quote, text))) };
        self.check_width(line.number, fields.len())?;
        self.fields = fields;
        Ok((self.fields.len() != self.header.len()).then_some((RowFault::FieldCount, text)))
    }

    /// The fields of a row whose quoted cell runs over the next lines. Without a row of the right width
    /// within reach the lines are given back, to be rows of their own.
    fn continued(&mut self, first: &str, emit: &mut Emit<'_>) -> Result<Option<Vec<String>>, ObserveError> {
        let mut text = first.to_string();
        let mut taken = VecDeque::new();
        while taken.len() < MAX_CONTINUATION_LINES {
            let Some(line) = self.next_line()? else { break };
            text.push('\n');
            text.push_str(line.text.as_deref().unwrap_or_default());
            taken.push_back(line);
            if let Some(fields) = split(&text).filter(|fields| fields.len() == self.header.len()) {
                emit.note("quoted cells over several lines, read as one row");
                return Ok(Some(fields));
            }
        }
        taken.append(&mut self.ahead);
        self.ahead = taken;
        Ok(None)
    }

    /// A field of the current row.
    pub(super) fn get(&self, column: usize) -> &str {
        self.fields.get(column).map_or("", |field| field.trim())
    }

    /// Number of the current line.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The concentration cells of the current row.
    pub(super) fn cells<'t>(&'t self, columns: &ValueColumns) -> Vec<Cell<'t>> {
        let cell = |(at, pollutant, unit): &(usize, Pollutant, MassUnit)| Cell {
            pollutant: *pollutant,
            unit: *unit,
            column: &self.header[*at],
            text: self.get(*at),
        };
        columns.iter().map(cell).collect()
    }

    fn check_width(&self, line: u64, fields: usize) -> Result<(), ObserveError> {
        let file = || self.lines.file().to_string();
        if fields <= MAX_FIELDS {
            Ok(())
        } else {
            Err(ObserveError::TooManyFields { file: file(), line, limit: MAX_FIELDS })
        }
    }

    fn refuse_repeats(&self) -> Result<(), ObserveError> {
        let mut sorted: Vec<&String> = self.header.iter().filter(|name| !name.is_empty()).collect();
        sorted.sort();
        match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            None => Ok(()),
            Some(pair) => Err(ObserveError::RepeatedColumn {
                file: self.lines.file().to_string(),
                line: self.header_line,
                column: pair[0].clone(),
            }),
        }
    }
}

/// Positions of the columns `year`, `month`, `day`, `hour`; refuses `O-105`.
pub(super) fn clock(table: &Table<'_, '_>) -> Result<[usize; 4], ObserveError> {
    Ok([table.column("year")?, table.column("month")?, table.column("day")?, table.column("hour")?])
}

/// Fields of one line of comma-separated text; quotes may enclose a field and are doubled inside it.
/// `None` when a quote is not closed. Stops early once there are too many.
pub(super) fn split(line: &str) -> Option<Vec<String>> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                (rest[..end].to_string(), &rest[end..])
            }
        };
        fields.push(field);
        match after.strip_prefix(',') {
            Some(next) if fields.len() <= MAX_FIELDS => rest = next,
            _ => return Some(fields),
        }
    }
}

/// The content of a quoted field whose opening quote is taken off, and what follows its end.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut field = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('"')?;
        field.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(next) => {
                field.push('"');
                rest = next;
            }
            None if rest.is_empty() || rest.starts_with(',') => return Some((field, rest)),
            None => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quotes_enclose_commas_and_quotes() {
        assert_eq!(split(r#"1,"Temple, ""old""",,x"#).unwrap(), ["1", r#"Temple, "old""#, "", "x"]);
        assert_eq!(split(r#"a,"b"#), None);
        assert_eq!(split(r#""a"b,c"#), None);
    }

    #[test]
    fn a_million_commas_stop_at_the_limit() {
        assert_eq!(split(&",".repeat(1_000_000)).unwrap().len(), MAX_FIELDS + 1);
    }

    proptest! {
        #[test]
        fn quoted_fields_round_trip(fields in proptest::collection::vec("[^\r\n]{0,12}", 1..8)) {
            let line: Vec<String> = fields.iter().map(|f| format!("\"{}\"", f.replace('"', "\"\""))).collect();
            prop_assert_eq!(split(&line.join(",")).unwrap(), fields);
        }
    }
}
