//! Schedules worked out by hand. Working days from Monday 2 March 2026: 2–6, 9–13 and 16–20 March are the days 0–14.

use super::*;
use serde_json::json;
use units::BeijingDay;

/// `start`, `deadline` and `status` in the first line; tasks with their bounds; links; then what is expected:
/// early start and finish, late start and finish, total and free slack.
const CASES: &[(&str, &str)] = &[
    (
        "finish to start with a lag of one day: the weekend is not worked",
        "start 03-02 deadline 03-13
         task A 3 ; task B 2 ; link A FS B 1
         A 03-02 03-04 03-06 03-10 4 0 ; B 03-06 03-09 03-12 03-13 4 0
         finish 03-09 late 0 critical A B",
    ),
    (
        "finish to start with a lead of one day",
        "start 03-02
         task A 3 ; task B 2 ; link A FS B -1
         A 03-02 03-04 03-02 03-04 0 0 ; B 03-04 03-05 03-04 03-05 0 0
         finish 03-05 late 0 critical A B",
    ),
    (
        "start to start with a lag",
        "start 03-02
         task A 3 ; task B 4 ; link A SS B 1
         A 03-02 03-04 03-02 03-04 0 0 ; B 03-03 03-06 03-03 03-06 0 0
         finish 03-06 late 0 critical A B",
    ),
    (
        "start to start with a lead: the successor may begin a day before",
        "start 03-02
         task A 3 not_before=03-04 ; task B 2 ; link A SS B -1
         A 03-04 03-06 03-04 03-06 0 0 ; B 03-03 03-04 03-05 03-06 2 2
         finish 03-06 late 0 critical A",
    ),
    (
        "finish to finish with a lag: the start follows from the finish",
        "start 03-02
         task A 3 ; task B 2 ; link A FF B 1
         A 03-02 03-04 03-02 03-04 0 0 ; B 03-04 03-05 03-04 03-05 0 0
         finish 03-05 late 0 critical A B",
    ),
    (
        "finish to finish with a lead of two days",
        "start 03-02
         task A 5 ; task B 2 ; link A FF B -2
         A 03-02 03-06 03-02 03-06 0 0 ; B 03-03 03-04 03-05 03-06 2 2
         finish 03-06 late 0 critical A",
    ),
    (
        "start to finish: the successor ends on the evening before the predecessor starts",
        "start 03-02
         task A 2 not_before=03-05 ; task B 3 ; link A SF B 0
         A 03-05 03-06 03-05 03-06 0 0 ; B 03-02 03-04 03-04 03-06 2 2
         finish 03-06 late 0 critical A",
    ),
    (
        "start to finish with a lag holds the successor back, with a lead it is held by the start of the plan",
        "start 03-02
         task A 2 not_before=03-05 ; task B 3 ; task C 3 ; link A SF B 2 ; link A SF C -1
         A 03-05 03-06 03-05 03-06 0 0 ; B 03-04 03-06 03-04 03-06 0 0 ; C 03-02 03-04 03-04 03-06 2 2
         finish 03-06 late 0 critical A B",
    ),
    (
        "milestones fall on evenings: behind a task on its last day, at the start on the first day",
        "start 03-02
         task A 2 ; task M 0 ; task B 1 ; task N 0 ; task S 0 ; task T 1
         link A FS M 0 ; link M FS B 0 ; link B FS N 1 ; link S FS T 0
         A 03-02 03-03 03-02 03-03 0 0 ; M 03-03 03-03 03-03 03-03 0 0 ; B 03-04 03-04 03-04 03-04 0 0
         N 03-05 03-05 03-05 03-05 0 0 ; S 03-02 03-02 03-04 03-04 2 0 ; T 03-03 03-03 03-05 03-05 2 2
         finish 03-05 late 0 critical A M B N",
    ),
    (
        "a deadline that can't be met: every task of the chain is late by two days",
        "start 03-02 deadline 03-11
         task A 5 ; task B 5 ; task C 1 ; link A FS B 0
         A 03-02 03-06 02-26 03-04 -2 0 ; B 03-09 03-13 03-05 03-11 -2 0 ; C 03-02 03-02 03-11 03-11 7 9
         finish 03-13 late 2 critical A B",
    ),
    (
        "a deadline on a Sunday is met on Friday evening, and not a day later",
        "start 03-02 deadline 03-08
         task A 5 ; task B 6
         A 03-02 03-06 03-02 03-06 0 1 ; B 03-02 03-09 02-27 03-06 -1 0
         finish 03-09 late 1 critical B",
    ),
    (
        "a fixed start that the predecessor does not allow",
        "start 03-02
         task A 3 ; task B 2 must_start=03-03 ; link A FS B 0
         A 03-02 03-04 02-26 03-02 -2 0 ; B 03-05 03-06 03-03 03-04 -2 0
         finish 03-06 late 0 critical A B",
    ),
    (
        "a fixed start behind the predecessor leaves room before it",
        "start 03-02 deadline 03-20
         task A 3 ; task B 2 must_start=03-10 ; link A FS B 0
         A 03-02 03-04 03-05 03-09 3 3 ; B 03-10 03-11 03-10 03-11 0 0
         finish 03-11 late 0 critical B",
    ),
    (
        "a latest finish of its own",
        "start 03-02 deadline 03-13
         task A 3 finish_by=03-03 ; task B 1 ; link A FS B 0
         A 03-02 03-04 02-27 03-03 -1 0 ; B 03-05 03-05 03-13 03-13 6 0
         finish 03-05 late 0 critical A",
    ),
    (
        "in the middle: what is left follows the status date, facts stay",
        "start 03-02 deadline 03-12 status 03-04
         task A 5 actual_start=03-02 done=0.4 ; task B 2 ; task C 1
         task D 2 actual_start=03-02 actual_finish=03-03 ; link A FS B 0 ; link D FS C 0
         A 03-02 03-09 03-02 03-10 1 0 ; B 03-10 03-11 03-11 03-12 1 0 ; C 03-05 03-05 03-12 03-12 5 4
         D 03-02 03-03 03-02 03-03 - -
         finish 03-11 late 0 critical A B",
    ),
    (
        "a task that began before its predecessor ended: its rest waits for it",
        "start 03-02 status 03-03
         task A 4 actual_start=03-02 done=0.5 ; task B 4 actual_start=03-03 done=0.25 ; link A FS B 0
         A 03-02 03-05 03-02 03-05 0 0 ; B 03-03 03-10 03-03 03-10 0 0
         finish 03-10 late 0 critical A B",
    ),
];

