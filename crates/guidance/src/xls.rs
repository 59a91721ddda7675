//! The texts and numbers of the first sheet of an old Excel workbook (BIFF8 in a compound file).
//!
//! Written here because the libraries make room for the whole rectangle up to the last cell, which a damaged file
//! can place in the last corner of the sheet; here a cell costs what it holds.
//! Source: [MS-CFB] and [MS-XLS] of Microsoft's open specifications.

use std::collections::BTreeMap;

const MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const SECTOR: usize = 512;
const END_OF_CHAIN: u32 = 0xffff_fffa;

/// Rows of cells by column.
pub(crate) type Rows = BTreeMap<u16, BTreeMap<u16, String>>;

/// Whether the bytes begin as a compound file does.
pub(crate) fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// The cells of the first sheet; says what is wrong otherwise.
pub(crate) fn rows(bytes: &[u8]) -> Result<Rows, &'static str> {
    let book = workbook(bytes).ok_or("the compound file is damaged or holds no workbook")?;
    sheet(&book).ok_or("a record of the workbook breaks off")
}

fn workbook(bytes: &[u8]) -> Option<Vec<u8>> {
    // Files of 4,096-byte sectors and with more than 109 tables of sectors are over 6 MB: none is a point series.
    (le16(bytes, 30)? == 9).then_some(())?;
    let tables = le32(bytes, 44)?.min(109) as usize;
    let table: Vec<u32> = (0..tables)
        .filter_map(|n| sector(bytes, le32(bytes, 76 + 4 * n)?))
        .flat_map(|one| one.chunks_exact(4).filter_map(|word| le32(word, 0)).collect::<Vec<u32>>())
        .collect();
    let directory = chain(bytes, &table, le32(bytes, 48)?)?;
    let entry = directory.chunks_exact(128).find(|entry| {
        let name: Vec<u8> = entry[..64].iter().step_by(2).copied().take_while(|letter| *letter != 0).collect();
        name == b"Workbook"
    })?;
    let mut stream = chain(bytes, &table, le32(entry, 116)?)?;
    stream.truncate(le32(entry, 120)? as usize);
    Some(stream)
}

fn sector(bytes: &[u8], number: u32) -> Option<&[u8]> {
    let begin = (number as usize).checked_add(1)?.checked_mul(SECTOR)?;
    bytes.get(begin..begin.checked_add(SECTOR)?.min(bytes.len()))
}

/// The sectors of a chain, at most as many as the file has: a chain may bite its tail.
fn chain(bytes: &[u8], table: &[u32], first: u32) -> Option<Vec<u8>> {
    let (mut collected, mut next) = (vec![], first);
    for _ in 0..=bytes.len() / SECTOR {
        if next >= END_OF_CHAIN {
            return Some(collected);
        }
        collected.extend_from_slice(sector(bytes, next)?);
        next = *table.get(next as usize)?;
    }
    None
}

/// Walks the records: shared strings first, then the cells up to the end of the first sheet.
fn sheet(book: &[u8]) -> Option<Rows> {
    let (mut rows, mut strings, mut at, mut ends) = (Rows::new(), vec![], 0, 0);
    while at + 4 <= book.len() && ends < 2 {
        let (kind, length) = (le16(book, at)?, le16(book, at + 2)? as usize);
        let body = book.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        match kind {
            0x00fc => {
                let mut parts = vec![body];
                while le16(book, at) == Some(0x003c) {
                    let length = le16(book, at + 2)? as usize;
                    parts.push(book.get(at + 4..at + 4 + length)?);
                    at += 4 + length;
                }
                strings = shared_strings(&parts)?;
            }
            0x000a => ends += 1,
            0x00fd => {
                let text = strings.get(le32(body, 6)? as usize)?;
                put(&mut rows, body, 0, text.clone())?;
            }
            0x0203 => put(&mut rows, body, 0, f64::from_le_bytes(body.get(6..14)?.try_into().ok()?).to_string())?,
            0x027e => put(&mut rows, body, 0, packed(le32(body, 6)?).to_string())?,
            0x00bd => {
                for n in 0..length.saturating_sub(6) / 6 {
                    put(&mut rows, body, n as u16, packed(le32(body, 6 + 6 * n)?).to_string())?;
                }
            }
            _ => {}
        }
    }
    Some(rows)
}

fn put(rows: &mut Rows, body: &[u8], further: u16, text: String) -> Option<()> {
    let column = le16(body, 2)?.checked_add(further)?;
    rows.entry(le16(body, 0)?).or_default().insert(column, text);
    Some(())
}

/// A number in 30 bits: an integer or the upper half of a double, perhaps times a hundred.
fn packed(word: u32) -> f64 {
    let value = if word & 2 == 2 { f64::from((word as i32) >> 2) } else { f64::from_bits(u64::from(word & !3) << 32) };
    if word & 1 == 1 { value / 100.0 } else { value }
}

/// The table of shared strings over its record and the records that continue it.
///
/// Trap: a string that is cut begins again in the next record with a new byte that says how wide its letters are.
fn shared_strings(parts: &[&[u8]]) -> Option<Vec<String>> {
    let total = le32(parts.first()?, 4)?;
    let mut reader = Parts { parts, part: 0, at: 8 };
    let mut strings = vec![];
    for _ in 0..total {
        let Some(length) = reader.number(2) else { break };
        let options = reader.number(1)?;
        let runs = if options & 8 == 8 { reader.number(2)? * 4 } else { 0 };
        let extra = if options & 4 == 4 { reader.number(4)? } else { 0 };
        strings.push(reader.letters(length, options & 1 == 1)?);
        reader.skip(runs.checked_add(extra)?)?;
    }
    Some(strings)
}

