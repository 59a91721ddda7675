use crate::sheet::{Block, Sheet, Table};
use crate::xml::{self, escaped};
use crate::{DocumentError, page};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Twentieths of a point in a point, and half points.
const TWIPS: f32 = 20.0;
const HALVES: f32 = 2.0;

/// The document as docx (Office Open XML); refuses `R-201`. It says no time at which it was made: the same document
/// gives the same bytes.
pub fn docx(sheet: &Sheet) -> Result<Vec<u8>, DocumentError> {
    let header = !sheet.mark.is_empty();
    let mut parts = vec![
        ("[Content_Types].xml", xml::content_types(header)),
        ("_rels/.rels", xml::ROOT.to_string()),
        ("docProps/core.xml", xml::properties(&sheet.title)),
        ("word/_rels/document.xml.rels", xml::relations(header)),
        ("word/styles.xml", xml::STYLES.to_string()),
        ("word/document.xml", body(sheet, header)),
        ("word/footer1.xml", footer(&sheet.foot)),
    ];
    if header {
        parts.push(("word/header1.xml", xml::part("hdr", &paragraph(&sheet.mark, page::SMALL, ""))));
    }
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, text) in parts {
        archive.start_file(name, stored.last_modified_time(zip::DateTime::default())).map_err(fault)?;
        archive.write_all(text.as_bytes()).map_err(fault)?;
    }
    Ok(archive.finish().map_err(fault)?.into_inner())
}

fn fault(error: impl std::fmt::Display) -> DocumentError {
    DocumentError::Docx(error.to_string())
}

fn body(sheet: &Sheet, header: bool) -> String {
    let centre = "<w:jc w:val=\"center\"/>";
    let mut text = bold(&sheet.title, page::TITLE, &format!("{centre}<w:outlineLvl w:val=\"0\"/>"));
    text += &paragraph(&sheet.subtitle, page::BODY, centre);
    let facts = sheet.facts.iter().map(|(name, value)| paragraph(&format!("{name}：{value}"), page::BODY, ""));
    text.extend(facts);
    text.extend(sheet.blocks.iter().map(block));
    let (width, height, margin) = (twips(page::WIDTH), twips(page::HEIGHT), twips(page::MARGIN));
    let head = if header { "<w:headerReference w:type=\"default\" r:id=\"rId3\"/>" } else { "" };
    text += &format!(
        "<w:sectPr>{head}<w:footerReference w:type=\"default\" r:id=\"rId2\"/><w:pgSz w:w=\"{width}\" w:h=\"{height}\"/>\
         <w:pgMar w:top=\"{margin}\" w:right=\"{margin}\" w:bottom=\"{margin}\" w:left=\"{margin}\" w:header=\"567\" \
         w:footer=\"567\" w:gutter=\"0\"/></w:sectPr>"
    );
    xml::part("document", &format!("<w:body>{text}</w:body>"))
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading(text) => bold(text, page::HEADING, "<w:keepNext/><w:outlineLvl w:val=\"1\"/>"),
        Block::Paragraph(text) => paragraph(text, page::BODY, ""),
        // A paragraph between two tables keeps them two.
        Block::Table(rows) => table(rows) + &paragraph("", page::CELL, ""),
        Block::Signatures(lines) => {
            lines.iter().map(|(name, value)| paragraph(&format!("{name}：{value}"), page::BODY, "")).collect()
        }
    }
}

fn paragraph(text: &str, size: f32, how: &str) -> String {
    format!("<w:p>{}{}</w:p>", properties(how), run(text, size, ""))
}

fn bold(text: &str, size: f32, how: &str) -> String {
    format!("<w:p>{}{}</w:p>", properties(how), run(text, size, "<w:b/>"))
}

fn properties(how: &str) -> String {
    if how.is_empty() { String::new() } else { format!("<w:pPr>{how}</w:pPr>") }
}

/// Text in one run; what looks like a field, a link or markup in it stays letters.
fn run(text: &str, size: f32, how: &str) -> String {
    let size = halves(size);
    let lines: Vec<String> =
        escaped(text).split('\n').map(|line| format!("<w:t xml:space=\"preserve\">{line}</w:t>")).collect();
    format!(
        "<w:r><w:rPr>{how}<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/></w:rPr>{}</w:r>",
        lines.join("<w:br/>")
    )
}

fn table(table: &Table) -> String {
    let widths: Vec<u32> = table.shares().iter().map(|share| twips(share * page::INNER)).collect();
    if widths.is_empty() {
        return String::new();
    }
    let grid: String = widths.iter().map(|width| format!("<w:gridCol w:w=\"{width}\"/>")).collect();
    let row = |(place, cells): (usize, Vec<&str>)| {
        let how = if place == 0 { "<w:b/>" } else { "" };
        let cell = |(text, width): (&str, &u32)| {
            format!(
                "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr><w:p>{}</w:p></w:tc>",
                run(text, page::CELL, how)
            )
        };
        let cells: String = cells.into_iter().zip(&widths).map(cell).collect();
        let head = if place == 0 {
            "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
        } else {
            "<w:trPr><w:cantSplit/></w:trPr>"
        };
        format!("<w:tr>{head}{cells}</w:tr>")
    };
    let rows: String = table.lines().enumerate().map(row).collect();
    format!("<w:tbl>{}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>", xml::table_properties(widths.iter().sum()))
}

fn footer(foot: &str) -> String {
    let size = page::SMALL;
    let line = [
        run(&format!("{foot}　第 "), size, ""),
        xml::field("PAGE", halves(size)),
        run(" 页 共 ", size, ""),
        xml::field("NUMPAGES", halves(size)),
        run(" 页", size, ""),
    ];
    xml::part("ftr", &format!("<w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr>{}</w:p>", line.concat()))
}

fn twips(points: f32) -> u32 {
    (points * TWIPS).round() as u32
}

fn halves(points: f32) -> u32 {
    (points * HALVES).round() as u32
}
