//! A city's workbook, as published: heads over two rows, merged cells, grade words, measures in words.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use plan::list::{Action, Grade, ImportOptions, Imported, Precursor, import_xlsx};
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use units::WarningLevel::{Orange, Red, Yellow};

fn options(region: &str) -> ImportOptions {
    ImportOptions {
        file: "徐州清单.xlsx".into(),
        region: region.parse().unwrap(),
        edition: "2026".into(),
        scheme: "grading-2020".into(),
    }
}

fn import(bytes: &[u8]) -> Imported {
    import_xlsx(bytes, &options("320300")).unwrap()
}

fn merge(sheet: &mut Worksheet, first: (u32, u16), last: (u32, u16), text: &str) {
    sheet.merge_range(first.0, first.1, last.0, last.1, text, &Format::new()).unwrap();
}

fn row(sheet: &mut Worksheet, row: u32, texts: &[&str]) {
    for (column, text) in (0..).zip(texts) {
        if !text.is_empty() {
            sheet.write_string(row, column, *text).unwrap();
        }
    }
}

/// Title, a head of two rows with the levels merged over their columns, data from row 4 on.
///
/// A serial, B name, C county, D grade, E industry, F SO2 t/a, G days, H red measure, I red SO2 kg/d, J orange, K yellow.
fn published(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("工业源").unwrap();
    merge(sheet, (0, 0), (0, 10), "徐州市重污染天气应急减排清单");
    for (column, head) in [
        (0, "序号"),
        (1, "企业名称"),
        (2, "县（市、区）"),
        (3, "绩效分级"),
        (4, "所属行业"),
        (5, "SO2年排放量（t/a）"),
        (6, "年运行天数"),
    ] {
        merge(sheet, (1, column), (2, column), head);
    }
    merge(sheet, (1, 7), (1, 8), "红色预警");
    row(sheet, 2, &["", "", "", "", "", "", "", "减排措施", "SO2减排量（kg/d）"]);
    merge(sheet, (1, 9), (2, 9), "橙色预警措施");
    merge(sheet, (1, 10), (2, 10), "黄色预警措施");
    fill(sheet);
    book.save_to_buffer().unwrap()
}

const GLASS: [&str; 11] = [
    "1",
    "徐州甲玻璃有限公司",
    "铜山区",
    "B级",
    "玻璃",
    "36.5",
    "365",
    "停产",
    "100",
    "投料量由960吨/日降至768吨/日及以下",
    "限产10%",
];

#[test]
fn a_published_sheet_becomes_entries_with_all_that_it_says() {
    let bytes = published(|sheet| {
        row(sheet, 3, &["一、重点行业"]);
        row(sheet, 4, &GLASS);
        row(
            sheet,
            5,
            &["2", "徐州乙热电有限公司", "铜山区", "民生豁免-C", "热电", "1,000", "", "以热定产", "", "自主减排", "/"],
        );
        row(sheet, 6, &["3", "徐州丙家具厂", "经开区", "长期停产", "家具", "", "", "", "", "", ""]);
        row(sheet, 7, &["合计", "3家"]);
    });
    let imported = import(&bytes);
    let report = &imported.report;
    assert!(!report.refused(), "{report:#?}");
    assert_eq!((report.sheets[0].records, report.sheets[0].skipped.as_slice()), (3, [4, 8].as_slice()));
    let list = imported.list.unwrap();
    let [glass, heat, closed] = &list.entries[..] else { panic!("{list:#?}") };
    assert_eq!((glass.id.as_str(), glass.key_industry), ("320300-徐州甲玻璃有限公司", Some(19)));
    assert_eq!(glass.county.map(|county| county.to_string()).as_deref(), Some("320312"));
    assert_eq!(glass.grade("grading-2020").unwrap().grade, Grade::B);
    assert_eq!(glass.source, "徐州清单.xlsx / 工业源 / 5");
    let orange = glass.measure(Orange).unwrap();
    let clause = &orange.clauses[0];
    assert_eq!((clause.baseline, clause.target, clause.unit.as_str()), (Some(960.0), Some(768.0), "吨/日"));
    // 36.5 t over 365 days are 100 kg a day, a fifth of which is 20 kg.
    assert!((orange.cut(&glass.baseline().0).get(Precursor::So2).unwrap().0 - 20.0).abs() < 1e-9);
    assert_eq!(glass.measure(Red).unwrap().stated_cut.so2.unwrap().0, 100.0);
    assert_eq!((heat.safeguard.as_str(), heat.annual.so2.unwrap().0), ("民生豁免-C", 1000.0));
    assert_eq!(heat.measure(Red).unwrap().clauses[0].action, Action::Demand);
    assert_eq!(heat.measure(Yellow).unwrap().clauses[0].action, Action::SelfDirected);
    assert!(closed.long_stopped && closed.grades.is_empty() && closed.baseline().0.is_empty());
    assert_eq!((closed.county, closed.county_name.as_str()), (None, "经开区"));
    let hints: Vec<(&str, u32, &str)> =
        report.faults.iter().map(|fault| (fault.code, fault.row, fault.column.as_str())).collect();
    assert_eq!(hints, [("P-302", 7, "C")]);
}

