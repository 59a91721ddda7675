use crate::StoreError;
use crate::account::ACCOUNT;
use crate::code::{moment_number, moment_of, text};
use crate::database::{Store, Writer, commit, on};
use crate::scope_statement::{Statement, run};
use org::Scope;
use units::{AccountId, Instant, OrgId};

/// One login (会话). The cookie itself is never stored, only its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie's value, in hexadecimal.
    pub id: String,
    /// Who logged in.
    pub account: AccountId,
    /// The value that changes must repeat.
    pub csrf: String,
    /// When it began.
    pub created_at: Instant,
    /// When it was last used.
    pub last_seen_at: Instant,
    /// When it ends if it is not used (空闲超时).
    pub expires_at: Instant,
    /// When it ends in any case (绝对超时).
    pub absolute_expires: Instant,
    /// The address it came from.
    pub address: String,
    /// The browser, in its own words.
    pub agent: String,
    /// The delegation it acts under.
    pub acting: Option<String>,
    /// When it was ended.
    pub revoked_at: Option<Instant>,
}

/// A session in a list, with whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The session.
    pub session: Session,
    /// The account's login.
    pub login: String,
    /// The account's organisation.
    pub organisation: OrgId,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    account: String,
    csrf: String,
    created_at: i64,
    last_seen_at: i64,
    expires_at: i64,
    absolute_expires: i64,
    address: String,
    agent: String,
    acting: Option<String>,
    revoked_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct ListRow {
    #[sqlx(flatten)]
    session: Row,
    login: String,
    organisation: String,
}

const INSERT: &str = "INSERT INTO session (id, account, csrf, created_at, last_seen_at, expires_at, absolute_expires, \
     address, agent, acting, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
const REVOKE: &str = "UPDATE session SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";

impl Session {
    /// Whether it still counts at this moment.
    pub fn alive(&self, now: Instant) -> bool {
        self.revoked_at.is_none() && now < self.expires_at && now < self.absolute_expires
    }
}

impl Store {
    /// Begins a session. `instead_of` is ended in the same step, so that a login never leaves its old id alive.
    pub async fn begin_session(&self, session: &Session, instead_of: Option<&str>) -> Result<(), StoreError> {
        let mut writer = self.writer().await?;
        if let Some(old) = instead_of {
            revoke(&mut writer, old, session.created_at).await?;
        }
        let times = [session.created_at, session.last_seen_at, session.expires_at, session.absolute_expires];
        let [created, seen, expires, absolute] = times.map(moment_number);
        on!(&mut writer, c => sqlx::query(INSERT).bind(text(&session.id)).bind(session.account.as_str())
            .bind(text(&session.csrf)).bind(created).bind(seen).bind(expires).bind(absolute)
            .bind(text(&session.address)).bind(text(&session.agent)).bind(session.acting.as_deref())
            .bind(session.revoked_at.map(moment_number)).execute(c).await.map(drop))?;
        commit(writer).await
    }

    /// The session of this id, whether alive or not.
    pub async fn session(&self, id: &str) -> Result<Option<Session>, StoreError> {
        let sql = "SELECT id, account, csrf, created_at, last_seen_at, expires_at, absolute_expires, address, agent, \
             acting, revoked_at FROM session WHERE id = $1";
        let mut reader = self.reader().await?;
        let row: Option<Row> = on!(&mut reader, c => sqlx::query_as(sql).bind(text(id)).fetch_optional(c).await)?;
        row.map(Session::try_from).transpose()
    }

    /// Notes that a session was used and puts off its idle end; an ended one stays ended.
    pub async fn touch_session(&self, id: &str, seen: Instant, expires: Instant) -> Result<(), StoreError> {
        let sql = "UPDATE session SET last_seen_at = $2, expires_at = $3 WHERE id = $1 AND revoked_at IS NULL";
        let mut writer = self.writer().await?;
        on!(&mut writer, c => sqlx::query(sql).bind(text(id)).bind(moment_number(seen)).bind(moment_number(expires))
            .execute(c).await.map(drop))?;
        commit(writer).await
    }

