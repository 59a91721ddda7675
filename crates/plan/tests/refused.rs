//! What is refused, and with which words; nothing from outside brings the reader down.

use plan::{Additions, Effort, MOST_CONDITIONS, read, solve};
use proptest::prelude::*;
use serde_json::{Value, json};

fn good() -> Value {
    json!({
        "format": "qingkong-plan/1", "precursors": ["SO2", "NOx"], "confidence": 0.5, "scenarios": 2,
        "receptors": [{"city": "320100", "day": "2018-01-14", "pollutant": "PM2_5"}],
        "sources": [{"id": "a", "city": "320100", "grade": "C", "safeguard": false}, {"id": "b", "city": "320200", "grade": "D", "safeguard": false}],
        "options": [{"id": "a1", "source": 0, "level": 1, "cost": 3.0, "cut": [6.0, 1.0]}, {"id": "b1", "source": 1, "level": 1, "cost": 4.0, "cut": [5.0, 2.0]}],
        "response_coo": {"receptor": [0, 0], "source": [0, 1], "precursor": [0, 1], "value": [0.5, 0.25]},
        "response_factor": [[1.0], [0.9]], "sure": [[1.0, 0.8], [0.7, 1.0]], "need": [[2.0], [1.0]],
        "legal_min": [{"city": "320100", "precursor": "SO2", "cut": 1.0}], "forbidden": [1]
    })
}

#[test]
fn the_pattern_itself_is_read() {
    let (_, unknown) = read(good().to_string().as_bytes()).unwrap();
    assert!(unknown.is_empty(), "{unknown:?}");
    let mut more = good();
    more["options"][0]["note"] = json!(1);
    more["options"][1]["note"] = json!(2);
    more["author"] = json!("x");
    assert_eq!(read(more.to_string().as_bytes()).unwrap().1, ["author", "options.*.note"]);
}

#[test]
fn each_fault_is_refused_with_its_path() {
    let rows = [
        ("/format", json!("qingkong-plan/2"), "P-102 format"),
        ("/confidence", json!(1.1), "P-102 confidence"),
        ("/confidence", json!(-0.1), "P-102 confidence"),
        ("/confidence", json!("high"), "P-101 confidence"),
        ("/scenarios", json!(0), "P-102 scenarios"),
        ("/scenarios", json!(3), "P-102 need: 2 rows for 3"),
        ("/scenarios", json!(u64::MAX), "P-102"),
        ("/scenarios", json!(-1), "P-101 scenarios"),
        ("/precursors", json!(["SO2", "SO2"]), "P-102 precursors[1]"),
        ("/options/1/cut/1", json!(-1.0), "P-102 options[1].cut[1]"),
        ("/options/1/cut/1", json!(null), "P-101 options[1].cut[1]"),
        ("/options/1/cut", json!([1.0]), "P-102 options[1].cut: 1 values for 2"),
        ("/options/0/cost", json!(-0.5), "P-102 options[0].cost"),
        ("/options/0/cost", json!(2e15), "P-102 options[0].cost"),
        ("/need/1/0", json!(-1e300), "P-102 need[1][0]"),
        ("/response_coo/value/0", json!(1e300), "P-102 response_coo.value[0]"),
        ("/options/0/source", json!(2), "P-102 options[0].source: source 2 of 2"),
        ("/response_coo/receptor/1", json!(1), "P-102 response_coo.receptor[1]: 1 of 1"),
        ("/response_coo/source/1", json!(2), "P-102 response_coo.source[1]"),
        ("/response_coo/precursor/0", json!(2), "P-102 response_coo.precursor[0]"),
        ("/response_coo/precursor/0", json!(70000), "P-101 response_coo.precursor[0]"),
        ("/response_coo/value", json!([0.5]), "P-102 response_coo.receptor: 2 entries, value has 1"),
        ("/response_factor/1/0", json!(-1.0), "P-102 response_factor[1][0]"),
        ("/response_factor/1", json!([1.0, 1.0]), "P-102 response_factor[1]: 2 values, 1 expected"),
        ("/sure/0/1", json!(1.5), "P-102 sure[0][1]"),
        ("/sure", json!([]), "P-102 sure: 0 rows for 2"),
        ("/need", json!([]), "P-102 need: 0 rows"),
        ("/need/0", json!([]), "P-102 need[0]: 0 values"),
        ("/legal_min/0/city", json!("999999"), "P-102 legal_min[0].city: unknown city \"999999\""),
        ("/legal_min/0/precursor", json!("CO"), "P-102 legal_min[0].precursor"),
        ("/legal_min/0/cut", json!(-1), "P-102 legal_min[0].cut"),
        ("/forbidden/0", json!(2), "P-102 forbidden[0]: option 2 of 2"),
    ];
    for (place, value, expected) in rows {
        let mut file = good();
        *file.pointer_mut(place).unwrap() = value;
        let told = read(file.to_string().as_bytes()).unwrap_err().to_string();
        assert!(told.starts_with(expected), "{place}: {told}");
    }
}

