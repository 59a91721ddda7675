use crate::code::text;

/// A statement that is put together (拼接) from fixed words and bound values.
///
/// Words are `&'static str`, so that nothing from outside can become part of the statement: it can only be bound.
#[derive(Debug, Default)]
pub(crate) struct Statement {
    words: String,
    pub binds: Vec<Bind>,
}

/// A bound value.
#[derive(Clone, Debug)]
pub(crate) enum Bind {
    Text(String),
    Number(i64),
    Truth(bool),
}

impl Statement {
    pub fn new(words: &'static str) -> Statement {
        Statement { words: words.to_string(), binds: Vec::new() }
    }

    /// Adds fixed words.
    pub fn push(&mut self, words: &'static str) -> &mut Statement {
        self.words.push_str(words);
        self
    }

    /// Adds a value.
    pub fn bind(&mut self, value: impl Into<Bind>) -> &mut Statement {
        self.binds.push(value.into());
        self.words.push('$');
        self.words.push_str(&self.binds.len().to_string());
        self
    }

    /// Adds values with commas between them; the caller has made sure that there is one.
    pub fn bind_list<B: Into<Bind>>(&mut self, values: impl IntoIterator<Item = B>) -> &mut Statement {
        for (n, value) in values.into_iter().enumerate() {
            if n > 0 {
                self.words.push_str(", ");
            }
            self.bind(value);
        }
        self
    }

    pub fn words(&self) -> &str {
        &self.words
    }
}

impl From<&str> for Bind {
    fn from(value: &str) -> Bind {
        Bind::Text(text(value))
    }
}

impl From<&String> for Bind {
    fn from(value: &String) -> Bind {
        Bind::Text(text(value))
    }
}

impl From<String> for Bind {
    fn from(value: String) -> Bind {
        Bind::Text(text(&value))
    }
}

impl From<i64> for Bind {
    fn from(value: i64) -> Bind {
        Bind::Number(value)
    }
}

impl From<bool> for Bind {
    fn from(value: bool) -> Bind {
        Bind::Truth(value)
    }
}

/// The text as a pattern of `LIKE … ESCAPE '\'` that means just itself.
pub(crate) fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

/// What free text search looks through: lower case, because the databases differ in what they fold themselves.
pub(crate) fn searchable<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    parts.into_iter().map(str::to_lowercase).collect::<Vec<_>>().join("\n")
}

/// The pattern that finds a text inside a searchable one.
pub(crate) fn containing(wanted: &str) -> String {
    format!("%{}%", escaped(&wanted.to_lowercase()))
}

/// `run!(&mut reader, query_as, statement, fetch_all)`: binds all values and runs it on either database.
macro_rules! run {
    ($both:expr, $query:ident, $statement:expr, $how:ident) => {{
        let statement: $crate::scope_statement::Statement = $statement;
        $crate::database::on!($both, c => {
            let mut query = sqlx::$query(sqlx::AssertSqlSafe(statement.words()));
            for bind in statement.binds.clone() {
                query = match bind {
                    $crate::scope_statement::Bind::Text(value) => query.bind(value),
                    $crate::scope_statement::Bind::Number(value) => query.bind(value),
                    $crate::scope_statement::Bind::Truth(value) => query.bind(value),
                };
            }
            query.$how(c).await
        })
    }};
}
pub(crate) use run;

/// `act!(&mut writer, statement)`: binds all values, runs it, gives the number of rows it touched.
macro_rules! act {
    ($writer:expr, $statement:expr) => {{
        let statement: $crate::scope_statement::Statement = $statement;
        $crate::database::on!($writer, c => {
            let mut query = sqlx::query(sqlx::AssertSqlSafe(statement.words()));
            for bind in statement.binds.clone() {
                query = match bind {
                    $crate::scope_statement::Bind::Text(value) => query.bind(value),
                    $crate::scope_statement::Bind::Number(value) => query.bind(value),
                    $crate::scope_statement::Bind::Truth(value) => query.bind(value),
                };
            }
            query.execute(c).await.map(|done| done.rows_affected()).map_err($crate::StoreError::from)
        })
    }};
}
pub(crate) use act;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_never_becomes_a_word() {
        let mut statement = Statement::new("SELECT 1 WHERE a = ");
        statement.bind("x' OR '1' = '1").push(" AND b IN (").bind_list([1i64, 2]).push(")");
        assert_eq!(statement.words(), "SELECT 1 WHERE a = $1 AND b IN ($2, $3)");
        assert_eq!(statement.binds.len(), 3);
    }

    #[test]
    fn signs_of_a_pattern_mean_themselves() {
        assert_eq!(containing(r"5%_a\B"), r"%5\%\_a\\b%");
    }
}