    /// Sets or takes away the delegation a session acts under.
    pub async fn set_acting(&self, id: &str, delegation: Option<&str>) -> Result<(), StoreError> {
        let sql = "UPDATE session SET acting = $2 WHERE id = $1";
        let mut writer = self.writer().await?;
        on!(&mut writer, c => sqlx::query(sql).bind(text(id)).bind(delegation.map(text)).execute(c).await.map(drop))?;
        commit(writer).await
    }

    /// Ends a session; `false` when there is none or it had ended.
    pub async fn end_session(&self, id: &str, at: Instant) -> Result<bool, StoreError> {
        let mut writer = self.writer().await?;
        let ended = revoke(&mut writer, id, at).await?;
        commit(writer).await?;
        Ok(ended)
    }

    /// Ends all sessions of an account but one; returns how many.
    pub async fn end_sessions(
        &self,
        account: &AccountId,
        except: Option<&str>,
        at: Instant,
    ) -> Result<u64, StoreError> {
        let sql = "UPDATE session SET revoked_at = $2 WHERE account = $1 AND revoked_at IS NULL AND id <> $3";
        let mut writer = self.writer().await?;
        let ended = on!(&mut writer, c => sqlx::query(sql).bind(account.as_str()).bind(moment_number(at))
            .bind(text(except.unwrap_or_default())).execute(c).await.map(|done| done.rows_affected()))?;
        commit(writer).await?;
        Ok(ended)
    }

    /// Forgets sessions that had ended in any case before this moment; returns how many.
    pub async fn forget_sessions(&self, before: Instant) -> Result<u64, StoreError> {
        let sql = "DELETE FROM session WHERE absolute_expires < $1";
        let mut writer = self.writer().await?;
        let gone = on!(&mut writer, c => sqlx::query(sql).bind(moment_number(before)).execute(c).await
            .map(|done| done.rows_affected()))?;
        commit(writer).await?;
        Ok(gone)
    }

    /// Sessions alive now of the accounts in a scope, the last used first; at most `limit`.
    pub async fn sessions(&self, scope: &Scope, now: Instant, limit: u32) -> Result<Vec<SessionRow>, StoreError> {
        let mut statement = Statement::new(
            "SELECT s.id, s.account, s.csrf, s.created_at, s.last_seen_at, s.expires_at, s.absolute_expires, \
             s.address, s.agent, s.acting, s.revoked_at, a.login, a.organisation FROM session s \
             JOIN account a ON a.id = s.account JOIN organisation o ON o.id = a.organisation \
             WHERE s.revoked_at IS NULL AND s.expires_at > ",
        );
        statement.bind(moment_number(now)).push(" AND s.absolute_expires > ").bind(moment_number(now)).push(" AND ");
        ACCOUNT.seen(&mut statement, scope);
        statement.push(" ORDER BY s.last_seen_at DESC, s.id LIMIT ").bind(i64::from(limit));
        let mut reader = self.reader().await?;
        let rows: Vec<ListRow> = run!(&mut reader, query_as, statement, fetch_all)?;
        rows.into_iter().map(SessionRow::try_from).collect()
    }
}

async fn revoke(writer: &mut Writer, id: &str, at: Instant) -> Result<bool, StoreError> {
    let ended = on!(writer, c => sqlx::query(REVOKE).bind(text(id)).bind(moment_number(at)).execute(c).await
        .map(|done| done.rows_affected()))?;
    Ok(ended == 1)
}

impl TryFrom<Row> for Session {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Session, StoreError> {
        Ok(Session {
            account: row.account.parse().map_err(|_| StoreError::unreadable("an account", &row.account))?,
            id: row.id,
            csrf: row.csrf,
            created_at: moment_of(row.created_at)?,
            last_seen_at: moment_of(row.last_seen_at)?,
            expires_at: moment_of(row.expires_at)?,
            absolute_expires: moment_of(row.absolute_expires)?,
            address: row.address,
            agent: row.agent,
            acting: row.acting,
            revoked_at: row.revoked_at.map(moment_of).transpose()?,
        })
    }
}

impl TryFrom<ListRow> for SessionRow {
    type Error = StoreError;
    fn try_from(row: ListRow) -> Result<SessionRow, StoreError> {
        let organisation = row.organisation.parse();
        Ok(SessionRow {
            session: row.session.try_into()?,
            login: row.login,
            organisation: organisation.map_err(|_| StoreError::unreadable("an organisation", &row.organisation))?,
        })
    }
}
