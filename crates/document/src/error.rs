/// Why a document could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Bytes that are no font.
    #[error("R-101 this is no OpenType font that can be used: {0}")]
    NotAFont(String),
    /// A font without Chinese.
    #[error("R-102 the font {0:?} has no Chinese letters; a document in it would be empty boxes")]
    NoChinese(String),
    /// The docx could not be written.
    #[error("R-201 the docx could not be written: {0}")]
    Docx(String),
    /// The PDF could not be written.
    #[error("R-202 the PDF could not be written: {0}")]
    Pdf(String),
}
