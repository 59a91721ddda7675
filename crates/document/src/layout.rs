//! Where each line of a document stands on which page.

use crate::page::{
    BODY, BOTTOM, CELL, HEADING, HEIGHT, INNER, LEADING, MARGIN, PAD, Page, Rule, SMALL, TITLE, Text, WIDTH,
};
use crate::sheet::{Block, Sheet, Table};
use crate::text::plain;
use crate::wrap::wrap;

/// Lays a document out; `letter` gives the width of a letter as a share of the size.
pub(crate) fn layout(sheet: &Sheet, letter: impl Fn(char) -> f32) -> Vec<Page> {
    let mut setter = Setter { pages: vec![Page::default()], y: MARGIN, letter };
    setter.begin();
    setter.centred(&sheet.title, TITLE);
    setter.centred(&sheet.subtitle, BODY);
    for (name, value) in &sheet.facts {
        setter.paragraph(&format!("{name}：{value}"), BODY);
    }
    for block in &sheet.blocks {
        match block {
            Block::Heading(text) => setter.heading(text),
            Block::Paragraph(text) => setter.paragraph(text, BODY),
            Block::Table(table) => setter.table(table),
            Block::Signatures(lines) => setter.signatures(lines),
        }
    }
    setter.furnished(sheet)
}

struct Setter<F> {
    pages: Vec<Page>,
    y: f32,
    letter: F,
}

impl<F: Fn(char) -> f32> Setter<F> {
    fn begin(&mut self) {
        self.y = MARGIN + SMALL * LEADING;
    }

    fn page(&mut self) -> &mut Page {
        if self.pages.is_empty() {
            self.pages.push(Page::default());
        }
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    /// Goes to a new page when less than `height` is left.
    fn room(&mut self, height: f32) -> bool {
        let turns = self.y + height > BOTTOM && self.y > MARGIN + SMALL * LEADING;
        if turns {
            self.pages.push(Page::default());
            self.begin();
        }
        turns
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|letter| (self.letter)(letter)).sum::<f32>() * size
    }

    fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        wrap(&plain(text), width, |letter| (self.letter)(letter) * size)
    }

    fn put(&mut self, x: f32, y: f32, size: f32, text: String) {
        if !text.is_empty() {
            self.page().texts.push(Text { x, y, size, text });
        }
    }

    fn centred(&mut self, text: &str, size: f32) {
        if text.is_empty() {
            return;
        }
        for line in self.lines(text, size, INNER) {
            let x = (WIDTH - self.width(&line, size)) / 2.0;
            self.room(size * LEADING);
            self.put(x, self.y + size, size, line);
            self.y += size * LEADING;
        }
        self.y += size * 0.3;
    }

    fn heading(&mut self, text: &str) {
        // A heading alone at the foot of a page says nothing: it wants two lines below it.
        self.room(HEADING * LEADING + 3.0 * BODY * LEADING);
        self.y += HEADING * 0.5;
        for line in self.lines(text, HEADING, INNER) {
            self.put(MARGIN, self.y + HEADING, HEADING, line);
            self.y += HEADING * LEADING;
        }
    }

    fn paragraph(&mut self, text: &str, size: f32) {
        for line in self.lines(text, size, INNER) {
            self.room(size * LEADING);
            self.put(MARGIN, self.y + size, size, line);
            self.y += size * LEADING;
        }
    }

    fn signatures(&mut self, lines: &[(String, String)]) {
        self.room(lines.len() as f32 * BODY * 2.4);
        for (name, value) in lines {
            self.y += BODY * 0.9;
            let text = plain(&format!("{name}：{value}"));
            self.paragraph(&text, BODY);
        }
    }

    fn table(&mut self, table: &Table) {
        let widths: Vec<f32> = table.shares().iter().map(|share| share * INNER).collect();
        let mut lines = table.lines();
        let Some(head) = lines.next().filter(|head| !head.is_empty()) else { return };
        let head = self.cells(&head, &widths);
        self.y += BODY * 0.3;
        self.room(2.0 * head.height);
        self.row(&head, &widths);
        for line in lines {
            let row = self.cells(&line, &widths);
            if self.room(row.height) {
                self.row(&head, &widths);
            }
            self.row(&row, &widths);
        }
        self.y += BODY * 0.5;
    }

    fn cells(&self, texts: &[&str], widths: &[f32]) -> Cells {
        let set = |(text, width): (&&str, &f32)| self.lines(text, CELL, width - 2.0 * PAD);
        let mut cells: Vec<Vec<String>> = texts.iter().zip(widths).map(set).collect();
        // A cell as high as a page could never be placed: what does not fit is cut, with a sign that it was.
        let most = ((BOTTOM - MARGIN) / 2.0 / (CELL * LEADING)) as usize;
        for cell in cells.iter_mut().filter(|cell| cell.len() > most) {
            cell.truncate(most);
            cell.push("……".into());
        }
        let deepest = cells.iter().map(Vec::len).max().unwrap_or(1).max(1);
        Cells { cells, height: deepest as f32 * CELL * LEADING + 2.0 * PAD }
    }

    fn row(&mut self, row: &Cells, widths: &[f32]) {
        let (top, bottom) = (self.y, self.y + row.height);
        let mut x = MARGIN;
        self.rule((x, top), (x, bottom));
        for (cell, width) in row.cells.iter().zip(widths) {
            let mut y = top + PAD;
            for line in cell {
                self.put(x + PAD, y + CELL, CELL, line.clone());
                y += CELL * LEADING;
            }
            x += width;
            self.rule((x, top), (x, bottom));
        }
        self.rule((MARGIN, top), (x, top));
        self.rule((MARGIN, bottom), (x, bottom));
        self.y = bottom;
    }

    fn rule(&mut self, from: (f32, f32), to: (f32, f32)) {
        self.page().rules.push(Rule { from, to });
    }

    /// Mark and foot of every page, once it is known how many there are.
    fn furnished(mut self, sheet: &Sheet) -> Vec<Page> {
        let all = self.pages.len();
        let (mark, foot) = (plain(&sheet.mark).replace('\n', " "), plain(&sheet.foot).replace('\n', " "));
        for number in 0..all {
            let count = format!("第 {} 页 共 {all} 页", number + 1);
            let x = WIDTH - MARGIN - self.width(&count, SMALL);
            let y = HEIGHT - MARGIN + SMALL;
            let texts = [(MARGIN, MARGIN - SMALL, mark.clone()), (MARGIN, y, foot.clone()), (x, y, count)];
            let set = texts.into_iter().filter(|(.., text)| !text.is_empty());
            self.pages[number].texts.extend(set.map(|(x, y, text)| Text { x, y, size: SMALL, text }));
        }
        self.pages
    }
}

struct Cells {
    cells: Vec<Vec<String>>,
    height: f32,
}
