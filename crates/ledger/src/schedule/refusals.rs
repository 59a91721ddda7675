use super::*;

/// Changes of a good list, one a row: the key path, what is put there, and what the refusal must say.
const ROWS: &str = r#"
tasks.0.duration     | -1                                   | L-305 tasks[0].duration: -1
tasks.0.duration     | 1.5                                  | L-301 tasks[0].duration: invalid type: floating point
tasks.0.duration     | 36501                                | L-305 tasks[0].duration
tasks.0.duration     | null                                 | L-301 tasks[0].duration
tasks.1.id           | "A"                                  | L-303 tasks[1].id: the id "A"
tasks.1.id           | ""                                   | L-305 tasks[1].id
tasks.0.not_before   | "2026-02-30"                         | L-301 tasks[0].not_before: U-502
tasks.0.done         | 1.01                                 | L-305 tasks[0].done: 1.01
tasks.0.done         | -0.1                                 | L-305 tasks[0].done
tasks.0.done         | 0.5                                  | L-313 tasks[0].actual_start
tasks.0.actual_finish | "2026-03-02"                        | L-313 tasks[0].actual_start
tasks.0.actual_start | "2026-03-06"                         | L-313 tasks[0].actual_start: it lies after the status date
tasks.0.three_point  | [3, 2, 4]                            | L-305 tasks[0].three_point
tasks.0.three_point  | [-1, 2, 4]                           | L-305 tasks[0].three_point
tasks.0.three_point  | [1, 2]                               | L-301 tasks[0].three_point
tasks                | []                                   | L-305 tasks
links.0.to           | "C"                                  | L-304 links[0].to: the file holds no task "C"
links.0.from         | "a"                                  | L-304 links[0].from: the file holds no task "a"
links.0.type         | "FT"                                 | L-301 links[0].type: unknown variant
links.0.lag          | 36501                                | L-305 links[0].lag
links.0.to           | "A"                                  | L-311 the links form a cycle: A -> A
deadline             | "2026-03-01"                         | L-312 deadline: 2026-03-01 lies before the start 2026-03-02
start                | "2019-03-01"                         | L-301 start: K-101 no working calendar for 2019
deadline             | "2027-01-04"                         | L-315 deadline: 2027-01-04 lies outside the working calendar
tasks.1.finish_by    | "2023-12-29"                         | L-315 tasks[1].finish_by: 2023-12-29
tasks.0.duration     | 400                                  | L-315 tasks[1] (B)
calendar             | {"weekend":[0]}                      | L-314 calendar.weekend[0]
calendar             | {"weekend":[1,2,3,4,5,6,7]}          | L-314 calendar.weekend
calendar             | {"weekend":[6,7],"holidays":["2026-03-07"],"workdays":["2026-03-07"]} | L-314 calendar.workdays[0]
calendar             | {"holidays":[]}                      | L-301 calendar: missing field `weekend`
"#;

const GOOD: &str = r#"{ "start": "2026-03-02", "status_date": "2026-03-04", "deadline": "2026-03-31",
    "tasks": [ { "id": "A", "duration": 3 }, { "id": "B", "duration": 2 } ],
    "links": [ { "from": "A", "to": "B", "type": "FS", "lag": 0 } ] }"#;

fn refusal(text: &str) -> String {
    let found = TaskList::read(text).and_then(|list| schedule(&list, &Calendar::bundled().unwrap(), Draws::default()));
    found.map_or_else(|refusal| refusal.to_string(), |_| "accepted".to_string())
}

#[test]
fn what_cannot_be_scheduled_is_refused_with_its_place() {
    assert_eq!(refusal(GOOD), "accepted");
    for row in ROWS.trim().lines() {
        let [path, value, expected] = row.split(" | ").map(str::trim).collect::<Vec<_>>()[..] else { panic!("{row}") };
        let mut file: serde_json::Value = serde_json::from_str(GOOD).unwrap();
        let (parents, key) = path.rsplit_once('.').unwrap_or(("", path));
        let parent = if parents.is_empty() { "".to_string() } else { format!("/{}", parents.replace('.', "/")) };
        file.pointer_mut(&parent).unwrap()[key] = serde_json::from_str(value).unwrap();
        let told = refusal(&file.to_string());
        assert!(told.starts_with(expected), "{path} {value}: {told}");
        assert!(told.ends_with("computed"), "what was kept is said: {told}");
    }
}

#[test]
fn bytes_that_are_no_list_are_refused_with_line_and_column() {
    for text in ["", "[", "null", "{\"start\": NaN}", "{\"start\":\"2026-03-02\",\"tasks\":[{\"id\":\"A\"}]}", "{}{}"] {
        let told = refusal(text);
        assert!(told.starts_with("L-301") && told.contains("line"), "{text}: {told}");
    }
    assert!(refusal(&"[".repeat(100_000)).starts_with("L-301"));
    assert!(refusal("{\"start\":\"2026-03-02\",\"tasks\":[{\"id\":\"A\"}]}").contains("missing field `duration`"));
}

#[test]
fn a_cycle_is_named_in_the_order_of_its_links_whatever_the_order_of_rows() {
    let list = |links: &str| {
        let tasks = ["D", "C", "B", "A", "Z"].map(|id| format!("{{\"id\":\"{id}\",\"duration\":1}}")).join(",");
        format!("{{\"start\":\"2026-03-02\",\"tasks\":[{tasks}],\"links\":[{links}]}}")
    };
    let link =
        |pair: &str| format!("{{\"from\":\"{}\",\"to\":\"{}\",\"type\":\"SS\",\"lag\":-9}}", &pair[..1], &pair[1..]);
    for pairs in [["AB", "BC", "CD", "DB", "ZA", "DA"], ["DA", "DB", "CD", "ZA", "BC", "AB"]] {
        let told = refusal(&list(&pairs.map(link).join(",")));
        assert!(told.contains("cycle: A -> B -> C -> D -> A;"), "{told}");
    }
}

#[test]
fn more_rows_than_are_read_are_refused_by_number() {
    let link = "{\"from\":\"A\",\"to\":\"A\",\"type\":\"FS\"},".repeat(MOST_ROWS + 1);
    let text = format!(
        "{{\"start\":\"2026-03-02\",\"tasks\":[{{\"id\":\"A\",\"duration\":1}}],\"links\":[{}]}}",
        link.trim_end_matches(',')
    );
    assert!(refusal(&text).starts_with("L-302 links: 200001 rows; at most 200000"));
}
