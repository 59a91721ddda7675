use super::*;
use crate::change::{DayStatement, Statement, changes};
use units::{Aqi, BeijingHour};

fn hour(text: &str) -> BeijingHour {
    text.parse().unwrap()
}

fn names(city: Option<&str>) -> Words {
    match city {
        Some("320100") => Words::new("南京", "Nanjing"),
        Some("320300") => Words::new("徐州", "Xuzhou"),
        _ => Words::new("全省", "The province"),
    }
}

fn run(issue: &str, medians: [u16; 2]) -> Statement {
    let day = |(city, median): (&str, u16)| {
        let median = Aqi::new(median).unwrap();
        DayStatement::new(city, "2018-01-15".parse().unwrap(), median, 0.2, (median, median))
    };
    Statement {
        issue: hour(issue),
        model_id: "m1".into(),
        guidance: vec![],
        left_out: vec![],
        days: ["320100", "320300"].into_iter().zip(medians).map(day).collect(),
        episodes: vec![],
    }
}

fn before() -> Statement {
    run("2018-01-13T20:00:00+08:00", [110, 120])
}

fn since(city: &str, seen: f64) -> Since {
    let (from, to) = (hour("2018-01-13T21:00:00+08:00"), hour("2018-01-14T07:00:00+08:00"));
    Since { city: city.into(), from, to, hours: 11, seen, said: 60.0, low: 50.0, high: 70.0 }
}

#[test]
fn changes_and_their_reason_are_said_with_their_figures() {
    let now = run("2018-01-14T08:00:00+08:00", [152, 120]);
    let said = changes_words(&changes(Some(&before()), &now, &[since("320100", 90.0), since("320300", 61.0)]), &names);
    assert_eq!(
        said.text,
        "与 1 月 13 日 20 时起报相比有 2 处变化：南京 1 月 15 日 预报级别 轻度污染 → 中度污染；南京 1 月 15 日 AQI 中位数 \
         110 → 152。与上次不同的数据：南京 1 月 13 日 21 时至 1 月 14 日 7 时（11 小时）PM2.5 实况均值 90 µg/m³，\
         上次预报中位数 60（50—70），实况偏高 50%。"
    );
    assert_eq!(
        said.text_en,
        "Against the run of 13 Jan 20:00, 2 changes: Nanjing 15 Jan: forecast levels from 3 to 4; Nanjing 15 Jan: \
         median AQI from 110 to 152. What differs from the earlier run: Nanjing, 13 Jan 21:00 to 14 Jan 07:00 (11 h): \
         mean PM2.5 observed 90 µg/m³, the earlier run's median 60 (50–70), 50 % above it."
    );
}

#[test]
fn what_no_figure_explains_is_said() {
    let now = run("2018-01-14T08:00:00+08:00", [152, 90]);
    let nothing = changes_words(&changes(Some(&before()), &now, &[]), &names);
    assert!(nothing.text_en.ends_with("No figure at hand explains these changes."), "{nothing:?}");
    let one = changes_words(&changes(Some(&before()), &now, &[since("320100", 90.0)]), &names);
    assert!(one.text_en.ends_with("They do not explain the changes of Xuzhou."), "{one:?}");
    assert!(one.text.ends_with("其中不能说明 徐州 的变化。"), "{one:?}");
}

#[test]
fn nothing_changed_is_one_sentence() {
    let same = changes_words(&changes(Some(&before()), &before(), &[]), &names);
    assert_eq!(same.text_en, "Against the run of 13 Jan 20:00, nothing changed by as much as is told.");
    let first = changes_words(&changes(None, &before(), &[]), &names);
    assert_eq!(first.text, "这是第一次起报，没有可比较的上次。");
}

#[test]
fn more_than_three_are_counted() {
    let words = listed((0..5).map(|n| Words::new(n.to_string(), n.to_string())));
    assert_eq!(words, Words::new("0；1；2；另有 2 处", "0; 1; 2; and 2 more"));
}
