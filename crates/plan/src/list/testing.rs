//! What the tests of the list share.

use super::*;
use units::WarningLevel;

/// An enterprise of Xuzhou that emits 100 kg of SO2 a day.
pub fn entry(id: &str) -> Entry {
    serde_json::from_value(serde_json::json!({
        "id": id, "name": format!("企业{id}"), "city": "320300", "source": "test", "daily": { "SO2": 100.0 }
    }))
    .unwrap()
}

/// A measure that costs 10⁴ yuan for each tenth of the load.
pub fn measure(level: WarningLevel, text: &str) -> Measure {
    let clauses = parse(text).unwrap();
    let mut measure = Measure {
        level,
        text: text.into(),
        clauses,
        stated_cut: Amounts::default(),
        indicator: String::new(),
        cost_wan_yuan: None,
    };
    measure.cost_wan_yuan = measure.share().map(|share| (share.get() * 10.0).round());
    measure
}

/// A list of Jiangsu.
pub fn list(entries: Vec<Entry>) -> List {
    List {
        format: LIST_FORMAT.into(),
        region: "320000".parse().unwrap(),
        edition: "2026".into(),
        adopted_on: None,
        source: "test".into(),
        demonstration: false,
        entries,
        companions: vec![],
    }
}
