//! Which field a column holds: recognised by what cities call it.

use super::amounts::Precursor;
use super::entry::CompanionKind;
use super::phrase::narrow;
use super::workbook::{Page, Place};
use std::collections::BTreeMap;
use units::WarningLevel;

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Field {
    Serial,
    Name,
    City,
    County,
    Address,
    Lon,
    Lat,
    CreditCode,
    Permit,
    Contact,
    Phone,
    Industry,
    IndustryCode,
    Line,
    Product,
    Fuel,
    Treatment,
    OperatingDays,
    Vehicles,
    /// The scheme it names, if any.
    Grade(Option<&'static str>),
    Safeguard,
    Small,
    /// Times this it is t/a.
    Annual(Precursor, f64),
    /// Times this it is kg/day.
    Daily(Precursor, f64),
    Measure(WarningLevel),
    /// Times this it is kg/day.
    Cut(WarningLevel, Precursor, f64),
    Cost(WarningLevel),
    Indicator(WarningLevel),
    Size,
    Remarks,
}

/// Why a column is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// None of the names fits.
    Unknown,
    /// An amount without a unit.
    NoUnit,
}

/// The head of a sheet.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub kind: Option<CompanionKind>,
    /// First and last row of the head.
    pub rows: (u32, u32),
    pub columns: BTreeMap<u32, (String, Result<Field, Unread>)>,
}

impl Head {
    /// The column of a field.
    pub fn column(&self, field: &Field) -> Option<u32> {
        self.columns.iter().find(|(_, (_, found))| found.as_ref() == Ok(field)).map(|(column, _)| *column)
    }
}

const DEEPEST: u32 = 20;

/// Finds the head of a sheet: the row that names enterprises, what is merged with it, and the rows of heads above.
/// `None` when the sheet is no list: no names, or neither measure nor grade beside them.
pub(super) fn find(page: &Page) -> Option<Head> {
    let (rows, width) = page.size();
    for row in 0..rows.min(DEEPEST) {
        let Some(column) = (0..width).find(|&column| field(page.text((row, column))) == Ok(Field::Name)) else {
            continue;
        };
        let last =
            page.merged.iter().find(|(start, end)| inside((row, column), *start, *end)).map_or(row, |(_, end)| end.0);
        // A title is one text over the whole width; a row of heads has several.
        let several = |row: u32| texts(page, row, width) > 1;
        let first = (row.saturating_sub(2)..row).rev().take_while(|&above| several(above)).last().unwrap_or(row);
        let last = last.max(row);
        let columns: BTreeMap<u32, (String, Result<Field, Unread>)> = (0..width)
            .map(|column| (column, joined(page, first, last, column)))
            .filter(|(_, head)| !head.is_empty())
            .map(|(column, head)| (column, (head.clone(), field(&head))))
            .collect();
        let says = |wanted: fn(&Field) -> bool| columns.values().any(|(_, found)| found.as_ref().is_ok_and(wanted));
        if says(|field| matches!(field, Field::Measure(_) | Field::Grade(_))) {
            return Some(Head { kind: kind(&page.name, &columns), rows: (first, last), columns });
        }
    }
    None
}

fn inside(at: Place, start: Place, end: Place) -> bool {
    (start.0..=end.0).contains(&at.0) && (start.1..=end.1).contains(&at.1)
}

/// Different texts of a row.
pub(super) fn texts(page: &Page, row: u32, width: u32) -> usize {
    let anchors: std::collections::BTreeSet<Place> =
        (0..width).map(|column| *page.anchor(&(row, column))).filter(|at| !page.text(*at).is_empty()).collect();
    anchors.len()
}

/// The heads above one another, each once.
fn joined(page: &Page, first: u32, last: u32, column: u32) -> String {
    let mut parts: Vec<&str> = vec![];
    for row in first..=last {
        let text = page.text((row, column));
        if !text.is_empty() && parts.last() != Some(&text) {
            parts.push(text);
        }
    }
    parts.join("/")
}

fn kind(sheet: &str, columns: &BTreeMap<u32, (String, Result<Field, Unread>)>) -> Option<CompanionKind> {
    let name = |words: &[&str]| {
        let head = columns.values().find(|(_, found)| *found == Ok(Field::Name)).map_or("", |(head, _)| head);
        words.iter().any(|word| sheet.contains(word) || head.contains(word))
    };
    if name(&["扬尘", "工地", "工程", "堆场", "码头", "项目"]) {
        Some(CompanionKind::Dust)
    } else if name(&["移动源", "用车", "车辆", "机械"]) {
        Some(CompanionKind::Mobile)
    } else {
        None
    }
}

