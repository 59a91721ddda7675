use crate::harness::Place;
use crate::world::{account, actor, found, moment, org, run, scope};
use org::{
    Account, AccountCommand, Authority, Extent, Grant, GrantCommand, Kinds, OrgKind, Organisation, OrganisationCommand,
    Right, Scope,
};
use store::{AccountFilter, ExecuteError, GrantFilter, OrganisationFilter, Session, Store, StoreError, Token};

both![
    a_new_login_ends_the_session_it_replaces,
    sessions_end_one_by_one_and_together,
    only_sessions_in_scope_are_listed,
    tokens_are_found_by_their_digest_and_can_be_taken_back,
    a_one_time_code_counts_once,
    a_login_is_given_once_even_in_a_race,
    two_moves_in_a_race_make_no_ring,
    lists_find_by_text_and_do_not_take_signs_for_patterns,
    a_grant_gives_rights_once_it_is_approved,
];

fn all() -> Scope {
    scope(Extent::All)
}

async fn open(store: &Store, id: &str, login: &str, at: &str) -> Result<(), ExecuteError<org::OrgError>> {
    let command = AccountCommand::Open {
        id: account(id),
        login: login.into(),
        name: format!("{login} 100% A_b"),
        organisation: org(at),
        phone: None,
        mail: None,
        must_change_password: false,
        place: store.org_place(&org(at)).await.unwrap(),
        login_taken: false,
    };
    run::<Account>(store, id, command, &actor("root", &org("js")), moment(0)).await.map(drop)
}

/// A province with two cities, an account in each.
async fn province(place: &Place) -> Store {
    let store = place.open().await;
    found(&store, "js", OrgKind::Department, None).await;
    for (city, id) in [("nj", "wang"), ("xz", "li")] {
        found(&store, city, OrgKind::CityBureau, Some("js")).await;
        open(&store, id, id, city).await.unwrap();
    }
    store
}

fn session(id: &str, of: &str) -> Session {
    Session {
        id: id.into(),
        account: account(of),
        csrf: "c".into(),
        created_at: moment(0),
        last_seen_at: moment(0),
        expires_at: moment(30),
        absolute_expires: moment(50),
        address: "10.0.0.1".into(),
        agent: "browser\0".into(),
        acting: None,
        revoked_at: None,
    }
}

async fn a_new_login_ends_the_session_it_replaces(place: Place) {
    let store = place.open().await;
    store.begin_session(&session("old", "wang"), None).await.unwrap();
    store.begin_session(&session("new", "wang"), Some("old")).await.unwrap();
    let old = store.session("old").await.unwrap().unwrap();
    assert_eq!(old.revoked_at, Some(moment(0)));
    store.touch_session("old", moment(1), moment(59)).await.unwrap();
    assert_eq!(store.session("old").await.unwrap().unwrap(), old);
    let new = store.session("new").await.unwrap().unwrap();
    assert_eq!(new, Session { agent: "browser\u{fffd}".into(), ..session("new", "wang") });
    assert!(new.alive(moment(29)) && !new.alive(moment(30)));
    store.touch_session("new", moment(20), moment(59)).await.unwrap();
    let new = store.session("new").await.unwrap().unwrap();
    assert!(new.alive(moment(49)) && !new.alive(moment(50)));
    store.set_acting("new", Some("d1")).await.unwrap();
    assert_eq!(store.session("new").await.unwrap().unwrap().acting.as_deref(), Some("d1"));
    assert_eq!(store.session("never").await.unwrap(), None);
}

async fn sessions_end_one_by_one_and_together(place: Place) {
    let store = place.open().await;
    for id in ["a", "b", "c"] {
        store.begin_session(&session(id, "wang"), None).await.unwrap();
    }
    store.begin_session(&session("other", "li"), None).await.unwrap();
    assert!(store.end_session("a", moment(1)).await.unwrap() && !store.end_session("a", moment(2)).await.unwrap());
    assert_eq!(store.end_sessions(&account("wang"), Some("b"), moment(3)).await.unwrap(), 1);
    let mut alive = Vec::new();
    for id in ["a", "b", "c", "other"] {
        alive.push(store.session(id).await.unwrap().unwrap().alive(moment(4)));
    }
    assert_eq!(alive, [false, true, false, true]);
    assert_eq!(store.forget_sessions(moment(50)).await.unwrap(), 0);
    assert_eq!(store.forget_sessions(moment(51)).await.unwrap(), 4);
}

