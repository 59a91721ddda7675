use crate::auth::Person;
use crate::list::{read, words};
use crate::{AppState, ServerError};
use org::{OrgPath, Right, acting_organisation};
use serde::Deserialize;
use store::{MatterFilter, MatterOrder};
use units::{AccountId, BeijingDay, OrgId};
use utoipa::IntoParams;

/// Which matters a list is about (筛选); what is left out does not narrow it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// States with commas between them.
    state: Option<String>,
    /// Kinds with commas between them.
    kind: Option<String>,
    /// A text in code or title.
    q: Option<String>,
    /// Owned by this organisation or one below it.
    owner: Option<String>,
    /// `me`: assigned to the own organisation; or the id of another one.
    assigned: Option<String>,
    /// `me`, or the id of an account that answers for them.
    responsible: Option<String>,
    /// Due on this day or later.
    due_from: Option<String>,
    /// Due before this day.
    due_before: Option<String>,
    /// `due`, which is first when left out, or `created` for the newest first.
    sort: Option<String>,
}

impl Asked {
    /// `None` when it can only be empty: an organisation that the person does not see owns nothing for them.
    pub(crate) async fn filter(&self, state: &AppState, person: &Person) -> Result<Option<MatterFilter>, ServerError> {
        let mut filter = MatterFilter {
            states: words(self.state.as_deref()),
            kinds: words(self.kind.as_deref()),
            text: self.q.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_string),
            assigned: self.assigned(person)?,
            responsible: self.responsible(person)?,
            due_from: read::<BeijingDay>("due_from", self.due_from.as_deref())?,
            due_before: read::<BeijingDay>("due_before", self.due_before.as_deref())?,
            owner_under: None,
        };
        if let Some(owner) = read::<OrgId>("owner", self.owner.as_deref())? {
            match path(state, person, &owner).await? {
                Some(path) => filter.owner_under = Some(path),
                None => return Ok(None),
            }
        }
        Ok(Some(filter))
    }

    pub(crate) fn order(&self) -> Result<MatterOrder, ServerError> {
        match self.sort.as_deref() {
            None | Some("" | "due") => Ok(MatterOrder::Due),
            Some("created") => Ok(MatterOrder::Newest),
            Some(other) => Err(ServerError::BadQuery(format!("no order {other:?}; known are due, created"))),
        }
    }

    fn assigned(&self, person: &Person) -> Result<Option<OrgId>, ServerError> {
        match self.assigned.as_deref() {
            Some("me") => Ok(Some(acting_organisation(person.actor()).clone())),
            other => read("assigned", other),
        }
    }

    fn responsible(&self, person: &Person) -> Result<Option<AccountId>, ServerError> {
        match self.responsible.as_deref() {
            Some("me") => Ok(Some(person.account().clone())),
            other => read("responsible", other),
        }
    }
}

/// Where an organisation lies that the person sees, or belongs to.
async fn path(state: &AppState, person: &Person, id: &OrgId) -> Result<Option<OrgPath>, ServerError> {
    if id == acting_organisation(person.actor()) {
        return Ok(state.store().org_place(id).await?.map(|place| place.path));
    }
    let row = state.store().organisation(&person.scope(Right::OrgRead), id.as_str()).await?;
    Ok(row.map(|row| row.path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_order_is_refused() {
        let asked = |sort: &str| Asked { sort: Some(sort.into()), ..Asked::default() }.order();
        assert_eq!((asked("due").unwrap(), asked("created").unwrap()), (MatterOrder::Due, MatterOrder::Newest));
        assert!(matches!(asked("title; DROP TABLE matter"), Err(ServerError::BadQuery(_))));
    }
}
