use crate::layout::layout;
use crate::page::{BOTTOM, INNER, MARGIN, WIDTH};
use crate::text::plain;
use crate::wrap::wrap;
use crate::*;

/// Chinese letters are as wide as their size, others half of it.
fn letter(letter: char) -> f32 {
    if letter.is_ascii() { 0.5 } else { 1.0 }
}

fn sheet(rows: usize) -> Sheet {
    let row = |n: usize| vec![format!("城市{n}"), "85～115".into(), "=1+1 <w:t>&".into()];
    Sheet {
        title: "会商单".into(),
        subtitle: "HS-1".into(),
        mark: "演示数据".into(),
        facts: vec![("起报时间".into(), "2018-01-13 20:00".into())],
        blocks: vec![
            Block::Heading("结论".into()),
            Block::Paragraph("{ HYPERLINK \"http://x\" }\n第二行\u{202e}\u{7}".into()),
            Block::Table(Table::of(&[("城市", 2), ("AQI", 1), ("理由", 3)], (0..rows).map(row).collect())),
            Block::Signatures(vec![("签发".into(), "值班员".into())]),
        ],
        foot: "标准 HJ 633-2012".into(),
    }
}

#[test]
fn lines_break_between_chinese_letters_and_words_but_not_before_a_full_stop() {
    let lines = |text: &str, width: f32| wrap(text, width, letter);
    assert_eq!(lines("一二三四。", 4.0), ["一二三", "四。"]);
    assert_eq!(lines("一二AQI 150", 4.0), ["一二AQI", "150"]);
    assert_eq!(lines("一二三AQI", 4.0), ["一二三", "AQI"]);
    assert_eq!(lines("abcdefghij", 2.0), ["abcd", "efgh", "ij"], "a word longer than the line is cut");
    assert_eq!(lines("一\n\n二", 4.0), ["一", "", "二"]);
    assert_eq!(lines("一二三（四", 4.0), ["一二三", "（四"]);
    assert_eq!(lines("。。。。。。", 2.0).concat().chars().count(), 6, "nothing is lost where nothing may break");
}

#[test]
fn a_line_narrower_than_a_letter_still_ends() {
    assert_eq!(wrap("一二", 0.5, letter), ["一", "二"]);
    assert_eq!(wrap("", 0.5, letter), [""]);
}

#[test]
fn everything_stands_within_the_margins_and_each_page_says_its_number() {
    let pages = layout(&sheet(120), letter);
    assert!(pages.len() > 2);
    for (number, page) in pages.iter().enumerate() {
        let count = format!("第 {} 页 共 {} 页", number + 1, pages.len());
        assert!(page.texts.iter().any(|text| text.text == count), "{count}");
        assert!(page.texts.iter().any(|text| text.text == "演示数据"));
        let heads = page.texts.iter().filter(|text| text.text == "AQI").count();
        assert_eq!(heads, usize::from(page.rules.len() > 1), "the head of the table is repeated");
        for text in &page.texts {
            let width: f32 = text.text.chars().map(letter).sum::<f32>() * text.size;
            assert!(text.x >= MARGIN - 0.01 && text.x + width <= WIDTH - MARGIN + 0.01, "{text:?}");
        }
        assert!(page.rules.iter().all(|rule| rule.to.1 <= BOTTOM + 0.01));
    }
}

#[test]
fn a_cell_higher_than_a_page_is_cut_and_says_so() {
    let long = "字".repeat(20_000);
    let table = Table::of(&[("理由", 1)], vec![vec![long], vec!["后一行".into()]]);
    let pages = layout(&Sheet { blocks: vec![Block::Table(table)], ..Sheet::default() }, letter);
    let has = |wanted: &str| pages.iter().any(|page| page.texts.iter().any(|text| text.text == wanted));
    assert!(has("……") && has("后一行"));
    assert!(pages.iter().all(|page| page.rules.iter().all(|rule| rule.to.0 <= MARGIN + INNER + 0.01)));
}

