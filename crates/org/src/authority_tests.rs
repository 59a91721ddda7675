use crate::world::{account, at, day, grant, id, noon, places, who};
use crate::*;
use proptest::prelude::*;
use units::{AccountId, Instant, OrgId};

fn known<'a>(account: &'a Account, grants: &'a [Grant], places: &'a Places) -> Known<'a> {
    Known { account, acting: None, grants, delegations: &[], lenders: &[], places }
}

fn authority(who: &str, grants: &[Grant], now: Instant) -> Authority {
    let places = places().into_iter().collect();
    Authority::of(&known(&account(who, "js"), grants, &places), now)
}

/// What is owned by an organisation of the small province, and assigned to others.
#[derive(Debug)]
struct Thing {
    path: OrgPath,
    owner: OrgId,
    assigned: Vec<OrgId>,
    account: AccountId,
    kind: &'static str,
    secrecy: Secrecy,
}

fn thing(owner: &str, assigned: &[&str]) -> Thing {
    let place = places().into_iter().find(|place| place.id == id(owner)).unwrap();
    let assigned = assigned.iter().map(|text| id(text)).collect();
    let (account, kind, secrecy) = (who("maker"), "task", Secrecy::Internal);
    Thing { path: place.path, owner: place.id, assigned, account, kind, secrecy }
}

impl Thing {
    fn item(&self) -> Item<'_> {
        Item {
            owner_path: &self.path,
            owner: &self.owner,
            assigned: &self.assigned,
            account: Some(&self.account),
            kind: self.kind,
            secrecy: self.secrecy,
        }
    }
}

fn seen(authority: &Authority, owner: &str, assigned: &[&str]) -> bool {
    authority.may_on(Right::MatterRead, &thing(owner, assigned).item())
}

#[test]
fn a_city_sees_its_own_area_and_what_is_assigned_to_it_and_no_other_city() {
    let nanjing = authority("nanjing", &[grant("nanjing", "city-bureau", "nj")], noon());
    assert!(seen(&nanjing, "nj", &[]) && seen(&nanjing, "ent", &[]) && seen(&nanjing, "js", &["nj"]));
    assert!(!seen(&nanjing, "xz", &[]) && !seen(&nanjing, "js", &["xz"]) && !seen(&nanjing, "js", &[]));
}

#[test]
fn an_enterprise_sees_its_own_and_its_orders_and_not_its_county() {
    let enterprise = authority("ent", &[grant("ent", "enterprise", "ent")], noon());
    assert!(seen(&enterprise, "ent", &[]) && seen(&enterprise, "njqx", &["ent"]));
    assert!(!seen(&enterprise, "njqx", &[]) && !seen(&enterprise, "nj", &["njqx"]));
}

#[test]
fn a_commissioner_office_sees_its_areas() {
    let north = authority("north", &[grant("north", "commissioner", "north")], noon());
    assert!(seen(&north, "nj", &[]) && seen(&north, "ent", &[]) && seen(&north, "north", &[]));
    assert!(!seen(&north, "xz", &[]) && !seen(&north, "js", &[]));
}

#[test]
fn an_inspector_sees_what_is_his() {
    let mut mine = thing("xz", &[]);
    let inspector = authority("inspector", &[grant("inspector", "inspector", "air")], noon());
    assert!(!inspector.may_on(Right::MatterRead, &mine.item()));
    mine.account = who("inspector");
    assert!(inspector.may_on(Right::MatterRead, &mine.item()));
}

#[test]
fn administrators_see_no_matter_at_all() {
    for role in ["system-admin", "security-admin", "auditor"] {
        let admin = authority("admin", &[grant("admin", role, "js")], noon());
        assert!(!seen(&admin, "js", &[]) && !admin.may(Right::MatterRead) && admin.is_administrator(), "{role}");
    }
}

#[test]
fn secrecy_and_kinds_bound_what_a_grant_gives() {
    let only = Kinds::Only(["order".to_string()].into());
    let air = authority("air", &[Grant { kinds: only, ..grant("air", "air-division", "js") }], noon());
    assert!(!seen(&air, "nj", &[]), "another kind");
    assert!(air.may_on(Right::OrgRead, &thing("nj", &[]).item()), "kinds are about matters only");
    let mut secret = thing("nj", &[]);
    secret.secrecy = Secrecy::Restricted;
    let sees = |role| authority("a", &[grant("a", role, "js")], noon()).may_on(Right::MatterRead, &secret.item());
    assert!(sees("leader") && !sees("air-division"));
}

