//! Lists of stations as tables, each with its own headings.
//!
//! Traps: a byte order mark; a list that counts from 0 where its table counts from 1; "longtitude"; lists
//! of different years place the same station up to kilometres apart.

use super::Layout;
use super::emit::Emit;
use super::input::{Head, Input};
use super::table::Table;
use super::yangtze::site_of;
use crate::{ObserveError, RowFault, SiteInfo, regions};
use units::{RegionCode, SiteCode};

pub(super) const LAYOUT: Layout = Layout { id: "site-list", title: "list of stations", detect, read };

/// One kind of list.
struct Kind {
    source: &'static str,
    code: &'static str,
    /// What the codes of its series begin with.
    prefix: &'static str,
    name: &'static str,
    city: Option<&'static str>,
    lon: &'static str,
    lat: &'static str,
}

const KINDS: [Kind; 6] = [
    Kind {
        source: "qingkong-sites",
        code: "code",
        prefix: "",
        name: "name",
        city: Some("city"),
        lon: "lon",
        lat: "lat",
    },
    Kind {
        source: "cnemc-station",
        code: "ID",
        prefix: "",
        name: "stations_name",
        city: Some("area"),
        lon: "lon",
        lat: "lat",
    },
    Kind {
        source: "cnemc-station",
        code: "StationCode",
        prefix: "",
        name: "PositionName",
        city: Some("Area"),
        lon: "Longitude",
        lat: "Latitude",
    },
    Kind {
        source: "yangtze-stations",
        code: "",
        prefix: YANGTZE,
        name: "站点",
        city: Some("城市"),
        lon: "经度",
        lat: "纬度",
    },
    Kind {
        source: "uair-shanghai",
        code: "station_id",
        prefix: "uair-",
        name: "station_name",
        city: None,
        lon: "longtitude",
        lat: "latitude",
    },
    Kind {
        source: "kdd2018",
        code: "station_id",
        prefix: "",
        name: "station_id",
        city: None,
        lon: "Longitude",
        lat: "Latitude",
    },
];

const YANGTZE: &str = "yangtze-";

impl Kind {
    fn fits(&self, head: &Head) -> bool {
        head.has(&[self.code, self.name, self.lon, self.lat])
    }

    fn site(&self, text: &str) -> Option<SiteCode> {
        if self.prefix == YANGTZE {
            return text.parse::<u16>().ok()?.checked_add(1).map(site_of);
        }
        if text.is_empty() { None } else { format!("{}{text}", self.prefix).parse().ok() }
    }
}

fn detect(head: &Head) -> bool {
    KINDS.iter().any(|kind| kind.fits(head))
}

fn read(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let kind = KINDS.iter().find(|kind| kind.fits(input.head())).expect("detect found a kind that fits");
    emit.source(kind.source);
    let mut table = Table::open(input, LAYOUT.id)?;
    let (code, name) = (table.column(kind.code)?, table.column(kind.name)?);
    let (lon, lat) = (table.column(kind.lon)?, table.column(kind.lat)?);
    let city = kind.city.and_then(|column| table.optional(column));
    while table.advance(emit)? {
        let Some(code) = kind.site(table.get(code)) else {
            emit.refuse(table.line(), Some(kind.code), RowFault::Site, table.get(code));
            continue;
        };
        let (Ok(lon), Ok(lat)) = (table.get(lon).parse(), table.get(lat).parse()) else {
            emit.refuse(
                table.line(),
                Some(kind.lon),
                RowFault::Coordinate,
                &format!("{} {}", table.get(lon), table.get(lat)),
            );
            continue;
        };
        let city = city.and_then(|city| region(table.get(city)));
        emit.site(table.line(), SiteInfo { code, name: table.get(name).to_string(), city, lon, lat })?;
    }
    Ok(())
}

/// A city by code or by name.
fn region(text: &str) -> Option<RegionCode> {
    text.parse().ok().or_else(|| regions::by_name(text).map(|region| region.code))
}

#[cfg(test)]
mod tests {
    use crate::Record;
    use crate::import::testing::read;

    fn sites(file: &str) -> Vec<String> {
        let (report, records) = read(file.as_bytes());
        assert_eq!(report.unwrap().format, "site-list");
        let shown = |record: &Record| match record {
            Record::Site(s) => {
                format!("{} {} {} {} {}", s.code, s.name, s.city.map_or("-".into(), |c| c.to_string()), s.lon, s.lat)
            }
            other => panic!("{other:?}"),
        };
        records.iter().map(shown).collect()
    }

    #[test]
    fn every_kind_of_list_is_read() {
        let gnn = "ID,stations_name,stations_en_name,area,area_en_name,lon,lat\n1001A,万寿西宫,Wanshouxigong,北京,Beijing,116.366,39.8673\n";
        assert_eq!(sites(gnn), ["1001A 万寿西宫 110000 116.366 39.8673"]);
        let bom = "\u{feff}StationId,PositionName,Area,UniqueCode,StationCode,StationPic,Longitude,Latitude,StationTypeId\n\
            4112,万寿西宫,北京市,110000252,1001A,,116.366,39.8673,1\n";
        assert_eq!(sites(bom), ["1001A 万寿西宫 110000 116.366 39.8673"]);
        let counted = ",城市-站点,城市,站点,经度,纬度\n0,合肥-明珠广场,合肥,明珠广场,117.1959,31.7848\n";
        assert_eq!(sites(counted), ["yangtze-1 明珠广场 340100 117.1959 31.7848"]);
        let shanghai = "station_id,station_name,latitude,longtitude\n002001,hongkouliangcheng,31.298779,121.471826\n";
        assert_eq!(sites(shanghai), ["uair-002001 hongkouliangcheng - 121.471826 31.298779"]);
        let kdd = "station_id,Longitude,Latitude,type\ndongsi_aq,116.417,39.929,城区\n";
        assert_eq!(sites(kdd), ["dongsi_aq dongsi_aq - 116.417 39.929"]);
        assert_eq!(
            sites("code,name,city,lon,lat\n1141A,普陀,310000,121.4,31.238\n"),
            ["1141A 普陀 310000 121.4 31.238"]
        );
    }

    #[test]
    fn a_place_that_is_none_and_a_code_that_is_none_are_refused() {
        let report = read(b"code,name,city,lon,lat\n1141A,a,,999,31\n1142A,a,,x,31\n,a,,121,31\n").0.unwrap();
        let reasons: Vec<&str> = report.refusals.iter().map(|refusal| &refusal.reason[..5]).collect();
        assert_eq!((reasons, report.sites), (vec!["O-211", "O-211", "O-210"], 0));
    }
}
