//! From what people are to be told to who is told how.

use crate::code::moment_number;
use crate::database::{Store, Writer, commit};
use crate::outbox::{OutboxRow, mark_expanded};
use crate::personal::new_id;
use crate::scope_statement::{Statement, act, run};
use crate::{StoreError, notify_notice};
use event::Recipient;
use notify::{ChannelKind, Language, Leg, NotifyError, Person, Preference, Way, legs};
use units::{AccountId, Instant, OrgId};

impl Store {
    /// Turns waiting notices, oldest first, into entries of people's lists and deliveries through channels; returns
    /// how many were turned. Each in a transaction of its own, so that it happens wholly or not at all.
    pub async fn expand_outbox(&self, now: Instant, limit: u32) -> Result<usize, StoreError> {
        let waiting = self.outbox(limit).await?;
        for row in &waiting {
            let mut writer = self.writer().await?;
            if mark_expanded(&mut writer, &row.id, now).await? {
                expand(&mut writer, row, now).await?;
                commit(writer).await?;
            }
        }
        Ok(waiting.len())
    }
}

async fn expand(writer: &mut Writer, row: &OutboxRow, now: Instant) -> Result<(), StoreError> {
    // What cannot be rendered would only be found out by the last of many: it is shown as dead at once.
    if let Err(error) = rendered(row) {
        return bury(writer, row, &error, now).await;
    }
    let (people, organisation) = match &row.to {
        Recipient::Account(id) => {
            let people = people(writer, "a.id = ", id.as_str()).await?;
            let organisation = people.first().map(|(_, organisation)| organisation.clone());
            (people, organisation)
        }
        Recipient::Organisation(id) => (people(writer, "a.organisation = ", id.as_str()).await?, Some(id.clone())),
    };
    let people: Vec<Person> = people.into_iter().map(|(person, _)| person).collect();
    for person in &people {
        notify_notice::add(writer, &new_id(now), &person.account, &row.id, now).await?;
    }
    let Some(organisation) = organisation else { return Ok(()) };
    let groups = matches!(row.to, Recipient::Organisation(_));
    let ways = ways(writer, &organisation, groups).await?;
    for leg in legs(row.urgency, &people, &ways, now) {
        deliver(writer, row, &leg, now).await?;
    }
    Ok(())
}

fn rendered(row: &OutboxRow) -> Result<(), NotifyError> {
    notify::template(&row.template)?.render(Language::Zh, &row.values).map(drop)
}

/// The open accounts, each with what it wants and by which ways it can be reached.
async fn people(writer: &mut Writer, which: &'static str, id: &str) -> Result<Vec<(Person, OrgId)>, StoreError> {
    let mut statement = Statement::new(
        "SELECT a.id, a.organisation, p.wanted, \
         (SELECT count(*) FROM personal v WHERE v.account = a.id AND v.kind = 'mail' AND v.value IS NOT NULL), \
         (SELECT count(*) FROM personal v WHERE v.account = a.id AND v.kind = 'phone' AND v.value IS NOT NULL) \
         FROM account a LEFT JOIN notice_preference p ON p.account = a.id WHERE a.active AND ",
    );
    statement.push(which).bind(id).push(" ORDER BY a.id");
    let rows: Vec<(String, String, Option<String>, i64, i64)> = run!(writer, query_as, statement, fetch_all)?;
    rows.into_iter().map(person).collect()
}

fn person(
    (account, organisation, wanted, mails, phones): (String, String, Option<String>, i64, i64),
) -> Result<(Person, OrgId), StoreError> {
    let known = [(ChannelKind::Email, mails), (ChannelKind::Sms, phones)];
    let preference = match wanted {
        Some(text) => notify_notice::preference(&text)?,
        None => Preference::default(),
    };
    let person = Person {
        account: account_id(&account)?,
        preference,
        reachable: known.into_iter().filter(|(_, count)| *count > 0).map(|(kind, _)| kind).collect(),
    };
    Ok((person, organisation.parse().map_err(|_| StoreError::unreadable("an organisation", &organisation))?))
}

fn account_id(text: &str) -> Result<AccountId, StoreError> {
    text.parse().map_err(|_| StoreError::unreadable("an account", text))
}