fn march(text: &str) -> String {
    format!("2026-{text}")
}

fn date(text: &str) -> BeijingDay {
    march(text).parse().unwrap()
}

/// The list of a case, and its rows of expectations.
fn read_case(text: &str) -> (TaskList, Vec<Vec<&str>>) {
    let mut file =
        json!({ "calendar": { "weekend": [6, 7], "holidays": [], "workdays": [] }, "tasks": [], "links": [] });
    let mut expected = vec![];
    for row in text.lines().flat_map(|line| line.split(';')) {
        let words: Vec<&str> = row.split_whitespace().collect();
        match words[0] {
            "start" => {
                for pair in words.chunks(2) {
                    let key = if pair[0] == "status" { "status_date" } else { pair[0] };
                    file[key] = march(pair[1]).into();
                }
            }
            "task" => {
                let mut task = json!({ "id": words[1], "duration": words[2].parse::<i64>().unwrap() });
                for bound in &words[3..] {
                    let (key, value) = bound.split_once('=').unwrap();
                    task[key] = if key == "done" { value.parse::<f64>().unwrap().into() } else { march(value).into() };
                }
                file["tasks"].as_array_mut().unwrap().push(task);
            }
            "link" => {
                let link = json!({ "from": words[1], "type": words[2], "to": words[3], "lag": words[4].parse::<i64>().unwrap() });
                file["links"].as_array_mut().unwrap().push(link);
            }
            _ => expected.push(words),
        }
    }
    (TaskList::read(&file.to_string()).unwrap(), expected)
}

fn solved(list: &TaskList) -> Schedule {
    schedule(list, &Calendar::bundled().unwrap(), Draws::default()).unwrap()
}

#[test]
fn schedules_are_those_worked_out_by_hand() {
    for (name, text) in CASES {
        let (list, expected) = read_case(text);
        let found = solved(&list);
        for row in expected {
            if row[0] == "finish" {
                let told = (found.finish, found.late_by, found.critical.join(" "));
                assert_eq!(told, (date(row[1]), row[3].parse().unwrap(), row[5..].join(" ")), "{name}");
                continue;
            }
            let task = found.tasks.iter().find(|task| task.id == row[0]).unwrap();
            let days = [task.early_start, task.early_finish, task.late_start, task.late_finish];
            let slack = |slack: Option<i64>| slack.map_or("-".to_string(), |slack| slack.to_string());
            let told = days.map(|day| day.to_string()[5..].to_string()).join(" ");
            let told = format!("{} {told} {} {}", task.id, slack(task.total_slack), slack(task.free_slack));
            assert_eq!(told, row.join(" "), "{name}");
        }
    }
}

#[test]
fn holidays_are_skipped_and_make_up_days_worked() {
    // 2026: off from 15 to 23 February; Saturday 14 and 28 February are worked.
    let list = r#"{ "start": "2026-02-13", "tasks": [ { "id": "A", "duration": 3 }, { "id": "B", "duration": 5 } ],
        "links": [ { "from": "A", "to": "B", "type": "FS" } ] }"#;
    let found = solved(&TaskList::read(list).unwrap());
    assert_eq!(found.tasks[0].early_finish, date("02-24"));
    assert_eq!((found.tasks[1].early_start, found.finish), (date("02-25"), date("03-02")));
    assert_eq!(found.warnings, Vec::<String>::new());
}

