use super::*;
use crate::{OrgKind, Organisation};
use rust_xlsxwriter::Workbook;
use units::OrgId;

fn id(text: &str) -> OrgId {
    text.parse().unwrap()
}

fn org(text: &str, name: &str, kind: OrgKind, parent: Option<&str>) -> Organisation {
    let (name, parent) = (name.to_string(), parent.map(id));
    Organisation { id: id(text), name, kind, parent, active: true, ..Organisation::default() }
}

fn person(login: &str, organisation: &str) -> AccountRow {
    AccountRow {
        login: login.into(),
        name: "张三".into(),
        organisation: id(organisation),
        phone: "138-0000-0000".into(),
        mail: String::new(),
        active: true,
    }
}

fn tree() -> Vec<Organisation> {
    let mut north = org("north", "苏北专员办", OrgKind::CommissionerOffice, Some("js"));
    north.areas = vec![id("320300")];
    vec![
        org("js", "省厅", OrgKind::Department, None),
        org("320300", "徐州市局", OrgKind::CityBureau, Some("js")),
        Organisation {
            region: "320312".parse().ok(),
            ..org("320312", "铜山局", OrgKind::CountyBureau, Some("320300"))
        },
        north,
    ]
}

/// A workbook of one sheet, texts as given.
fn book(sheet: &str, rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.set_name(sheet).unwrap();
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(*cells) {
            page.write_string(row, column, *text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn plan(rows: &[&[&str]]) -> ImportPlan {
    let mut all: Vec<&[&str]> = vec![&["编码", "名称", "类型", "上级编码", "状态"]];
    all.extend(rows);
    let sheets = read(&book(ORGANISATIONS, &all)).unwrap();
    plan_import(Existing { organisations: &tree(), accounts: &[person("zhang", "320312")] }, &sheets)
}

fn faults(plan: &ImportPlan) -> Vec<(u32, &str, &str)> {
    plan.refused.iter().map(|fault| (fault.row, fault.column.as_str(), fault.code.as_str())).collect()
}

#[test]
fn what_is_written_is_read_back_and_changes_nothing() {
    let accounts = [person("zhang", "320312"), AccountRow { active: false, ..person("li", "js") }];
    let sheets = read(&write(&tree(), &accounts).unwrap()).unwrap();
    let plan = plan_import(Existing { organisations: &tree(), accounts: &accounts }, &sheets);
    let empty = ImportPlan {
        organisations: Changes { unchanged: 4, ..Changes::default() },
        accounts: Changes { unchanged: 2, ..Changes::default() },
        refused: Vec::new(),
    };
    assert_eq!(plan, empty);
}

#[test]
fn texts_that_look_like_formulas_stay_texts() {
    let risky = ["=1+1", "+86 1", "-2", "@SUM(A1)", "=HYPERLINK(\"http://x\")"];
    let accounts: Vec<_> =
        risky.iter().map(|name| AccountRow { name: name.to_string(), ..person("zhang", "js") }).collect();
    let sheets = read(&write(&[], &accounts).unwrap()).unwrap();
    let rows = sheets.accounts.unwrap().rows;
    assert!(rows.iter().all(|cells| cells.formulas.is_empty()));
    assert_eq!(rows.iter().map(|cells| cells.texts[&1].as_str()).collect::<Vec<_>>(), risky);
}

#[test]
fn new_ones_come_with_the_parent_first_whatever_the_order_of_rows() {
    let plan = plan(&[&["ent", "某厂", "企业", "county"], &["county", "某县局", "县区局", "320300"]]);
    assert_eq!(plan.organisations.create.iter().map(|o| o.id.as_str()).collect::<Vec<_>>(), ["county", "ent"]);
    assert!(plan.refused.is_empty());
}

#[test]
fn a_changed_name_or_parent_is_a_change_and_the_rest_stays() {
    let plan = plan(&[&["320312", "铜山分局", "", "js"], &["320300", "徐州市局", "", "js"]]);
    assert_eq!(faults(&plan), [(2, "上级编码", "G-206")], "a county bureau does not lie under the department");
    assert_eq!((plan.organisations.change.len(), plan.organisations.unchanged), (0, 1));
}

#[test]
fn bad_cells_are_named_and_good_rows_kept() {
    let plan = plan(&[
        &["../x", "坏编码", "企业", "320312"],
        &["a", "", "企业", "320312"],
        &["b", "坏类型", "公司", "320312"],
        &["c", "无上级", "企业", "nowhere"],
        &["d", "好的", "企业", "320312"],
        &["d", "重复", "企业", "320312"],
        &["e", "县在企业下", "县区局", "d"],
        &["f", "坏状态", "企业", "320312", "关了"],
        &["g", "没有上级", "企业", ""],
    ]);
    assert_eq!(
        faults(&plan),
        [
            (2, "编码", "U-601"),
            (3, "名称", "G-203"),
            (4, "类型", "G-104"),
            (5, "上级编码", "G-204"),
            (7, "编码", "G-512"),
            (8, "上级编码", "G-206"),
            (9, "状态", "G-516"),
            (10, "上级编码", "G-206"),
        ]
    );
    assert_eq!(plan.organisations.create, [org("d", "好的", OrgKind::Enterprise, Some("320312"))]);
}

#[test]
fn circles_are_refused_and_take_their_new_children_with_them() {
    let plan = plan(&[
        &["x", "甲", "直属单位", "y"],
        &["y", "乙", "处室", "x"],
        &["z", "丙", "工作组", "y"],
        &["320300", "徐州市局", "市局", "320312"],
    ]);
    assert!(plan.organisations.create.is_empty() && plan.organisations.change.is_empty());
    assert_eq!(
        plan.refused.iter().map(|fault| fault.row).collect::<std::collections::BTreeSet<_>>(),
        [2, 3, 4, 5].into()
    );
}

#[test]
fn nothing_with_open_parts_is_closed() {
    let city = plan(&[&["320300", "徐州市局", "", "js", "停用"]]);
    assert_eq!(faults(&city), [(2, "状态", "G-209")]);
    let county = plan(&[&["320312", "铜山局", "", "320300", "停用"]]);
    assert_eq!(faults(&county), [(2, "状态", "G-209")], "zhang still belongs to it");
    assert!(county.organisations.change.is_empty());
}

#[test]
fn accounts_are_checked_against_the_tree_after_the_import() {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.set_name(ACCOUNTS).unwrap();
    let rows = [
        ["登录名", "姓名", "单位编码", "手机", "邮箱"],
        ["Wang", "王五", "320312", "13800000000", "w@example.cn"],
        ["li", "李四", "nowhere", "", ""],
        ["zhao", "赵六", "js", "电话", "a@b@c"],
        ["zhang", "张三丰", "320312", "138-0000-0000", ""],
    ];
    for (row, cells) in (0..).zip(rows) {
        page.write_row(row, 0, cells).unwrap();
    }
    let sheets = read(&book.save_to_buffer().unwrap()).unwrap();
    let plan = plan_import(Existing { organisations: &tree(), accounts: &[person("zhang", "320312")] }, &sheets);
    assert_eq!(plan.accounts.create.iter().map(|row| row.login.as_str()).collect::<Vec<_>>(), ["wang"]);
    assert_eq!(plan.accounts.change[0].after.name, "张三丰");
    assert_eq!(faults(&plan), [(3, "单位编码", "G-204"), (4, "手机", "G-517"), (4, "邮箱", "G-517")]);
}

#[test]
fn a_formula_is_refused_where_a_value_is_due_and_a_number_is_read_as_its_digits() {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.set_name(ORGANISATIONS).unwrap();
    page.write_row(0, 0, ["编码", "名称", "类型", "上级编码"]).unwrap();
    page.write_row(1, 0, ["ent", "某厂", "企业"]).unwrap();
    page.write_number(1, 3, 320312.0).unwrap();
    page.write_row(2, 0, ["ent2", "某厂", "企业", "320312"]).unwrap();
    page.write_formula(2, 1, "=1+1").unwrap();
    let sheets = read(&book.save_to_buffer().unwrap()).unwrap();
    let plan = plan_import(Existing { organisations: &tree(), accounts: &[] }, &sheets);
    assert_eq!(plan.organisations.create.iter().map(|o| o.id.as_str()).collect::<Vec<_>>(), ["ent"]);
    assert_eq!(faults(&plan), [(3, "名称", "G-511")]);
}

#[test]
fn the_returned_copy_has_the_same_texts_and_the_reason_beside_the_cell() {
    let rows: [&[&str]; 3] =
        [&["编码", "名称", "类型", "上级编码"], &["c", "无上级", "企业", "nowhere"], &["d", "", "企业", "320312"]];
    let sheets = read(&book(ORGANISATIONS, &rows)).unwrap();
    let plan = plan_import(Existing { organisations: &tree(), accounts: &[] }, &sheets);
    let copy = marked_copy(&sheets, &plan.refused).unwrap();
    assert_eq!(read(&copy).unwrap(), sheets);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(copy)).unwrap();
    let mut notes = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("xl/comments1.xml").unwrap(), &mut notes).unwrap();
    assert!(notes.contains("G-204") && notes.contains("ref=\"D2\"") && notes.contains("ref=\"B3\""), "{notes}");
}

#[test]
fn what_is_no_workbook_or_too_large_is_refused_with_numbers() {
    let refused = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
    assert!(refused(b"").starts_with("G-501") && refused(b"PK\x03\x04 and nonsense").starts_with("G-501"));
    assert!(refused(&book("别的", &[&["编码"]])).starts_with("G-503"));
    assert!(refused(&book(ORGANISATIONS, &[&["编码", "名称"]])).contains("上级编码"));
    assert!(refused(&vec![0; (20 << 20) + 1]).starts_with("G-502 the workbook has 20971521 bytes, at most 20971520"));
    let mut corner = Workbook::new();
    let page = corner.add_worksheet();
    page.set_name(ORGANISATIONS).unwrap();
    page.write_string(1_048_575, 16_383, "far").unwrap();
    assert!(refused(&corner.save_to_buffer().unwrap()).starts_with("G-502 the workbook has 1048576 rows"));
    let long = "长".repeat(501);
    assert!(refused(&book(ORGANISATIONS, &[&[&long]])).starts_with("G-502 the workbook has 501 characters"));
}

#[test]
fn a_small_file_that_unpacks_to_very_much_is_refused_before_it_is_taken_in() {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let chunk = vec![b' '; 1 << 20];
    for _ in 0..65 {
        writer.write_all(&chunk).unwrap();
    }
    let bomb = writer.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 20);
    assert!(read(&bomb).unwrap_err().to_string().starts_with("G-502 the workbook has 67108865 unpacked bytes"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn damaged_workbooks_are_read_or_refused(at in 0.0..1.0f64, byte: u8, cut in 0.0..1.0f64) {
        let mut bytes = write(&tree(), &[person("zhang", "js")]).unwrap();
        let place = (at * (bytes.len() - 1) as f64) as usize;
        bytes[place] = byte;
        let _outcome_is_either = read(&bytes);
        bytes.truncate((cut * bytes.len() as f64) as usize);
        let _outcome_is_either = read(&bytes);
    }
}