async fn only_sessions_in_scope_are_listed(place: Place) {
    let store = province(&place).await;
    store.begin_session(&session("a", "wang"), None).await.unwrap();
    store.begin_session(&session("b", "li"), None).await.unwrap();
    store.begin_session(&session("over", "li"), None).await.unwrap();
    store.end_session("over", moment(1)).await.unwrap();
    let cases: [(Scope, &[&str]); 4] = [
        (all(), &["a", "b"]),
        (scope(Extent::Organisation(org("nj"))), &["a"]),
        (scope(Extent::Own(account("li"))), &["b"]),
        (Scope::default(), &[]),
    ];
    for (scope, expected) in cases {
        let rows = store.sessions(&scope, moment(2), 10).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.session.id.as_str()).collect::<Vec<_>>(), expected);
    }
}

async fn tokens_are_found_by_their_digest_and_can_be_taken_back(place: Place) {
    let store = place.open().await;
    let token = Token {
        id: "t1".into(),
        hash: "digest".into(),
        account: account("wang"),
        name: "每日取数".into(),
        rights: vec!["air.read".into()],
        created_at: moment(0),
        expires_at: moment(30),
        last_used_at: None,
        revoked_at: None,
    };
    store.add_token(&token).await.unwrap();
    assert_eq!(store.token("digest").await.unwrap(), Some(token.clone()));
    assert_eq!(store.token("Digest").await.unwrap(), None);
    store.touch_token("digest", moment(3)).await.unwrap();
    assert_eq!(store.tokens(&account("wang")).await.unwrap(), [Token { last_used_at: Some(moment(3)), ..token }]);
    assert!(!store.revoke_token(&account("li"), "t1", moment(4)).await.unwrap(), "another's token");
    assert!(store.revoke_token(&account("wang"), "t1", moment(4)).await.unwrap());
    let revoked = store.token("digest").await.unwrap().unwrap();
    assert!(!revoked.alive(moment(5)) && store.tokens(&account("wang")).await.unwrap().is_empty());
}

async fn a_one_time_code_counts_once(place: Place) {
    let (store, wang) = (place.open().await, account("wang"));
    assert!(!store.begin_totp(&wang, "S1").await.unwrap(), "without a password there is nothing to strengthen");
    store.set_password(&wang, "$argon2id$1", moment(0)).await.unwrap();
    assert!(store.begin_totp(&wang, "S1").await.unwrap());
    assert!(!store.confirm_totp(&wang, "S0", 100).await.unwrap(), "another secret than the one shown");
    assert!(store.confirm_totp(&wang, "S1", 100).await.unwrap());
    assert!(!store.use_totp_step(&wang, 100).await.unwrap(), "the code of the set-up is used up");
    assert!(store.use_totp_step(&wang, 101).await.unwrap() && !store.use_totp_step(&wang, 101).await.unwrap());
    store.set_password(&wang, "$argon2id$2", moment(1)).await.unwrap();
    let held = store.credential(&wang).await.unwrap().unwrap();
    assert_eq!((held.password.as_str(), held.totp_secret.as_deref()), ("$argon2id$2", Some("S1")));
    assert!(!format!("{held:?}").contains("argon2"), "secrets stay out of logs");
    store.clear_totp(&wang).await.unwrap();
    assert_eq!(store.credential(&wang).await.unwrap().unwrap().totp_secret, None);
}

/// Both decisions looked before either was stored.
async fn a_login_is_given_once_even_in_a_race(place: Place) {
    let store = province(&place).await;
    let outcome = open(&store, "wang-2", "wang", "xz").await;
    assert!(matches!(outcome, Err(ExecuteError::Store(StoreError::Changed { .. }))), "{outcome:?}");
    assert!(store.load::<Account>("wang-2").await.unwrap().is_none());
    assert_eq!(store.account_by_login("wang").await.unwrap().unwrap().account.organisation, org("nj"));
    assert_eq!(store.account_by_login("WANG").await.unwrap(), None);
}

