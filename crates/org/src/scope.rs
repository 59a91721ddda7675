use crate::OrgPath;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use units::{AccountId, OrgId};

/// How widely a thing may be known (密级), ascending. State secrets have no place in this system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secrecy {
    /// May be published (公开).
    Open,
    /// For the people of the work (内部).
    #[default]
    Internal,
    /// For named roles (限制).
    Restricted,
}

/// Which kinds of matter (事项类型) a grant is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kinds {
    /// Every kind, also those to come.
    #[default]
    All,
    /// These.
    Only(BTreeSet<String>),
}

/// How far a reach goes in the tree (数据范围).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// Everything.
    All,
    /// What an organisation under this path owns.
    Subtree(OrgPath),
    /// What this organisation owns.
    Organisation(OrgId),
    /// What is assigned to this organisation, whoever owns it.
    Assigned(OrgId),
    /// What this account made or answers for.
    Own(AccountId),
}

/// One way in which things are seen: all three must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Where.
    pub extent: Extent,
    /// Which kinds.
    pub kinds: Kinds,
    /// Up to which secrecy.
    pub secrecy: Secrecy,
}

/// What an account may see with one right: the union of its reaches. Without a reach it sees nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The ways in which something is seen.
    pub reaches: Vec<Reach>,
}

/// What has to be known of a thing to say who sees it.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// Where its owner lies now.
    pub owner_path: &'a OrgPath,
    /// The organisation that owns it.
    pub owner: &'a OrgId,
    /// The organisations it is assigned to.
    pub assigned: &'a [OrgId],
    /// The account that answers for it, or that made it.
    pub account: Option<&'a AccountId>,
    /// Its kind.
    pub kind: &'a str,
    /// Its secrecy.
    pub secrecy: Secrecy,
}

impl Scope {
    /// Whether a thing is seen. The one predicate (同一谓词): what the store says in SQL is this.
    pub fn sees(&self, item: &Item<'_>) -> bool {
        self.reaches.iter().any(|reach| reach.sees(item))
    }

    /// The part that sees things from inside their house: without what is seen only because it was assigned or given,
    /// or because the account made it or answers for it.
    pub fn owned(&self) -> Scope {
        let owner = |extent: &Extent| !matches!(extent, Extent::Assigned(_) | Extent::Own(_));
        Scope { reaches: self.reaches.iter().filter(|reach| owner(&reach.extent)).cloned().collect() }
    }

    /// Adds a reach, unless what it sees is seen already; what it makes superfluous is dropped.
    pub fn add(&mut self, reach: Reach) {
        if self.reaches.iter().any(|held| held.covers(&reach)) {
            return;
        }
        self.reaches.retain(|held| !reach.covers(held));
        self.reaches.push(reach);
    }
}

impl Reach {
    /// Whether a thing is seen this way.
    pub fn sees(&self, item: &Item<'_>) -> bool {
        self.extent.holds(item) && self.kinds.hold(item.kind) && item.secrecy <= self.secrecy
    }

    fn covers(&self, other: &Reach) -> bool {
        self.extent.covers(&other.extent) && self.kinds.cover(&other.kinds) && other.secrecy <= self.secrecy
    }
}

impl Extent {
    /// Whether a thing lies within.
    pub fn holds(&self, item: &Item<'_>) -> bool {
        match self {
            Extent::All => true,
            Extent::Subtree(path) => path.contains(item.owner_path),
            Extent::Organisation(id) => id == item.owner,
            Extent::Assigned(id) => item.assigned.contains(id),
            Extent::Own(id) => Some(id) == item.account,
        }
    }

    fn covers(&self, other: &Extent) -> bool {
        match (self, other) {
            (Extent::All, _) => true,
            (Extent::Subtree(path), Extent::Subtree(below)) => path.contains(below),
            _ => self == other,
        }
    }
}

impl Kinds {
    /// Whether a kind is among them.
    pub fn hold(&self, kind: &str) -> bool {
        match self {
            Kinds::All => true,
            Kinds::Only(kinds) => kinds.contains(kind),
        }
    }

    fn cover(&self, other: &Kinds) -> bool {
        match (self, other) {
            (Kinds::All, _) => true,
            (Kinds::Only(_), Kinds::All) => false,
            (Kinds::Only(these), Kinds::Only(those)) => those.is_subset(these),
        }
    }
}
