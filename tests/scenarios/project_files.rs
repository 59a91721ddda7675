//! A project office at work: tasks back from their deadline, projects out of a reserve, both from file to file.

use driver::qingkong;
use serde_json::Value;

/// Environmental assessment, tender, building; the make-up Saturday 28 February 2026 is worked.
const TASKS: &str = r#"{ "start": "2026-02-24", "deadline": "2026-03-06", "tasks": [
    { "id": "环评", "duration": 4 }, { "id": "招标", "duration": 3, "three_point": [2, 3, 6] }, { "id": "开工", "duration": 0 } ],
    "links": [ { "from": "环评", "to": "招标", "type": "FS", "lag": 0 }, { "from": "招标", "to": "开工", "type": "FS", "lag": 0 } ] }"#;

const RESERVE: &str = r#"{ "budget": 100, "capacity_share": 0.05, "city_floor": { "徐州": 30 }, "projects": [
    { "id": "a", "city": "南京", "amount": 70, "score": 90, "ready": true },
    { "id": "b", "city": "南京", "amount": 60, "score": 80, "ready": true, "excludes": ["c"] },
    { "id": "c", "city": "徐州", "amount": 30, "score": 5, "ready": true } ] }"#;

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("the program writes JSON")
}

#[test]
fn a_plan_is_made_kept_and_compared_with_what_became_of_it() {
    let folder = tempfile::tempdir().unwrap();
    qingkong("schedule -o plan.json").reading(TASKS).within(folder.path()).run().accepted();
    let plan = json(&std::fs::read_to_string(folder.path().join("plan.json")).unwrap());
    let first = &plan["tasks"][0];
    assert_eq!(
        (&first["early_finish"], &first["late_start"], &first["total_slack"]),
        (&json("\"2026-02-27\""), &json("\"2026-02-27\""), &json("3"))
    );
    assert_eq!(plan["tasks"][2]["why_early"], "因“招标”于 2026-03-03 完成（完成—开始）");
    let slower = TASKS.replace("\"duration\": 4", "\"duration\": 8");
    let now =
        qingkong("schedule --baseline plan.json --draws 0").reading(slower).within(folder.path()).run().accepted();
    let now = json(&now.output);
    assert_eq!(
        (&now["late_by"], &now["comparison"]["finish_slip"], &now["risk"]),
        (&json("1"), &json("4"), &Value::Null)
    );
}

#[test]
fn a_selection_says_why_each_project_was_left_out() {
    let found = json(&qingkong("fund select --front 60,130").reading(RESERVE).run().accepted().output);
    assert_eq!((&found["status"], &found["chosen"]), (&json("\"optimal\""), &json(r#"["a","c"]"#)));
    let expected = r#"[{"id":"b","reason":"excluded_by","would_need":{"instead_of":["c"],"budget":60.0}}]"#;
    assert_eq!(found["left_out"], json(expected));
    assert_eq!((&found["front"][0]["score"], &found["front"][1]["score"]), (&json("5.0"), &json("95.0")));
}

#[test]
fn a_file_that_cannot_be_used_is_refused_and_the_result_before_stays() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("out.json"), "before").unwrap();
    let circle = TASKS.replace("\"to\": \"开工\"", "\"to\": \"环评\"");
    let negative = RESERVE.replace("70", "-70");
    for (call, input, words) in [
        ("schedule -o out.json", circle, ["L-311", "招标 -> 环评 -> 招标"]),
        ("fund select -o out.json", negative, ["L-301", "projects[0].amount"]),
    ] {
        qingkong(call).reading(input).within(folder.path()).run().refused(&words);
        assert_eq!(std::fs::read_to_string(folder.path().join("out.json")).unwrap(), "before");
    }
}
