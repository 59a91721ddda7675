//! Totals of emission inventories (排放清单总量): the tables of REAS v3.2, and MEIC as CEDS keeps it.

use super::amounts::Precursor;
use crate::PlanError;
use calamine::{Data, Reader, Xlsx};
use serde::{Deserialize, Serialize};
use std::io::Cursor;
use units::{RegionCode, TonnePerYear};

const MOST_BYTES: usize = 20 << 20;

/// A sector that inventories and lists have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sector {
    /// 电力热力.
    Power,
    /// 工业: combustion and processes.
    Industry,
    /// 溶剂使用.
    Solvent,
    /// 交通.
    Transport,
    /// 民用及其他.
    Domestic,
    /// 农业.
    Agriculture,
    /// 废物.
    Waste,
    /// 燃烧（未分）: all combustion in one.
    Combustion,
}

impl Sector {
    /// All of them.
    pub const ALL: [Sector; 8] = [
        Sector::Power,
        Sector::Industry,
        Sector::Solvent,
        Sector::Transport,
        Sector::Domestic,
        Sector::Agriculture,
        Sector::Waste,
        Sector::Combustion,
    ];

    /// Chinese name.
    pub const fn name(self) -> &'static str {
        match self {
            Sector::Power => "电力热力",
            Sector::Industry => "工业",
            Sector::Solvent => "溶剂使用",
            Sector::Transport => "交通",
            Sector::Domestic => "民用及其他",
            Sector::Agriculture => "农业",
            Sector::Waste => "废物",
            Sector::Combustion => "燃烧（未分行业）",
        }
    }
}

/// One total of an inventory.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InventoryTotal {
    /// Inventory and edition, such as `REAS v3.2`.
    pub inventory: String,
    /// Province; `None` for the whole country.
    pub region: Option<RegionCode>,
    /// Sector.
    pub sector: Sector,
    /// The inventory's own word for it.
    pub said: String,
    /// Pollutant in the inventory's own word; PM is its PM10.
    pub pollutant: String,
    /// Precursor of the list that it is compared with.
    pub precursor: Option<Precursor>,
    /// Year.
    pub year: u16,
    /// t/a.
    pub total: TonnePerYear,
}

const REAS: &str = "REAS v3.2";
const MEIC: &str = "MEIC (CEDS 2016-02-26)";

/// Reads a table of REAS v3.2 by sector (kt/year, fixed columns); sums (`TOTAL`) are held against their parts.
///
/// Refuses `P-208` with the line.
pub fn read_reas(file: &str, text: &str) -> Result<Vec<InventoryTotal>, PlanError> {
    let wrong =
        |line: usize, reason: String| PlanError::Table { file: file.into(), place: format!("line {line}"), reason };
    let mut lines = text.lines().enumerate();
    let (_, title) = lines.next().ok_or_else(|| wrong(1, "the file is empty".into()))?;
    let words: Vec<&str> = title.split_whitespace().collect();
    // NOx is given as NO2, as the list gives it.
    let (area, pollutant) = match words[..] {
        ["REASv3.2", "SECTOR", "CHN", area, "NOx", "[ktNO2/year]"] => (area, "NOx"),
        ["REASv3.2", "SECTOR", "CHN", area, pollutant, "[kt/year]"] if pollutant != "NOx" => (area, pollutant),
        _ => return Err(wrong(1, "this is no table REASv3.2 SECTOR CHN … [kt/year], NOx [ktNO2/year]".into())),
    };
    let region = province(area).ok_or_else(|| wrong(1, format!("unknown province {area:?}")))?;
    let (_, head) = lines.next().ok_or_else(|| wrong(2, "no years".into()))?;
    let years: Option<Vec<u16>> = head.split_whitespace().map(|year| year.parse().ok()).collect();
    let years =
        years.filter(|years| !years.is_empty() && years.len() < 1000).ok_or_else(|| wrong(2, "no years".into()))?;
    let mut sums = vec![0.0; years.len()];
    let mut found = vec![];
    for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let number = number + 1;
        let mut cells = line.split_whitespace();
        let said = cells.next().unwrap_or_default();
        let values: Option<Vec<f64>> =
            cells.map(|cell| cell.parse().ok().filter(|v: &f64| v.is_finite() && *v >= 0.0)).collect();
        let values = values.ok_or_else(|| wrong(number, format!("{said}: an amount is no number from 0 up")))?;
        if values.len() != years.len() {
            return Err(wrong(number, format!("{said}: {} amounts for {} years", values.len(), years.len())));
        }
        if said == "TOTAL" {
            let off = values.iter().zip(&sums).position(|(total, sum)| (total - sum).abs() > 1e-4 * total.max(1e-9));
            match off {
                Some(year) => {
                    return Err(wrong(number, format!("the total of {} is not the sum of its sectors", years[year])));
                }
                None => continue,
            }
        }
        let sector = reas_sector(said).ok_or_else(|| wrong(number, format!("unknown sector {said:?}")))?;
        for ((year, kilotonnes), sum) in years.iter().zip(values).zip(&mut sums) {
            *sum += kilotonnes;
            found.push(InventoryTotal {
                inventory: REAS.into(),
                region,
                sector,
                said: said.into(),
                pollutant: pollutant.into(),
                precursor: precursor(pollutant),
                year: *year,
                total: TonnePerYear(kilotonnes * 1000.0),
            });
        }
    }
    Ok(found)
}

