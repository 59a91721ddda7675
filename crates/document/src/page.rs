//! The measures of an A4 page, in points, from the upper left corner.

pub(crate) const WIDTH: f32 = 595.28;
pub(crate) const HEIGHT: f32 = 841.89;
pub(crate) const MARGIN: f32 = 56.7;
/// Where the text ends, above the foot.
pub(crate) const BOTTOM: f32 = HEIGHT - MARGIN - 14.0;
pub(crate) const INNER: f32 = WIDTH - 2.0 * MARGIN;
pub(crate) const TITLE: f32 = 18.0;
pub(crate) const HEADING: f32 = 12.5;
pub(crate) const BODY: f32 = 10.5;
pub(crate) const CELL: f32 = 9.0;
pub(crate) const SMALL: f32 = 8.5;
/// The distance of lines against their size.
pub(crate) const LEADING: f32 = 1.5;
/// Room around the text of a cell.
pub(crate) const PAD: f32 = 3.0;

/// What stands on one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Page {
    pub texts: Vec<Text>,
    pub rules: Vec<Rule>,
}

/// A line of text; `y` is its base line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Text {
    pub x: f32,
    pub y: f32,
    pub size: f32,
    pub text: String,
}

/// A thin straight line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rule {
    pub from: (f32, f32),
    pub to: (f32, f32),
}