#[test]
fn numbers_that_are_none_and_broken_text_are_refused() {
    let text = good().to_string();
    for (from, to, expected) in [
        ("3.0", "NaN", "P-101 options[0].cost"),
        ("3.0", "1e999", "P-101 options[0].cost"),
        ("3.0", "Infinity", "P-101 options[0].cost"),
        ("\"need\"", "\"nead\"", "P-101 .: missing field `need`"),
        ("\"cut\":[6.0,1.0],", "", "P-101 options[0]: missing field `cut`"),
    ] {
        let broken = text.replacen(from, to, 1);
        assert_ne!(broken, text, "{from}");
        let told = read(broken.as_bytes()).unwrap_err().to_string();
        assert!(told.starts_with(expected), "{to}: {told}");
    }
    assert!(read(&text.as_bytes()[..text.len() - 1]).unwrap_err().to_string().starts_with("P-101"));
    assert!(read(format!("{text} x").as_bytes()).unwrap_err().to_string().starts_with("P-101"));
    assert!(read(&b""[..]).unwrap_err().to_string().starts_with("P-101"));
}

#[test]
fn more_options_than_can_be_solved_are_refused_by_number() {
    let one = r#"{"id":"","source":0,"cost":0,"cut":[]}"#;
    let head = r#"{"format":"qingkong-plan/1","precursors":[],"confidence":1,"scenarios":1,"receptors":[],"sources":[{"id":"","city":""}],"options":["#;
    // The list is given up at the limit: what follows it is never read.
    let endless = std::io::Read::chain(head.as_bytes(), Repeated { text: format!("{one},").into_bytes(), at: 0 });
    let told = read(endless).unwrap_err().to_string();
    assert!(told.starts_with("P-101 options: more than 2000000 options"), "{told}");
}

#[test]
fn more_conditions_than_one_dense_system_takes_are_refused_by_number() {
    let mut file = good();
    let receptor = file["receptors"][0].clone();
    let told = |file: &Value| read(file.to_string().as_bytes()).unwrap_err().to_string();
    file["receptors"] = json!(vec![receptor; MOST_CONDITIONS + 1]);
    assert_eq!(told(&file), "P-102 receptors: 2001; at most 2000 are solved");
    let mut file = good();
    file["precursors"] = (0..65).map(|q| json!(q.to_string())).collect();
    assert_eq!(told(&file), "P-102 precursors: 65; at most 64 are solved");
    let mut file = good();
    let (sources, minima): (Vec<Value>, Vec<Value>) = (0..MOST_CONDITIONS)
        .map(|city| {
            let city = city.to_string();
            (json!({"id": city, "city": city}), json!({"city": city, "precursor": "SO2", "cut": 1}))
        })
        .unzip();
    (file["sources"], file["legal_min"], file["sure"]) = (json!(sources), json!(minima), json!(null));
    assert_eq!(told(&file), "P-102 legal_min: 2001 with the receptors; at most 2000 are solved");
    // The same minimum many times is one.
    file["legal_min"] = json!(vec![&minima[0]; MOST_CONDITIONS]);
    assert!(read(file.to_string().as_bytes()).is_ok());
}

struct Repeated {
    text: Vec<u8>,
    at: usize,
}

impl std::io::Read for Repeated {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        for byte in to.iter_mut() {
            *byte = self.text[self.at];
            self.at = (self.at + 1) % self.text.len();
        }
        Ok(to.len())
    }
}

/// Every leaf and list of a value, by pointer.
fn places(value: &Value, at: String, into: &mut Vec<String>) {
    into.push(at.clone());
    match value {
        Value::Array(list) => list.iter().enumerate().for_each(|(i, item)| places(item, format!("{at}/{i}"), into)),
        Value::Object(map) => map.iter().for_each(|(key, item)| places(item, format!("{at}/{key}"), into)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_instance_is_solved_or_refused(picks in prop::collection::vec((any::<prop::sample::Index>(), 0..9_usize), 1..4)) {
        let mut file = good();
        for (pick, with) in picks {
            let mut all = vec![];
            places(&file, String::new(), &mut all);
            let with = [json!(null), json!(-1), json!(0), json!(1e300), json!(-1e300), json!([]), json!({}), json!("x"), json!(1e-300)][with].clone();
            *file.pointer_mut(&all[pick.index(all.len())]).unwrap() = with;
        }
        if let Ok((instance, _)) = read(file.to_string().as_bytes()) {
            let plan = solve(&instance, &Additions::default(), Effort { work: 100_000, seed: 1 }, None);
            prop_assert!(plan.cost.is_finite() && plan.lower_bound.is_none_or(|bound| bound <= plan.cost));
        }
    }

    #[test]
    fn changed_bytes_are_read_or_refused(at in any::<prop::sample::Index>(), byte: u8) {
        let mut text = good().to_string().into_bytes();
        *at.get_mut(&mut text) = byte;
        drop(read(&text[..]));
    }
}
