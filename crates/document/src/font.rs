use crate::DocumentError;
use skrifa::instance::{LocationRef, Size};
use skrifa::raw::FileRef;
use skrifa::string::StringId;
use skrifa::{FontRef, GlyphId, MetadataProvider};
use std::sync::Arc;

/// A letter that every font with simplified Chinese has.
const CHINESE: char = '会';

/// A font that documents are set in (字体), read once and used for many.
#[derive(Clone)]
pub struct TypeFace {
    bytes: Arc<Vec<u8>>,
    index: u32,
    name: String,
}

impl TypeFace {
    /// Reads an OpenType font or a collection, of which the face for simplified Chinese is taken where it is named.
    /// Refuses `R-101` and `R-102`.
    pub fn read(bytes: Vec<u8>) -> Result<TypeFace, DocumentError> {
        let refused = |error: skrifa::raw::ReadError| DocumentError::NotAFont(error.to_string());
        let faces: Vec<String> = match FileRef::new(&bytes).map_err(refused)? {
            FileRef::Font(font) => vec![family(&font)],
            FileRef::Collection(faces) => (0..faces.len())
                .map(|index| faces.get(index).map(|font| family(&font)))
                .collect::<Result<_, _>>()
                .map_err(refused)?,
        };
        let index = faces.iter().position(|name| name.contains(" SC")).unwrap_or(0);
        let name = faces.get(index).cloned().ok_or_else(|| DocumentError::NotAFont("an empty collection".into()))?;
        let face = TypeFace { bytes: Arc::new(bytes), index: index as u32, name };
        let chinese = face.font()?.charmap().map(CHINESE).is_some();
        if chinese { Ok(face) } else { Err(DocumentError::NoChinese(face.name)) }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn bytes(&self) -> (Arc<Vec<u8>>, u32) {
        (self.bytes.clone(), self.index)
    }

    pub(crate) fn font(&self) -> Result<FontRef<'_>, DocumentError> {
        FontRef::from_index(&self.bytes, self.index).map_err(|error| DocumentError::NotAFont(error.to_string()))
    }
}

fn family(font: &FontRef<'_>) -> String {
    let name = font.localized_strings(StringId::FAMILY_NAME).english_or_first();
    name.map_or_else(String::new, |name| name.chars().collect())
}

/// Letters measured in a font; widths are shares of its size.
pub(crate) struct Measure<'a> {
    charmap: skrifa::charmap::Charmap<'a>,
    metrics: skrifa::metrics::GlyphMetrics<'a>,
    units: f32,
}

impl<'a> Measure<'a> {
    pub(crate) fn of(font: &FontRef<'a>) -> Measure<'a> {
        let whole = Size::unscaled();
        let units = font.metrics(whole, LocationRef::default()).units_per_em;
        let metrics = font.glyph_metrics(whole, LocationRef::default());
        Measure { charmap: font.charmap(), metrics, units: f32::from(units.max(1)) }
    }

    /// The glyph of a letter; the one for what is missing where the font has none.
    pub(crate) fn glyph(&self, letter: char) -> GlyphId {
        self.charmap.map(letter).unwrap_or(GlyphId::NOTDEF)
    }

    /// The width of a letter.
    pub(crate) fn letter(&self, letter: char) -> f32 {
        self.metrics.advance_width(self.glyph(letter)).unwrap_or(self.units) / self.units
    }
}