async fn two_moves_in_a_race_make_no_ring(place: Place) {
    let store = province(&place).await;
    for team in ["t1", "t2"] {
        found(&store, team, OrgKind::CityBureau, Some("js")).await;
    }
    found(&store, "c1", OrgKind::CountyBureau, Some("t1")).await;
    found(&store, "c2", OrgKind::Affiliated, Some("t2")).await;
    let (before, by) = (store.org_place(&org("t1")).await.unwrap(), actor("root", &org("js")));
    let moved = |parent: &str, under| OrganisationCommand::Move { parent: org(parent), under };
    let c2 = store.org_place(&org("c1")).await.unwrap();
    run::<Organisation>(&store, "c2", moved("c1", c2), &by, moment(1)).await.unwrap();
    // As it was looked up, c2 was not yet below c1.
    let stale = before.map(|place| org::Place { id: org("c2"), ..place });
    let outcome = run::<Organisation>(&store, "c1", moved("c2", stale), &by, moment(1)).await;
    assert!(matches!(outcome, Err(ExecuteError::Store(StoreError::Changed { .. }))), "{outcome:?}");
    let row = store.organisation(&all(), "c2").await.unwrap().unwrap();
    assert_eq!(row.path.as_str(), "/js/t1/c1/c2/");
}

async fn lists_find_by_text_and_do_not_take_signs_for_patterns(place: Place) {
    let store = province(&place).await;
    let found = [("WANG", 1), ("a_B", 2), ("100%", 2)];
    let nothing = ["100_", "w%g", "'", "\\", "wang\0", "' OR '1' = '1"].map(|text| (text, 0));
    for (text, expected) in found.into_iter().chain(nothing) {
        let filter = AccountFilter { text: Some(text.into()), ..AccountFilter::default() };
        assert_eq!(store.count_accounts(&all(), &filter).await.unwrap(), expected, "{text:?}");
    }
    let filter =
        OrganisationFilter { parent: Some(org("js")), text: Some("局".into()), ..OrganisationFilter::default() };
    assert_eq!(store.count_organisations(&all(), &filter).await.unwrap(), 2);
    assert_eq!(store.held_by(&org("js")).await.unwrap(), (2, 0));
    assert_eq!(store.held_by(&org("nj")).await.unwrap(), (0, 1));
}

async fn a_grant_gives_rights_once_it_is_approved(place: Place) {
    let store = province(&place).await;
    let command = GrantCommand::Propose {
        id: "g1".into(),
        account: account("wang"),
        role: "city-bureau".into(),
        organisation: org("nj"),
        kinds: Kinds::All,
        from: crate::world::day("2018-01-01"),
        to: None,
        place: store.org_place(&org("nj")).await.unwrap(),
        account_open: true,
        held: Vec::new(),
    };
    run::<Grant>(&store, "g1", command, &actor("root", &org("js")), moment(0)).await.unwrap();
    assert!(!may(&store, "wang").await);
    let approve = GrantCommand::Approve { held: Vec::new() };
    run::<Grant>(&store, "g1", approve, &actor("second", &org("js")), moment(1)).await.unwrap();
    assert!(may(&store, "wang").await);
    let of_role = AccountFilter { role: Some("city-bureau".into()), ..AccountFilter::default() };
    assert_eq!(store.count_accounts(&all(), &of_role).await.unwrap(), 1);
    for (extent, expected) in [(Extent::Own(account("wang")), 1), (Extent::Organisation(org("xz")), 0)] {
        let page = store.grants(&scope(extent), &GrantFilter::default(), 10, None).await.unwrap();
        assert_eq!(page.items.len(), expected);
    }
    assert_eq!(store.standing(&account("nobody")).await.unwrap(), None);
}

async fn may(store: &Store, id: &str) -> bool {
    let standing = store.standing(&account(id)).await.unwrap().unwrap();
    Authority::of(&standing.known(None), moment(5)).may(Right::MatterRead)
}
