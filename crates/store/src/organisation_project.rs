use crate::StoreError;
use crate::database::Writer;
use crate::event_log::Projected;
use crate::scope_statement::{Statement, act, run, searchable};
use org::{OrgPath, Organisation, OrganisationEvent};
use units::{Instant, OrgId};

/// Paths are not part of an organisation's state: they follow from all moves of all that stand above it.
impl Projected for Organisation {
    const TABLES: &'static [&'static str] = &["organisation"];

    async fn project(
        writer: &mut Writer,
        id: &str,
        event: &OrganisationEvent,
        _before: &Organisation,
        after: &Organisation,
        _version: u64,
        _at: Instant,
    ) -> Result<(), StoreError> {
        match event {
            OrganisationEvent::Founded { organisation } => found(writer, id, organisation).await,
            OrganisationEvent::Moved { parent } => move_under(writer, id, parent).await,
            _ => change(writer, id, after).await,
        }
    }
}

async fn found(writer: &mut Writer, id: &str, organisation: &Organisation) -> Result<(), StoreError> {
    let parent = organisation.parent.as_ref();
    let path = match parent {
        Some(parent) => child(&path_of(writer, parent.as_str()).await?, id)?,
        None => child_of_nothing(id)?,
    };
    let mut statement = Statement::new("INSERT INTO organisation (id, path, kind, active, search, parent) VALUES (");
    statement.bind_list([id, path.as_str(), organisation.kind.as_str()]).push(", ").bind(organisation.active);
    statement.push(", ").bind(search(id, organisation)).push(", ");
    match parent {
        Some(parent) => statement.bind(parent.as_str()).push(")"),
        None => statement.push("NULL)"),
    };
    act!(writer, statement).map(drop)
}

async fn change(writer: &mut Writer, id: &str, after: &Organisation) -> Result<(), StoreError> {
    let mut statement = Statement::new("UPDATE organisation SET active = ");
    statement.bind(after.active).push(", search = ").bind(search(id, after)).push(" WHERE id = ").bind(id);
    act!(writer, statement).map(drop)
}

/// Everything below moves with it: what begins with the old path begins with the new one afterwards. One statement a
/// table, however much lies below.
async fn move_under(writer: &mut Writer, id: &str, parent: &OrgId) -> Result<(), StoreError> {
    let old = path_of(writer, id).await?;
    let above = path_of(writer, parent.as_str()).await?;
    // The decision looked at the tree before this transaction held it; a move in between may have made a ring of it.
    if old.contains(&above) {
        return Err(StoreError::Changed { what: "the tree", name: id.to_string() });
    }
    let new = child(&above, id)?;
    let mut statement = Statement::new("UPDATE organisation SET parent = ");
    statement.bind(parent.as_str()).push(" WHERE id = ").bind(id);
    act!(writer, statement)?;
    rewrite(writer, ["UPDATE organisation SET path = ", "path"], &old, &new).await?;
    rewrite(writer, ["UPDATE matter SET owner_path = ", "owner_path"], &old, &new).await?;
    rewrite(writer, ["UPDATE matter_assigned SET owner_path = ", "owner_path"], &old, &new).await?;
    rewrite(writer, ["UPDATE consultation SET owner_path = ", "owner_path"], &old, &new).await?;
    rewrite(writer, ["UPDATE warning SET owner_path = ", "owner_path"], &old, &new).await
}

async fn rewrite(
    writer: &mut Writer,
    [update, column]: [&'static str; 2],
    old: &OrgPath,
    new: &OrgPath,
) -> Result<(), StoreError> {
    let (lower, upper) = old.range();
    let mut statement = Statement::new(update);
    statement.push("CAST(").bind(new.as_str()).push(" AS TEXT) || substr(").push(column).push(", ");
    statement.push("CAST(").bind(old.as_str().len() as i64 + 1).push(" AS INTEGER))");
    statement.push(" WHERE ").push(column).push(" >= ").bind(lower);
    statement.push(" AND ").push(column).push(" < ").bind(upper);
    act!(writer, statement).map(drop)
}

/// Where an organisation stands now.
pub(crate) async fn path_of(writer: &mut Writer, id: &str) -> Result<OrgPath, StoreError> {
    let mut statement = Statement::new("SELECT path FROM organisation WHERE id = ");
    statement.bind(id);
    let path: Option<String> = run!(writer, query_scalar, statement, fetch_optional)?;
    let path = path.ok_or_else(|| StoreError::Changed { what: "the organisation", name: id.to_string() })?;
    path.parse().map_err(|_| StoreError::unreadable("a path", &path))
}

fn child(above: &OrgPath, id: &str) -> Result<OrgPath, StoreError> {
    Ok(above.child(&org_id(id)?))
}

fn child_of_nothing(id: &str) -> Result<OrgPath, StoreError> {
    Ok(OrgPath::root(&org_id(id)?))
}

fn org_id(id: &str) -> Result<OrgId, StoreError> {
    id.parse().map_err(|_| StoreError::unreadable("an organisation", id))
}

fn search(id: &str, organisation: &Organisation) -> String {
    searchable([id, &organisation.name, &organisation.name_en])
}