/// The field that a head names.
pub(super) fn field(head: &str) -> Result<Field, Unread> {
    let text: String = narrow(head).replace('₂', "2").chars().filter(|c| !c.is_whitespace()).collect();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let amount = text.contains("排放") || precursor_only(&text);
    if let Some(level) = level(&text) {
        let amount = has(&["减排量", "削减量"]) || unit(&text).is_some();
        return match precursor(&text).filter(|_| amount) {
            Some(precursor) => match unit(&text) {
                Some(Unit::Daily(factor)) => Ok(Field::Cut(level, precursor, factor)),
                _ => Err(Unread::NoUnit),
            },
            None if has(&["成本", "费用", "损失"]) => Ok(Field::Cost(level)),
            None if has(&["核查", "核验", "检查", "监管指标"]) => Ok(Field::Indicator(level)),
            None if has(&["减排量", "削减量", "比例"]) => Err(Unread::Unknown),
            None => Ok(Field::Measure(level)),
        };
    }
    // A cut that names no level belongs to none.
    if has(&["减排", "削减"]) {
        return Err(Unread::Unknown);
    }
    if let Some(precursor) = precursor(&text).filter(|_| amount) {
        return match unit(&text) {
            Some(Unit::Annual(factor)) => Ok(Field::Annual(precursor, factor)),
            Some(Unit::Daily(factor)) => Ok(Field::Daily(precursor, factor)),
            None => Err(Unread::NoUnit),
        };
    }
    // "Is it a key industry" names no industry.
    if text.starts_with("是否") && !has(&["小微", "保障", "民生", "豁免"]) {
        return Err(Unread::Unknown);
    }
    let table: [(&[&str], Field); 24] = [
        (&["统一社会信用代码", "信用代码", "组织机构代码"], Field::CreditCode),
        (&["许可证"], Field::Permit),
        (&["小微"], Field::Small),
        (&["保障类", "民生", "豁免"], Field::Safeguard),
        (&["绩效", "评级", "分级", "等级", "级别"], Field::Grade(edition(&text))),
        (&["行业代码", "国民经济行业", "4754"], Field::IndustryCode),
        (&["行业"], Field::Industry),
        (&["经度"], Field::Lon),
        (&["纬度"], Field::Lat),
        (&["电话", "联系方式", "手机"], Field::Phone),
        (&["联系人", "负责人"], Field::Contact),
        (
            &["企业名称", "单位名称", "企业名", "工地名称", "项目名称", "工程名称", "堆场名称", "扬尘源名称"],
            Field::Name,
        ),
        (&["地址", "位置", "地点"], Field::Address),
        (&["县", "区县", "市区", "所属区", "辖区", "区(市)"], Field::County),
        (&["地市", "设区市", "城市", "市"], Field::City),
        (&["生产线", "产线", "工序", "生产设施"], Field::Line),
        (&["产品", "产能", "主要产"], Field::Product),
        (&["燃料", "能源"], Field::Fuel),
        (&["治理设施", "治理工艺", "污染防治设施", "处理设施"], Field::Treatment),
        (&["运行天数", "生产天数", "工作天数", "年生产天", "年运行"], Field::OperatingDays),
        (&["运输车辆", "车次", "日均车辆"], Field::Vehicles),
        (&["面积", "车辆数", "数量", "规模"], Field::Size),
        (&["备注", "说明"], Field::Remarks),
        (&["序号", "编号"], Field::Serial),
    ];
    if matches!(text.as_str(), "名称" | "企业" | "单位") {
        return Ok(Field::Name);
    }
    table.into_iter().find(|(words, _)| has(words)).map(|(_, field)| field).ok_or(Unread::Unknown)
}

fn level(text: &str) -> Option<WarningLevel> {
    let named = [
        (WarningLevel::Red, ["红色", "Ⅰ级", "I级响应", "一级响应"]),
        (WarningLevel::Orange, ["橙色", "Ⅱ级", "II级响应", "二级响应"]),
        (WarningLevel::Yellow, ["黄色", "Ⅲ级", "III级响应", "三级响应"]),
    ];
    // III级响应 contains II级响应 and I级响应: the longest that fits is meant.
    let all = named.into_iter().flat_map(|(level, words)| words.map(|word| (level, word)));
    all.filter(|(_, word)| text.contains(word)).max_by_key(|(_, word)| word.len()).map(|(level, _)| level)
}