#[test]
fn merged_lines_of_one_plant_are_several_entries_and_their_emission_counts_once() {
    let bytes = published(|sheet| {
        row(sheet, 3, &GLASS);
        row(sheet, 4, &["2", "", "", "", "", "", "", "限产50%", "", "限产30%", "自主减排"]);
        for (column, text) in [(1, GLASS[1]), (2, GLASS[2]), (3, GLASS[3]), (4, GLASS[4]), (5, GLASS[5])] {
            merge(sheet, (3, column), (4, column), text);
        }
    });
    let imported = import(&bytes);
    let list = imported.list.unwrap();
    assert_eq!(
        list.entries.iter().map(|entry| entry.id.as_str()).collect::<Vec<_>>(),
        ["320300-徐州甲玻璃有限公司", "320300-徐州甲玻璃有限公司~2"]
    );
    assert_eq!((list.entries[0].annual.so2.map(|t| t.0), list.entries[1].annual.so2), (Some(36.5), None));
    assert_eq!(list.entries[1].grade("grading-2020").unwrap().grade, Grade::B);
    assert!(imported.report.faults.iter().any(|fault| fault.code == "P-314" && fault.row == 5 && fault.column == "F"));
}

#[test]
fn one_measure_merged_over_three_levels_is_that_of_each() {
    let bytes = published(|sheet| {
        row(sheet, 3, &GLASS[..8]);
        merge(sheet, (3, 9), (3, 10), "停产");
    });
    let list = import(&bytes).list.unwrap();
    assert!([Red, Orange, Yellow].iter().all(|level| list.entries[0].measure(*level).unwrap().stops()));
}

#[test]
fn every_refusal_names_its_cell_and_nothing_is_imported() {
    for (column, text, code, letter) in [
        (1, "", "P-301", "B"),
        (3, "E级", "P-303", "D"),
        (5, "约30", "P-304", "F"),
        (5, "-3", "P-305", "F"),
        (6, "400", "P-304", "G"),
        (8, "101", "P-313", "I"),
        (9, "投料量由768吨/日降至960吨/日", "P-309", "J"),
        (9, "投料量由960吨/日降至30吨/时", "P-309", "J"),
        (10, "限产120%", "P-309", "K"),
    ] {
        let mut cells = GLASS;
        cells[column] = text;
        let bytes = published(|sheet| {
            row(sheet, 3, &["0", "好企业", "铜山区", "A", "", "", "", "自主减排", "", "", ""]);
            row(sheet, 4, &cells);
        });
        let imported = import(&bytes);
        assert!(imported.list.is_none(), "{code} {text}");
        let refused: Vec<_> = imported.report.faults.iter().filter(|fault| fault.refuses).collect();
        assert_eq!(refused.len(), 1, "{refused:#?}");
        assert_eq!((refused[0].code, refused[0].row, refused[0].column.as_str()), (code, 5, letter), "{text}");
        assert_eq!(refused[0].said, text);
    }
}

#[test]
fn the_same_row_twice_is_refused_and_a_weaker_higher_level_is_told() {
    let mut weaker = GLASS;
    weaker[10] = "限产60%";
    let bytes = published(|sheet| {
        row(sheet, 3, &GLASS);
        row(sheet, 4, &GLASS);
        weaker[1] = "徐州丁玻璃厂";
        row(sheet, 5, &weaker);
    });
    let imported = import(&bytes);
    let codes: Vec<_> = imported.report.faults.iter().map(|fault| (fault.code, fault.row, fault.refuses)).collect();
    assert_eq!(codes, [("P-310", 5, true), ("P-312", 6, false)]);
}

