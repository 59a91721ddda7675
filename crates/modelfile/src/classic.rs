//! The classic netCDF format (CDF-1, CDF-2, CDF-5), as far as model output needs it.
//!
//! A value is read where it lies, one at a time: nothing is allocated by a number that the file states, and
//! a variable that is said to be larger than the file simply has no values past its end.
//! Written here because the pure-Rust crates either read through a file handle only or allocate by the header.
//! Source: the netCDF Classic Format Specification of Unidata, whose grammar the functions below follow.

use std::collections::BTreeMap;

const MOST_NAMES: usize = 10_000;
const MOST_ATTRIBUTE_BYTES: usize = 1 << 20;

/// A file's header over its bytes.
pub struct Classic<'a> {
    bytes: &'a [u8],
    dimensions: Vec<Dimension>,
    /// Attributes of the whole file.
    pub attributes: BTreeMap<String, Attribute>,
    variables: BTreeMap<String, Variable>,
    records: usize,
    record_bytes: usize,
}

struct Dimension {
    name: String,
    /// 0: the record dimension.
    length: usize,
}

/// Text, or numbers.
pub enum Attribute {
    /// Characters.
    Text(String),
    /// Numbers of any kind.
    Numbers(Vec<f64>),
}

/// Where a variable's values lie and how they are written.
pub struct Variable {
    /// Names and lengths of its dimensions, the slowest first.
    pub shape: Vec<(String, usize)>,
    /// Attributes by name.
    pub attributes: BTreeMap<String, Attribute>,
    kind: Kind,
    begin: usize,
    record: bool,
    /// Values of one record, or of all when there is no record dimension.
    inner: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Byte,
    Char,
    Short,
    Int,
    Float,
    Double,
    UnsignedByte,
    UnsignedShort,
    UnsignedInt,
    Long,
    UnsignedLong,
}

impl Kind {
    fn of(code: u32) -> Option<Kind> {
        use Kind::*;
        let kinds =
            [Byte, Char, Short, Int, Float, Double, UnsignedByte, UnsignedShort, UnsignedInt, Long, UnsignedLong];
        kinds.get((code as usize).checked_sub(1)?).copied()
    }

    fn bytes(self) -> usize {
        match self {
            Kind::Byte | Kind::Char | Kind::UnsignedByte => 1,
            Kind::Short | Kind::UnsignedShort => 2,
            Kind::Int | Kind::Float | Kind::UnsignedInt => 4,
            Kind::Double | Kind::Long | Kind::UnsignedLong => 8,
        }
    }

    fn value(self, at: &[u8]) -> Option<f64> {
        Some(match self {
            Kind::Byte => f64::from(i8::from_be_bytes(at.try_into().ok()?)),
            Kind::Char | Kind::UnsignedByte => f64::from(*at.first()?),
            Kind::Short => f64::from(i16::from_be_bytes(at.try_into().ok()?)),
            Kind::UnsignedShort => f64::from(u16::from_be_bytes(at.try_into().ok()?)),
            Kind::Int => f64::from(i32::from_be_bytes(at.try_into().ok()?)),
            Kind::UnsignedInt => f64::from(u32::from_be_bytes(at.try_into().ok()?)),
            Kind::Float => f64::from(f32::from_be_bytes(at.try_into().ok()?)),
            Kind::Double => f64::from_be_bytes(at.try_into().ok()?),
            Kind::Long => i64::from_be_bytes(at.try_into().ok()?) as f64,
            Kind::UnsignedLong => u64::from_be_bytes(at.try_into().ok()?) as f64,
        })
    }
}

/// Whether the bytes begin as a classic file does.
pub fn is_classic(bytes: &[u8]) -> bool {
    matches!(bytes, [b'C', b'D', b'F', 1 | 2 | 5, ..])
}

