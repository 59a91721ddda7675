//! What a cell says: numbers, places, grades, codes; each with the refusal it deserves.

use super::entry::Grade;
use super::phrase::narrow;

/// A cell that cannot be taken as it stands, or that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct CellFault {
    /// Sheet.
    pub sheet: String,
    /// Row, from 1.
    pub row: u32,
    /// Letters of the column.
    pub column: String,
    /// Head of the column.
    pub head: String,
    /// `P-3xx`.
    pub code: &'static str,
    /// Whether nothing is imported because of it; else a hint.
    pub refuses: bool,
    /// What stands there.
    pub said: String,
    /// What is wrong.
    pub text: String,
}

/// A grade cell: the grade and what stands beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct GradeCell {
    pub grade: Option<Grade>,
    pub local: bool,
    pub safeguard: bool,
    pub small: bool,
    pub long_stopped: bool,
}

/// Cells that say that there is nothing.
pub(super) fn is_nothing(text: &str) -> bool {
    matches!(text.trim(), "" | "-" | "/" | "—" | "--" | "——" | "\\" | "无" | "未知" | "N/A")
}

/// A number from 0 up; `Ok(None)` for a cell that says nothing.
pub(super) fn number(text: &str) -> Result<Option<f64>, (&'static str, String)> {
    let text = narrow(text).replace(',', "");
    if is_nothing(&text) {
        return Ok(None);
    }
    match text.trim().parse::<f64>() {
        Ok(value) if value.is_finite() && value >= 0.0 => Ok(Some(value)),
        Ok(value) if value < 0.0 => Err(("P-305", "负数 · negative".into())),
        _ => Err(("P-304", "不是数字 · no number".into())),
    }
}

/// Degrees, plain or as 118°45′30″.
pub(super) fn degrees(text: &str) -> Result<Option<f64>, (&'static str, String)> {
    let text = narrow(text);
    if is_nothing(&text) {
        return Ok(None);
    }
    let parts: Vec<&str> = text
        .split(['°', '′', '″', '\'', '"', '度', '分', '秒', 'E', 'N', '东', '北', '经', '纬', ' '])
        .filter(|part| !part.is_empty())
        .collect();
    let numbers: Result<Vec<f64>, _> = parts.iter().map(|part| part.parse::<f64>()).collect();
    let value = match numbers.as_deref() {
        Ok([degrees]) => *degrees,
        Ok([degrees, minutes]) if *minutes < 60.0 => degrees + minutes / 60.0,
        Ok([degrees, minutes, seconds]) if *minutes < 60.0 && *seconds < 60.0 => {
            degrees + minutes / 60.0 + seconds / 3600.0
        }
        _ => return Err(("P-304", "不是度数 · no degrees".into())),
    };
    if value.is_finite() { Ok(Some(value)) } else { Err(("P-304", "不是度数 · no degrees".into())) }
}

/// Grade words with what cities write around them; `Err` for words that are no grade.
pub(super) fn grade(text: &str) -> Result<GradeCell, ()> {
    let mut rest: String = narrow(text).chars().filter(|c| !c.is_whitespace()).collect();
    let mut cell = GradeCell::default();
    let mut take = |words: &[&str]| {
        let mut found = false;
        for word in words {
            found |= rest.contains(word);
            rest = rest.replace(word, "");
        }
        found
    };
    cell.long_stopped = take(&["长期停产", "长期停运", "已停产", "关停"]);
    cell.small = take(&["小微涉气企业", "小微涉气", "小微企业", "小微"]);
    cell.safeguard =
        take(&["民生豁免", "豁免企业", "保障类企业", "保障类", "保障民生", "民生保障", "民生", "豁免", "保障"]);
    cell.local = take(&["地方标准", "地方", "省级", "市级"]);
    take(&["绩效", "企业", "评级为", "等级", "级", "类", "(", ")", "-其他", "、", ":", "_"]);
    let rest = rest.trim_matches(['-', '/', '—', ',', ';']).to_string();
    // The minus of B- ends the cell; that of B-民生豁免 is a dash.
    let minus = narrow(text).trim_end_matches('级').to_uppercase().ends_with("B-");
    cell.grade = match rest.to_uppercase().as_str() {
        "" | "无" | "未评" | "未定" | "未分" | "不评" => None,
        "A+" => Some(Grade::APlus),
        "A" => Some(Grade::A),
        "B" if minus => Some(Grade::BMinus),
        "B" => Some(Grade::B),
        "C" => Some(Grade::C),
        "D" => Some(Grade::D),
        "非引领性" | "非引领" => Some(Grade::NonLeading),
        "引领性" | "引领" => Some(Grade::Leading),
        _ => return Err(()),
    };
    Ok(cell)
}

