use crate::embed::Embedded;
use crate::font::Measure;
use crate::layout::layout;
use crate::page::{HEIGHT, Page, WIDTH};
use crate::text::plain;
use crate::{DocumentError, Sheet, TypeFace};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use std::io::Write;

const RULE: f32 = 0.5;
/// The name of the font in the content of pages.
const FONT: Name<'static> = Name(b"F1");
/// The first number of a page; each takes two, for itself and its content.
const FIRST_PAGE: i32 = 10;

/// The document as PDF, set in this font, of which the letters that occur are embedded; refuses `R-101` and `R-202`.
///
/// The file says no time at which it was made: the same document gives the same bytes.
pub fn pdf(sheet: &Sheet, typeface: &TypeFace) -> Result<Vec<u8>, DocumentError> {
    let face = typeface.face()?;
    let measure = Measure::of(&face);
    let pages = layout(sheet, |letter| measure.letter(letter));
    let mut font = Embedded::default();
    let contents = pages.iter().map(|page| content(page, &measure, &mut font));
    let contents: Vec<Vec<u8>> = contents.map(deflated).collect::<Result<_, _>>()?;

    let (catalog, tree, info, font_id) = (Ref::new(1), Ref::new(2), Ref::new(3), Ref::new(4));
    let page_id = |number: usize| Ref::new(FIRST_PAGE + 2 * number as i32);
    let content_id = |number: usize| Ref::new(FIRST_PAGE + 2 * number as i32 + 1);
    let mut file = Pdf::new();
    file.catalog(catalog).pages(tree).lang(TextStr("zh-CN"));
    file.document_info(info).title(TextStr(&plain(&sheet.title)));
    file.pages(tree).kids((0..pages.len()).map(page_id)).count(pages.len() as i32);
    for (number, stream) in contents.iter().enumerate() {
        let mut page = file.page(page_id(number));
        page.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(tree).contents(content_id(number));
        page.resources().fonts().pair(FONT, font_id);
        page.finish();
        file.stream(content_id(number), stream).filter(Filter::FlateDecode);
    }
    font.write(&mut file, font_id, typeface, &face)?;
    Ok(file.finish())
}

/// What is drawn on a page. PDF counts from the lower left corner.
fn content(page: &Page, measure: &Measure<'_>, font: &mut Embedded) -> Vec<u8> {
    let mut content = Content::new();
    content.set_line_width(RULE);
    for rule in &page.rules {
        content.move_to(rule.from.0, HEIGHT - rule.from.1);
        content.line_to(rule.to.0, HEIGHT - rule.to.1);
    }
    if !page.rules.is_empty() {
        content.stroke();
    }
    for text in &page.texts {
        let glyphs: Vec<u8> =
            text.text.chars().flat_map(|letter| font.take(measure.glyph(letter), letter).to_be_bytes()).collect();
        content.begin_text().set_font(FONT, text.size).next_line(text.x, HEIGHT - text.y);
        content.show(Str(&glyphs)).end_text();
    }
    content.finish().into_vec()
}

pub(crate) fn deflated(bytes: Vec<u8>) -> Result<Vec<u8>, DocumentError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let done = encoder.write_all(&bytes).and_then(|()| encoder.finish());
    done.map_err(|error| DocumentError::Pdf(error.to_string()))
}