/// Mail and text messages of the organisation itself or of one above it, the nearest first, and its own robots.
async fn ways(writer: &mut Writer, organisation: &OrgId, groups: bool) -> Result<Vec<Way>, StoreError> {
    let mut statement = Statement::new(
        "SELECT c.id, c.kind, c.organisation FROM organisation me JOIN organisation o \
         ON substr(me.path, 1, length(o.path)) = o.path JOIN channel c ON c.organisation = o.id \
         WHERE c.active AND me.id = ",
    );
    statement.bind(organisation.as_str()).push(" ORDER BY length(o.path) DESC, c.id");
    let rows: Vec<(String, String, String)> = run!(writer, query_as, statement, fetch_all)?;
    let mut ways = Vec::new();
    for (channel, kind, owner) in rows {
        let kind: ChannelKind = kind.parse().map_err(|_| StoreError::unreadable("a kind of channel", &kind))?;
        if kind.personal() || (groups && owner == organisation.as_str()) {
            ways.push(Way { channel, kind });
        }
    }
    Ok(ways)
}

async fn deliver(writer: &mut Writer, row: &OutboxRow, leg: &Leg, now: Instant) -> Result<(), StoreError> {
    let whom = leg.account.as_ref().map_or("", AccountId::as_str);
    let alone = format!("{}:{}:{whom}", row.id, leg.channel);
    let id = if leg.digest {
        let together = format!("digest:{}:{whom}:{}", leg.channel, moment_number(leg.due));
        match open(writer, &together, leg, now).await? {
            (id, true) => id,
            // It has gone out or is on its way: what comes later goes in one of its own.
            (_, false) => open(writer, &alone, leg, now).await?.0,
        }
    } else {
        open(writer, &alone, leg, now).await?.0
    };
    add_part(writer, &id, &row.id).await
}

/// The delivery with this key, made if it is new, and whether it still waits for its first attempt. Its row stays
/// locked until the transaction ends, so that it cannot go out before the part is in it.
async fn open(writer: &mut Writer, key: &str, leg: &Leg, now: Instant) -> Result<(String, bool), StoreError> {
    let mut statement = Statement::new(
        "INSERT INTO delivery (id, key, channel, kind, account, digest, state, attempts, created, run_after) VALUES (",
    );
    statement.bind_list([new_id(now).as_str(), key, leg.channel.as_str(), leg.kind.text()]).push(", ");
    match &leg.account {
        Some(account) => statement.bind(account.as_str()),
        None => statement.push("NULL"),
    };
    statement.push(if leg.digest { ", 1, 0, 0, " } else { ", 0, 0, 0, " });
    statement.bind_list([moment_number(now), moment_number(leg.due)]);
    statement.push(
        ") ON CONFLICT (key) DO UPDATE SET run_after = delivery.run_after \
         RETURNING id, state = 0 AND attempts = 0",
    );
    Ok(run!(writer, query_as, statement, fetch_one)?)
}

async fn add_part(writer: &mut Writer, delivery: &str, outbox: &str) -> Result<(), StoreError> {
    let mut statement = Statement::new("INSERT INTO delivery_part (delivery, outbox) VALUES (");
    statement.bind_list([delivery, outbox]).push(") ON CONFLICT (delivery, outbox) DO NOTHING");
    act!(writer, statement).map(drop)
}

/// A notice that cannot be made stands among the dead deliveries, with the reason.
async fn bury(writer: &mut Writer, row: &OutboxRow, error: &NotifyError, now: Instant) -> Result<(), StoreError> {
    let mut statement = Statement::new(
        "INSERT INTO delivery (id, key, channel, kind, digest, state, attempts, created, run_after, last_error) \
         VALUES (",
    );
    let id = new_id(now);
    statement.bind_list([id.as_str(), &format!("unmade:{}", row.id), "", ChannelKind::InApp.text()]);
    statement.push(", 0, 2, 0, ").bind_list([moment_number(now), moment_number(now)]);
    statement
        .push(", ")
        .bind(error.to_string())
        .push(") ON CONFLICT (key) DO UPDATE SET last_error = excluded.last_error");
    statement.push(", state = excluded.state RETURNING id");
    let id: String = run!(writer, query_scalar, statement, fetch_one)?;
    add_part(writer, &id, &row.id).await
}
