//! The shape of every list that is read page by page.

use crate::ServerError;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Items on a page when nothing else is asked for.
const USUAL: u32 = 50;
/// Items a page may have.
const MOST: u32 = 500;
/// Rows an export may have; a spreadsheet itself ends soon after.
pub(crate) const MOST_EXPORTED: usize = 100_000;

/// One page (分页): what it shows, how many there are on all pages, where the next one goes on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listed<T> {
    pub items: Vec<T>,
    /// On all pages.
    pub total: u64,
    /// To be given as `cursor` for the next page; `null` at the end.
    pub next: Option<String>,
}

/// Which page is asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// Items on a page, 1 to 500; 50 when left out.
    limit: Option<u32>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

impl<T> Listed<T> {
    /// A list that fits on one page.
    pub(crate) fn whole(items: Vec<T>) -> Listed<T> {
        Listed { total: items.len() as u64, items, next: None }
    }

    /// The same page with other items.
    pub(crate) fn map<U>(self, change: impl FnMut(T) -> U) -> Listed<U> {
        Listed { items: self.items.into_iter().map(change).collect(), total: self.total, next: self.next }
    }
}

impl Paging {
    /// Refuses `A-101` outside 1 to 500.
    pub(crate) fn limit(&self) -> Result<u32, ServerError> {
        match self.limit.unwrap_or(USUAL) {
            limit @ 1..=MOST => Ok(limit),
            other => Err(ServerError::BadQuery(format!("limit is 1 to {MOST}, not {other}"))),
        }
    }

    pub(crate) fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// The words of a list in a query, `a,b`; empty ones are dropped.
pub(crate) fn words(text: Option<&str>) -> Vec<String> {
    let parts = text.unwrap_or("").split(',').map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_string).collect()
}

/// A parameter that must be of a kind; refuses `A-101`.
pub(crate) fn read<T: std::str::FromStr>(name: &str, text: Option<&str>) -> Result<Option<T>, ServerError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let fault =
        || ServerError::BadQuery(format!("{name} cannot be read: {:?}", text.chars().take(64).collect::<String>()));
    text.parse().map(Some).map_err(|_| fault())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_bounds() {
        let asked = |limit| Paging { limit, cursor: None }.limit();
        assert_eq!((asked(None).unwrap(), asked(Some(1)).unwrap(), asked(Some(500)).unwrap()), (50, 1, 500));
        assert!(asked(Some(0)).is_err() && asked(Some(501)).is_err());
    }

    #[test]
    fn words_are_separated_by_commas() {
        assert_eq!(words(Some(" open,, closed ")), ["open", "closed"]);
        assert!(words(None).is_empty() && words(Some("")).is_empty());
    }

    #[test]
    fn what_is_left_empty_was_not_asked_for() {
        assert_eq!(read::<u32>("n", Some("7")).unwrap(), Some(7));
        assert_eq!(read::<u32>("n", Some(" ")).unwrap(), None);
        assert!(matches!(read::<u32>("n", Some("x")), Err(ServerError::BadQuery(text)) if text.contains("n cannot")));
    }
}