/// `Some(None)` is the whole country.
fn province(letters: &str) -> Option<Option<RegionCode>> {
    let code = match letters {
        "WC" => return Some(None),
        "JS" => "320000",
        "SH" => "310000",
        "ZJ" => "330000",
        "AH" => "340000",
        "SD" => "370000",
        "HA" => "410000",
        "BJ" => "110000",
        "TJ" => "120000",
        "HB" => "130000",
        _ => return None,
    };
    code.parse().ok().map(Some)
}

fn reas_sector(said: &str) -> Option<Sector> {
    Some(match said {
        "PP" => Sector::Power,
        "IND" | "INDPRC" | "EXT" => Sector::Industry,
        "PAINT" | "SLV" => Sector::Solvent,
        "ROAD" | "OTRA" => Sector::Transport,
        "RESI" | "ODOM" | "HUMAN" | "LTRN" => Sector::Domestic,
        "MM" | "FER" => Sector::Agriculture,
        "WST" => Sector::Waste,
        "CMB" => Sector::Combustion,
        _ => return None,
    })
}

fn precursor(pollutant: &str) -> Option<Precursor> {
    match pollutant {
        "SO2" => Some(Precursor::So2),
        "NOx" => Some(Precursor::Nox),
        "PM10" => Some(Precursor::Pm),
        "NMVOC" => Some(Precursor::Vocs),
        _ => None,
    }
}

