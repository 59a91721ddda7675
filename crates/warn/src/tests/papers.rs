//! What leaves the house: CAP, Atom, notices.

use super::*;
use std::process::Command;

fn sender() -> Sender {
    Sender {
        region: city("320000"),
        sector: "000".into(),
        unit: "000".into(),
        extension: "00".into(),
        id: "warning@sthjt.example".into(),
        name: "江苏省生态环境厅".into(),
        name_en: "Department of Ecology and Environment of Jiangsu".into(),
        web: Some("https://example.org/warnings".into()),
    }
}

fn areas() -> Vec<Area> {
    vec![Area { code: city(XUZHOU), rings: vec![vec![(116.9, 34.1), (117.9, 34.1), (117.4, 34.7)]] }]
}

/// Issued, raised, lifted.
fn chain(exercise: bool) -> Warning {
    let mut desk = Desk::in_force(exercise);
    for (change, level, document) in
        [(Change::Raise, WarningLevel::Red, "2号"), (Change::Lift, WarningLevel::Red, "3号")]
    {
        desk.give(draft(change, terms(level, &[XUZHOU]), "<新一次起报> & 实况"), &by("duty"), "15 20:00").unwrap();
        desk.pass(document, "15 21:00");
    }
    desk.state
}

fn message(warning: &Warning, number: usize) -> String {
    cap(warning, number, &sender(), &areas(), false).unwrap()
}

/// The text of the first element of that name.
fn element<'a>(xml: &'a str, name: &str) -> &'a str {
    let from = xml.find(&format!("<{name}>")).map(|at| at + name.len() + 2);
    from.and_then(|from| xml[from..].split('<').next()).unwrap_or_default()
}

#[test]
fn every_message_fits_the_schema_of_the_standard() {
    let folder = tempfile::tempdir().unwrap();
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/CAP-v1.2.xsd");
    let files: Vec<_> = [false, true]
        .into_iter()
        .flat_map(|exercise| {
            let warning = chain(exercise);
            (1..=3).map(|number| message(&warning, number)).collect::<Vec<_>>()
        })
        .enumerate()
        .map(|(number, xml)| {
            let path = folder.path().join(format!("{number}.xml"));
            std::fs::write(&path, xml).unwrap();
            path
        })
        .collect();
    let validator = Command::new("xmllint").args(["--noout", "--nonet", "--schema", schema]).args(&files).output();
    let said = validator.expect("xmllint is needed for this test: install libxml2-utils");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
}

#[test]
fn a_chain_resolves_by_its_references() {
    let warning = chain(false);
    let messages: Vec<String> = (1..=3).map(|number| message(&warning, number)).collect();
    let kinds: Vec<&str> = messages.iter().map(|xml| element(xml, "msgType")).collect();
    assert_eq!(kinds, ["Alert", "Update", "Cancel"]);
    let triple = |xml: &str| ["sender", "identifier", "sent"].map(|name| element(xml, name)).join(",");
    assert_eq!(element(&messages[0], "references"), "");
    for number in 1..3 {
        let expected: Vec<String> = messages[..number].iter().map(|xml| triple(xml)).collect();
        assert_eq!(element(&messages[number], "references"), expected.join(" "));
    }
}

#[test]
fn identifiers_follow_the_national_rule_and_differ_within_a_second() {
    let warning = chain(false);
    let all: Vec<String> = (1..=3).map(|number| identifier(&warning, number, &sender()).unwrap()).collect();
    assert_eq!(
        all,
        ["32000000000000_20260115090000_0", "32000000000000_20260115210000_0", "32000000000000_20260115210000_1"]
    );
    assert!(all.iter().all(|one| one.len() == 31));
}

