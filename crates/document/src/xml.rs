//! The fixed parts of an Office Open XML document (ECMA-376). Elements stand in the order of the schema, which Word and
//! WPS insist on.

use crate::text::plain;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Which part is the document, and which its properties.
pub(crate) const ROOT: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/",
    "officeDocument\" Target=\"word/document.xml\"/>",
    "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/",
    "core-properties\" Target=\"docProps/core.xml\"/></Relationships>"
);

/// Fonts for Chinese and for other letters, and the distance of lines.
pub(crate) const STYLES: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:docDefaults>",
    "<w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:eastAsia=\"宋体\" w:hAnsi=\"Times New Roman\" ",
    "w:cs=\"Times New Roman\"/><w:sz w:val=\"21\"/><w:szCs w:val=\"21\"/>",
    "<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>",
    "<w:spacing w:after=\"0\" w:line=\"320\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults></w:styles>"
);

/// A text as it stands between tags.
pub(crate) fn escaped(text: &str) -> String {
    plain(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A part of the document with this root element.
pub(crate) fn part(root: &str, inner: &str) -> String {
    format!(
        "{HEAD}<w:{root} xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"{OFFICE}\">\
         {inner}</w:{root}>"
    )
}

pub(crate) fn content_types(header: bool) -> String {
    let of = |name: &str, kind: &str| format!("<Override PartName=\"/{name}\" ContentType=\"{kind}\"/>");
    let mut parts = vec![
        of("word/document.xml", &format!("{MAIN}.document.main+xml")),
        of("word/styles.xml", &format!("{MAIN}.styles+xml")),
        of("word/footer1.xml", &format!("{MAIN}.footer+xml")),
        of("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
    ];
    if header {
        parts.push(of("word/header1.xml", &format!("{MAIN}.header+xml")));
    }
    format!(
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>{}</Types>",
        parts.concat()
    )
}

pub(crate) fn relations(header: bool) -> String {
    let to = |id: u8, kind: &str, target: &str| {
        format!("<Relationship Id=\"rId{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
    };
    let mut parts = vec![to(1, "styles", "styles.xml"), to(2, "footer", "footer1.xml")];
    if header {
        parts.push(to(3, "header", "header1.xml"));
    }
    format!(
        "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{}</Relationships>",
        parts.concat()
    )
}

pub(crate) fn properties(title: &str) -> String {
    format!(
        "{HEAD}<cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title></cp:coreProperties>",
        escaped(title)
    )
}

/// A field that the program which shows the document fills in.
pub(crate) fn field(code: &str, half_points: u32) -> String {
    format!(
        "<w:fldSimple w:instr=\" {code} \"><w:r><w:rPr><w:sz w:val=\"{half_points}\"/></w:rPr><w:t>1</w:t></w:r>\
         </w:fldSimple>"
    )
}

pub(crate) fn table_properties(width: u32) -> String {
    let line = |side: &str| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>");
    let lines: String = ["top", "left", "bottom", "right", "insideH", "insideV"].into_iter().map(line).collect();
    format!(
        "<w:tblPr><w:tblW w:w=\"{width}\" w:type=\"dxa\"/><w:tblBorders>{lines}</w:tblBorders>\
         <w:tblLayout w:type=\"fixed\"/></w:tblPr>"
    )
}
