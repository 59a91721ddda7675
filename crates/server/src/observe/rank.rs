//! City ranking of one hour (排名): best first, equal indices share a rank.

use super::hourly::HourIndex;
use crate::figure::Figure;
use crate::stamp::Stamp;
use crate::table::{Cell, Table};
use ::observe::regions::Region;
use ::standards::shared_ranks;
use serde::Serialize;
use units::BeijingHour;
use utoipa::ToSchema;

/// One line of the ranking.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RankRow {
    /// `null` without an index.
    pub rank: Option<u32>,
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub aqi: Option<u16>,
    pub level: Option<u8>,
    /// Category in Chinese.
    pub category: Option<&'static str>,
    pub primary: Option<String>,
    /// Hourly PM2.5, µg/m³.
    pub pm25: Option<Figure>,
}

/// One city at one hour.
pub(crate) struct Entry<'a> {
    pub region: &'a Region,
    pub index: &'a HourIndex,
    pub pm25: Option<Figure>,
}

/// Ranks cities; those without an index stand last, by code, without a rank.
pub(crate) fn rank(entries: &[Entry<'_>]) -> Vec<RankRow> {
    let ranks = shared_ranks(&entries.iter().map(|entry| entry.index.aqi).collect::<Vec<_>>());
    let mut rows: Vec<RankRow> = entries.iter().zip(ranks).map(|(entry, rank)| row(entry, rank)).collect();
    rows.sort_by(|a, b| (a.rank.is_none(), a.rank, &a.code).cmp(&(b.rank.is_none(), b.rank, &b.code)));
    rows
}

fn row(entry: &Entry<'_>, rank: Option<u32>) -> RankRow {
    RankRow {
        rank,
        code: entry.region.code.to_string(),
        name: entry.region.name.clone(),
        name_en: entry.region.name_en.clone(),
        aqi: entry.index.aqi,
        level: entry.index.level.map(|level| level.number()),
        category: entry.index.level.map(|level| level.category()),
        primary: entry.index.primary.clone(),
        pm25: entry.pm25,
    }
}

/// The ranking as a table.
pub(crate) fn table(rows: &[RankRow], at: BeijingHour, stamp: &Stamp) -> Table {
    let columns = ["rank", "code", "city", "aqi", "level", "category", "primary", "PM2_5 (µg/m³)"];
    let cells = |row: &RankRow| -> Vec<Cell> {
        vec![
            row.rank.into(),
            row.code.clone().into(),
            row.name.clone().into(),
            row.aqi.into(),
            row.level.into(),
            row.category.into(),
            row.primary.clone().into(),
            row.pm25.into(),
        ]
    };
    Table {
        title: format!("城市空气质量排名 {at}"),
        file: format!("rank-{}", at.to_string()[..13].replace('T', "-")),
        stamp: stamp.clone(),
        columns: columns.map(String::from).to_vec(),
        rows: rows.iter().map(cells).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sight::own_cities;

    #[test]
    fn equal_indices_share_a_rank_and_cities_without_one_come_last() {
        let cities = own_cities();
        let indices = [Some(80), None, Some(60), Some(80)].map(HourIndex::of_particles);
        let entries: Vec<Entry<'_>> =
            cities.iter().zip(&indices).map(|(region, index)| Entry { region, index, pm25: None }).collect();
        let rows = rank(&entries);
        let ranks: Vec<(Option<u32>, &str)> = rows.iter().map(|row| (row.rank, row.code.as_str())).collect();
        assert_eq!(ranks, [(Some(1), "320300"), (Some(2), "320100"), (Some(2), "320400"), (None, "320200")]);
        assert_eq!((rows[0].category, rows[3].category), (Some("良"), None));
    }
}
