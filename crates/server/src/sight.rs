//! What may be seen at the moment shown. Every observation an answer tells is read through here, so that
//! nothing later than that moment can leak out, whatever a request asks for.

use crate::observe::Window;
use crate::{AppState, ServerError};
use ::observe::regions::{self, Region};
use std::collections::BTreeSet;
use store::{Flagged, Store};
use units::{BeijingDay, BeijingHour, Pollutant, RegionCode, SiteCode};

/// The province this system serves (江苏省).
const PROVINCE: &str = "320000";

/// The store, as it could be seen at one hour.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    store: &'a Store,
    as_of: BeijingHour,
}

impl<'a> Sight<'a> {
    /// At the moment shown.
    pub(crate) fn now(state: &'a AppState) -> Sight<'a> {
        Sight { store: state.store(), as_of: state.as_of() }
    }

    /// The last hour that may be seen.
    pub(crate) fn as_of(self) -> BeijingHour {
        self.as_of
    }

    /// Changes with every import, so that what was computed before is not mistaken for the present.
    pub(crate) async fn version(self) -> Result<usize, ServerError> {
        Ok(self.store.imports().await?.len())
    }

    /// The newest hour with any value.
    pub(crate) async fn latest_hour(self) -> Result<Option<BeijingHour>, ServerError> {
        Ok(self.store.latest_hour(self.as_of).await?)
    }

    /// Usable values; hours that may not be seen are missing.
    pub(crate) async fn values(
        self,
        sites: &[SiteCode],
        from: BeijingHour,
        to: BeijingHour,
    ) -> Result<Window, ServerError> {
        let seen_to = to.min(self.as_of);
        let columns =
            if seen_to < from { Vec::new() } else { self.store.dense(sites, &Pollutant::ALL, from, seen_to).await? };
        Ok(Window::new(sites.to_vec(), from, to, &columns))
    }

    /// Marked values, oldest first.
    pub(crate) async fn flags(self, from: BeijingHour, to: BeijingHour) -> Result<Vec<Flagged>, ServerError> {
        Ok(self.store.flags(from, to.min(self.as_of)).await?)
    }

    /// The last day all of whose hours may be seen.
    pub(crate) fn last_whole_day(self) -> BeijingDay {
        if self.as_of.label() == 24 { self.as_of.day() } else { self.as_of.day() - 1 }
    }

    /// First and last hour of the cities' records, whatever the moment: the bounds of the replay clock.
    pub(crate) async fn span(state: &AppState) -> Result<Option<(BeijingHour, BeijingHour)>, ServerError> {
        let series = state.store().series().await?;
        let city = |site: &SiteCode| site.region().is_some_and(in_province);
        let own = series.iter().filter(|series| city(&series.site));
        let bounds = own.filter_map(|series| series.first.zip(series.last));
        Ok(bounds.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))))
    }
}

/// The 13 cities of the province, by code.
pub(crate) fn own_cities() -> Vec<&'static Region> {
    regions::cities_of(province()).collect()
}

/// The cities of the province, then all other cities the store has ever heard of.
pub(crate) async fn areas(state: &AppState) -> Result<Vec<&'static Region>, ServerError> {
    let series = state.store().series().await?;
    let heard: BTreeSet<RegionCode> = series.iter().filter_map(|series| series.site.region()).collect();
    let others = heard.into_iter().filter(|code| !in_province(*code)).filter_map(regions::by_code);
    let own = own_cities();
    Ok(own.into_iter().chain(others).collect())
}

/// The city of a code from an address. Refuses `A-204`.
pub(crate) fn city(code: &str) -> Result<&'static Region, ServerError> {
    let unknown = || ServerError::UnknownCity(code.chars().take(20).collect());
    code.parse().ok().and_then(regions::by_code).ok_or_else(unknown)
}

/// Whether a region lies in the province.
pub(crate) fn in_province(code: RegionCode) -> bool {
    province().contains(code)
}

/// The codes of regions as sites.
pub(crate) fn sites(regions: &[&Region]) -> Vec<SiteCode> {
    regions.iter().map(|region| SiteCode::from(region.code)).collect()
}

fn province() -> RegionCode {
    PROVINCE.parse().expect("a constant that is a region code")
}
