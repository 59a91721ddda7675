use crate::sheet::{Block, Sheet, Table as Rows};
use crate::text::plain;
use crate::{DocumentError, page};
use docx_rs::{
    AlignmentType, BreakType, Docx, Footer, Header, NumPages, PageMargin, PageNum, Paragraph, Run, RunFonts, Table,
    TableCell, TableLayoutType, TableRow, WidthType,
};
use std::io::Cursor;

/// Twentieths of a point in a point, and half points.
const TWIPS: f32 = 20.0;
const HALVES: f32 = 2.0;
/// A document carries no time of its making, so that the same one gives the same bytes.
const NO_TIME: &str = "1970-01-01T00:00:00Z";

/// The document as docx; refuses `R-201`.
pub fn docx(sheet: &Sheet) -> Result<Vec<u8>, DocumentError> {
    let fonts = RunFonts::new().ascii("Times New Roman").hi_ansi("Times New Roman").east_asia("宋体");
    let margin = twips(page::MARGIN) as i32;
    let margins = PageMargin::new().top(margin).bottom(margin).left(margin).right(margin);
    let mut document = Docx::new()
        .created_at(NO_TIME)
        .updated_at(NO_TIME)
        .default_fonts(fonts)
        .default_size(halves(page::BODY))
        .page_size(twips(page::WIDTH), twips(page::HEIGHT))
        .page_margin(margins)
        .footer(footer(&sheet.foot));
    if !sheet.mark.is_empty() {
        document = document.header(Header::new().add_paragraph(paragraph(&sheet.mark, page::SMALL)));
    }
    document = document
        .add_paragraph(heading(&sheet.title, page::TITLE, 0).align(AlignmentType::Center))
        .add_paragraph(paragraph(&sheet.subtitle, page::BODY).align(AlignmentType::Center));
    for (name, value) in &sheet.facts {
        document = document.add_paragraph(paragraph(&format!("{name}：{value}"), page::BODY));
    }
    for block in &sheet.blocks {
        document = add(document, block);
    }
    let mut bytes = Cursor::new(Vec::new());
    document.build().pack(&mut bytes).map_err(|error| DocumentError::Docx(error.to_string()))?;
    Ok(bytes.into_inner())
}

fn add(document: Docx, block: &Block) -> Docx {
    match block {
        Block::Heading(text) => document.add_paragraph(heading(text, page::HEADING, 1).keep_next(true)),
        Block::Paragraph(text) => document.add_paragraph(paragraph(text, page::BODY)),
        Block::Table(rows) => document.add_table(table(rows)).add_paragraph(Paragraph::new()),
        Block::Signatures(lines) => lines.iter().fold(document, |document, (name, value)| {
            document.add_paragraph(paragraph(&format!("{name}：{value}"), page::BODY))
        }),
    }
}

fn heading(text: &str, size: f32, level: usize) -> Paragraph {
    Paragraph::new().outline_lvl(level).add_run(run(text, size).bold())
}

fn paragraph(text: &str, size: f32) -> Paragraph {
    Paragraph::new().add_run(run(text, size))
}

/// Text in one run; what looks like a field, a link or markup in it stays letters.
fn run(text: &str, size: f32) -> Run {
    let text = plain(text);
    let mut lines = text.split('\n');
    let first = Run::new().size(halves(size)).add_text(lines.next().unwrap_or_default());
    lines.fold(first, |run, line| run.add_break(BreakType::TextWrapping).add_text(line))
}

fn table(rows: &Rows) -> Table {
    let widths: Vec<usize> = rows.shares().iter().map(|share| twips(share * page::INNER) as usize).collect();
    let cell = |(text, width): (&str, &usize), head: bool| {
        let run = run(text, page::CELL);
        let run = if head { run.bold() } else { run };
        TableCell::new().width(*width, WidthType::Dxa).add_paragraph(Paragraph::new().add_run(run))
    };
    let row = |(place, cells): (usize, Vec<&str>)| {
        TableRow::new(cells.into_iter().zip(&widths).map(|one| cell(one, place == 0)).collect())
    };
    let lines = rows.lines().enumerate().map(row).collect();
    Table::new(lines).set_grid(widths.clone()).layout(TableLayoutType::Fixed)
}

fn footer(foot: &str) -> Footer {
    let small = |text: &str| run(text, page::SMALL);
    let line = Paragraph::new()
        .align(AlignmentType::Center)
        .add_run(small(&format!("{foot}　第 ")))
        .add_page_num(PageNum::new())
        .add_run(small(" 页 共 "))
        .add_num_pages(NumPages::new())
        .add_run(small(" 页"));
    Footer::new().add_paragraph(line)
}

fn twips(points: f32) -> u32 {
    (points * TWIPS).round() as u32
}

fn halves(points: f32) -> usize {
    (points * HALVES).round() as usize
}
