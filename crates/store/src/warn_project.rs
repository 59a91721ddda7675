use crate::StoreError;
use crate::code::moment_number;
use crate::database::Writer;
use crate::event_log::Projected;
use crate::organisation_project::path_of;
use crate::scope::secrecy_number;
use crate::scope_statement::{Statement, act};
use ::warn::{
    Deliveries, Delivery, DeliveryEvent, Draft, PlanEvent, PlanRecord, Terms, Warning, WarningEvent, Watch, WatchEvent,
};
use units::{Instant, OrgId};

impl Projected for Warning {
    const TABLES: &'static [&'static str] = &["warning", "warning_city", "warning_told", "warning_issued"];

    async fn project(
        writer: &mut Writer,
        id: &str,
        event: &WarningEvent,
        before: &Warning,
        after: &Warning,
        version: u64,
        at: Instant,
    ) -> Result<(), StoreError> {
        if let WarningEvent::Proposed { .. } = event {
            propose(writer, id, after, at).await?;
        }
        if let WarningEvent::Issued { document, at, told, .. } = event {
            let number = after.issued.len();
            keep_document(writer, id, number, document, *at).await?;
            tell(writer, id, told).await?;
        }
        // A proposal that was given up still says what it was.
        let shown = after.issued.last().map(|issued| &issued.draft).or(after.draft.as_ref()).or(before.draft.as_ref());
        if let Some(shown) = shown {
            show(writer, id, shown).await?;
        }
        change(writer, id, after, version, at).await
    }
}

impl Projected for Deliveries {
    const TABLES: &'static [&'static str] = &["warning_delivery"];

    async fn project(
        writer: &mut Writer,
        id: &str,
        event: &DeliveryEvent,
        _before: &Deliveries,
        _after: &Deliveries,
        _version: u64,
        _at: Instant,
    ) -> Result<(), StoreError> {
        match event {
            DeliveryEvent::Sent { lines, .. } => {
                for line in lines {
                    deliver(writer, id, line).await?;
                }
                Ok(())
            }
            DeliveryEvent::Received { line, .. } => deliver(writer, id, line).await,
        }
    }
}

/// There are few plans: they are read as a whole and need no table of their own.
impl Projected for PlanRecord {
    const TABLES: &'static [&'static str] = &[];

    async fn project(
        _writer: &mut Writer,
        _id: &str,
        _event: &PlanEvent,
        _before: &PlanRecord,
        _after: &PlanRecord,
        _version: u64,
        _at: Instant,
    ) -> Result<(), StoreError> {
        Ok(())
    }
}

/// What was last told of is read as a whole and needs no table of its own.
impl Projected for Watch {
    const TABLES: &'static [&'static str] = &[];

    async fn project(
        _writer: &mut Writer,
        _id: &str,
        _event: &WatchEvent,
        _before: &Watch,
        _after: &Watch,
        _version: u64,
        _at: Instant,
    ) -> Result<(), StoreError> {
        Ok(())
    }
}

async fn propose(writer: &mut Writer, id: &str, warning: &Warning, at: Instant) -> Result<(), StoreError> {
    let path = path_of(writer, warning.owner.as_str()).await?;
    let mut statement = Statement::new(
        "INSERT INTO warning (id, code, owner, owner_path, proposed_by, state, terms, change, gate, assessed_by, \
         document, exercise, demonstration, late, proposed_at, secrecy, changed_at, version) VALUES (",
    );
    let texts = [id, &warning.code, warning.owner.as_str(), path.as_str(), warning.proposed_by.as_str()];
    statement.bind_list(texts).push(", '', '', '', '', '', '', ").bind(warning.exercise);
    statement.push(", ").bind(false).push(", ").bind(false).push(", ");
    statement.bind_list([moment_number(warning.proposed_at), secrecy_number(Warning::SECRECY), moment_number(at), 0]);
    statement.push(")");
    act!(writer, statement).map(drop)
}

/// What the row says of the terms shown.
async fn show(writer: &mut Writer, id: &str, draft: &Draft) -> Result<(), StoreError> {
    let Terms { cities, .. } = &draft.terms;
    let terms = serde_json::to_string(&draft.terms).map_err(StoreError::not_json)?;
    let mut statement = Statement::new("UPDATE warning SET terms = ");
    statement.bind(&terms).push(", demonstration = ").bind(draft.basis.demonstration);
    statement.push(", late = ").bind(draft.late()).push(" WHERE id = ").bind(id);
    act!(writer, statement)?;
    let mut statement = Statement::new("DELETE FROM warning_city WHERE id = ");
    statement.bind(id);
    act!(writer, statement)?;
    for city in cities {
        let mut statement = Statement::new("INSERT INTO warning_city (city, id) VALUES (");
        statement.bind_list([city.to_string().as_str(), id]).push(") ON CONFLICT (city, id) DO NOTHING");
        act!(writer, statement)?;
    }
    Ok(())
}

async fn change(writer: &mut Writer, id: &str, warning: &Warning, version: u64, at: Instant) -> Result<(), StoreError> {
    let draft = warning.draft.as_ref();
    let assessed = draft.and_then(|draft| draft.assessed.as_ref()).map_or("", |passed| passed.by.as_str());
    let last = warning.issued.last();
    let mut statement = Statement::new("UPDATE warning SET state = ");
    statement.bind(warning.state.as_str());
    statement.push(", change = ").bind(draft.map_or("", |draft| draft.change.as_str()));
    statement.push(", gate = ").bind(draft.map_or("", |draft| draft.gate().as_str()));
    statement.push(", assessed_by = ").bind(assessed);
    statement.push(", document = ").bind(last.map_or("", |issued| issued.document.as_str()));
    if let Some(issued) = last {
        statement.push(", issued_at = ").bind(moment_number(issued.at));
    }
    statement.push(", changed_at = ").bind(moment_number(at));
    statement.push(", version = ").bind(i64::try_from(version).unwrap_or(i64::MAX)).push(" WHERE id = ").bind(id);
    act!(writer, statement).map(drop)
}

async fn keep_document(
    writer: &mut Writer,
    id: &str,
    number: usize,
    document: &str,
    at: Instant,
) -> Result<(), StoreError> {
    let mut statement = Statement::new("INSERT INTO warning_issued (warning, document, number, issued_at) VALUES (");
    statement.bind_list([id, document]).push(", ");
    statement.bind_list([i64::try_from(number).unwrap_or(i64::MAX), moment_number(at)]).push(")");
    act!(writer, statement).map(drop)
}

/// Whoever was told of a warning sees what becomes of it.
async fn tell(writer: &mut Writer, id: &str, told: &[OrgId]) -> Result<(), StoreError> {
    for org in told {
        let mut statement = Statement::new("INSERT INTO warning_told (org, id) VALUES (");
        statement.bind_list([org.as_str(), id]).push(") ON CONFLICT (org, id) DO NOTHING");
        act!(writer, statement)?;
    }
    Ok(())
}

async fn deliver(writer: &mut Writer, id: &str, line: &Delivery) -> Result<(), StoreError> {
    let mut statement =
        Statement::new("INSERT INTO warning_delivery (warning, document, channel, recipient, sent, receipt) VALUES (");
    statement.bind_list([id, &line.document, &line.channel, &line.recipient]).push(", ");
    statement.bind(moment_number(line.sent)).push(", ");
    match line.receipt {
        Some(receipt) => statement.bind(moment_number(receipt)),
        None => statement.push("NULL"),
    };
    statement.push(") ON CONFLICT (warning, document, channel, recipient) DO UPDATE SET receipt = excluded.receipt");
    act!(writer, statement).map(drop)
}