#[test]
fn the_copy_that_goes_back_carries_each_reason_at_its_cell_and_can_be_imported_when_mended() {
    let mut cells = GLASS;
    cells[3] = "E级";
    let imported = import(&published(|sheet| row(sheet, 3, &cells)));
    let copy = imported.marked_copy().unwrap();
    let again = import(&copy);
    assert_eq!(again.report, imported.report, "the copy says the same as what was sent in");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(copy)).unwrap();
    let mut notes = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("xl/comments1.xml").unwrap(), &mut notes).unwrap();
    assert!(notes.contains("P-303") && notes.contains("ref=\"D4\""), "{notes}");
}

#[test]
fn two_schemes_stand_side_by_side_and_companions_come_along() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("企业").unwrap();
    row(
        sheet,
        0,
        &[
            "企业名称",
            "设区市",
            "2020版绩效等级",
            "2026版绩效等级",
            "橙色预警措施",
            "SO2排放量",
            "排污许可证编号",
            "统一社会信用代码",
            "经度",
            "纬度",
        ],
    );
    row(
        sheet,
        1,
        &[
            "甲",
            "徐州市",
            "A",
            "A+",
            "自主减排",
            "3",
            "91640000321673484F001W",
            "91640000321673484E",
            "117°12′",
            "34.2",
        ],
    );
    let sheet = book.add_worksheet();
    sheet.set_name("扬尘源").unwrap();
    row(sheet, 0, &["工地名称", "设区市", "占地面积（平方米）", "橙色预警措施"]);
    row(sheet, 1, &["甲工地", "宿迁", "12000", "停止土石方作业"]);
    let sheet = book.add_worksheet();
    sheet.set_name("说明").unwrap();
    row(sheet, 0, &["本清单由市生态环境局编制"]);
    let imported = import_xlsx(&book.save_to_buffer().unwrap(), &options("320000")).unwrap();
    assert!(!imported.report.sheets[2].taken);
    assert!(imported.report.sheets[0].unread[0].contains("names no unit"), "{:?}", imported.report.sheets[0].unread);
    let codes: Vec<_> = imported.report.faults.iter().map(|fault| (fault.code, fault.refuses)).collect();
    assert_eq!(codes, [("P-307", false)], "{:#?}", imported.report.faults);
    let list = imported.list.unwrap();
    let grades = ["grading-2020", "grading-2026"].map(|scheme| list.entries[0].grade(scheme).unwrap().grade);
    assert_eq!(grades, [Grade::A, Grade::APlus]);
    assert_eq!((list.entries[0].lon, list.entries[0].annual.so2), (Some(117.2), None));
    assert_eq!((list.companions[0].city.to_string().as_str(), list.companions[0].size), ("321300", Some(12000.0)));
}

#[test]
fn a_city_outside_and_exchanged_coordinates_are_refused() {
    let sheet_of = |city: &str, lon: &str, lat: &str| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        row(sheet, 0, &["企业名称", "设区市", "绩效等级", "经度", "纬度"]);
        row(sheet, 1, &["甲", city, "C", lon, lat]);
        import_xlsx(&book.save_to_buffer().unwrap(), &options("320000")).unwrap()
    };
    for (city, lon, lat, code) in [
        ("杭州市", "117", "34", "P-302"),
        ("", "117", "34", "P-302"),
        ("徐州市", "34", "117", "P-306"),
        ("徐州市", "117", "", "P-306"),
        ("徐州市", "东", "34", "P-304"),
    ] {
        let imported = sheet_of(city, lon, lat);
        assert!(imported.list.is_none());
        assert!(
            imported.report.faults.iter().any(|fault| fault.code == code && fault.refuses),
            "{:?}",
            imported.report.faults
        );
    }
}

#[test]
fn a_workbook_without_a_list_and_a_scheme_nobody_knows_are_refused() {
    let mut book = Workbook::new();
    row(book.add_worksheet(), 0, &["姓名", "年龄"]);
    let bytes = book.save_to_buffer().unwrap();
    assert!(import_xlsx(&bytes, &options("320300")).unwrap_err().to_string().starts_with("P-203"));
    let unknown = ImportOptions { scheme: "grading-1999".into(), ..options("320300") };
    assert!(import_xlsx(&bytes, &unknown).unwrap_err().to_string().starts_with("P-206"));
}

#[test]
fn a_workbook_with_any_byte_changed_is_read_or_refused() {
    let bytes = published(|sheet| row(sheet, 3, &GLASS));
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..300 {
        let mut broken = bytes.clone();
        for _ in 0..random.usize(1..4) {
            let place = random.usize(0..broken.len());
            broken[place] = random.u8(..);
        }
        if let Err(error) = import_xlsx(&broken, &options("320300")) {
            assert!(error.to_string().starts_with("P-20"), "{error}");
        }
    }
}