#[test]
fn a_grant_holds_from_its_first_day_to_the_end_of_its_last() {
    let week = [Grant { from: day("2026-03-10"), to: Some(day("2026-03-12")), ..grant("a", "leader", "js") }];
    for (moment, holds) in [
        ("2026-03-09T23:59:59+08:00", false),
        ("2026-03-10T00:00:00+08:00", true),
        ("2026-03-12T23:59:59+08:00", true),
        ("2026-03-13T00:00:00+08:00", false),
    ] {
        assert_eq!(authority("a", &week, at(moment)).may(Right::MatterRead), holds, "{moment}");
    }
}

#[test]
fn what_is_proposed_rejected_ended_or_for_a_closed_organisation_gives_nothing() {
    for state in [GrantState::Proposed, GrantState::Rejected, GrantState::Ended] {
        let grants = [Grant { state, ..grant("a", "leader", "js") }];
        assert!(authority("a", &grants, noon()).rights().is_empty(), "{state:?}");
    }
    let grants = [grant("a", "city-bureau", "gone"), grant("a", "no-such-role", "nj"), grant("b", "leader", "js")];
    assert!(authority("a", &grants, noon()).rights().is_empty());
}

#[test]
fn a_closed_account_holds_nothing() {
    let (places, grants) = (places().into_iter().collect(), [grant("a", "leader", "js")]);
    let closed = Account { active: false, ..account("a", "js") };
    let none = Authority::of(&known(&closed, &grants, &places), noon());
    assert!(none.rights().is_empty());
    assert_eq!(none.explain_right(Right::AirRead)[0].why, "账号已停用");
}

#[test]
fn administrator_classes_that_meet_all_the_same_do_not_add_up() {
    let grants = [grant("a", "auditor", "js"), grant("a", "system-admin", "js")];
    let first = authority("a", &grants, noon());
    assert!(first.may(Right::AuditRead) && !first.may(Right::AccountWrite));
}

fn lent(acting: bool) -> Delegation {
    Delegation {
        id: "d".into(),
        from_account: who("leader"),
        to_account: who("deputy"),
        roles: ["leader".to_string()].into(),
        from: day("2026-03-01"),
        to: day("2026-03-31"),
        acting,
        ..Delegation::default()
    }
}

fn deputy(delegation: &Delegation, acting: Option<&str>, lender: Account, grants: &[Grant]) -> Authority {
    let (places, account) = (places().into_iter().collect(), account("deputy", "air"));
    let (delegations, lenders) = ([delegation.clone()], [lender]);
    let known =
        Known { account: &account, acting, grants, delegations: &delegations, lenders: &lenders, places: &places };
    Authority::of(&known, noon())
}

#[test]
fn lent_roles_stand_beside_the_own_ones_or_wait_until_one_acts() {
    let grants = [grant("leader", "leader", "js"), grant("deputy", "forecaster", "air")];
    let leader = || account("leader", "js");
    assert!(deputy(&lent(false), None, leader(), &grants).may(Right::MatterApprove));
    assert!(!deputy(&lent(true), None, leader(), &grants).may(Right::MatterApprove));
    let acting = deputy(&lent(true), Some("d"), leader(), &grants);
    assert!(acting.may(Right::MatterApprove));
    assert_eq!(acting.acting().map(|acting| acting.organisation.clone()), Some(id("js")));
    assert_eq!(deputy(&lent(true), Some("other"), leader(), &grants).acting(), None);
}

#[test]
fn nothing_is_lent_that_the_lender_does_not_hold_now() {
    let leader = || account("leader", "js");
    let may = |delegation: Delegation, lender: Account, grants: &[Grant]| {
        deputy(&delegation, Some("d"), lender, grants).may(Right::MatterApprove)
    };
    let good = [grant("leader", "leader", "js")];
    assert!(may(lent(true), leader(), &good));
    assert!(!may(lent(true), leader(), &[Grant { state: GrantState::Ended, ..good[0].clone() }]));
    assert!(!may(lent(true), Account { active: false, ..leader() }, &good));
    assert!(!may(Delegation { ended: Some(noon()), ..lent(true) }, leader(), &good));
    assert!(!may(Delegation { to: day("2026-03-09"), ..lent(true) }, leader(), &good));
    assert!(!may(Delegation { to_account: who("other"), ..lent(true) }, leader(), &good));
    assert!(!may(lent(true), leader(), &[grant("leader", "city-bureau", "nj")]), "another role than the one lent");
}

