//! The one predicate (数据范围) as SQL: what [`org::Scope::sees`] says in Rust, said for a whole table.
//!
//! A scope is a union of reaches. Where a table is large, each reach becomes a branch of its own that leaves out what
//! earlier branches have given, so that each uses its own index and nothing has to be made distinct.

use crate::scope_statement::Statement;
use org::{Extent, Kinds, Reach, Scope, Secrecy};

/// How a table calls the fields of [`org::Item`]. None of these expressions may be NULL: `NOT` would lose the row.
pub(crate) struct Subject {
    /// The path of the owning organisation.
    pub path: &'static str,
    /// The owning organisation.
    pub owner: &'static str,
    /// The account whose own thing it is; empty for nobody.
    pub account: Option<&'static str>,
    /// The kind.
    pub kind: &'static str,
    /// The secrecy as a number.
    pub secrecy: &'static str,
    /// A test around an organisation: whether the thing is assigned to it.
    pub assigned: Option<(&'static str, &'static str)>,
}

/// The order that a secrecy has in the tables.
pub(crate) fn secrecy_number(secrecy: Secrecy) -> i64 {
    match secrecy {
        Secrecy::Open => 0,
        Secrecy::Internal => 1,
        Secrecy::Restricted => 2,
    }
}

pub(crate) fn secrecy_of(number: i64) -> Option<Secrecy> {
    [Secrecy::Open, Secrecy::Internal, Secrecy::Restricted].into_iter().find(|known| secrecy_number(*known) == number)
}

impl Subject {
    /// Adds the whole predicate, in brackets. For tables of some thousand rows and for single things.
    pub fn seen(&self, statement: &mut Statement, scope: &Scope) {
        statement.push("(1 = 0");
        for reach in &scope.reaches {
            statement.push(" OR ");
            self.reach(statement, reach);
        }
        statement.push(")");
    }

    /// Adds that none of these reaches sees it: what earlier branches have given is left out of a later one.
    pub fn unseen(&self, statement: &mut Statement, earlier: &[&Reach]) {
        for reach in earlier {
            statement.push(" AND NOT ");
            self.reach(statement, reach);
        }
    }

    /// Adds what a reach sees, in brackets.
    pub fn reach(&self, statement: &mut Statement, reach: &Reach) {
        statement.push("(");
        self.extent(statement, &reach.extent);
        if let Kinds::Only(kinds) = &reach.kinds {
            statement.push(" AND ");
            if kinds.is_empty() {
                statement.push("1 = 0");
            } else {
                statement.push(self.kind).push(" IN (").bind_list(kinds).push(")");
            }
        }
        if reach.secrecy != Secrecy::Restricted {
            statement.push(" AND ").push(self.secrecy).push(" <= ").bind(secrecy_number(reach.secrecy));
        }
        statement.push(")");
    }

    fn extent(&self, statement: &mut Statement, extent: &Extent) {
        match extent {
            Extent::All => statement.push("1 = 1"),
            Extent::Subtree(path) => {
                // An index by path is no help where the path is the whole province's; `|| ''` says so.
                let (above, below) = if path.levels() > 1 { (" >= ", " < ") } else { (" || '' >= ", " || '' < ") };
                let (lower, upper) = path.range();
                statement.push(self.path).push(above).bind(lower);
                statement.push(" AND ").push(self.path).push(below).bind(upper)
            }
            Extent::Organisation(id) => statement.push(self.owner).push(" = ").bind(id.as_str()),
            Extent::Assigned(id) => match self.assigned {
                Some((before, after)) => statement.push(before).bind(id.as_str()).push(after),
                None => statement.push("1 = 0"),
            },
            Extent::Own(id) => match self.account {
                Some(account) => statement.push(account).push(" = ").bind(id.as_str()),
                None => statement.push("1 = 0"),
            },
        };
    }
}

/// The reaches in the order of their branches: the wide ones first, because what a later branch has to leave out is
/// then said by columns of the row itself, and a look into the assignments stands in the last branches only.
pub(crate) fn branches(scope: &Scope) -> Vec<&Reach> {
    let rank = |reach: &&Reach| match reach.extent {
        Extent::All => 0,
        Extent::Subtree(_) => 1,
        Extent::Organisation(_) => 2,
        Extent::Own(_) => 3,
        Extent::Assigned(_) => 4,
    };
    let mut reaches: Vec<&Reach> = Vec::with_capacity(scope.reaches.len());
    for reach in &scope.reaches {
        if !reaches.contains(&reach) {
            reaches.push(reach);
        }
    }
    reaches.sort_by_key(rank);
    reaches
}