impl<'a> Classic<'a> {
    /// Reads the header; says what is wrong, and at which byte.
    pub fn open(bytes: &'a [u8]) -> Result<Classic<'a>, String> {
        let version = bytes.get(3).copied().filter(|_| is_classic(bytes)).ok_or("it does not begin with CDF")?;
        let mut header = Header { bytes, at: 4, wide_counts: version == 5, wide_offsets: version != 1 };
        let told = header.count().ok_or("the header breaks off")?;
        let streaming = told == if version == 5 { usize::MAX } else { u32::MAX as usize };
        let mut classic = header.read(told).ok_or_else(|| format!("the header is damaged at byte {}", header.at))?;
        classic.count_records(streaming);
        Ok(classic)
    }

    /// A variable by its exact name.
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name)
    }

    /// Names of all variables.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str)
    }

    /// The value at the indices; `None` outside the variable or past the end of the file.
    pub fn at(&self, variable: &Variable, indices: &[usize]) -> Option<f64> {
        let width = variable.kind.bytes();
        let place = self.place(variable, indices)?;
        variable.kind.value(self.bytes.get(place..place.checked_add(width)?)?)
    }

    /// The value as the attributes `scale_factor`, `add_offset`, `_FillValue` and `missing_value` mean it.
    pub fn scaled(&self, variable: &Variable, indices: &[usize]) -> Option<f64> {
        let packed = self.at(variable, indices)?;
        let number = |name: &str| variable.number(name);
        let fill = [number("_FillValue"), number("missing_value")];
        // netCDF's own filling of floats, where a variable names none.
        let filled = fill.contains(&Some(packed)) || packed.abs() > 9.9e36;
        let value = packed * number("scale_factor").unwrap_or(1.0) + number("add_offset").unwrap_or(0.0);
        Some(if filled { f64::NAN } else { value })
    }

    /// A line of a character variable.
    pub fn text(&self, variable: &Variable, row: usize) -> Option<String> {
        let length = variable.shape.last()?.1.min(256);
        let begin = self.place(variable, &[row, 0])?;
        let bytes = self.bytes.get(begin..begin.checked_add(length)?).filter(|_| variable.kind == Kind::Char)?;
        Some(String::from_utf8_lossy(bytes).trim_matches(['\0', ' ']).to_string())
    }

    fn place(&self, variable: &Variable, indices: &[usize]) -> Option<usize> {
        if indices.len() != variable.shape.len() {
            return None;
        }
        let mut offset = 0usize;
        for ((_, length), index) in variable.shape.iter().zip(indices).skip(usize::from(variable.record)) {
            offset = offset.checked_mul(*length)?.checked_add(*index).filter(|_| index < length)?;
        }
        let inside = offset.checked_mul(variable.kind.bytes())?;
        let record = if variable.record { *indices.first()? } else { 0 };
        if variable.record && record >= self.records {
            return None;
        }
        variable.begin.checked_add(record.checked_mul(self.record_bytes)?)?.checked_add(inside)
    }

    /// The length of a record is the sum over record variables, each padded to four bytes unless it is the only one.
    fn count_records(&mut self, streaming: bool) {
        let variables: Vec<&Variable> = self.variables.values().filter(|variable| variable.record).collect();
        let size = |variable: &&Variable| variable.inner.saturating_mul(variable.kind.bytes());
        self.record_bytes = match variables.as_slice() {
            [only] => size(only),
            all => all.iter().map(|v| size(v).saturating_add(3) & !3).fold(0, usize::saturating_add),
        };
        let begin = variables.iter().map(|variable| variable.begin).min().unwrap_or(self.bytes.len());
        let held = self.bytes.len().saturating_sub(begin).div_ceil(self.record_bytes.max(1));
        self.records = if streaming { held } else { self.records.min(held) };
        let records = self.records;
        for variable in self.variables.values_mut().filter(|variable| variable.record) {
            if let Some(first) = variable.shape.first_mut() {
                first.1 = records;
            }
        }
        self.dimensions.iter_mut().filter(|d| d.length == 0).for_each(|d| d.length = records);
    }

    /// The length of a dimension.
    pub fn dimension(&self, name: &str) -> Option<usize> {
        self.dimensions.iter().find(|dimension| dimension.name == name).map(|dimension| dimension.length)
    }
}

impl Variable {
    /// A text attribute, trimmed.
    pub fn word(&self, name: &str) -> Option<&str> {
        word(&self.attributes, name)
    }

    /// The first number of an attribute.
    pub fn number(&self, name: &str) -> Option<f64> {
        number(&self.attributes, name)
    }

