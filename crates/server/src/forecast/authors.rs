//! Forecasts of people beside what was observed: bids of forecasters and conclusions of consultations.

use super::days::first_hour;
use super::history::{load, off_the_reactor};
use super::named::Said;
use super::pairs::{Pairs, REFERENCE_DAYS, Target};
use super::runs::ISSUE_LABEL;
use super::verification::Source;
use crate::auth::Person;
use crate::people::Names;
use crate::sight::Sight;
use crate::{AppState, ServerError};
use ::consult::{DayCall, Entered, Official, Participant};
use ::forecast::verification::{Author, IndexCase, IndexSaid, Occasion, ReferenceBook};
use ::forecast::{History, LEADS};
use org::Right;
use std::collections::{BTreeMap, BTreeSet};
use store::{AboutRun, IssuedWithin};
use units::{AccountId, BeijingDay, Instant, OrgId};

/// Before the name of an author who is a guest.
const GUEST: &str = "guest:";

/// What somebody said of one city and day (一条意见).
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub author: Author,
    pub issue: BeijingDay,
    /// When it was entered, or signed.
    pub at: Instant,
    pub call: DayCall,
}

/// The pairs of what people said of the target days, as far as the person sees it: bids of rooms seen from inside and
/// open no longer, signed conclusions in scope.
pub(super) async fn of_people(
    state: &AppState,
    person: &Person,
    source: Source,
    target: Target,
) -> Result<Pairs, ServerError> {
    let scope = person.scope(Right::ConsultRead);
    let within = IssuedWithin { owner: None, days: target.issues() };
    let calls: Vec<Call> = match source {
        Source::Runs => Vec::new(),
        Source::Bids => {
            let bids = state.store().bids_entered(&scope.owned(), within).await?;
            bids.into_iter().flat_map(of_bid).collect()
        }
        Source::Conclusions => {
            let signed = state.store().conclusions_signed(&scope, within).await?;
            signed.into_iter().flat_map(of_conclusion).collect()
        }
    };
    let names = names(state, &calls).await?;
    let indices = scored(state, calls, target).await?;
    Ok(Pairs { indices, names, ..Pairs::default() })
}

/// Calls beside what was observed on the target days that are over.
pub(super) async fn scored(state: &AppState, calls: Vec<Call>, target: Target) -> Result<Vec<IndexCase>, ServerError> {
    let target = Target { to: target.to.min(Sight::now(state).last_whole_day()), ..target };
    let calls = in_time(calls, target);
    let Some(first) = calls.iter().map(|call| call.issue).min() else { return Ok(Vec::new()) };
    let history = load(state, first_hour(first - REFERENCE_DAYS), first_hour(target.to + 1)).await?;
    off_the_reactor(move || paired(calls, &history)).await
}

/// The calls of a bid.
pub(super) fn of_bid(bid: AboutRun<Entered>) -> impl Iterator<Item = Call> {
    let (issue, author) = (bid.issue.day(), Author::Forecaster(author(&bid.said)));
    let at = bid.said.at;
    bid.said.days.into_iter().map(move |call| Call { author: author.clone(), issue, at, call })
}

/// By whom a bid is scored: the account, and a guest by what the guest is called, for a link is of one room only.
pub(crate) fn author(bid: &Entered) -> String {
    match &bid.participant {
        Participant::Account(id) => id.to_string(),
        Participant::Guest(_) => format!("{GUEST}{}", bid.label),
    }
}

fn of_conclusion(signed: AboutRun<Official>) -> impl Iterator<Item = Call> {
    let (issue, author) = (signed.issue.day(), Author::Conclusion(signed.owner.to_string()));
    let at = signed.said.signed_at;
    let days = signed.said.conclusion.days.into_iter();
    days.map(move |day| Call { author: author.clone(), issue, at, call: day.call })
}

/// Of each author, run, city and day what was said last before the day began: whoever waits until some of the day is
/// seen forecasts no longer, and a later version does not undo an earlier one.
fn in_time(calls: Vec<Call>, target: Target) -> Vec<Call> {
    let mut last: BTreeMap<(Author, BeijingDay, String, u8), Call> = BTreeMap::new();
    for call in calls {
        let (lead, day) = (call.call.lead, call.issue + i32::from(call.call.lead));
        let wanted = (target.from..=target.to).contains(&day) && target.lead.is_none_or(|one| one == lead);
        if !wanted || !(1..=LEADS as u8).contains(&lead) || call.at > (first_hour(day) - 1).end() {
            continue;
        }
        let key = (call.author.clone(), call.issue, call.call.city.to_string(), lead);
        if last.get(&key).is_none_or(|before| before.at <= call.at) {
            last.insert(key, call);
        }
    }
    last.into_values().collect()
}

