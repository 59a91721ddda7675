//! Key sources with their discharge permits (重点排污单位), as a provincial platform hands them out in JSON.

use super::cell;
use super::entry::Entry;
use super::import::ImportOptions;
use super::phrase;
use super::scheme::Scheme;
use super::value::{LIST_FORMAT, List, city_of};
use crate::PlanError;
use observe::regions;
use serde::Deserialize;
use std::collections::HashSet;

const MOST_RECORDS: usize = 100_000;

#[derive(Deserialize)]
struct Record {
    #[serde(rename = "企业名称")]
    name: String,
    #[serde(rename = "市")]
    city: String,
    #[serde(default)]
    lng: String,
    #[serde(default)]
    lat: String,
    #[serde(rename = "气物", default)]
    air: String,
    #[serde(rename = "许可证", default)]
    permit: String,
    #[serde(rename = "代码", default)]
    code: String,
    #[serde(rename = "行业", default)]
    industry: String,
}

/// Enterprises that emit to air, as entries without emissions, grades or measures; the second value says what was left out and
/// what should be looked at, by record.
///
/// Refuses `P-208` what is no such JSON, and the whole file when a city lies outside the region: it is another list.
pub fn read_key_sources(bytes: &[u8], options: &ImportOptions) -> Result<(List, Vec<String>), PlanError> {
    let wrong = |place: String, reason: String| PlanError::Table { file: options.file.clone(), place, reason };
    let records: Vec<Record> = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(bytes))
        .map_err(|error| wrong(error.path().to_string(), error.into_inner().to_string()))?;
    if records.len() > MOST_RECORDS {
        return Err(PlanError::TooLarge { what: "records", found: records.len() as u64, most: MOST_RECORDS as u64 });
    }
    let industries = Scheme::bundled("grading-2020")?;
    let (mut entries, mut told, mut ids) = (vec![], vec![], HashSet::new());
    for (place, record) in records.iter().enumerate() {
        let code = code_of(&record.code);
        let mut say = |what: &str| told.push(format!("[{place}] {}: {what}", record.name));
        if cell::is_nothing(&record.air) {
            say("没有废气污染物，未列入 · nothing to air, left out");
            continue;
        }
        let region = regions::by_name(record.city.trim()).filter(|region| options.region.contains(region.code));
        let city = region.and_then(|region| city_of(region.code)).ok_or_else(|| {
            wrong(format!("[{place}].市"), format!("{:?} is no city of {}", record.city, options.region))
        })?;
        let place_of = match (record.lng.trim().parse::<f64>(), record.lat.trim().parse::<f64>()) {
            (Ok(lon), Ok(lat)) if (73.0..=136.0).contains(&lon) && (3.0..=54.0).contains(&lat) => Some((lon, lat)),
            _ => {
                say("坐标缺失或不在国内，未读入 · no place in China, not read");
                None
            }
        };
        if let Some(fault) = cell::credit_code_fault(&code) {
            say(&fault);
        }
        let id = if code.is_empty() { format!("{city}-{}", record.name) } else { code.clone() };
        let id = if ids.insert(id.clone()) { id } else { format!("{id}#{place}") };
        ids.insert(id.clone());
        let mut entry = Entry::new(id, record.name.clone(), city, format!("{} / [{place}]", options.file));
        (entry.lon, entry.lat) = (place_of.map(|at| at.0), place_of.map(|at| at.1));
        (entry.credit_code, entry.permit) = (code, code_of(&record.permit));
        entry.key_industry = industries.industry(&record.industry);
        entry.industry = record.industry.clone();
        entry.remarks = format!("废气污染物：{}", record.air);
        entries.push(entry);
    }
    let list = List {
        format: LIST_FORMAT.into(),
        region: options.region,
        edition: options.edition.clone(),
        adopted_on: None,
        source: options.file.clone(),
        demonstration: false,
        entries,
        companions: vec![],
    };
    Ok((list.checked()?, told))
}

/// A code without blanks and unseen characters; empty for a mark that says there is none.
fn code_of(text: &str) -> String {
    let text: String = phrase::narrow(text).chars().filter(|c| !c.is_whitespace()).collect();
    // The form's empty brackets for a branch: 91640000227683862F(__).
    let text = match text.split_once('(') {
        Some((code, branch)) if !branch.contains(|c: char| c.is_ascii_alphanumeric()) => code,
        _ => &text,
    };
    if cell::is_nothing(text) { String::new() } else { text.to_uppercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(List, Vec<String>), PlanError> {
        let options = ImportOptions {
            file: "f".into(),
            region: "640000".parse().unwrap(),
            edition: "2019".into(),
            scheme: "grading-2020".into(),
        };
        read_key_sources(text.as_bytes(), &options)
    }

    #[test]
    fn what_emits_to_air_becomes_an_entry_and_the_rest_is_told() {
        let (list, told) = read(
            r#"[{"企业名称":"甲水泥","市":"银川","lng":"106.3","lat":"38.4","气物":"颗粒物","许可证":"91640000321673484F001W","代码":"91640000321673484F","行业":"水泥制造"},
                {"企业名称":"乙污水","市":"银川","气物":"","代码":""},
                {"企业名称":"丙","市":"中卫","lng":"0","lat":"","气物":"烟尘","代码":"1"}]"#,
        )
        .unwrap();
        assert_eq!(list.entries.len(), 2);
        assert_eq!((list.entries[0].key_industry, list.entries[0].lon), (Some(15), Some(106.3)));
        assert!(list.entries[0].baseline().0.is_empty(), "no emission is no emission of 0");
        assert_eq!(
            (code_of("\u{200b}"), code_of(" - "), code_of("９1 a（__）")),
            (String::new(), String::new(), "91A".into())
        );
        assert_eq!(told.len(), 3, "{told:?}");
    }

    #[test]
    fn another_province_or_another_shape_is_refused_by_its_place() {
        for (text, expected) in [
            (r#"[{"企业名称":"甲","市":"南京","气物":"烟尘"}]"#, "[0].市"),
            (r#"[{"市":"银川"}]"#, "[0]"),
            ("{", "P-208"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.starts_with("P-208 f") && error.contains(expected), "{error}");
        }
    }
}
