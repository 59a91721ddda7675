//! Scores, written: a table to read, or every measure as JSON or CSV.

use super::blocks;
use crate::failure::Failure;
use ::forecast::verification::{By, GroupScore, JointVerification, PairScore, Scorecard};
use serde_json::{Map, Value, json};
use std::io::Write;

/// Everything that was scored.
pub struct Report {
    pub by: Vec<By>,
    pub scores: Vec<GroupScore>,
    pub joint: Option<JointVerification>,
    pub pairs: Vec<PairScore>,
    pub scorecards: Vec<Scorecard>,
}

impl Report {
    /// Every measure; missing ones are `null`.
    pub fn json(&self, mut output: impl Write) -> Result<(), Failure> {
        let by = self.by.iter().map(|by| by.code()).collect::<Vec<_>>();
        let scores = self.scores.iter().map(|score| self.group(score)).collect::<Result<Vec<_>, _>>()?;
        let (joint, pairs) = (&self.joint, &self.pairs);
        let whole =
            json!({ "by": by, "scores": scores, "joint": joint, "pairs": pairs, "scorecards": self.scorecards });
        serde_json::to_writer_pretty(&mut output, &whole)?;
        writeln!(output)?;
        Ok(())
    }

    /// One line a measure: the group's columns, item, measure as a path, value; missing ones are empty.
    pub fn csv(&self, output: impl Write) -> Result<(), Failure> {
        let mut writer = csv::Writer::from_writer(output);
        let by: Vec<&str> = self.by.iter().map(|by| by.code()).collect();
        writer.write_record(by.iter().copied().chain(["item", "measure", "value"]))?;
        for score in &self.scores {
            let key: Vec<String> = score.key.iter().map(ToString::to_string).collect();
            let mut group = self.group(score)?;
            if let Some(fields) = group.as_object_mut() {
                fields.retain(|name, _| name != "group" && name != "item");
            }
            for (path, value) in flat(&group) {
                let cells = [score.item.code(), &path, &value];
                writer.write_record(key.iter().map(String::as_str).chain(cells))?;
            }
        }
        let joint = self.joint.as_ref().map(serde_json::to_value).transpose()?;
        let pairs = serde_json::to_value(&self.pairs)?;
        for (name, whole) in joint.iter().map(|joint| ("joint", joint)).chain([("pairs", &pairs)]) {
            for (path, value) in flat(whole) {
                writer.write_record(by.iter().map(|_| "").chain([name, &path, &value]))?;
            }
        }
        writer.flush()?;
        Ok(())
    }

    fn group(&self, score: &GroupScore) -> Result<Value, serde_json::Error> {
        let key: Map<String, Value> = self
            .by
            .iter()
            .zip(&score.key)
            .map(|(by, key)| Ok((by.code().to_string(), serde_json::to_value(key)?)))
            .collect::<Result<_, serde_json::Error>>()?;
        let mut value = serde_json::to_value(score)?;
        if let Some(fields) = value.as_object_mut() {
            fields.remove("key");
            fields.insert("group".into(), Value::Object(key));
        }
        Ok(value)
    }

    /// The measures one reads first, in blocks of one kind.
    pub fn table(&self, output: impl Write) -> Result<(), Failure> {
        blocks::write(self, output)
    }
}

/// A JSON tree as paths and texts.
fn flat(value: &Value) -> Vec<(String, String)> {
    let within = |key: &str, value: &Value| -> Vec<(String, String)> {
        let path =
            |(path, text): (String, String)| (if path.is_empty() { key.into() } else { format!("{key}.{path}") }, text);
        flat(value).into_iter().map(path).collect()
    };
    match value {
        Value::Object(fields) => fields.iter().flat_map(|(key, value)| within(key, value)).collect(),
        Value::Array(values) => {
            values.iter().enumerate().flat_map(|(place, value)| within(&place.to_string(), value)).collect()
        }
        Value::Null => vec![(String::new(), String::new())],
        Value::String(text) => vec![(String::new(), text.clone())],
        other => vec![(String::new(), other.to_string())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::forecast::verification::{
        Author, Case, IndexCase, IndexSaid, Item, Occasion, References, Said, scorecards, verify,
    };
    use units::{Aqi, BeijingDay, Pollutant};

    fn report() -> Report {
        let issue: BeijingDay = "2018-01-01".parse().unwrap();
        let occasion = Occasion {
            issue,
            lead_day: 1,
            date: issue + 1,
            city: "320100".into(),
            author: Author::Forecaster("张".into()),
            observed_level: None,
        };
        let said = Said { mean: 50.0, quantiles: [10.0, 30.0, 50.0, 70.0, 90.0], members: vec![] };
        let climatology = Some(Said { mean: 80.0, quantiles: [80.0; 5], members: vec![] });
        let case = Case {
            occasion: occasion.clone(),
            item: Item::Pollutant(Pollutant::Pm25),
            said,
            seen: 60.0,
            references: References { climatology, persistence: None },
        };
        let index = IndexCase {
            occasion,
            said: IndexSaid { range: (70, 100), levels: vec![], primary: None, p_aqi150: Some(0.2), p_aqi200: None },
            seen: Aqi::new(83).unwrap(),
            primary: vec![Pollutant::Pm25],
            references: References::default(),
        };
        let by = vec![By::Lead, By::City];
        let scores = verify(&[case], std::slice::from_ref(&index), &by, 1);
        Report { by, scores, joint: None, pairs: vec![], scorecards: scorecards([&index]) }
    }

    fn written(of: impl Fn(&Report, &mut Vec<u8>) -> Result<(), Failure>) -> String {
        let mut output = vec![];
        of(&report(), &mut output).unwrap();
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn json_names_groups_and_leaves_the_missing_null() {
        let value: Value = serde_json::from_str(&written(|report, output| report.json(output))).unwrap();
        let score = &value["scores"][0];
        assert_eq!((&score["group"], &score["item"]), (&json!({ "lead": 1, "city": "320100" }), &json!("PM2_5")));
        assert_eq!(score["value"]["climatology"]["reference"]["crps"]["value"], json!(20.0));
        assert!(score["value"]["persistence"].is_null() && score["index"].is_null() && value["joint"].is_null());
        assert_eq!(value["scores"][1]["index"]["forecast"]["range_hit"]["value"], json!(1.0));
        assert_eq!(value["scorecards"][0]["author"], json!({ "kind": "forecaster", "id": "张" }));
    }

    #[test]
    fn csv_has_one_measure_a_line_and_empty_cells_for_the_missing() {
        let text = written(|report, output| report.csv(output));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "lead,city,item,measure,value");
        for line in [
            "1,320100,PM2_5,value.forecast.mae.value,10.0",
            "1,320100,PM2_5,value.persistence,",
            "1,320100,AQI,events.0.forecast.bound,150",
        ] {
            assert!(lines.contains(&line), "{line}\n{text}");
        }
    }

    #[test]
    fn the_table_shows_blocks_that_have_rows_only() {
        let text = written(|report, output| report.table(output));
        assert!(text.contains("CRPS") && text.contains("interval") && text.contains(">150") && text.contains("excess"));
        assert!(!text.contains("energy") && !text.contains("episodes"), "{text}");
    }
}
