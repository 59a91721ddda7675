use crate::StoreError;
use crate::code::{moment_number, moment_of};
use crate::database::{Store, Writer, commit, on};
use crate::matter_list::Page;
use crate::scope_statement::{Statement, act, run};
use notify::Preference;
use serde_json::Value;
use units::{AccountId, Instant};

/// A notice in a person's list (站内通知). It is rendered when it is read, in either language.
#[derive(Clone, Debug, PartialEq)]
pub struct NoticeRow {
    /// Its id, in the order of time.
    pub id: String,
    /// Whose it is.
    pub account: AccountId,
    /// The template.
    pub template: String,
    /// The values of its placeholders.
    pub values: Value,
    /// When it came.
    pub created: Instant,
    /// When it was read.
    pub read_at: Option<Instant>,
}

type Row = (String, String, String, String, i64, Option<i64>);
const SELECT: &str = "SELECT n.id, n.account, x.template, x.content, n.created, n.read_at FROM notice n \
     JOIN outbox x ON x.id = n.outbox WHERE ";

impl Store {
    /// A person's own notices, the newest first; `after` is the `next` of the page before.
    pub async fn notices(
        &self,
        account: &AccountId,
        unread: bool,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Page<NoticeRow>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.push("n.account = ").bind(account.as_str());
        if unread {
            statement.push(" AND n.read_at IS NULL");
        }
        if let Some(mark) = after {
            statement.push(" AND n.id < ").bind(mark);
        }
        statement.push(" ORDER BY n.id DESC LIMIT ").bind(i64::from(limit) + 1);
        let rows: Vec<Row> = run!(&mut self.reader().await?, query_as, statement, fetch_all)?;
        let items = rows.into_iter().map(NoticeRow::try_from).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::cut(items, limit, |notice| notice.id.clone()))
    }

    /// How many notices a person has, all and unread.
    pub async fn count_notices(&self, account: &AccountId) -> Result<(u64, u64), StoreError> {
        let mut statement = Statement::new("SELECT count(*), count(*) - count(read_at) FROM notice WHERE account = ");
        statement.bind(account.as_str());
        let (all, unread): (i64, i64) = run!(&mut self.reader().await?, query_as, statement, fetch_one)?;
        Ok((u64::try_from(all).unwrap_or_default(), u64::try_from(unread).unwrap_or_default()))
    }

    /// Notices of everybody after one id, oldest first: what open pages are told. `None` begins at the end.
    pub async fn notices_after(&self, after: &str, limit: u32) -> Result<Vec<NoticeRow>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.push("n.id > ").bind(after).push(" ORDER BY n.id LIMIT ").bind(i64::from(limit));
        let rows: Vec<Row> = run!(&mut self.reader().await?, query_as, statement, fetch_all)?;
        rows.into_iter().map(NoticeRow::try_from).collect()
    }

    /// Marks one of a person's own notices as read, or all of them; returns how many were unread.
    pub async fn read_notices(&self, account: &AccountId, id: Option<&str>, at: Instant) -> Result<u64, StoreError> {
        let mut statement = Statement::new("UPDATE notice SET read_at = ");
        statement.bind(moment_number(at)).push(" WHERE read_at IS NULL AND account = ").bind(account.as_str());
        if let Some(id) = id {
            statement.push(" AND id = ").bind(id);
        }
        let mut writer = self.writer().await?;
        let read = act!(&mut writer, statement)?;
        commit(writer).await?;
        Ok(read)
    }

    /// Whether a notice is this person's own.
    pub async fn owns_notice(&self, account: &AccountId, id: &str) -> Result<bool, StoreError> {
        let mut statement = Statement::new("SELECT count(*) FROM notice WHERE account = ");
        statement.bind(account.as_str()).push(" AND id = ").bind(id);
        let count: i64 = run!(&mut self.reader().await?, query_scalar, statement, fetch_one)?;
        Ok(count > 0)
    }

    /// How a person wants to be told; the usual way for one who never said.
    pub async fn notice_preference(&self, account: &AccountId) -> Result<Preference, StoreError> {
        let sql = "SELECT wanted FROM notice_preference WHERE account = $1";
        let mut reader = self.reader().await?;
        let wanted: Option<String> =
            on!(&mut reader, c => sqlx::query_scalar(sql).bind(account.as_str()).fetch_optional(c).await)?;
        wanted.map_or(Ok(Preference::default()), |text| preference(&text))
    }

    /// Keeps how a person wants to be told.
    pub async fn set_notice_preference(&self, account: &AccountId, wanted: &Preference) -> Result<(), StoreError> {
        let mut statement = Statement::new("INSERT INTO notice_preference (account, wanted) VALUES (");
        let wanted = serde_json::to_string(wanted).map_err(StoreError::not_json)?;
        statement.bind_list([account.as_str(), &wanted]);
        statement.push(") ON CONFLICT (account) DO UPDATE SET wanted = excluded.wanted");
        let mut writer = self.writer().await?;
        act!(&mut writer, statement)?;
        commit(writer).await
    }
}

pub(crate) fn preference(text: &str) -> Result<Preference, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::unreadable("a preference", text))
}

/// Puts a notice into a person's list; the same one again is nothing.
pub(crate) async fn add(
    writer: &mut Writer,
    id: &str,
    account: &AccountId,
    outbox: &str,
    at: Instant,
) -> Result<bool, StoreError> {
    let mut statement = Statement::new("INSERT INTO notice (id, account, outbox, created) VALUES (");
    statement.bind_list([id, account.as_str(), outbox]).push(", ").bind(moment_number(at));
    statement.push(") ON CONFLICT (account, outbox) DO NOTHING");
    Ok(act!(writer, statement)? == 1)
}

impl TryFrom<Row> for NoticeRow {
    type Error = StoreError;
    fn try_from((id, account, template, values, created, read_at): Row) -> Result<NoticeRow, StoreError> {
        Ok(NoticeRow {
            id,
            account: account.parse().map_err(|_| StoreError::unreadable("an account", &account))?,
            template,
            values: serde_json::from_str(&values)
                .map_err(|_| StoreError::unreadable("the values of a notice", &values))?,
            created: moment_of(created)?,
            read_at: read_at.map(moment_of).transpose()?,
        })
    }
}
