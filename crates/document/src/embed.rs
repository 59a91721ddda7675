//! A font inside a PDF: only the letters that occur, and a table that gives the letters back to whoever copies text.

use crate::pdf::deflated;
use crate::{DocumentError, TypeFace};
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref, Str};
use std::collections::BTreeMap;
use subsetter::GlyphRemapper;
use ttf_parser::{Face, GlyphId, RawFace, Tag};

const SYSTEM: SystemInfo<'static> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
/// Widths are told in thousandths of the size.
const THOUSAND: f32 = 1000.0;
/// The thickness of stems, which no OpenType font tells; viewers use it only where the font is missing.
const STEM: f32 = 80.0;

/// The letters that a document uses, each under a number of its own.
#[derive(Default)]
pub(crate) struct Embedded {
    numbers: GlyphRemapper,
    letters: BTreeMap<u16, (GlyphId, char)>,
}

impl Embedded {
    /// The number of a glyph in this document.
    pub(crate) fn take(&mut self, glyph: GlyphId, letter: char) -> u16 {
        let number = self.numbers.remap(glyph.0);
        self.letters.entry(number).or_insert((glyph, letter));
        number
    }

    /// Writes the font as `id` and the four numbers after it.
    pub(crate) fn write(
        &self,
        file: &mut Pdf,
        id: Ref,
        typeface: &TypeFace,
        face: &Face<'_>,
    ) -> Result<(), DocumentError> {
        let [cid, descriptor, data, letters] = [1, 2, 3, 4].map(|n| Ref::new(id.get() + n));
        let (bytes, index) = typeface.bytes();
        let cut = subsetter::subset(bytes, index, &self.numbers);
        let cut = cut.map_err(|error| DocumentError::Pdf(format!("{}: {error}", typeface.name())))?;
        let outlines = RawFace::parse(&cut, 0).ok().and_then(|raw| raw.table(Tag::from_bytes(b"CFF ")));
        let postscript = outlines.is_some();
        let program = deflated(outlines.unwrap_or(&cut).to_vec())?;
        let name = format!("QKDOCS+{}", ascii(typeface.name()));

        file.type0_font(id)
            .base_font(Name(format!("{name}-Identity-H").as_bytes()))
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(letters);
        let mut font = file.cid_font(cid);
        font.subtype(if postscript { CidFontType::Type0 } else { CidFontType::Type2 });
        font.base_font(Name(name.as_bytes())).system_info(SYSTEM).font_descriptor(descriptor).default_width(0.0);
        if !postscript {
            font.cid_to_gid_map_predefined(Name(b"Identity"));
        }
        let scale = THOUSAND / f32::from(face.units_per_em().max(1));
        let mut widths = font.widths();
        for (number, (glyph, _)) in &self.letters {
            let width = face.glyph_hor_advance(*glyph).map_or(THOUSAND, |width| f32::from(width) * scale);
            widths.consecutive(*number, [width]);
        }
        widths.finish();
        font.finish();

        let bounds = face.global_bounding_box();
        let edge = |value: i16| f32::from(value) * scale;
        let mut described = file.font_descriptor(descriptor);
        described.name(Name(name.as_bytes())).flags(FontFlags::SYMBOLIC).italic_angle(0.0).stem_v(STEM);
        described.bbox(Rect::new(edge(bounds.x_min), edge(bounds.y_min), edge(bounds.x_max), edge(bounds.y_max)));
        described.ascent(edge(face.ascender())).descent(edge(face.descender()));
        described.cap_height(edge(face.capital_height().unwrap_or(face.ascender())));
        if postscript {
            described.font_file3(data)
        } else {
            described.font_file2(data)
        };
        described.finish();

        let mut stream = file.stream(data, &program);
        stream.filter(Filter::FlateDecode);
        if postscript {
            stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
        }
        stream.finish();
        let mut table = UnicodeCmap::new(Name(b"Custom"), SYSTEM);
        self.letters.iter().for_each(|(number, (_, letter))| table.pair(*number, *letter));
        file.cmap(letters, &table.finish());
        Ok(())
    }
}

/// A name as PostScript takes it.
fn ascii(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}
