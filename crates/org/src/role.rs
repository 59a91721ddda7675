use crate::{OrgError, Right, Secrecy};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::LazyLock;

const BUNDLED: [(&str, &str); 13] = [
    ("forecaster", include_str!("../../../data/roles/forecaster.toml")),
    ("forecast-chair", include_str!("../../../data/roles/forecast-chair.toml")),
    ("duty-officer", include_str!("../../../data/roles/duty-officer.toml")),
    ("air-division", include_str!("../../../data/roles/air-division.toml")),
    ("leader", include_str!("../../../data/roles/leader.toml")),
    ("city-bureau", include_str!("../../../data/roles/city-bureau.toml")),
    ("county-bureau", include_str!("../../../data/roles/county-bureau.toml")),
    ("commissioner", include_str!("../../../data/roles/commissioner.toml")),
    ("enterprise", include_str!("../../../data/roles/enterprise.toml")),
    ("inspector", include_str!("../../../data/roles/inspector.toml")),
    ("system-admin", include_str!("../../../data/roles/system-admin.toml")),
    ("security-admin", include_str!("../../../data/roles/security-admin.toml")),
    ("auditor", include_str!("../../../data/roles/auditor.toml")),
];

static ROLES: LazyLock<Roles> = LazyLock::new(|| {
    let roles = BUNDLED.iter().map(|(file, text)| Role::parse(file, text));
    Roles(roles.collect::<Result<_, _>>().expect("the files are part of the program and a test reads each"))
});

/// A role (角色): what its holders may do, and how far. Data, one file each in `data/roles/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Identifier, the file's name.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Business or one of the three administrator classes.
    pub class: RoleClass,
    /// What may be done.
    pub rights: BTreeSet<Right>,
    /// How far, counted from the organisation of the grant; the union of all.
    pub extent: Vec<RoleExtent>,
    /// Most that may be seen.
    pub secrecy: Secrecy,
}

/// Class of a role. Administration, security and audit are held apart (三员分立).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleClass {
    /// The work itself.
    Business,
    /// Organisations, accounts, jobs, channels (系统管理).
    Administration,
    /// Grants, sessions (安全保密管理).
    Security,
    /// The event log (安全审计).
    Audit,
}

/// How far a role reaches from the organisation it is granted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleExtent {
    /// What the account made or answers for.
    Own,
    /// What the organisation owns.
    Organisation,
    /// What the organisation and those below it own.
    Subtree,
    /// The subtrees of the areas of a commissioner office.
    Areas,
    /// What is assigned to the organisation.
    Assigned,
    /// Everything.
    All,
}

impl RoleClass {
    /// Stable text, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            RoleClass::Business => "business",
            RoleClass::Administration => "administration",
            RoleClass::Security => "security",
            RoleClass::Audit => "audit",
        }
    }

    /// Whether it is one of the three administrator classes, for which a second factor is demanded.
    pub const fn is_administrator(self) -> bool {
        !matches!(self, RoleClass::Business)
    }

    /// Whether one account must not hold roles of both classes.
    pub fn conflicts(self, other: RoleClass) -> bool {
        self.is_administrator() && other.is_administrator() && self != other
    }
}

impl Role {
    /// Reads a role file; refuses `G-105`.
    pub fn parse(file: &str, text: &str) -> Result<Role, OrgError> {
        let refused = |reason: String| OrgError::RoleFile { file: file.to_string(), reason };
        let role: Role = toml::from_str(text).map_err(|error| refused(error.to_string().trim_end().to_string()))?;
        let fault = if role.id != file {
            Some("the id is not the file's name")
        } else if role.rights.is_empty() || role.extent.is_empty() {
            Some("a role without rights or extent gives nothing")
        } else {
            None
        };
        fault.map_or(Ok(role), |fault| Err(refused(fault.to_string())))
    }
}

/// The roles that exist.
#[derive(Debug)]
pub struct Roles(Vec<Role>);

impl Roles {
    /// The roles that come with the program.
    pub fn bundled() -> &'static Roles {
        &ROLES
    }

    /// All of them, in the order they are shown.
    pub fn all(&self) -> &[Role] {
        &self.0
    }

    /// One of them; refuses `G-401`.
    pub fn get(&self, id: &str) -> Result<&Role, OrgError> {
        let known = self.0.iter().find(|role| role.id == id);
        known.ok_or_else(|| OrgError::UnknownRole(id.chars().take(64).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_role_is_read() {
        assert_eq!(Roles::bundled().all().len(), BUNDLED.len());
    }

    #[test]
    fn no_business_role_administers_and_no_administrator_touches_matters() {
        use Right::*;
        let administer = [OrgWrite, AccountWrite, GrantPropose, GrantApprove, AuditRead, JobWrite, ChannelWrite];
        for role in Roles::bundled().all() {
            match role.class {
                RoleClass::Business => assert!(administer.iter().all(|right| !role.rights.contains(right)), "{role:?}"),
                _ => assert!(role.rights.iter().all(|right| !right.is_about_matters()), "{role:?}"),
            }
        }
    }

    #[test]
    fn who_proposes_grants_cannot_approve_them_and_who_audits_changes_nothing() {
        let with = |right| Roles::bundled().all().iter().filter(move |role| role.rights.contains(&right));
        assert!(with(Right::GrantPropose).all(|role| role.class == RoleClass::Administration));
        assert!(with(Right::GrantApprove).all(|role| role.class == RoleClass::Security));
        assert!(with(Right::AuditRead).all(|role| role.class == RoleClass::Audit));
        let auditor = Roles::bundled().get("auditor").unwrap();
        assert!(auditor.rights.iter().all(|r| r.as_str().ends_with(".read") || r.as_str() == "audit.export"));
    }

    #[test]
    fn a_role_file_with_an_unknown_right_or_a_foreign_name_is_refused() {
        let (file, good) = BUNDLED[0];
        assert!(Role::parse("leader", good).unwrap_err().to_string().starts_with("G-105 role leader"));
        let bad = good.replace("air.read", "air.reed");
        assert!(Role::parse(file, &bad).unwrap_err().to_string().contains("G-103"));
    }
}
