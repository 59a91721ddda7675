use crate::separation::separate;
use crate::{OrgError, OrgKind, Organisation, RoleClass, Roles};
use serde::Deserialize;
use std::collections::BTreeMap;
use units::{AccountId, OrgId, RegionCode};

/// An organisation to try the program with (演示组织): tree, accounts, grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demonstration {
    /// Identifier of the file.
    pub id: String,
    /// How sure which part is.
    pub confidence: String,
    /// Organisations; each parent before what lies under it.
    pub organisations: Vec<Organisation>,
    /// Accounts; the login is the id.
    pub accounts: Vec<DemoAccount>,
    /// Grants; those without a second person come first.
    pub grants: Vec<DemoGrant>,
}

/// An account of the demonstration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoAccount {
    /// Identifier and login.
    pub id: AccountId,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Where it belongs.
    pub organisation: OrgId,
}

/// A grant of the demonstration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoGrant {
    /// Identifier.
    pub id: String,
    /// Who has the role.
    pub account: AccountId,
    /// The role.
    pub role: String,
    /// For which organisation.
    pub organisation: OrgId,
    /// Who proposes it; `None`: put in force at the console.
    #[serde(default)]
    pub requested_by: Option<AccountId>,
    /// Who approves it.
    #[serde(default)]
    pub approved_by: Option<AccountId>,
}

/// Titles, source and day of checking are for those who read the file.
#[derive(Deserialize)]
struct File {
    id: String,
    confidence: String,
    organisations: Vec<Row>,
    accounts: Vec<DemoAccount>,
    grants: Vec<DemoGrant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: OrgId,
    name: String,
    name_en: String,
    kind: OrgKind,
    parent: Option<OrgId>,
    region: Option<RegionCode>,
    #[serde(default)]
    areas: Vec<OrgId>,
}

impl Demonstration {
    /// Jiangsu, as it comes with the program; refuses `G-106`.
    pub fn jiangsu() -> Result<Demonstration, OrgError> {
        Demonstration::parse("jiangsu", include_str!("../../../data/organisations/jiangsu.toml"))
    }

    /// Reads such a file; refuses `G-106` naming what does not hold together.
    pub fn parse(file: &str, text: &str) -> Result<Demonstration, OrgError> {
        let refused = |reason: String| OrgError::OrganisationFile { file: file.to_string(), reason };
        let read: File = toml::from_str(text).map_err(|error| refused(error.to_string().trim_end().to_string()))?;
        let demonstration = Demonstration {
            id: read.id,
            confidence: read.confidence,
            organisations: read.organisations.into_iter().map(Row::organisation).collect(),
            accounts: read.accounts,
            grants: read.grants,
        };
        demonstration.fault().map_or(Ok(demonstration), |fault| Err(refused(fault)))
    }

    fn fault(&self) -> Option<String> {
        let mut kinds: BTreeMap<&OrgId, OrgKind> = BTreeMap::new();
        for row in &self.organisations {
            let fits = match &row.parent {
                None => row.kind == OrgKind::Department,
                Some(parent) => kinds.get(parent).is_some_and(|kind| kind.holds(row.kind)),
            };
            if !fits || kinds.insert(&row.id, row.kind).is_some() {
                return Some(format!("organisation {} is there twice or does not fit under its parent", row.id));
            }
        }
        let areas = self.organisations.iter().flat_map(|row| &row.areas);
        let places = areas.chain(self.accounts.iter().map(|row| &row.organisation));
        if let Some(id) =
            places.chain(self.grants.iter().map(|row| &row.organisation)).find(|id| !kinds.contains_key(id))
        {
            return Some(format!("no organisation {id}"));
        }
        self.grants_fault()
    }

    fn grants_fault(&self) -> Option<String> {
        let mut held: BTreeMap<&AccountId, Vec<RoleClass>> =
            self.accounts.iter().map(|account| (&account.id, Vec::new())).collect();
        for grant in &self.grants {
            let people = [Some(&grant.account), grant.requested_by.as_ref(), grant.approved_by.as_ref()];
            if let Some(id) = people.into_iter().flatten().find(|id| !held.contains_key(id)) {
                return Some(format!("grant {}: no account {id}", grant.id));
            }
            let classes = held.entry(&grant.account).or_default();
            let class = Roles::bundled().get(&grant.role).map(|role| role.class);
            match class.and_then(|class| separate(classes, class).map(|()| class)) {
                Ok(class) => classes.push(class),
                Err(refusal) => return Some(format!("grant {}: {refusal}", grant.id)),
            }
        }
        None
    }
}

impl Row {
    fn organisation(self) -> Organisation {
        Organisation {
            id: self.id,
            name: self.name,
            name_en: self.name_en,
            kind: self.kind,
            parent: self.parent,
            region: self.region,
            areas: self.areas,
            active: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jiangsu_has_its_cities_counties_and_commissioner_offices() {
        let jiangsu = Demonstration::jiangsu().unwrap();
        let count = |kind| jiangsu.organisations.iter().filter(|row| row.kind == kind).count();
        assert_eq!(
            [OrgKind::CityBureau, OrgKind::CountyBureau, OrgKind::CommissionerOffice, OrgKind::Enterprise].map(count),
            [13, 95, 4, 6]
        );
        let mut areas: Vec<_> = jiangsu.organisations.iter().flat_map(|row| row.areas.clone()).collect();
        areas.sort();
        areas.dedup();
        assert_eq!(areas.len(), 13, "each city belongs to one commissioner office");
    }

    #[test]
    fn every_role_but_the_county_is_played_by_one_account() {
        let jiangsu = Demonstration::jiangsu().unwrap();
        for role in Roles::bundled().all().iter().filter(|role| role.id != "county-bureau") {
            assert!(jiangsu.grants.iter().any(|grant| grant.role == role.id), "{}", role.id);
        }
    }

    #[test]
    fn a_file_that_does_not_hold_together_is_refused_with_the_reason() {
        let text = include_str!("../../../data/organisations/jiangsu.toml");
        for (from, to, why) in [
            ("organisation = \"js-jemc\"", "organisation = \"nowhere\"", "no organisation nowhere"),
            ("role = \"leader\"", "role = \"king\"", "G-401"),
            ("account = \"auditor\"", "account = \"sysadmin\"", "G-404"),
            ("approved_by = \"secadmin\"", "approved_by = \"nobody\"", "no account nobody"),
            ("parent = \"320312\"", "parent = \"js-air\"", "demo-xz-steel"),
        ] {
            let refusal = Demonstration::parse("jiangsu", &text.replace(from, to)).unwrap_err().to_string();
            assert!(refusal.starts_with("G-106") && refusal.contains(why), "{refusal}");
        }
    }
}