#[test]
fn rows_have_as_many_cells_as_there_are_columns() {
    let table = Table::of(&[("a", 0), ("b", 1)], vec![vec!["1".into()], vec!["1".into(), "2".into(), "3".into()]]);
    assert_eq!(table.lines().map(|line| line.join("|")).collect::<Vec<_>>(), ["a|b", "1|", "1|2"]);
    assert_eq!(table.shares(), [0.5, 0.5], "a column without a weight is not without a width");
}

#[test]
fn text_from_people_is_letters_and_nothing_else() {
    assert_eq!(plain("a\u{7}b\u{202e}c\r\nd\te\u{feff}"), "abc\nd e");
    let xml = part(&docx(&sheet(1)).unwrap(), "word/document.xml");
    assert!(xml.contains("=1+1 &lt;w:t&gt;&amp;"), "markup is escaped");
    assert!(
        xml.contains("{ HYPERLINK") && !xml.contains("<w:instrText") && !xml.contains("fldSimple"),
        "no field but the page numbers"
    );
    assert!(!xml.contains('\u{202e}') && !xml.contains('\u{7}'));
}

#[test]
fn the_same_document_gives_the_same_docx_on_a4_with_page_numbers() {
    let (one, other) = (docx(&sheet(3)).unwrap(), docx(&sheet(3)).unwrap());
    assert_eq!(one, other);
    assert!(part(&one, "word/document.xml").contains("w:w=\"11906\" w:h=\"16838\""));
    let foot = part(&one, "word/footer1.xml");
    assert!(foot.contains("PAGE") && foot.contains("NUMPAGES") && foot.contains("HJ 633-2012"));
    assert!(part(&one, "word/header1.xml").contains("演示数据"));
}

#[test]
fn what_is_no_font_is_refused() {
    for bytes in [Vec::new(), b"ttcf".to_vec(), vec![0; 200], b"%PDF-1.7".to_vec()] {
        assert!(TypeFace::read(bytes).err().unwrap().to_string().starts_with("R-101"));
    }
}

/// Some letters of a font with Chinese.
fn face() -> TypeFace {
    TypeFace::read(include_bytes!("../tests/fonts/NotoSansSC-letters.otf").to_vec()).unwrap()
}

#[test]
fn the_same_document_gives_the_same_pdf_with_its_font_within() {
    let (one, other) = (pdf(&sheet(120), &face()).unwrap(), pdf(&sheet(120), &face()).unwrap());
    assert!(one == other && one.starts_with(b"%PDF-"));
    let text = String::from_utf8_lossy(&one);
    assert!(text.matches("/MediaBox").count() > 2 && text.contains("/FontFile3"));
    assert!(!text.contains("/JavaScript") && !text.contains("/URI"), "a link that somebody wrote is no link");
}

#[test]
fn a_font_is_measured_and_says_its_name() {
    let face = face();
    let parsed = face.face().unwrap();
    let measure = crate::font::Measure::of(&parsed);
    assert_eq!(face.name(), "Noto Sans CJK SC");
    assert!((measure.letter('会') - 1.0).abs() < 0.01 && measure.letter('i') < 0.5);
    assert_eq!(measure.glyph('\u{1f600}').0, 0, "a letter that is not there is the empty box");
}

/// A stored (not compressed) part of a docx, found by its name in the local headers.
fn part(bytes: &[u8], name: &str) -> String {
    let mut at = 0;
    let number = |at: usize, width: usize| (0..width).rev().fold(0, |sum, n| (sum << 8) | usize::from(bytes[at + n]));
    while bytes[at..].starts_with(b"PK\x03\x04") {
        let (size, letters, extra) = (number(at + 18, 4), number(at + 26, 2), number(at + 28, 2));
        let begin = at + 30 + letters + extra;
        if &bytes[at + 30..at + 30 + letters] == name.as_bytes() {
            return String::from_utf8(bytes[begin..begin + size].to_vec()).unwrap();
        }
        at = begin + size;
    }
    panic!("no part {name}")
}