/// Whether a cell says yes.
pub(super) fn yes(text: &str) -> bool {
    !is_nothing(text) && !matches!(text.trim(), "否" | "不是" | "0" | "n" | "N" | "非")
}

/// What is wrong with a unified social credit code (GB 32100), if anything.
pub(super) fn credit_code_fault(code: &str) -> Option<String> {
    const LETTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let values: Option<Vec<usize>> =
        code.bytes().map(|byte| LETTERS.iter().position(|letter| *letter == byte)).collect();
    let Some(values) = values.filter(|values| values.len() == 18) else {
        return Some("不是 18 位统一社会信用代码 · not 18 characters of GB 32100".into());
    };
    let mut weight = 1;
    let mut sum = 0;
    for value in &values[..17] {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    let expected = (31 - sum % 31) % 31;
    (values[17] != expected).then(|| format!("校验位应为 {} · check character", char::from(LETTERS[expected])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn grade_words_with_what_stands_around_them() {
        for (text, expected, beside) in [
            ("A", Some(Grade::A), ""),
            ("A级", Some(Grade::A), ""),
            ("Ｂ级", Some(Grade::B), ""),
            ("B-", Some(Grade::BMinus), ""),
            ("B-级", Some(Grade::BMinus), ""),
            ("B-民生豁免", Some(Grade::B), "safeguard"),
            ("地方C级", Some(Grade::C), "local"),
            ("地方-B", Some(Grade::B), "local"),
            ("民生豁免-C", Some(Grade::C), "safeguard"),
            ("长期停产", None, "stopped"),
            ("D（小微涉气）", Some(Grade::D), "small"),
            ("引领性", Some(Grade::Leading), ""),
            ("非引领性企业", Some(Grade::NonLeading), ""),
            ("A+", Some(Grade::APlus), ""),
            ("未评级", None, ""),
            ("", None, ""),
        ] {
            let cell = grade(text).unwrap_or_else(|()| panic!("{text}"));
            let found = [
                (cell.local, "local"),
                (cell.safeguard, "safeguard"),
                (cell.small, "small"),
                (cell.long_stopped, "stopped"),
            ];
            let found: String = found.into_iter().filter(|(holds, _)| *holds).map(|(_, word)| word).collect();
            assert_eq!((cell.grade, found.as_str()), (expected, beside), "{text}");
        }
        for text in ["E级", "优", "AB"] {
            assert!(grade(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_and_degrees() {
        assert_eq!(number("1,234.5"), Ok(Some(1234.5)));
        assert_eq!(number("—"), Ok(None));
        assert_eq!(number("-3").unwrap_err().0, "P-305");
        assert_eq!(number("约30").unwrap_err().0, "P-304");
        assert_eq!(number("NaN").unwrap_err().0, "P-304");
        assert_eq!(degrees("118°30′36″"), Ok(Some(118.51)));
        assert_eq!(degrees("118.51"), Ok(Some(118.51)));
        assert!(degrees("118°75′").is_err() && degrees("inf").is_err());
    }

    #[test]
    fn a_credit_code_is_held_against_its_check_character() {
        assert_eq!(credit_code_fault("91640000321673484F"), None);
        assert!(credit_code_fault("91640000321673484E").unwrap().contains("F"));
        assert!(credit_code_fault("9164000032167348").is_some() && credit_code_fault("").is_some());
    }

    proptest! {
        #[test]
        fn no_cell_makes_it_panic(text in "\\PC{0,30}") {
            let _ = (grade(&text).is_ok(), number(&text).is_ok(), degrees(&text).is_ok(), credit_code_fault(&text));
        }
    }
}
