use crate::{AppState, ServerError};
use org::Organisation;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use store::MatterRow;
use units::{AccountId, OrgId};
use utoipa::ToSchema;

/// Accounts looked up in one go.
const AT_A_TIME: usize = 500;

/// An organisation or an account by id and by what people call it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Named {
    pub id: String,
    /// The id once more, where nothing by that id is on file.
    pub name: String,
}

/// What people call the organisations and accounts of an answer; each is looked up once.
#[derive(Default)]
pub(crate) struct Names {
    organisations: BTreeMap<OrgId, String>,
    accounts: BTreeMap<AccountId, String>,
}

/// Names that are to be looked up.
pub(crate) struct Unnamed {
    organisations: BTreeSet<OrgId>,
    accounts: BTreeSet<AccountId>,
}

impl Unnamed {
    pub(crate) async fn read(self, state: &AppState) -> Result<Names, ServerError> {
        let mut names = Names::default();
        for id in self.organisations {
            if let Some((found, _)) = state.store().load::<Organisation>(id.as_str()).await? {
                names.organisations.insert(id, found.name);
            }
        }
        let accounts: Vec<AccountId> = self.accounts.into_iter().collect();
        for part in accounts.chunks(AT_A_TIME) {
            let found = state.store().accounts_among(part).await?;
            names.accounts.extend(found.into_iter().map(|row| (row.account.id, row.account.name)));
        }
        Ok(names)
    }
}

impl Names {
    /// Those that lines of matters tell of.
    pub(crate) fn of_matters(rows: &[MatterRow]) -> Unnamed {
        let accounts = rows.iter().flat_map(|row| row.responsible.iter().chain([&row.created_by]));
        Names::of(rows.iter().map(|row| &row.owner), accounts)
    }

    pub(crate) fn of<'a>(
        organisations: impl IntoIterator<Item = &'a OrgId>,
        accounts: impl IntoIterator<Item = &'a AccountId>,
    ) -> Unnamed {
        Unnamed {
            organisations: organisations.into_iter().cloned().collect(),
            accounts: accounts.into_iter().cloned().collect(),
        }
    }

    pub(crate) fn organisation(&self, id: &OrgId) -> Named {
        Named { id: id.to_string(), name: self.organisations.get(id).cloned().unwrap_or_else(|| id.to_string()) }
    }

    pub(crate) fn account(&self, id: &AccountId) -> Named {
        Named { id: id.to_string(), name: self.accounts.get(id).cloned().unwrap_or_else(|| id.to_string()) }
    }
}
