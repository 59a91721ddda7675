use crate::StoreError;
use crate::account::{AccountRow, among};
use crate::database::{Reader, Store};
use crate::organisation::{places, state_of};
use crate::scope_statement::{Statement, run};
use org::{Account, Delegation, Grant, Known, Place, Places};
use std::collections::BTreeSet;
use units::AccountId;

/// Everything that has to be known to say what an account may do (权限依据).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The account.
    pub account: AccountRow,
    /// Its grants, and those of the accounts that lent to it, in any state.
    pub grants: Vec<Grant>,
    /// The delegations to it, in any state.
    pub delegations: Vec<Delegation>,
    /// The accounts that lent to it.
    pub lenders: Vec<Account>,
    /// Its own organisation, those of all these grants, and the areas of those that have areas.
    pub places: Places,
}

impl Standing {
    /// The same as [`org::Authority::of`] takes it; `acting` names the delegation it acts under.
    pub fn known<'a>(&'a self, acting: Option<&'a str>) -> Known<'a> {
        Known {
            account: &self.account.account,
            acting,
            grants: &self.grants,
            delegations: &self.delegations,
            lenders: &self.lenders,
            places: &self.places,
        }
    }
}

impl Store {
    /// What an account's rights follow from; `None` when there is no such account.
    pub async fn standing(&self, account: &AccountId) -> Result<Option<Standing>, StoreError> {
        let mut reader = self.reader().await?;
        let Some(row) = among(&mut reader, &[account.as_str()]).await?.pop() else { return Ok(None) };
        let delegations = delegations(&mut reader, account).await?;
        let lenders = among(&mut reader, &distinct(delegations.iter().map(|lent| lent.from_account.as_str()))).await?;
        let lenders: Vec<Account> = lenders.into_iter().map(|row| row.account).collect();
        let mut holders = vec![account.clone()];
        holders.extend(lenders.iter().map(|lender| lender.id.clone()));
        let grants = grants(&mut reader, &holders).await?;
        let mut named: Vec<&str> = grants.iter().map(|grant| grant.organisation.as_str()).collect();
        named.push(row.account.organisation.as_str());
        let places = with_areas(&mut reader, &distinct(named)).await?;
        Ok(Some(Standing { account: row, grants, delegations, lenders, places }))
    }
}

fn distinct<'a>(ids: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}

/// The grants of these accounts in any state, in order of id.
pub(crate) async fn grants(reader: &mut Reader, accounts: &[AccountId]) -> Result<Vec<Grant>, StoreError> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(
        "SELECT s.state FROM role_grant g JOIN stream s ON s.kind = 'grant' AND s.id = g.id WHERE g.account IN (",
    );
    statement.bind_list(accounts.iter().map(AccountId::as_str)).push(") ORDER BY g.id");
    let rows: Vec<String> = run!(reader, query_scalar, statement, fetch_all)?;
    rows.iter().map(|state| state_of("a grant", state)).collect()
}

async fn delegations(reader: &mut Reader, to: &AccountId) -> Result<Vec<Delegation>, StoreError> {
    let mut statement = Statement::new(
        "SELECT s.state FROM delegation d JOIN stream s ON s.kind = 'delegation' AND s.id = d.id WHERE d.to_account = ",
    );
    statement.bind(to.as_str()).push(" ORDER BY d.id");
    let rows: Vec<String> = run!(reader, query_scalar, statement, fetch_all)?;
    rows.iter().map(|state| state_of("a delegation", state)).collect()
}

async fn with_areas(reader: &mut Reader, ids: &[&str]) -> Result<Places, StoreError> {
    let named: Vec<Place> = places(reader, ids).await?;
    let areas = distinct(named.iter().flat_map(|place| &place.areas).map(|area| area.as_str()));
    let areas = places(reader, &areas).await?;
    Ok(named.into_iter().chain(areas).collect())
}
