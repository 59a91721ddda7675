use crate::StoreError;
use crate::code::moment_number;
use crate::database::Writer;
use crate::event_log::Projected;
use crate::matter::due_number;
use crate::organisation_project::path_of;
use crate::scope::secrecy_number;
use crate::scope_statement::{Statement, act, searchable};
use ledger::{Matter, MatterEvent};
use units::Instant;

impl Projected for Matter {
    const TABLES: &'static [&'static str] = &["matter", "matter_assigned"];

    async fn project(
        writer: &mut Writer,
        id: &str,
        event: &MatterEvent,
        before: &Matter,
        after: &Matter,
        version: u64,
        at: Instant,
    ) -> Result<(), StoreError> {
        match event {
            MatterEvent::Created { .. } => insert(writer, id, after, version, at).await?,
            _ => update(writer, id, after, version, at).await?,
        }
        if after.assigned != before.assigned {
            assign(writer, id, after).await
        } else {
            follow(writer, id, after).await
        }
    }
}

async fn insert(writer: &mut Writer, id: &str, matter: &Matter, version: u64, at: Instant) -> Result<(), StoreError> {
    let path = path_of(writer, matter.owner.as_str()).await?;
    let mut statement = Statement::new(
        "INSERT INTO matter (id, code, kind, title, search, owner, owner_path, state, created_by, account, due, \
         secrecy, created_at, changed_at, version, responsible) VALUES (",
    );
    let search = searchable([matter.code.as_str(), &matter.title]);
    let (owner, state) = (matter.owner.as_str(), matter.state.as_str());
    let texts = [id, &matter.code, &matter.kind, &matter.title, &search, owner, path.as_str(), state];
    statement.bind_list(texts).push(", ");
    statement.bind_list([matter.created_by.as_str(), matter.account().as_str()]).push(", ");
    let numbers = [
        i64::from(due_number(matter.due)),
        secrecy_number(matter.secrecy),
        moment_number(matter.created_at),
        moment_number(at),
        version_number(version),
    ];
    statement.bind_list(numbers).push(", ");
    responsible(&mut statement, matter);
    statement.push(")");
    act!(writer, statement).map(drop)
}

/// Owner, kind, secrecy and creation of a matter stay what they are; so does its number.
async fn update(writer: &mut Writer, id: &str, matter: &Matter, version: u64, at: Instant) -> Result<(), StoreError> {
    let mut statement = Statement::new("UPDATE matter SET title = ");
    statement.bind(&matter.title).push(", search = ").bind(searchable([matter.code.as_str(), &matter.title]));
    statement.push(", state = ").bind(matter.state.as_str()).push(", due = ").bind(i64::from(due_number(matter.due)));
    statement.push(", account = ").bind(matter.account().as_str()).push(", responsible = ");
    responsible(&mut statement, matter);
    statement.push(", changed_at = ").bind(moment_number(at)).push(", version = ").bind(version_number(version));
    statement.push(" WHERE id = ").bind(id);
    act!(writer, statement).map(drop)
}

fn responsible(statement: &mut Statement, matter: &Matter) {
    match &matter.responsible {
        Some(account) => statement.bind(account.as_str()),
        None => statement.push("NULL"),
    };
}

/// The assignments anew, each with what it repeats of the matter.
async fn assign(writer: &mut Writer, id: &str, matter: &Matter) -> Result<(), StoreError> {
    let mut statement = Statement::new("DELETE FROM matter_assigned WHERE id = ");
    statement.bind(id);
    act!(writer, statement)?;
    for org in &matter.assigned {
        let mut statement = Statement::new(
            "INSERT INTO matter_assigned (org, id, owner, owner_path, account, kind, secrecy, state, due, created_at) \
             SELECT CAST(",
        );
        statement.bind(org.as_str()).push(" AS TEXT), id, owner, owner_path, account, kind, secrecy, state, due, ");
        statement.push("created_at FROM matter WHERE id = ").bind(id);
        // The same organisation twice is assigned once.
        statement.push(" ON CONFLICT (org, id) DO NOTHING");
        act!(writer, statement)?;
    }
    Ok(())
}

/// What assignments repeat of the matter follows it.
async fn follow(writer: &mut Writer, id: &str, matter: &Matter) -> Result<(), StoreError> {
    let mut statement = Statement::new("UPDATE matter_assigned SET state = ");
    statement.bind(matter.state.as_str()).push(", due = ").bind(i64::from(due_number(matter.due)));
    statement.push(", account = ").bind(matter.account().as_str()).push(" WHERE id = ").bind(id);
    act!(writer, statement).map(drop)
}

fn version_number(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}
