use crate::DocumentError;
use std::sync::Arc;
use ttf_parser::{Face, GlyphId, fonts_in_collection, name_id};

/// A letter that every font with simplified Chinese has.
const CHINESE: char = '会';
/// Faces of a collection that are looked at.
const MOST_FACES: u32 = 32;

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
        let faces = fonts_in_collection(&bytes).unwrap_or(1).clamp(1, MOST_FACES);
        let simplified = |index: &u32| Face::parse(&bytes, *index).is_ok_and(|face| family(&face).contains(" SC"));
        let index = (0..faces).find(simplified).unwrap_or(0);
        let name = family(&parse(&bytes, index)?);
        let face = TypeFace { bytes: Arc::new(bytes), index, name };
        let chinese = face.face()?.glyph_index(CHINESE).is_some();
        if chinese { Ok(face) } else { Err(DocumentError::NoChinese(face.name)) }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn bytes(&self) -> (&[u8], u32) {
        (&self.bytes, self.index)
    }

    pub(crate) fn face(&self) -> Result<Face<'_>, DocumentError> {
        parse(&self.bytes, self.index)
    }
}

fn parse(bytes: &[u8], index: u32) -> Result<Face<'_>, DocumentError> {
    Face::parse(bytes, index).map_err(|error| DocumentError::NotAFont(error.to_string()))
}

fn family(face: &Face<'_>) -> String {
    let names = face.names().into_iter().filter(|name| name.name_id == name_id::FAMILY);
    let mut known = names.filter_map(|name| name.to_string());
    known.find(|name| name.is_ascii()).unwrap_or_default()
}

/// Letters measured in a font; widths are shares of its size.
pub(crate) struct Measure<'a> {
    face: &'a Face<'a>,
    units: f32,
}

impl<'a> Measure<'a> {
    pub(crate) fn of(face: &'a Face<'a>) -> Measure<'a> {
        Measure { face, units: f32::from(face.units_per_em().max(1)) }
    }

    /// The glyph of a letter; the one for what is missing where the font has none.
    pub(crate) fn glyph(&self, letter: char) -> GlyphId {
        self.face.glyph_index(letter).unwrap_or(GlyphId(0))
    }

    /// The width of a letter.
    pub(crate) fn letter(&self, letter: char) -> f32 {
        self.face.glyph_hor_advance(self.glyph(letter)).map_or(1.0, |width| f32::from(width) / self.units)
    }
}
