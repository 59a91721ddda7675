//! Lists of matters: page, count, export, suggestion. All of them go through the branches of one scope.

use crate::StoreError;
use crate::database::{Reader, Store};
use crate::matter::{ASSIGNED, COLUMNS, MATTER, MatterFilter, MatterOrder, MatterRow, Row};
use crate::scope::branches;
use crate::scope_statement::{Statement, escaped, run};
use org::{Extent, Reach, Scope};
use units::MatterId;

/// One page of a list (分页).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What the page shows.
    pub items: Vec<T>,
    /// Where the next page goes on; `None` at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The page of a list of which one item more than asked for was read, to see whether it goes on.
    pub(crate) fn cut(mut items: Vec<T>, limit: u32, mark: impl Fn(&T) -> String) -> Page<T> {
        let more = items.len() > limit as usize;
        items.truncate(limit as usize);
        let next = items.last().filter(|_| more).map(mark);
        Page { items, next }
    }
}

/// What is offered while a name is being typed (联想).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The matter.
    pub id: MatterId,
    /// Its number for people.
    pub code: String,
    /// Its title.
    pub title: String,
}

/// The end of a page: the sorting number and the id of its last item.
#[derive(Clone, Debug)]
struct Mark {
    key: i64,
    id: String,
}

/// The rows that one step of an export reads.
const EXPORT_STEP: u32 = 1000;

