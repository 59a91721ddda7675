//! One station's entry of the national real-time feed, whatever its wrapping (GeoJSON, XML, binary XML).

use super::cell::Cell;
use super::emit::Emit;
use super::time::local_hour;
use crate::{ObserveError, RowFault, SiteInfo, regions};
use units::{Pollutant, SiteCode};

/// Element that holds one station.
const ENTRY: &str = "AQIDataPublishLive";
/// The feed is five deep.
const MAX_DEPTH: usize = 32;

/// The fields of one station that are used, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Live {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) area: String,
    pub(super) lon: String,
    pub(super) lat: String,
    pub(super) time: String,
    /// In the order of [`Pollutant::ALL`].
    pub(super) values: [String; 6],
}

impl Live {
    fn slot(&mut self, element: &str) -> Option<&mut String> {
        match element {
            "StationCode" => Some(&mut self.code),
            "PositionName" => Some(&mut self.name),
            "Area" => Some(&mut self.area),
            "Longitude" => Some(&mut self.lon),
            "Latitude" => Some(&mut self.lat),
            "TimePoint" => Some(&mut self.time),
            _ => Pollutant::ALL.into_iter().find(|p| p.code() == element).map(|p| &mut self.values[p.index()]),
        }
    }

    /// Hands on the site and its values; `number` counts the entries from 1.
    pub(super) fn pass_on(self, number: u64, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
        let Ok(code) = self.code.parse::<SiteCode>() else {
            emit.refuse(number, Some("StationCode"), RowFault::Site, &self.code);
            return Ok(());
        };
        self.pass_on_site(&code, number, emit)?;
        let cell = |pollutant: Pollutant| Cell {
            pollutant,
            unit: pollutant.unit(),
            column: pollutant.code(),
            text: &self.values[pollutant.index()],
        };
        match local_hour(&self.time) {
            Ok(hour) => emit.hour(number, &code, hour, &Pollutant::ALL.map(cell)),
            Err(fault) => {
                emit.refuse(number, Some("TimePoint"), fault, &self.time);
                Ok(())
            }
        }
    }

    fn pass_on_site(&self, code: &SiteCode, number: u64, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
        let (Ok(lon), Ok(lat)) = (self.lon.trim().parse(), self.lat.trim().parse()) else {
            emit.refuse(number, Some("Longitude"), RowFault::Coordinate, &format!("{} {}", self.lon, self.lat));
            return Ok(());
        };
        let city = regions::by_name(&self.area).map(|region| region.code);
        emit.site(number, SiteInfo { code: code.clone(), name: self.name.clone(), city, lon, lat })
    }
}

/// Puts entries together from the elements of a document.
#[derive(Default)]
pub(super) struct LiveBuilder {
    path: Vec<String>,
    live: Live,
}

impl LiveBuilder {
    /// An element begins; an error when they are nested deeper than any real feed.
    pub(super) fn start(&mut self, element: &str) -> Result<(), &'static str> {
        self.path.push(element.to_string());
        if self.path.len() > MAX_DEPTH { Err("elements nested too deep") } else { Ok(()) }
    }

    /// Text inside the current element.
    pub(super) fn text(&mut self, text: &str) {
        if let [.., parent, element] = self.path.as_slice()
            && parent == ENTRY
            && let Some(slot) = self.live.slot(element)
        {
            slot.push_str(text);
        }
    }

    /// An element ends; gives the entry when it was one.
    pub(super) fn end(&mut self) -> Option<Live> {
        (self.path.pop().as_deref() == Some(ENTRY)).then(|| std::mem::take(&mut self.live))
    }
}
