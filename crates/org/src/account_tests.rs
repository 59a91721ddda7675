use crate::world::{account, at, by, id, noon, place};
use crate::*;
use event::{Aggregate, Given, given};
use proptest::prelude::*;
use units::Instant;

fn opened() -> AccountEvent {
    AccountEvent::Opened { account: account("duty", "js") }
}

fn duty() -> Given<Account> {
    given::<Account>([opened()])
}

fn open(login: &str, taken: bool) -> AccountCommand {
    AccountCommand::Open {
        id: "duty".parse().unwrap(),
        login: login.into(),
        name: "值班员".into(),
        organisation: id("js"),
        phone: None,
        mail: None,
        must_change_password: true,
        place: Some(place("/js/", OrgKind::Department)),
        login_taken: taken,
    }
}

/// Gives commands one after another, each at its moment; a refusal ends the test.
fn run(commands: impl IntoIterator<Item = (AccountCommand, Instant)>) -> Account {
    commands
        .into_iter()
        .fold((account("duty", "js"), 1), |(state, version), (command, now)| {
            let decided = Account::decide(&state, version, command, &by("duty"), now).unwrap();
            let version = version + decided.events.len() as u64;
            (decided.events.iter().fold(state, Account::apply), version)
        })
        .0
}

fn minutes_later(minutes: i64) -> Instant {
    Instant::from_utc(noon().to_utc() + chrono::TimeDelta::minutes(minutes))
}

#[test]
fn logins_are_plain_lower_case_and_taken_once() {
    let start = || given::<Account>([]);
    assert_eq!(start().when(open("Duty.One", false), &by("a"), noon()).accepted().state.login, "duty.one");
    for bad in ["", "x", "值班", "a b", "-rf", "a\nb", &"x".repeat(65)] {
        start().when(open(bad, false), &by("a"), noon()).refused("G-301");
    }
    start().when(open("duty", true), &by("a"), noon()).refused("G-302");
    duty().when(open("duty", false), &by("a"), noon()).refused("G-202");
}

#[test]
fn five_wrong_passwords_lock_for_a_quarter_of_an_hour_and_then_longer() {
    let wrong = |minute| (AccountCommand::LoginFailed, minutes_later(minute));
    let four = run((0..4).map(wrong));
    assert_eq!((four.failures, four.locked_until), (4, None));
    let locked = run((0..5).map(wrong));
    assert_eq!(locked.locked_until, Some(minutes_later(4 + 15)));
    let again = run((0..5).chain(20..25).map(wrong));
    assert_eq!(again.locked_until, Some(minutes_later(24 + 30)));
    let often = run((0..100).map(|n| wrong(n * 24 * 60)));
    assert!(often.locked_until.unwrap() <= minutes_later(99 * 24 * 60 + 24 * 60), "never longer than a day");
}

#[test]
fn while_locked_the_right_password_is_refused_and_wrong_ones_do_not_lengthen_it() {
    let lock = run((0..5).map(|minute| (AccountCommand::LoginFailed, minutes_later(minute))));
    let decide = |command, minute| Account::decide(&lock, 6, command, &by("duty"), minutes_later(minute));
    assert!(decide(AccountCommand::LoginSucceeded, 18).unwrap_err().to_string().starts_with("G-304"));
    assert!(decide(AccountCommand::LoginFailed, 18).unwrap().events.is_empty());
    assert!(decide(AccountCommand::LoginSucceeded, 19).is_ok(), "the lock ends on its minute");
}

#[test]
fn the_right_password_or_an_administrator_clears_the_count() {
    let wrong = (AccountCommand::LoginFailed, noon());
    let right = (AccountCommand::LoginSucceeded, noon());
    let cleared = run([wrong.clone(), wrong.clone(), right]);
    assert_eq!((cleared.failures, cleared.last_login), (0, Some(noon())));
    let locked = (0..5).map(|_| wrong.clone());
    let unlocked = run(locked.chain([(AccountCommand::Unlock, noon())]));
    assert_eq!((unlocked.locked_until, unlocked.lockouts), (None, 0));
}

#[test]
fn a_closed_account_takes_no_login_but_its_sessions_can_be_ended() {
    let closed = || given::<Account>([opened(), AccountEvent::Closed]);
    closed().when(AccountCommand::LoginSucceeded, &by("a"), noon()).refused("G-303");
    closed().when(AccountCommand::LoginFailed, &by("a"), noon()).refused("G-303");
    closed().when(AccountCommand::SessionRevoked { session: "s1".into() }, &by("a"), noon()).accepted();
    closed().when(AccountCommand::Reopen, &by("a"), noon()).then([AccountEvent::Reopened]);
}

#[test]
fn an_update_changes_what_it_names_and_an_empty_reference_takes_away() {
    let update = |phone: Option<&str>, organisation: Option<&str>| AccountCommand::Update {
        name: None,
        organisation: organisation.map(id),
        phone: phone.map(Into::into),
        mail: None,
        place: None,
    };
    let with = duty().when(update(Some("p-1"), None), &by("a"), noon()).accepted();
    assert_eq!(with.state.phone.as_deref(), Some("p-1"));
    let history = [vec![opened()], with.events].concat();
    let without = given::<Account>(history).when(update(Some(""), None), &by("a"), noon()).accepted();
    assert_eq!(without.state.phone, None);
    duty().when(update(None, None), &by("a"), noon()).then([]);
    duty().when(update(None, Some("nowhere")), &by("a"), noon()).refused("G-204");
}

#[test]
fn a_one_time_password_must_be_changed() {
    let reset = run([(AccountCommand::PasswordReset, noon())]);
    assert!(reset.must_change_password);
    assert!(
        !run([(AccountCommand::PasswordReset, noon()), (AccountCommand::PasswordChanged, noon())]).must_change_password
    );
}

#[test]
fn a_token_is_recorded_by_its_name_and_not_kept_in_the_account() {
    let made = AccountCommand::TokenMade {
        token: "t-1".into(),
        name: "小时报".into(),
        rights: vec![crate::Right::AirRead],
        expires_at: noon(),
    };
    let done = duty().when(made, &by("a"), noon()).accepted();
    assert!(matches!(&done.events[..], [AccountEvent::TokenMade { token, .. }] if token == "t-1"));
    assert_eq!(done.state, Account::apply(Account::default(), &opened()));
    let back = AccountCommand::TokenTakenBack { token: "t-1".into() };
    duty().when(back, &by("a"), noon()).then([AccountEvent::TokenTakenBack { token: "t-1".into() }]);
    duty().when(AccountCommand::TokenTakenBack { token: " ".into() }, &by("a"), noon()).refused("G-203");
}

fn any_event() -> impl Strategy<Value = AccountEvent> {
    prop_oneof![
        Just(opened()),
        Just(AccountEvent::Closed),
        Just(AccountEvent::PasswordReset),
        Just(AccountEvent::LoginSucceeded { at: noon() }),
        any::<u32>().prop_map(|failures| AccountEvent::LoginFailed { failures, locked_until: None }),
        Just(AccountEvent::LoginFailed { failures: 5, locked_until: Some(at("2026-03-10T12:15:00+08:00")) }),
        Just(AccountEvent::TotpSet),
        Just(AccountEvent::Unlocked),
    ]
}

proptest! {
    #[test]
    fn events_apply_in_any_order(events in proptest::collection::vec(any_event(), 0..20)) {
        let state = events.iter().fold(Account::default(), Account::apply);
        let json = serde_json::to_string(&state).unwrap();
        prop_assert_eq!(serde_json::from_str::<Account>(&json).unwrap(), state);
    }
}
