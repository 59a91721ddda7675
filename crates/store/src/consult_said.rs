use crate::StoreError;
use crate::code::hour_of;
use crate::consult::CONSULTATION;
use crate::database::Store;
use crate::scope_statement::{Statement, run};
use ::consult::{BidEvent, Entered, Official};
use event::Record;
use org::Scope;
use units::{BeijingDay, BeijingHour, OrgId};

/// What was said in a consultation, with whose it is and the run it is about (会商所言).
#[derive(Clone, Debug, PartialEq)]
pub struct AboutRun<T> {
    /// The number of the consultation, for people.
    pub code: String,
    /// The house that held the consultation.
    pub owner: OrgId,
    /// The issue time of the run.
    pub issue: BeijingHour,
    /// What was said.
    pub said: T,
}

/// Which consultations: of one house or of all, about the runs issued from the first to the last day.
#[derive(Clone, Copy, Debug)]
pub struct IssuedWithin<'a> {
    /// Of this house.
    pub owner: Option<&'a OrgId>,
    /// First and last day of issue.
    pub days: (BeijingDay, BeijingDay),
}

impl Store {
    /// Every version of every bid of the consultations in scope that are open no longer, in the order they were
    /// entered. A bid of an open one may still be hidden from somebody; give a scope that sees rooms from inside.
    pub async fn bids_entered(
        &self,
        scope: &Scope,
        within: IssuedWithin<'_>,
    ) -> Result<Vec<AboutRun<Entered>>, StoreError> {
        let mut statement = Statement::new(
            "SELECT c.code, c.owner, c.issue, e.record FROM consultation c JOIN consultation_bid b ON b.room = c.id \
             JOIN event e ON e.stream_kind = 'consultation_bid' AND e.stream_id = b.room || '/' || b.participant \
             WHERE c.state <> 'open' AND ",
        );
        within.add(&mut statement, scope);
        statement.push(" ORDER BY e.seq");
        let entered = |record: &str| {
            let body = Record::read(record).ok().map(|record| record.body);
            let event: Option<BidEvent> = body.and_then(|body| serde_json::from_value(body).ok());
            event.map(|BidEvent::BidEntered { bid }| bid).ok_or_else(|| StoreError::unreadable("a bid", record))
        };
        self.said(statement, entered).await
    }

    /// Every signed conclusion in scope, superseded versions included, in the order they were signed.
    pub async fn conclusions_signed(
        &self,
        scope: &Scope,
        within: IssuedWithin<'_>,
    ) -> Result<Vec<AboutRun<Official>>, StoreError> {
        let mut statement = Statement::new(
            "SELECT c.code, c.owner, c.issue, f.body FROM consultation c \
             JOIN consultation_official f ON f.room = c.id WHERE ",
        );
        within.add(&mut statement, scope);
        statement.push(" ORDER BY f.signed_at, f.room, f.number");
        let signed = |body: &str| serde_json::from_str(body).map_err(|_| StoreError::unreadable("a conclusion", body));
        self.said(statement, signed).await
    }

    async fn said<T>(
        &self,
        statement: Statement,
        read: impl Fn(&str) -> Result<T, StoreError>,
    ) -> Result<Vec<AboutRun<T>>, StoreError> {
        let rows: Vec<(String, String, i32, String)> = run!(&mut self.reader().await?, query_as, statement, fetch_all)?;
        let one = |(code, owner, issue, said): (String, String, i32, String)| {
            let owner = owner.parse().map_err(|_| StoreError::unreadable("an organisation", &owner))?;
            Ok(AboutRun { code, owner, issue: hour_of(issue), said: read(&said)? })
        };
        rows.into_iter().map(one).collect()
    }
}

impl IssuedWithin<'_> {
    fn add(self, statement: &mut Statement, scope: &Scope) {
        let (first, last) = self.days;
        statement.push("c.issue_day >= ").bind(i64::from(first.index()));
        statement.push(" AND c.issue_day <= ").bind(i64::from(last.index())).push(" AND ");
        CONSULTATION.seen(statement, scope);
        if let Some(owner) = self.owner {
            statement.push(" AND c.owner = ").bind(owner.as_str());
        }
    }
}
