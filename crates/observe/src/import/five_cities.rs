//! UCI 394 "PM2.5 Data of Five Chinese Cities": several PM2.5 columns a file, one per post, 2010 to 2015.
//!
//! Traps: the city is named nowhere in the file, only by its posts; every file has a post of the US embassy
//! or consulate under the same name; state posts start in 2013; `precipitation` marks missing as 999990.

use super::Layout;
use super::cell::Cell;
use super::emit::Emit;
use super::input::{Head, Input};
use super::table::{Table, clock};
use super::time::{day_of, hour_label};
use crate::{ObserveError, RowFault};
use units::{Pollutant, SiteCode};

pub(super) const LAYOUT: Layout =
    Layout { id: "uci-five-cities", title: "UCI 394 PM2.5 of five Chinese cities", detect, read };

/// City and one of its posts, enough to tell the five files apart.
const POSTS: [(&str, &str); 5] = [
    ("Beijing", "PM_Dongsi"),
    ("Shanghai", "PM_Jingan"),
    ("Chengdu", "PM_Caotangsi"),
    ("Guangzhou", "PM_City Station"),
    ("Shenyang", "PM_Taiyuanjie"),
];

fn detect(head: &Head) -> bool {
    head.has(&["year", "month", "day", "hour", "PM_US Post"])
}

fn read(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let mut table = Table::open(input, LAYOUT.id)?;
    let [year, month, day, hour] = clock(&table)?;
    let posts = posts(&table, emit);
    emit.note("weather columns are not stored; their mark 999990 is not read as rain");
    while table.advance(emit)? {
        let time =
            day_of(table.get(year), table.get(month), table.get(day)).and_then(|day| hour_label(day, table.get(hour)));
        let time = match time {
            Ok(time) => time,
            Err(fault) => {
                emit.refuse(table.line(), Some("hour"), fault, table.get(hour));
                continue;
            }
        };
        for (site, at) in &posts {
            let (pollutant, column) = (Pollutant::Pm25, table.header()[*at].as_str());
            let cell = Cell { pollutant, unit: pollutant.unit(), column, text: table.get(*at) };
            emit.hour(table.line(), site, time, &[cell])?;
        }
    }
    Ok(())
}

fn posts(table: &Table<'_, '_>, emit: &mut Emit<'_>) -> Vec<(SiteCode, usize)> {
    let city = POSTS.iter().find(|(_, post)| table.optional(post).is_some()).map(|(city, _)| *city);
    if city.is_none() {
        emit.note("no post of a known city: its posts are named \"unknown\"");
    }
    let mut posts = Vec::new();
    for (at, column) in table.header().iter().enumerate() {
        let Some(post) = column.strip_prefix("PM_") else { continue };
        match format!("uci-{}-{post}", city.unwrap_or("unknown")).parse() {
            Ok(site) => posts.push((site, at)),
            Err(_) => emit.refuse(1, Some(column), RowFault::Site, post),
        }
    }
    posts
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{read, readings};

    #[test]
    fn each_post_is_a_site_and_its_city_comes_from_the_posts() {
        let file = "No,year,month,day,hour,season,PM_Jingan,PM_US Post,PM_Xuhui,DEWP,precipitation\n\
            52570,2015,12,31,9,4,121,NA,115,-3,999990\n";
        let (report, records) = read(file.as_bytes());
        assert_eq!(
            readings(&records),
            [
                "uci-Shanghai-Jingan PM2_5 2015-12-31T09:00:00+08:00 121",
                "uci-Shanghai-US Post PM2_5 2015-12-31T09:00:00+08:00 missing",
                "uci-Shanghai-Xuhui PM2_5 2015-12-31T09:00:00+08:00 115",
            ]
        );
        assert_eq!(report.unwrap().format, "uci-five-cities");
    }
}