/// Reads MEIC national totals by sector (Mg, one sheet a year) as CEDS publishes them.
///
/// Refuses `P-208` with sheet and row.
pub fn read_meic(file: &str, bytes: &[u8]) -> Result<Vec<InventoryTotal>, PlanError> {
    let wrong = |place: String, reason: String| PlanError::Table { file: file.into(), place, reason };
    if bytes.len() > MOST_BYTES {
        return Err(PlanError::TooLarge { what: "bytes", found: bytes.len() as u64, most: MOST_BYTES as u64 });
    }
    let whole = |error: calamine::XlsxError| wrong("workbook".into(), error.to_string());
    super::workbook::pages(bytes)?;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(whole)?;
    let mut found = vec![];
    for name in book.sheet_names() {
        let Ok(year) = name.parse::<u16>() else { continue };
        let range = book.worksheet_range(&name).map_err(whole)?;
        let mut rows = range.rows();
        let head: Vec<String> = rows.next().unwrap_or_default().iter().map(ToString::to_string).collect();
        if !head.first().is_some_and(|first| first.contains("Unit: Mg")) {
            return Err(wrong(format!("sheet {name}"), "the first head does not say Unit: Mg".into()));
        }
        for (row, cells) in rows.enumerate() {
            let Some(Data::String(said)) = cells.first() else { continue };
            for (pollutant, cell) in head.iter().zip(cells).skip(1).filter(|(head, _)| !head.is_empty()) {
                let Data::Float(tonnes) = cell else { continue };
                if !(tonnes.is_finite() && *tonnes >= 0.0) {
                    return Err(wrong(
                        format!("sheet {name}, row {}", row + 2),
                        format!("{tonnes} is no amount from 0 up"),
                    ));
                }
                found.push(InventoryTotal {
                    inventory: MEIC.into(),
                    region: None,
                    sector: ceds_sector(said),
                    said: said.clone(),
                    pollutant: pollutant.clone(),
                    precursor: precursor(pollutant),
                    year,
                    total: TonnePerYear(*tonnes),
                });
            }
        }
    }
    if found.is_empty() { Err(wrong("workbook".into(), "no sheet is named by a year".into())) } else { Ok(found) }
}

fn ceds_sector(said: &str) -> Sector {
    let starts = |codes: &[&str]| codes.iter().any(|code| said.starts_with(code));
    if starts(&["1A1a"]) {
        Sector::Power
    } else if starts(&["1A3"]) {
        Sector::Transport
    } else if starts(&["2D"]) {
        Sector::Solvent
    } else if starts(&["1A1", "1A2", "1B", "2"]) {
        Sector::Industry
    } else if starts(&["3"]) {
        Sector::Agriculture
    } else if starts(&["5"]) {
        Sector::Waste
    } else {
        Sector::Domestic
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "REASv3.2 SECTOR CHN JS SO2 [kt/year]\n                   2014           2015\n\
        PP        0.3560334E+03  0.3233101E+03\nIND       0.3858529E+03  0.3257169E+03\nTOTAL     0.7418863E+03  0.6490270E+03\n";

    #[test]
    fn a_table_gives_tonnes_by_year_and_sector() {
        let found = read_reas("JS_SO2", TABLE).unwrap();
        assert_eq!(found.len(), 4);
        let last = &found[3];
        assert_eq!((last.sector, last.year, last.precursor), (Sector::Industry, 2015, Some(Precursor::So2)));
        assert!((last.total.0 - 325_716.9).abs() < 1e-6);
        let nox = read_reas("JS_NOx", &TABLE.replace("SO2 [kt/", "NOx [ktNO2/")).unwrap();
        assert_eq!(nox[0].precursor, Some(Precursor::Nox));
        assert_eq!(last.region.map(|region| region.to_string()).as_deref(), Some("320000"));
    }

    #[test]
    fn a_table_that_is_not_what_it_should_be_is_refused_by_line() {
        for (from, to, expected) in [
            ("[kt/year]", "[t/year]", "line 1"),
            ("JS SO2", "JS NOx", "line 1: this is no table"),
            ("CHN JS", "CHN XX", "line 1: unknown province"),
            ("0.3257169E+03", "", "line 4: IND: 1 amounts for 2 years"),
            ("0.3257169E+03", "NaN", "line 4: IND: an amount"),
            ("0.3257169E+03", "-1", "line 4: IND: an amount"),
            ("IND", "XYZ", "line 4: unknown sector"),
            ("0.6490270E+03", "0.7490270E+03", "line 5: the total of 2015"),
        ] {
            let error = read_reas("f", &TABLE.replace(from, to)).unwrap_err().to_string();
            assert!(error.starts_with("P-208 f, ") && error.contains(expected), "{error}");
        }
        assert!(read_reas("f", "").is_err());
    }
}