#[test]
fn the_message_says_level_time_zone_languages_and_area() {
    let xml = message(&chain(false), 1);
    assert_eq!(element(&xml, "sent"), "2026-01-15T09:00:00+08:00");
    assert_eq!((element(&xml, "status"), element(&xml, "severity")), ("Actual", "Severe"));
    assert_eq!((element(&xml, "urgency"), element(&xml, "responseType")), ("Future", "Prepare"));
    assert_eq!(element(&xml, "certainty"), "Likely");
    assert_eq!(element(&xml, "polygon"), "34.1000,116.9000 34.1000,117.9000 34.7000,117.4000 34.1000,116.9000");
    assert!(xml.contains("<language>zh-CN</language>") && xml.contains("<language>en-US</language>"));
    let red = message(&chain(false), 2);
    assert_eq!(element(&red, "severity"), "Extreme");
    assert_eq!(element(&message(&chain(false), 3), "responseType"), "AllClear");
}

#[test]
fn an_exercise_is_never_actual() {
    for number in 1..=3 {
        for test in [false, true] {
            let xml = cap(&chain(true), number, &sender(), &areas(), test).unwrap();
            assert_eq!((element(&xml, "status"), element(&xml, "scope")), ("Exercise", "Restricted"));
            assert!(element(&xml, "headline").starts_with("【演练】"));
        }
    }
    let test = cap(&chain(false), 1, &sender(), &[], true).unwrap();
    assert_eq!(element(&test, "status"), "Test");
    assert!(!test.contains("<polygon>"));
}

#[test]
fn what_cannot_be_written_is_refused() {
    let warning = chain(false);
    for number in [0, 4] {
        assert!(cap(&warning, number, &sender(), &[], false).unwrap_err().to_string().starts_with("W-501"));
        assert!(notice(&warning, number, "省厅", str::to_string).unwrap_err().to_string().starts_with("W-501"));
    }
    for bad in [
        Sender { sector: "12".into(), ..sender() },
        Sender { unit: "x00".into(), ..sender() },
        Sender { extension: "000".into(), ..sender() },
        Sender { id: "a b".into(), ..sender() },
        Sender { id: String::new(), ..sender() },
    ] {
        assert!(identifier(&warning, 1, &bad).unwrap_err().to_string().starts_with("W-502"), "{bad:?}");
    }
}

#[test]
fn the_feed_has_the_newest_first_keeps_what_ended_two_days_and_no_exercise() {
    let address = "https://example.org/cap/feed.xml";
    let message = |warning: &Warning, number: usize| format!("https://example.org/{}/{number}", warning.id);
    let feed = |now: &str| atom(&[chain(false), chain(true)], &sender(), address, message, at(now)).unwrap();
    let now = feed("16 08:00");
    assert_eq!(now.matches("<entry>").count(), 3);
    assert!(now.find("解除").unwrap() < now.find("升级").unwrap());
    assert!(now.contains("https://example.org/warning-1/1") && now.contains("urn:cap:32000000000000_20260115090000_0"));
    assert_eq!(feed("17 20:59").matches("<entry>").count(), 3);
    assert_eq!(feed("17 21:00").matches("<entry>").count(), 0);
}

#[test]
fn a_notice_says_who_decided_what_on_which_forecast() {
    let sheet = notice(&chain(false), 1, "江苏省生态环境厅", |id| format!("[{id}]")).unwrap();
    assert_eq!((sheet.title.as_str(), sheet.mark.as_str()), ("关于发布重污染天气橙色预警的通知", ""));
    let text = format!("{sheet:?}");
    for part in [
        "徐州自 2026-01-17 20:00 起至 2026-01-20 20:00",
        "run-1",
        "江苏省重污染天气应急预案(2025 年)",
        "[assessor]",
        "[leader]",
        "80 %",
        "sha256:",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let lift = notice(&chain(false), 3, "省厅", str::to_string).unwrap();
    assert_eq!(lift.title, "关于解除重污染天气红色预警的通知");
}

#[test]
fn exercise_and_demonstration_stand_on_every_page() {
    let mut warning = chain(true);
    warning.issued[0].draft.basis.demonstration = true;
    let sheet = notice(&warning, 1, "省厅", str::to_string).unwrap();
    assert!(sheet.mark.contains("演练") && sheet.mark.contains("演示数据"), "{}", sheet.mark);
    let docx = document::docx(&sheet).unwrap();
    assert_eq!(docx, document::docx(&sheet).unwrap());
}
