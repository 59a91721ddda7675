use crate::world::{by, day, grant, id, noon, place, who};
use crate::*;
use event::{Actor, Given, given};

fn propose(role: &str, held: &[RoleClass]) -> GrantCommand {
    GrantCommand::Propose {
        id: "g".into(),
        account: who("zhang"),
        role: role.into(),
        organisation: id("nj"),
        kinds: Kinds::All,
        from: day("2026-03-10"),
        to: None,
        place: Some(place("/js/nj/", OrgKind::CityBureau)),
        account_open: true,
        held: held.to_vec(),
    }
}

fn proposed() -> Given<Grant> {
    let grant = Grant { requested_by: who("sysadmin"), state: GrantState::Proposed, ..grant("zhang", "leader", "nj") };
    given::<Grant>([GrantEvent::Proposed { grant }])
}

fn approve(held: &[RoleClass]) -> GrantCommand {
    GrantCommand::Approve { held: held.to_vec() }
}

#[test]
fn a_grant_takes_two_persons_and_neither_is_the_receiver() {
    proposed().when(approve(&[]), &by("sysadmin"), noon()).refused("G-405");
    proposed().when(approve(&[]), &by("zhang"), noon()).refused("G-405");
    let acting = Actor { on_behalf_of: Some(id("nj")), ..by("sysadmin") };
    proposed().when(approve(&[]), &acting, noon()).refused("G-405");
    let done = proposed().when(approve(&[]), &by("secadmin"), noon()).accepted();
    assert_eq!((done.state.state, done.state.approved_by), (GrantState::Approved, Some(who("secadmin"))));
}

#[test]
fn the_three_administrator_classes_never_meet_in_one_account() {
    use RoleClass::*;
    let start = || given::<Grant>([]);
    for (role, held) in [("auditor", Security), ("security-admin", Administration), ("system-admin", Audit)] {
        start().when(propose(role, &[Business, held]), &by("a"), noon()).refused("G-404");
    }
    start().when(propose("auditor", &[Audit, Business]), &by("a"), noon()).accepted();
    let grant = Grant { role: "auditor".into(), state: GrantState::Proposed, ..grant("zhang", "auditor", "js") };
    let waiting = given::<Grant>([GrantEvent::Proposed { grant }]);
    waiting.when(approve(&[Security]), &by("secadmin"), noon()).refused("G-404");
}

#[test]
fn a_grant_that_was_decided_on_is_decided() {
    for event in [GrantEvent::Approved { by: who("b") }, GrantEvent::Rejected { by: who("b") }] {
        let grant = Grant { state: GrantState::Proposed, ..grant("zhang", "leader", "nj") };
        let history = || given::<Grant>([GrantEvent::Proposed { grant: grant.clone() }, event.clone()]);
        history().when(approve(&[]), &by("c"), noon()).refused("G-406");
        history().when(GrantCommand::Reject, &by("c"), noon()).refused("G-406");
    }
    given::<Grant>([]).when(approve(&[]), &by("c"), noon()).refused("G-201");
    proposed().when(GrantCommand::End, &by("c"), noon()).then([GrantEvent::Ended { at: noon() }]);
}

#[test]
fn what_a_grant_names_must_be_there() {
    let change = |edit: fn(&mut GrantCommand)| {
        let mut command = propose("leader", &[]);
        edit(&mut command);
        given::<Grant>([]).when(command, &by("a"), noon())
    };
    change(|c| {
        if let GrantCommand::Propose { role, .. } = c {
            *role = "king".into()
        }
    })
    .refused("G-401");
    change(|c| {
        if let GrantCommand::Propose { place, .. } = c {
            *place = None
        }
    })
    .refused("G-204");
    change(|c| {
        if let GrantCommand::Propose { account_open, .. } = c {
            *account_open = false
        }
    })
    .refused("G-402");
    change(|c| {
        if let GrantCommand::Propose { to, .. } = c {
            *to = Some(day("2026-03-09"))
        }
    })
    .refused("G-403");
    change(|c| {
        if let GrantCommand::Propose { to, .. } = c {
            *to = Some(day("2026-03-10"))
        }
    })
    .accepted();
}

#[test]
fn one_person_puts_a_grant_in_force_at_the_console_only() {
    let install = || GrantCommand::Install {
        id: "g".into(),
        account: who("first"),
        role: "system-admin".into(),
        organisation: id("js"),
        from: day("2026-03-10"),
        place: Some(place("/js/", OrgKind::Department)),
        account_open: true,
        held: Vec::new(),
    };
    given::<Grant>([]).when(install(), &by("first"), noon()).refused("G-409");
    let console = Actor { origin: "cli".into(), ..by("first") };
    let done = given::<Grant>([]).when(install(), &console, noon()).accepted();
    assert_eq!(done.state.state, GrantState::Approved);
}

fn delegate(from: &str, to: &str, role: &str) -> DelegationCommand {
    DelegationCommand::Delegate {
        id: "d".into(),
        from_account: who(from),
        to_account: who(to),
        roles: [role.to_string()].into(),
        from: day("2026-03-10"),
        to: day("2026-03-20"),
        reason: "出差".into(),
        acting: true,
        open: vec![who("leader"), who("deputy")],
    }
}

#[test]
fn roles_are_lent_to_another_open_account_by_somebody_else_than_the_receiver() {
    let start = || given::<Delegation>([]);
    start().when(delegate("leader", "deputy", "leader"), &by("leader"), noon()).accepted();
    start().when(delegate("leader", "leader", "leader"), &by("leader"), noon()).refused("G-408");
    start().when(delegate("leader", "deputy", "leader"), &by("deputy"), noon()).refused("G-408");
    start().when(delegate("leader", "gone", "leader"), &by("leader"), noon()).refused("G-402");
}

#[test]
fn administrator_roles_are_never_lent() {
    for role in ["system-admin", "security-admin", "auditor"] {
        let refused = given::<Delegation>([]).when(delegate("leader", "deputy", role), &by("leader"), noon());
        refused.refused("G-407");
    }
}

#[test]
fn whoever_verifies_is_not_of_the_verified_unit() {
    let path = |text: &str| text.parse::<OrgPath>().unwrap();
    assert!(verifier_outside(&path("/js/nj/"), &path("/js/xz/")).is_ok());
    assert!(verifier_outside(&path("/js/nj/"), &path("/js/")).is_ok());
    for inside in ["/js/nj/", "/js/nj/njqx/"] {
        let refusal = verifier_outside(&path("/js/nj/"), &path(inside)).unwrap_err().to_string();
        assert!(refusal.starts_with("G-410") && refusal.ends_with("/js/nj/"), "{refusal}");
    }
}