fn edition(text: &str) -> Option<&'static str> {
    [("2026", "grading-2026"), ("2020", "grading-2020")]
        .into_iter()
        .find(|(year, _)| text.contains(year))
        .map(|(_, id)| id)
}

fn precursor(text: &str) -> Option<Precursor> {
    let upper = text.to_uppercase();
    let named = [
        (Precursor::So2, ["SO2", "二氧化硫", "二氧化硫"]),
        (Precursor::Nox, ["NOX", "氮氧化物", "NO₂"]),
        (Precursor::Vocs, ["VOC", "挥发性有机物", "非甲烷总烃"]),
        (Precursor::Pm, ["颗粒物", "烟粉尘", "PM"]),
    ];
    named.into_iter().find(|(_, words)| words.iter().any(|word| upper.contains(word))).map(|(precursor, _)| precursor)
}

/// A head that is a pollutant and its unit, nothing else.
fn precursor_only(text: &str) -> bool {
    precursor(text).is_some() && text.chars().count() <= 16
}

enum Unit {
    /// Times this it is t/a.
    Annual(f64),
    /// Times this it is kg/day.
    Daily(f64),
}

fn unit(text: &str) -> Option<Unit> {
    let text = text
        .to_lowercase()
        .replace("公斤", "千克")
        .replace("kg", "千克")
        .replace("/a", "/年")
        .replace("/d", "/日")
        .replace('天', "日");
    let text = text.replace("(t/", "(吨/").replace("t/年", "吨/年").replace("t/日", "吨/日").replace("/y", "/年");
    let annual = text.contains("/年") || text.contains("年排放") && !text.contains("/日");
    let daily = text.contains("/日") || text.contains("日排放") || text.contains("日均");
    match (annual, daily, text.contains("千克"), text.contains('吨')) {
        (_, true, true, _) => Some(Unit::Daily(1.0)),
        (_, true, false, true) => Some(Unit::Daily(1000.0)),
        (true, false, true, _) => Some(Unit::Annual(0.001)),
        (true, false, false, true) => Some(Unit::Annual(1.0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use WarningLevel::{Orange, Red, Yellow};

    #[test]
    fn heads_that_cities_write_are_recognised() {
        for (head, expected) in [
            ("企业名称", Field::Name),
            ("单位名称（全称）", Field::Name),
            ("县（市、区）", Field::County),
            ("统一社会信用代码", Field::CreditCode),
            ("排污许可证编号", Field::Permit),
            ("绩效分级", Field::Grade(None)),
            ("绩效等级（2026版）", Field::Grade(Some("grading-2026"))),
            ("2020年绩效评级", Field::Grade(Some("grading-2020"))),
            ("红色预警减排措施", Field::Measure(Red)),
            ("橙色预警/措施", Field::Measure(Orange)),
            ("Ⅲ级响应措施", Field::Measure(Yellow)),
            ("III级响应措施", Field::Measure(Yellow)),
            ("红色预警/减排量（kg/d）/SO2", Field::Cut(Red, Precursor::So2, 1.0)),
            ("橙色预警/VOCs减排量(吨/日)", Field::Cut(Orange, Precursor::Vocs, 1000.0)),
            ("年排放量（吨/年）/氮氧化物", Field::Annual(Precursor::Nox, 1.0)),
            ("SO₂年排放量（t/a）", Field::Annual(Precursor::So2, 1.0)),
            ("颗粒物日排放量(千克/天)", Field::Daily(Precursor::Pm, 1.0)),
            ("黄色预警/核查指标", Field::Indicator(Yellow)),
            ("红色预警/减排成本（万元/日）", Field::Cost(Red)),
            ("经度", Field::Lon),
            ("所属行业", Field::Industry),
            ("国民经济行业代码", Field::IndustryCode),
            ("生产线/工序", Field::Line),
            ("序号", Field::Serial),
        ] {
            assert_eq!(field(head), Ok(expected), "{head}");
        }
    }

    #[test]
    fn an_amount_without_a_unit_is_not_guessed() {
        for head in ["SO2排放量", "红色预警/SO2减排量", "NOx"] {
            assert_eq!(field(head), Err(Unread::NoUnit), "{head}");
        }
        for head in ["法定代表签字", "是否重点行业", "SO2减排量（kg/d）", "产品名称"] {
            assert!(!matches!(field(head), Ok(Field::Name | Field::Industry | Field::Daily(..))), "{head}");
        }
    }
}