/// Pure: every call beside its observation; a day without an observed index is no case.
fn paired(calls: Vec<Call>, history: &History) -> Vec<IndexCase> {
    let book = ReferenceBook::new(history, ISSUE_LABEL as u8);
    let case = |Call { author, issue, call, .. }: Call| {
        let (code, date) = (call.city.to_string(), issue + i32::from(call.lead));
        let city = history.cities.iter().position(|city| *city == code)?;
        let seen = book.seen(city, date)?;
        let levels = call.levels();
        let occasion = Occasion { issue, lead_day: call.lead, date, city: code, author, observed_level: seen.level() };
        Some(IndexCase {
            occasion,
            said: IndexSaid {
                range: (call.lo.get(), call.hi.get()),
                levels,
                primary: Some(call.primary),
                p_aqi150: None,
                p_aqi200: None,
            },
            seen: seen.aqi?,
            primary: seen.primary.clone(),
            references: book.index(city, issue, call.lead),
        })
    };
    calls.into_iter().filter_map(case).collect()
}

/// What the authors are called. A guest's name is part of the id.
async fn names(state: &AppState, calls: &[Call]) -> Result<BTreeMap<String, Said>, ServerError> {
    let authors: BTreeSet<&Author> = calls.iter().map(|call| &call.author).collect();
    let accounts: Vec<AccountId> = authors.iter().filter_map(|one| account(one)).collect();
    let houses: Vec<OrgId> = authors.iter().filter_map(|one| house(one)).collect();
    let known = Names::of(&houses, &accounts).read(state).await?;
    let name = |author: &&Author| {
        let name = match (account(author), house(author)) {
            (Some(id), _) => known.account(&id).name,
            (_, Some(id)) => known.organisation(&id).name,
            _ => author.id().trim_start_matches(GUEST).to_string(),
        };
        (author.id().to_string(), Said::new(name.clone(), name))
    };
    Ok(authors.iter().map(name).collect())
}

fn account(author: &Author) -> Option<AccountId> {
    match author {
        Author::Forecaster(id) if !id.starts_with(GUEST) => id.parse().ok(),
        _ => None,
    }
}

fn house(author: &Author) -> Option<OrgId> {
    match author {
        Author::Conclusion(id) => id.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::consult::Confidence;
    use units::Aqi;

    fn call(at: &str, lead: u8, hi: u16) -> Call {
        Call {
            author: Author::Forecaster("a".into()),
            issue: "2018-01-13".parse().unwrap(),
            at: at.parse().unwrap(),
            call: DayCall {
                city: "320100".parse().unwrap(),
                lead,
                lo: Aqi::new(60).unwrap(),
                hi: Aqi::new(hi).unwrap(),
                primary: vec![],
                confidence: Confidence::Medium,
                reason: String::new(),
            },
        }
    }

    fn counted(calls: Vec<Call>) -> Vec<(u8, u16)> {
        let target = Target { from: "2018-01-14".parse().unwrap(), to: "2018-01-16".parse().unwrap(), lead: None };
        in_time(calls, target).iter().map(|call| (call.call.lead, call.call.hi.get())).collect()
    }

    #[test]
    fn what_is_said_when_the_day_has_begun_is_no_forecast_of_it_and_undoes_none() {
        let early = [1, 2].map(|lead| call("2018-01-14T00:00:00+08:00", lead, 90));
        let late = [1, 2].map(|lead| call("2018-01-14T00:00:01+08:00", lead, 120));
        assert_eq!(counted([early.clone(), late.clone()].concat()), [(1, 90), (2, 120)]);
        assert_eq!(counted([late, early].concat()), [(1, 90), (2, 120)], "in whatever order they come");
    }

    #[test]
    fn only_the_target_days_are_scored() {
        let calls = [1, 3, 4].map(|lead| call("2018-01-13T21:00:00+08:00", lead, 90));
        assert_eq!(counted(calls.to_vec()), [(1, 90), (3, 90)]);
    }
}
