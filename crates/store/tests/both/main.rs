//! One suite over both databases: every test of [`both!`] runs as `…::sqlite::…` and as `…::postgres::…`.
//!
//! SQLite needs nothing. PostgreSQL needs `QINGKONG_TEST_PG`, the address of a server where the account may make
//! databases; without it those tests fail and say so, because a suite that passes unrun proves nothing.

/// Makes each named `async fn(Place)` a test on SQLite and one on PostgreSQL.
macro_rules! both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { crate::harness::on_sqlite(super::$name); })+
        }
        mod postgres {
            $(#[test] fn $name() { crate::harness::on_postgres(super::$name); })+
        }
    };
}

#[cfg(test)]
mod attachment;
#[cfg(test)]
mod chain;
#[cfg(test)]
mod consult;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod events;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod notify;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod people;
#[cfg(test)]
mod quality;
#[cfg(test)]
mod reads;
#[cfg(test)]
mod rebuild;
#[cfg(test)]
mod scope;
#[cfg(test)]
mod tally;
#[cfg(test)]
mod warn;
#[cfg(test)]
mod work;
#[cfg(test)]
mod world;
