use crate::StoreError;
use crate::code::{moment_number, moment_of, text};
use crate::database::{Store, commit, on};
use units::{AccountId, Instant};

/// A token of the API (接口令牌). The secret itself is never stored, only its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id, which may be shown.
    pub id: String,
    /// SHA-256 of the secret, in hexadecimal.
    pub hash: String,
    /// Whose it is.
    pub account: AccountId,
    /// What its owner calls it.
    pub name: String,
    /// The rights it may use of those its owner has.
    pub rights: Vec<String>,
    /// When it was made.
    pub created_at: Instant,
    /// When it ends.
    pub expires_at: Instant,
    /// When it was last used.
    pub last_used_at: Option<Instant>,
    /// When it was taken back.
    pub revoked_at: Option<Instant>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    hash: String,
    account: String,
    name: String,
    rights: String,
    created_at: i64,
    expires_at: i64,
    last_used: Option<i64>,
    revoked_at: Option<i64>,
}

impl Token {
    /// Whether it still counts at this moment.
    pub fn alive(&self, now: Instant) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

impl Store {
    /// Keeps a new token.
    pub async fn add_token(&self, token: &Token) -> Result<(), StoreError> {
        let sql = "INSERT INTO token (hash, id, account, name, rights, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let rights = serde_json::to_string(&token.rights).expect("texts are always JSON");
        let mut writer = self.writer().await?;
        on!(&mut writer, c => sqlx::query(sql).bind(text(&token.hash)).bind(text(&token.id))
            .bind(token.account.as_str()).bind(text(&token.name)).bind(&rights)
            .bind(moment_number(token.created_at)).bind(moment_number(token.expires_at)).execute(c).await.map(drop))?;
        commit(writer).await
    }

    /// The token with this hash, whether alive or not.
    pub async fn token(&self, hash: &str) -> Result<Option<Token>, StoreError> {
        let sql = "SELECT id, hash, account, name, rights, created_at, expires_at, last_used, revoked_at \
             FROM token WHERE hash = $1";
        let mut reader = self.reader().await?;
        let row: Option<Row> = on!(&mut reader, c => sqlx::query_as(sql).bind(text(hash)).fetch_optional(c).await)?;
        row.map(Token::try_from).transpose()
    }

    /// The tokens of an account that have not been taken back, the newest first.
    pub async fn tokens(&self, account: &AccountId) -> Result<Vec<Token>, StoreError> {
        let sql = "SELECT id, hash, account, name, rights, created_at, expires_at, last_used, revoked_at \
             FROM token WHERE account = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id";
        let mut reader = self.reader().await?;
        let rows: Vec<Row> = on!(&mut reader, c => sqlx::query_as(sql).bind(account.as_str()).fetch_all(c).await)?;
        rows.into_iter().map(Token::try_from).collect()
    }

    /// Notes that a token was used.
    pub async fn touch_token(&self, hash: &str, at: Instant) -> Result<(), StoreError> {
        let sql = "UPDATE token SET last_used = $2 WHERE hash = $1";
        let mut writer = self.writer().await?;
        on!(&mut writer, c => sqlx::query(sql).bind(text(hash)).bind(moment_number(at)).execute(c).await.map(drop))?;
        commit(writer).await
    }

    /// Takes a token of this account back; `false` when it has no such token.
    pub async fn revoke_token(&self, account: &AccountId, id: &str, at: Instant) -> Result<bool, StoreError> {
        let sql = "UPDATE token SET revoked_at = $3 WHERE account = $1 AND id = $2 AND revoked_at IS NULL";
        let mut writer = self.writer().await?;
        let done = on!(&mut writer, c => sqlx::query(sql).bind(account.as_str()).bind(text(id))
            .bind(moment_number(at)).execute(c).await.map(|done| done.rows_affected()))?;
        commit(writer).await?;
        Ok(done == 1)
    }
}

impl TryFrom<Row> for Token {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Token, StoreError> {
        Ok(Token {
            account: row.account.parse().map_err(|_| StoreError::unreadable("an account", &row.account))?,
            rights: serde_json::from_str(&row.rights).map_err(|_| StoreError::unreadable("rights", &row.rights))?,
            id: row.id,
            hash: row.hash,
            name: row.name,
            created_at: moment_of(row.created_at)?,
            expires_at: moment_of(row.expires_at)?,
            last_used_at: row.last_used.map(moment_of).transpose()?,
            revoked_at: row.revoked_at.map(moment_of).transpose()?,
        })
    }
}
