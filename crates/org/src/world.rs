//! A small province for the tests of this crate.

use crate::*;
use event::Actor;
use units::{AccountId, BeijingDay, Instant, OrgId};

pub fn id(text: &str) -> OrgId {
    text.parse().unwrap()
}

pub fn who(text: &str) -> AccountId {
    text.parse().unwrap()
}

pub fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

pub fn noon() -> Instant {
    at("2026-03-10T12:00:00+08:00")
}

pub fn day(text: &str) -> BeijingDay {
    text.parse().unwrap()
}

pub fn by(account: &str) -> Actor {
    let origin = "web 127.0.0.1".to_string();
    Actor { account: who(account), organisation: id("js"), on_behalf_of: None, origin }
}

pub fn place(path: &str, kind: OrgKind) -> Place {
    let path: OrgPath = path.parse().unwrap();
    let last = id(path.ids().next_back().unwrap());
    Place { id: last, kind, path, active: true, areas: Vec::new() }
}

/// js with an office, a commissioner office for Nanjing, two cities, a county and an enterprise in Nanjing.
pub fn places() -> Vec<Place> {
    let mut north = place("/js/north/", OrgKind::CommissionerOffice);
    north.areas = vec![id("nj")];
    vec![
        place("/js/", OrgKind::Department),
        place("/js/air/", OrgKind::Office),
        north,
        place("/js/nj/", OrgKind::CityBureau),
        place("/js/nj/njqx/", OrgKind::CountyBureau),
        place("/js/nj/njqx/ent/", OrgKind::Enterprise),
        place("/js/xz/", OrgKind::CityBureau),
    ]
}

pub fn account(login: &str, organisation: &str) -> Account {
    Account {
        id: who(login),
        login: login.into(),
        name: login.into(),
        organisation: id(organisation),
        active: true,
        ..Account::default()
    }
}

pub fn grant(account: &str, role: &str, organisation: &str) -> Grant {
    Grant {
        id: format!("{account}-{role}-{organisation}"),
        account: who(account),
        role: role.into(),
        organisation: id(organisation),
        from: day("2026-01-01"),
        state: GrantState::Approved,
        ..Grant::default()
    }
}