    /// Position of a dimension by name.
    pub fn axis(&self, names: &[&str]) -> Option<usize> {
        self.shape.iter().position(|(name, _)| names.contains(&name.as_str()))
    }
}

/// A text attribute, trimmed.
pub fn word<'m>(attributes: &'m BTreeMap<String, Attribute>, name: &str) -> Option<&'m str> {
    match attributes.get(name)? {
        Attribute::Text(text) => Some(text.trim_matches(['\0', ' '])),
        Attribute::Numbers(_) => None,
    }
}

/// The first number of an attribute.
pub fn number(attributes: &BTreeMap<String, Attribute>, name: &str) -> Option<f64> {
    match attributes.get(name)? {
        Attribute::Numbers(numbers) => numbers.first().copied(),
        Attribute::Text(_) => None,
    }
}

/// A cursor over the header.
struct Header<'a> {
    bytes: &'a [u8],
    at: usize,
    wide_counts: bool,
    wide_offsets: bool,
}

impl<'a> Header<'a> {
    fn read(&mut self, records: usize) -> Option<Classic<'a>> {
        let dimensions = self.list(10, |header| {
            let name = header.name()?;
            Some(Dimension { name, length: header.count()? })
        })?;
        let attributes = self.attributes()?;
        let variables = self.list(11, |header| header.variable(&dimensions))?.into_iter().collect();
        Some(Classic { bytes: self.bytes, dimensions, attributes, variables, records, record_bytes: 0 })
    }

    fn variable(&mut self, dimensions: &[Dimension]) -> Option<(String, Variable)> {
        let name = self.name()?;
        let rank = self.count().filter(|rank| *rank <= 16)?;
        let mut shape = vec![];
        for _ in 0..rank {
            let dimension = dimensions.get(self.count()?)?;
            shape.push((dimension.name.clone(), dimension.length));
        }
        let attributes = self.attributes()?;
        let kind = Kind::of(self.word()?)?;
        // The stated size is of no use: it overflows for large variables, and shape and kind say the same.
        self.count()?;
        let begin = if self.wide_offsets { self.long()? } else { self.word()? as usize };
        let record = shape.first().is_some_and(|(_, length)| *length == 0);
        let inner = shape.iter().skip(usize::from(record)).fold(1usize, |all, (_, length)| all.saturating_mul(*length));
        Some((name, Variable { shape, attributes, kind, begin, record, inner }))
    }

    fn attributes(&mut self) -> Option<BTreeMap<String, Attribute>> {
        Some(self.list(12, |header| Some((header.name()?, header.attribute()?)))?.into_iter().collect())
    }

    fn attribute(&mut self) -> Option<Attribute> {
        let kind = Kind::of(self.word()?)?;
        let count = self.count()?;
        let bytes = self.take(count.checked_mul(kind.bytes()).filter(|bytes| *bytes <= MOST_ATTRIBUTE_BYTES)?)?;
        Some(match kind {
            Kind::Char => Attribute::Text(String::from_utf8_lossy(bytes).into_owned()),
            _ => Attribute::Numbers(bytes.chunks_exact(kind.bytes()).filter_map(|at| kind.value(at)).collect()),
        })
    }

    /// A tagged list; each entry is read before room is made for it.
    fn list<T>(&mut self, tag: u32, mut entry: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let found = self.word()?;
        let count = self.count().filter(|count| *count <= MOST_NAMES)?;
        if found != tag && (found, count) != (0, 0) {
            return None;
        }
        let mut entries = vec![];
        for _ in 0..count {
            entries.push(entry(self)?);
        }
        Some(entries)
    }

    fn name(&mut self) -> Option<String> {
        let length = self.count().filter(|length| *length <= 256)?;
        Some(String::from_utf8_lossy(self.take(length)?).into_owned())
    }

    fn count(&mut self) -> Option<usize> {
        if self.wide_counts { self.long() } else { self.word().map(|word| word as usize) }
    }

    fn word(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn long(&mut self) -> Option<usize> {
        Some(u64::from_be_bytes(self.take(8)?.try_into().ok()?) as usize)
    }

    /// Bytes padded to a multiple of four.
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at = self.at.checked_add(length.checked_add(3)? & !3)?;
        Some(taken)
    }
}