#[test]
fn an_explanation_names_the_grant_and_the_reason_in_both_languages() {
    let grants = [grant("a", "city-bureau", "nj"), grant("a", "enterprise", "ent")];
    let reasons = authority("a", &grants, noon()).explain(Right::MatterApprove, &thing("njqx", &[]).item());
    assert_eq!(reasons.iter().map(|reason| reason.holds).collect::<Vec<_>>(), [true, false]);
    assert_eq!(reasons[0].why_en, "its owner lies under /js/nj/");
    assert_eq!(reasons[1].why, "该角色没有权限 matter.approve");
    let json = serde_json::to_value(&reasons[0]).unwrap();
    assert_eq!((json["grant"].as_str(), json["role"].as_str()), (Some("a-city-bureau-nj"), Some("city-bureau")));
}

const ROLES: [&str; 7] =
    ["leader", "air-division", "city-bureau", "commissioner", "enterprise", "inspector", "system-admin"];

fn any_grant() -> impl Strategy<Value = Grant> {
    let kinds =
        prop_oneof![Just(Kinds::All), Just(Kinds::Only(["task".to_string()].into())), Just(Kinds::Only([].into()))];
    let state = prop_oneof![4 => Just(GrantState::Approved), 1 => Just(GrantState::Ended)];
    (0..ROLES.len(), 0..places().len(), kinds, state, any::<u8>()).prop_map(|(role, organisation, kinds, state, n)| {
        let organisation = places()[organisation].id.to_string();
        Grant { id: n.to_string(), kinds, state, ..grant("a", ROLES[role], &organisation) }
    })
}

fn any_thing() -> impl Strategy<Value = Thing> {
    let secrecy = prop_oneof![Just(Secrecy::Open), Just(Secrecy::Internal), Just(Secrecy::Restricted)];
    let assigned = proptest::collection::vec(0..places().len(), 0..3);
    (0..places().len(), assigned, secrecy, any::<bool>(), any::<bool>()).prop_map(
        |(owner, assigned, secrecy, own, task)| {
            let assigned: Vec<_> = assigned.into_iter().map(|n| places()[n].id.to_string()).collect();
            let assigned: Vec<&str> = assigned.iter().map(String::as_str).collect();
            let owner = places()[owner].id.to_string();
            let (account, kind) = (who(if own { "a" } else { "maker" }), if task { "task" } else { "order" });
            Thing { secrecy, account, kind, ..thing(&owner, &assigned) }
        },
    )
}

proptest! {
    #[test]
    fn one_more_grant_never_takes_anything_away(
        grants in proptest::collection::vec(any_grant(), 0..5),
        more in any_grant(),
        thing in any_thing(),
    ) {
        // Administrator classes exclude each other on purpose; that is tested above.
        let with: Vec<Grant> = grants.iter().cloned().chain([more]).collect();
        for right in Right::ALL {
            let before = authority("a", &grants, noon()).may_on(*right, &thing.item());
            prop_assert!(!before || authority("a", &with, noon()).may_on(*right, &thing.item()), "{}", right);
        }
    }

    #[test]
    fn the_explanation_agrees_with_the_predicate(
        grants in proptest::collection::vec(any_grant(), 0..5),
        thing in any_thing(),
    ) {
        let authority = authority("a", &grants, noon());
        for right in Right::ALL {
            let reasons = authority.explain(*right, &thing.item());
            prop_assert_eq!(reasons.iter().any(|reason| reason.holds), authority.may_on(*right, &thing.item()));
            let any = authority.explain_right(*right).iter().any(|reason| reason.holds);
            prop_assert_eq!(any, authority.may(*right));
        }
    }

    #[test]
    fn leaving_out_what_is_seen_already_changes_nothing(
        grants in proptest::collection::vec(any_grant(), 0..6),
        thing in any_thing(),
    ) {
        let authority = authority("a", &grants, noon());
        let all: Vec<Reach> = authority.holdings.iter()
            .filter(|held| held.lapse.is_none() && held.role.rights.contains(&Right::MatterRead))
            .flat_map(|held| held.reaches(Right::MatterRead))
            .collect();
        let scope = authority.scope(Right::MatterRead);
        prop_assert!(scope.reaches.len() <= all.len());
        prop_assert_eq!(scope.sees(&thing.item()), Scope { reaches: all }.sees(&thing.item()));
    }
}

#[test]
fn without_a_grant_nothing_is_seen() {
    let nobody = authority("a", &[], noon());
    assert!(places().iter().all(|place| !seen(&nobody, place.id.as_str(), &[place.id.as_str()])));
}