impl Store {
    /// A page of the matters in scope; `after` is the `next` of the page before. Refuses `T-205` any other mark.
    pub async fn matters(
        &self,
        scope: &Scope,
        filter: &MatterFilter,
        order: MatterOrder,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Page<MatterRow>, StoreError> {
        let mut reader = self.reader().await?;
        page(&mut reader, scope, filter, order, limit, after).await
    }

    /// How many matters in scope the filter keeps.
    pub async fn count_matters(&self, scope: &Scope, filter: &MatterFilter) -> Result<u64, StoreError> {
        let reaches = branches(scope);
        let mut statement = Statement::new("SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM (SELECT 0 AS n");
        for n in 0..reaches.len() {
            statement.push(" UNION ALL SELECT count(*) AS n");
            branch(&mut statement, &reaches, n, filter);
        }
        statement.push(") AS counted");
        let mut reader = self.reader().await?;
        let count: i64 = run!(&mut reader, query_scalar, statement, fetch_one)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Hands all matters in scope that the filter keeps to `take`, part by part, without holding them all.
    ///
    /// Stops when `take` says `false`.
    pub async fn export_matters(
        &self,
        scope: &Scope,
        filter: &MatterFilter,
        order: MatterOrder,
        mut take: impl FnMut(Vec<MatterRow>) -> bool,
    ) -> Result<(), StoreError> {
        let mut reader = self.reader().await?;
        let mut after = None;
        loop {
            let part = page(&mut reader, scope, filter, order, EXPORT_STEP, after.as_deref()).await?;
            after = part.next;
            if !take(part.items) || after.is_none() {
                return Ok(());
            }
        }
    }

    /// Matters in scope whose code begins with, or whose code or title contains, what was typed; nothing for nothing.
    pub async fn suggest_matters(&self, scope: &Scope, typed: &str, limit: u32) -> Result<Vec<Suggestion>, StoreError> {
        let typed = typed.trim().to_lowercase();
        if typed.is_empty() {
            return Ok(Vec::new());
        }
        let filter = MatterFilter { text: Some(typed.clone()), ..MatterFilter::default() };
        let reaches = branches(scope);
        let mut statement =
            Statement::new("SELECT id, code, title FROM (SELECT '' AS id, '' AS code, '' AS title, 0 AS far");
        for n in 0..reaches.len() {
            statement.push(" UNION ALL SELECT m.id, m.code, m.title, CASE WHEN m.search LIKE ");
            statement.bind(format!("{}%", escaped(&typed))).push(" ESCAPE '\\' THEN 0 ELSE 1 END");
            branch(&mut statement, &reaches, n, &filter);
        }
        statement.push(") AS found WHERE id <> '' ORDER BY far, code, id LIMIT ").bind(i64::from(limit));
        let mut reader = self.reader().await?;
        let rows: Vec<(String, String, String)> = run!(&mut reader, query_as, statement, fetch_all)?;
        rows.into_iter()
            .map(|(id, code, title)| {
                let id = id.parse().map_err(|_| StoreError::unreadable("a matter", &id))?;
                Ok(Suggestion { id, code, title })
            })
            .collect()
    }
}

async fn page(
    reader: &mut Reader,
    scope: &Scope,
    filter: &MatterFilter,
    order: MatterOrder,
    limit: u32,
    after: Option<&str>,
) -> Result<Page<MatterRow>, StoreError> {
    let after = after.map(str::parse::<Mark>).transpose()?;
    if scope.reaches.is_empty() {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let statement = page_statement(scope, filter, order, limit, after.as_ref());
    let rows: Vec<Row> = run!(reader, query_as, statement, fetch_all)?;
    let Page { items, next } = Page::cut(rows, limit, |row| row.mark(order).to_string());
    let items = items.into_iter().map(MatterRow::try_from).collect::<Result<_, _>>()?;
    Ok(Page { items, next })
}

/// Each branch gives its first rows by index alone; only what is shown is then read from the table. One row more than
/// asked for tells whether there is a next page.
fn page_statement(
    scope: &Scope,
    filter: &MatterFilter,
    order: MatterOrder,
    limit: u32,
    after: Option<&Mark>,
) -> Statement {
    let (key, sort, sort_all) = match order {
        MatterOrder::Due => ("m.due", " ORDER BY m.due, m.id LIMIT ", " ORDER BY m.due + 0, m.id LIMIT "),
        MatterOrder::Newest => (
            "m.created_at",
            " ORDER BY m.created_at DESC, m.id DESC LIMIT ",
            " ORDER BY m.created_at + 0 DESC, m.id DESC LIMIT ",
        ),
    };
    let limit = i64::from(limit) + 1;
    let reaches = branches(scope);
    let mut statement = Statement::new("SELECT ");
    statement.push(COLUMNS).push(" FROM (");
    for n in 0..reaches.len() {
        statement.push(if n == 0 { "SELECT id FROM (SELECT " } else { " UNION ALL SELECT id FROM (SELECT " });
        statement.push("m.id");
        branch(&mut statement, &reaches, n, filter);
        if let Some(mark) = after {
            let way = if order == MatterOrder::Due { ", m.id) > (" } else { ", m.id) < (" };
            statement.push(" AND (").push(key).push(way).bind(mark.key).push(", ").bind(&mark.id).push(")");
        }
        statement.push(if province(reaches[n]) { sort } else { sort_all }).bind(limit).push(") AS branch");
    }
    statement.push(") AS seen JOIN matter m ON m.id = seen.id").push(sort).bind(limit);
    statement
}

/// Adds ` FROM … WHERE …` of one branch: what its reach sees, no earlier one does, and the filter keeps.
fn branch(statement: &mut Statement, reaches: &[&Reach], n: usize, filter: &MatterFilter) {
    let assigned = matches!(reaches[n].extent, Extent::Assigned(_)) && filter.narrow();
    statement.push(if assigned { " FROM matter_assigned m WHERE " } else { " FROM matter m WHERE " });
    let subject = if assigned { &ASSIGNED } else { &MATTER };
    subject.reach(statement, reaches[n]);
    MATTER.unseen(statement, &reaches[..n]);
    filter.add(statement);
}

/// Whether a reach goes over so much that the page is found soonest by walking in the order of the list and leaving
/// out what is not seen. All others gather what they see by index and sort it; `+ 0` keeps the database from walking
/// through the whole province for them, which is slow where the next ones due are somebody else's.
fn province(reach: &Reach) -> bool {
    match &reach.extent {
        Extent::All => true,
        Extent::Subtree(path) => path.levels() == 1,
        _ => false,
    }
}

impl Row {
    fn mark(&self, order: MatterOrder) -> Mark {
        let key = if order == MatterOrder::Due { i64::from(self.due) } else { self.created_at };
        Mark { key, id: self.id.clone() }
    }
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}~{}", self.key, self.id)
    }
}

impl std::str::FromStr for Mark {
    type Err = StoreError;
    fn from_str(text: &str) -> Result<Mark, StoreError> {
        let parts = text.split_once('~').and_then(|(key, id)| Some((key.parse().ok()?, id.parse::<MatterId>().ok()?)));
        let (key, id) = parts.ok_or_else(|| StoreError::BadMark { mark: text.to_string() })?;
        Ok(Mark { key, id: id.to_string() })
    }
}