#[test]
fn every_date_says_what_sets_it() {
    let (list, _) = read_case(
        "start 03-02 deadline 03-20 status 03-03
         task A 3 ; task B 2 must_start=03-16 ; task C 1 not_before=03-11 ; task D 1 finish_by=03-17
         task E 4 actual_start=03-02 done=0.5 ; task F 0 actual_finish=03-03
         link A FS B 2 ; link C SF D -1 ; link A FF E 0",
    );
    let found = solved(&list);
    let told: Vec<_> =
        found.tasks.iter().map(|task| format!("{}: {} / {}", task.id, task.why_early, task.why_late)).collect();
    let expected = [
        "A: 因状态日期为 2026-03-03，未完工作排在其后 / 因“B”最迟须于 2026-03-16 开始（完成—开始，间隔 2 个工作日）",
        "B: 因限定于 2026-03-16 开始 / 因限定于 2026-03-16 开始",
        "C: 因限定不早于 2026-03-11 开始 / 因“D”最迟须于 2026-03-17 完成（开始—完成，提前 1 个工作日）",
        "D: 因“C”于 2026-03-11 开始（开始—完成，提前 1 个工作日） / 因限定不晚于 2026-03-17 完成",
        "E: 因“A”于 2026-03-06 完成（完成—完成） / 因总期限为 2026-03-20",
        "F: 因已于 2026-03-03 实际完成 / 因已于 2026-03-03 实际完成",
    ];
    assert_eq!(told, expected);
    assert_eq!(found.tasks[1].why_early_en, "because it must start on 2026-03-16");
    assert_eq!(found.tasks[3].why_early_en, "because C starts on 2026-03-11 (SF -1 working days)");
}

#[test]
fn a_calendar_without_make_up_days_is_used_and_named() {
    let list = r#"{ "calendar": { "weekend": [7], "holidays": ["2026-05-01"] }, "start": "2026-12-30", "shift": 1,
        "tasks": [ { "id": "A", "duration": 4, "colour": "red" } ] }"#;
    let found = solved(&TaskList::read(list).unwrap());
    // Saturday 2 January 2027 is worked in a week that rests on Sunday only.
    assert_eq!(found.finish, "2027-01-02".parse().unwrap());
    let told = found.warnings.join("\n");
    for part in
        ["shift", "tasks.0.colour", "no make-up workdays in 2026", "no holidays and no make-up workdays in 2027"]
    {
        assert!(told.contains(part), "{part} in {told}");
    }
}

#[test]
fn a_plan_and_what_became_of_it_are_compared_task_by_task() {
    let plan = "start 03-02 deadline 03-13\n task A 3 ; task B 2 ; task X 1 ; link A FS B 0";
    let now = "start 03-02 deadline 03-13\n task A 5 ; task B 2 ; task Y 1 ; link A FS B 0";
    let (plan, now) = (read_case(plan).0, read_case(now).0);
    let axis = WorkAxis::of(&now, &Calendar::bundled().unwrap()).unwrap();
    let found = compare(&solved(&plan), &solved(&now), &axis);
    let told: Vec<_> = found.slips.iter().map(|slip| (slip.id.as_str(), slip.start, slip.finish, slip.slack)).collect();
    assert_eq!(told, [("A", Some(0), Some(2), Some(-2)), ("B", Some(2), Some(2), Some(-2))]);
    assert_eq!((found.finish_slip, found.added, found.removed), (Some(2), vec!["Y".into()], vec!["X".into()]));
}

#[test]
fn without_any_doubt_the_risk_is_the_plan() {
    let list = r#"{ "calendar": { "weekend": [6, 7], "holidays": [] }, "start": "2026-03-02", "deadline": "2026-03-06",
        "tasks": [ { "id": "A", "duration": 3, "three_point": [3, 3, 3] }, { "id": "B", "duration": 2 } ],
        "links": [ { "from": "A", "to": "B", "type": "FS", "lag": 0 } ] }"#;
    let found = solved(&TaskList::read(list).unwrap()).risk.unwrap();
    assert_eq!([found.p50, found.p80, found.p95], [Some(date("03-06")); 3]);
    assert_eq!(found.p_deadline, Some(1.0));
}

#[test]
fn one_uncertain_task_meets_its_deadline_as_often_as_its_triangle_says() {
    // Low 1, likely 2, high 5 days, deadline after 3: rounded, that is a draw below 3.5.
    // Share above 3.5: 1.5 squared / (4 * 3) = 0.1875.
    let list = r#"{ "calendar": { "weekend": [6, 7], "holidays": [] }, "start": "2026-03-02", "deadline": "2026-03-04",
        "tasks": [ { "id": "A", "duration": 2, "three_point": [1, 2, 5] } ] }"#;
    let list = TaskList::read(list).unwrap();
    let draws = Draws { count: 20_000, seed: 7 };
    let found = schedule(&list, &Calendar::bundled().unwrap(), draws).unwrap().risk.unwrap();
    assert!((found.p_deadline.unwrap() - 0.8125).abs() < 0.01, "{found:?}");
    // Half lie below 5 - sqrt(0.5 * 12) = 2.55, which is 3 days; 80 % below 3.45, 3 days; 95 % below 4.22, 4 days.
    assert_eq!([found.p50, found.p80, found.p95], ["03-04", "03-04", "03-05"].map(|day| Some(date(day))));
    assert_eq!(schedule(&list, &Calendar::bundled().unwrap(), draws).unwrap().risk.unwrap(), found);
}
