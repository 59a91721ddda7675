use serde::Serialize;

/// A document as a value (单据).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// Title, in the middle of the first page.
    pub title: String,
    /// A line below it.
    pub subtitle: String,
    /// What every page says at its top, for example that the data is a demonstration; empty for nothing.
    pub mark: String,
    /// Facts at the beginning: name and value.
    pub facts: Vec<(String, String)>,
    /// What follows.
    pub blocks: Vec<Block>,
    /// What every page says at its foot, before its number.
    pub foot: String,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph; line breaks in it are kept.
    Paragraph(String),
    /// A table; its head is repeated on every page it goes over.
    Table(Table),
    /// Lines to be signed on: who, and what stands there already.
    Signatures(Vec<(String, String)>),
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows; a cell that is missing is empty, one too many is not shown.
    pub rows: Vec<Vec<String>>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its head.
    pub head: String,
    /// Its width against the others'.
    pub weight: u16,
}

impl Table {
    /// A table with columns of these heads and weights.
    pub fn of(columns: &[(&str, u16)], rows: Vec<Vec<String>>) -> Table {
        let column = |(head, weight): &(&str, u16)| Column { head: (*head).to_string(), weight: *weight };
        Table { columns: columns.iter().map(column).collect(), rows }
    }

    /// Heads, then rows, each with as many cells as there are columns.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Vec<&str>> {
        let heads = self.columns.iter().map(|column| column.head.as_str()).collect();
        let width = self.columns.len();
        std::iter::once(heads).chain(
            self.rows
                .iter()
                .map(move |row| (0..width).map(|place| row.get(place).map_or("", String::as_str)).collect()),
        )
    }

    /// The share of the whole width that each column takes.
    pub(crate) fn shares(&self) -> Vec<f32> {
        let sum: f32 = self.columns.iter().map(|column| f32::from(column.weight.max(1))).sum();
        self.columns.iter().map(|column| f32::from(column.weight.max(1)) / sum).collect()
    }
}
