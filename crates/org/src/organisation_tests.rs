use crate::world::{by, id, noon, place};
use crate::*;
use event::{Aggregate, given};
use proptest::prelude::*;

fn found(org: &str, kind: OrgKind, under: Option<Place>) -> OrganisationCommand {
    OrganisationCommand::Found {
        id: id(org),
        name: " 某单位 ".into(),
        name_en: String::new(),
        kind,
        parent: under.as_ref().map(|place| place.id.clone()),
        region: None,
        areas: Vec::new(),
        under,
        found: Vec::new(),
    }
}

fn founded(org: &str, kind: OrgKind, parent: Option<&str>) -> OrganisationEvent {
    let organisation = Organisation {
        id: id(org),
        name: "某单位".into(),
        kind,
        parent: parent.map(id),
        active: true,
        ..Organisation::default()
    };
    OrganisationEvent::Founded { organisation }
}

fn city() -> event::Given<Organisation> {
    given::<Organisation>([founded("nj", OrgKind::CityBureau, Some("js"))])
}

fn moved(to: &str, under: Option<Place>) -> OrganisationCommand {
    OrganisationCommand::Move { parent: id(to), under }
}

#[test]
fn an_organisation_is_founded_under_what_holds_its_kind() {
    let js = || Some(place("/js/", OrgKind::Department));
    let start = || given::<Organisation>([]);
    let done = start().when(found("nj", OrgKind::CityBureau, js()), &by("a"), noon()).accepted();
    assert_eq!(done.events, [founded("nj", OrgKind::CityBureau, Some("js"))]);
    let enterprise = Some(place("/js/ent/", OrgKind::Enterprise));
    start().when(found("nj", OrgKind::CountyBureau, enterprise), &by("a"), noon()).refused("G-206");
    start().when(found("nj", OrgKind::CityBureau, None), &by("a"), noon()).refused("G-206");
    start().when(found("js", OrgKind::Department, None), &by("a"), noon()).accepted();
    city().when(found("nj", OrgKind::CityBureau, js()), &by("a"), noon()).refused("G-202");
}

#[test]
fn a_parent_that_is_unknown_closed_or_another_is_refused() {
    let closed = Place { active: false, ..place("/js/", OrgKind::Department) };
    city().when(moved("js", Some(closed)), &by("a"), noon()).refused("G-205");
    city().when(moved("js", None), &by("a"), noon()).refused("G-204");
    city().when(moved("js", Some(place("/zj/", OrgKind::Department))), &by("a"), noon()).refused("G-204");
}

#[test]
fn nothing_moves_under_itself_and_the_root_stays() {
    let team = || given::<Organisation>([founded("a", OrgKind::Office, Some("js"))]);
    team().when(moved("b", Some(place("/js/a/b/", OrgKind::Affiliated))), &by("a"), noon()).refused("G-207");
    team().when(moved("a", Some(place("/js/a/", OrgKind::Affiliated))), &by("a"), noon()).refused("G-207");
    let root = given::<Organisation>([founded("js", OrgKind::Department, None)]);
    root.when(moved("zj", Some(place("/zj/", OrgKind::Department))), &by("a"), noon()).refused("G-210");
    let there = team().when(moved("nj", Some(place("/js/nj/", OrgKind::CityBureau))), &by("a"), noon());
    there.then([OrganisationEvent::Moved { parent: id("nj") }]);
}

#[test]
fn a_tree_has_a_bottom() {
    let path = (0..OrgPath::MOST_LEVELS).map(|n| format!("/o{n}")).collect::<String>() + "/";
    let deep = place(&path, OrgKind::CityBureau);
    let start = given::<Organisation>([]);
    start.when(found("x", OrgKind::Office, Some(deep)), &by("a"), noon()).refused("G-102");
}

#[test]
fn only_commissioner_offices_have_areas_and_these_are_bureaus() {
    let set = |area: Place| OrganisationCommand::SetAreas { areas: vec![area.id.clone()], found: vec![area] };
    let office = || given::<Organisation>([founded("north", OrgKind::CommissionerOffice, Some("js"))]);
    office().when(set(place("/js/nj/", OrgKind::CityBureau)), &by("a"), noon()).accepted();
    office().when(set(place("/js/ent/", OrgKind::Enterprise)), &by("a"), noon()).refused("G-206");
    city().when(set(place("/js/xz/", OrgKind::CityBureau)), &by("a"), noon()).refused("G-208");
}

#[test]
fn what_still_holds_something_is_not_closed_and_what_is_closed_stays_so() {
    let close = |organisations, accounts| OrganisationCommand::Close { organisations, accounts };
    city().when(close(1, 0), &by("a"), noon()).refused("G-209");
    city().when(close(0, 1), &by("a"), noon()).refused("G-209");
    let closed = city().when(close(0, 0), &by("a"), noon()).accepted().events;
    let rename = OrganisationCommand::Rename { name: "别名".into(), name_en: String::new() };
    let history = [vec![founded("nj", OrgKind::CityBureau, Some("js"))], closed].concat();
    given::<Organisation>(history).when(rename, &by("a"), noon()).refused("G-205");
}

#[test]
fn names_with_control_characters_are_refused_and_the_same_name_is_no_event() {
    let rename = |name: &str| OrganisationCommand::Rename { name: name.into(), name_en: String::new() };
    for bad in ["", " ", "a\u{7}b", &"长".repeat(101)] {
        city().when(rename(bad), &by("a"), noon()).refused("G-203");
    }
    city().when(rename("某单位"), &by("a"), noon()).then([]);
}

#[test]
fn looked_up_facts_are_no_part_of_the_command() {
    let with = serde_json::to_value(moved("js", Some(place("/js/", OrgKind::Department)))).unwrap();
    assert_eq!(with, serde_json::to_value(moved("js", None)).unwrap());
}

fn any_event() -> impl Strategy<Value = OrganisationEvent> {
    prop_oneof![
        Just(founded("nj", OrgKind::CityBureau, Some("js"))),
        Just(OrganisationEvent::Closed),
        "[a-z]{1,4}".prop_map(|name| OrganisationEvent::Renamed { name: name.clone(), name_en: name }),
        "[a-z]{1,4}".prop_map(|to| OrganisationEvent::Moved { parent: id(&to) }),
        "[a-z]{1,4}".prop_map(|area| OrganisationEvent::AreasSet { areas: vec![id(&area)] }),
    ]
}

proptest! {
    #[test]
    fn events_apply_in_any_order_and_survive_their_json(events in proptest::collection::vec(any_event(), 0..12)) {
        let direct = events.iter().fold(Organisation::default(), Organisation::apply);
        let through = events.iter().map(|event| {
            serde_json::from_value::<OrganisationEvent>(serde_json::to_value(event).unwrap()).unwrap()
        });
        let stored = through.fold(Organisation::default(), |state, event| Organisation::apply(state, &event));
        prop_assert_eq!(&stored, &direct);
        let json = serde_json::to_string(&direct).unwrap();
        prop_assert_eq!(serde_json::from_str::<Organisation>(&json).unwrap(), direct);
    }
}