struct Parts<'a> {
    parts: &'a [&'a [u8]],
    part: usize,
    at: usize,
}

impl Parts<'_> {
    fn byte(&mut self) -> Option<u8> {
        while self.at >= self.parts.get(self.part)?.len() {
            (self.part, self.at) = (self.part + 1, 0);
        }
        self.at += 1;
        self.parts[self.part].get(self.at - 1).copied()
    }

    fn number(&mut self, bytes: usize) -> Option<usize> {
        (0..bytes).try_fold(0, |all, n| Some(all | (usize::from(self.byte()?) << (8 * n))))
    }

    fn letters(&mut self, length: usize, mut wide: bool) -> Option<String> {
        let mut letters: Vec<u16> = vec![];
        for _ in 0..length {
            if self.at >= self.parts.get(self.part)?.len() {
                wide = self.byte()? & 1 == 1;
            }
            letters.push(self.number(if wide { 2 } else { 1 })? as u16);
        }
        Some(String::from_utf16_lossy(&letters))
    }

    fn skip(&mut self, bytes: usize) -> Option<()> {
        (0..bytes).try_for_each(|_| self.byte().map(|_| ()))
    }
}

fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn record(kind: u16, body: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(body.len() as u16).to_le_bytes(), body].concat()
    }

    /// A workbook of text rows, its strings cut over two records in the middle of a letter run.
    pub(crate) fn workbook_of(rows: &[&[&str]]) -> Vec<u8> {
        let texts: Vec<&str> = rows.iter().flat_map(|row| row.iter().copied()).collect();
        let (mut table, mut cells) = (vec![], vec![]);
        for text in &texts {
            let letters: Vec<u16> = text.encode_utf16().collect();
            table.extend((letters.len() as u16).to_le_bytes());
            table.push(1);
            table.extend(letters.iter().flat_map(|letter| letter.to_le_bytes()));
        }
        let first = texts.first().map_or(0, |text| 2 * text.encode_utf16().count());
        let cut = 3 + if first >= 4 { 2 } else { 0 };
        let head = [&[0; 4][..], &(texts.len() as u32).to_le_bytes(), &table[..cut]].concat();
        let mut stream = record(0x0809, &[0; 16]);
        stream.extend(record(0x00fc, &head));
        stream.extend(record(0x003c, &[&[1u8][..], &table[cut..]].concat()));
        stream.extend(record(0x000a, &[]));
        let mut number = 0u32;
        for (r, row) in rows.iter().enumerate() {
            for c in 0..row.len() {
                let mut body = [(r as u16).to_le_bytes(), (c as u16).to_le_bytes(), [0, 0]].concat();
                body.extend(number.to_le_bytes());
                cells.extend(record(0x00fd, &body));
                number += 1;
            }
        }
        stream.extend(cells);
        stream.extend(record(0x000a, &[]));
        compound(&stream)
    }

    fn compound(stream: &[u8]) -> Vec<u8> {
        let sectors = stream.len().div_ceil(SECTOR);
        let mut header = vec![0xffu8; SECTOR];
        header[..8].copy_from_slice(&MAGIC);
        header[30..32].copy_from_slice(&9u16.to_le_bytes());
        header[44..48].copy_from_slice(&1u32.to_le_bytes());
        header[48..52].copy_from_slice(&1u32.to_le_bytes());
        header[76..80].copy_from_slice(&0u32.to_le_bytes());
        let mut table: Vec<u32> = vec![0xffff_fffd, 0xffff_fffe];
        table.extend((0..sectors).map(|n| if n + 1 == sectors { 0xffff_fffe } else { n as u32 + 3 }));
        table.resize(SECTOR / 4, 0xffff_ffff);
        let mut directory = vec![0u8; SECTOR];
        let name: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
        directory[..name.len()].copy_from_slice(&name);
        directory[116..120].copy_from_slice(&2u32.to_le_bytes());
        directory[120..124].copy_from_slice(&(stream.len() as u32).to_le_bytes());
        let mut body = stream.to_vec();
        body.resize(sectors * SECTOR, 0);
        let table: Vec<u8> = table.iter().flat_map(|word| word.to_le_bytes()).collect();
        [header, table, directory, body].concat()
    }

    #[test]
    fn a_string_cut_between_two_records_is_read_whole() {
        let rows = rows(&workbook_of(&[&["臭氧(地表)", "O3"], &["25.09", "2015-01-01"]])).unwrap();
        assert_eq!(rows[&0][&0], "臭氧(地表)");
        assert_eq!((rows[&0][&1].as_str(), rows[&1][&0].as_str()), ("O3", "25.09"));
    }

    #[test]
    fn packed_numbers_are_integers_hundredths_or_halves_of_doubles() {
        assert_eq!(packed(((12345i32 << 2) | 3) as u32), 123.45);
        assert_eq!(packed((-7i32 << 2 | 2) as u32), -7.0);
        assert_eq!(packed((1.5f64.to_bits() >> 32) as u32), 1.5);
    }

    #[test]
    fn a_chain_that_bites_its_tail_ends() {
        let mut file = workbook_of(&[&["a"]]);
        file[SECTOR + 4 * 2..SECTOR + 4 * 2 + 4].copy_from_slice(&2u32.to_le_bytes());
        assert!(rows(&file).is_err());
    }
}
