use crate::font::Measure;
use crate::layout::layout;
use crate::page::{HEIGHT, Page, Text, WIDTH};
use crate::{DocumentError, Sheet, TypeFace};
use krilla::color::luma;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};

const RULE: f32 = 0.5;

/// The document as PDF, set in this font, of which the letters that occur are embedded; refuses `R-101` and `R-202`.
///
/// The file says no time at which it was made: the same document gives the same bytes.
pub fn pdf(sheet: &Sheet, face: &TypeFace) -> Result<Vec<u8>, DocumentError> {
    let parsed = face.font()?;
    let measure = Measure::of(&parsed);
    let (bytes, index) = face.bytes();
    let font = Font::new(bytes.into(), index).ok_or_else(|| DocumentError::NotAFont(face.name().to_string()))?;
    let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| DocumentError::Pdf("no page".into()))?;
    let mut document = krilla::Document::new();
    document.set_metadata(Metadata::new().title(crate::text::plain(&sheet.title)).language("zh-CN".into()));
    for page in layout(sheet, |letter| measure.letter(letter)) {
        let mut set = document.start_page_with(settings.clone());
        let mut surface = set.surface();
        draw(&mut surface, &page, &font, &measure);
        surface.finish();
        set.finish();
    }
    document.finish().map_err(|error| DocumentError::Pdf(format!("{error:?}")))
}

fn draw(surface: &mut Surface<'_>, page: &Page, font: &Font, measure: &Measure<'_>) {
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke { width: RULE, paint: luma::Color::black().into(), ..Stroke::default() }));
    for rule in &page.rules {
        let mut path = PathBuilder::new();
        path.move_to(rule.from.0, rule.from.1);
        path.line_to(rule.to.0, rule.to.1);
        if let Some(path) = path.finish() {
            surface.draw_path(&path);
        }
    }
    surface.set_stroke(None);
    surface.set_fill(Some(Fill {
        paint: luma::Color::black().into(),
        opacity: NormalizedF32::ONE,
        rule: Default::default(),
    }));
    for text in &page.texts {
        let glyphs = glyphs(text, measure);
        surface.draw_glyphs(Point::from_xy(text.x, text.y), &glyphs, font.clone(), &text.text, text.size, false);
    }
}

/// One glyph a letter, so that what is copied out of the file is what was written into it.
fn glyphs(text: &Text, measure: &Measure<'_>) -> Vec<KrillaGlyph> {
    let one = |(begin, letter): (usize, char)| KrillaGlyph {
        glyph_id: GlyphId::new(measure.glyph(letter).to_u32()),
        text_range: begin..begin + letter.len_utf8(),
        x_advance: measure.letter(letter),
        x_offset: 0.0,
        y_offset: 0.0,
        y_advance: 0.0,
        location: None,
    };
    text.text.char_indices().map(one).collect()
}
