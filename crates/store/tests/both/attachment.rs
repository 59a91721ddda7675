use crate::harness::Place;
use crate::world::{actor, found, moment, org, run, scope};
use attachment::{Attachment, Command, File, Kind, Position};
use ledger::{Matter, MatterCommand};
use org::{Extent, OrgKind, OrgPath, Scope, Secrecy};
use store::{Store, kinds};

both![an_entry_is_seen_with_its_matter_and_stays_when_it_is_withdrawn, a_rebuild_gives_the_same_entries];

fn under(path: &str) -> Scope {
    scope(Extent::Subtree(path.parse::<OrgPath>().unwrap()))
}

/// The department and two cities, and a matter of Nanjing with two files of the same content.
async fn evidence(place: &Place) -> Store {
    let store = place.open().await;
    let by = actor("root", &org("js"));
    for (id, kind, parent) in [
        ("js", OrgKind::Department, None),
        ("nj", OrgKind::CityBureau, Some("js")),
        ("xz", OrgKind::CityBureau, Some("js")),
    ] {
        found(&store, id, kind, parent).await;
    }
    let command = MatterCommand::Create {
        id: "m1".parse().unwrap(),
        code: "RW-1".into(),
        kind: "task".into(),
        title: "查看工地".into(),
        text: String::new(),
        owner: org("nj"),
        assigned: Vec::new(),
        responsible: None,
        secrecy: Secrecy::Internal,
        due: None,
        places: store.org_place(&org("nj")).await.unwrap().into_iter().collect(),
        remind_on: None,
    };
    run::<Matter>(&store, "m1", command, &by, moment(1)).await.unwrap();
    for (id, minute) in [("a1", 2), ("a2", 3)] {
        run::<Attachment>(&store, id, Command::Add(file()), &by, moment(minute)).await.unwrap();
    }
    store
}

fn file() -> File {
    File {
        matter: "m1".parse().unwrap(),
        digest: format!("sha256:{}", "ab".repeat(32)),
        name: "现场.jpg".into(),
        kind: Kind::Jpeg,
        bytes: 5_000_000_000,
        taken_at: Some(moment(0)),
        position: Some(Position { lon: 117.285, lat: 34.205083 }),
        added_by: None,
    }
}

async fn an_entry_is_seen_with_its_matter_and_stays_when_it_is_withdrawn(place: Place) {
    let store = evidence(&place).await;
    let (nanjing, xuzhou) = (under("/js/nj/"), under("/js/xz/"));
    let entry = store.attachment(&nanjing, "a1").await.unwrap().unwrap();
    assert_eq!((entry.bytes, entry.kind, entry.name.as_str()), (5_000_000_000, Kind::Jpeg, "现场.jpg"));
    assert_eq!((entry.position, entry.taken_at, entry.added_at), (file().position, Some(moment(0)), moment(2)));
    assert_eq!((entry.added_by.as_str(), entry.withdrawn.as_deref()), ("root", None));
    for (id, scope) in [("a1", &xuzhou), ("a1", &Scope::default()), ("none", &nanjing)] {
        assert_eq!(store.attachment(scope, id).await.unwrap(), None, "{id}");
    }
    assert_eq!(store.attachments(&xuzhou, "m1").await.unwrap(), []);

    let withdraw = Command::Withdraw { reason: "另一个工地".into() };
    run::<Attachment>(&store, "a1", withdraw, &actor("root", &org("js")), moment(4)).await.unwrap();
    let entries = store.attachments(&nanjing, "m1").await.unwrap();
    let told: Vec<_> =
        entries.iter().map(|entry| (entry.id.as_str(), entry.withdrawn.as_deref(), entry.version)).collect();
    assert_eq!(told, [("a1", Some("另一个工地"), 2), ("a2", None, 1)]);
}

async fn a_rebuild_gives_the_same_entries(place: Place) {
    let store = evidence(&place).await;
    let before = store.attachments(&under("/js/"), "m1").await.unwrap();
    assert_eq!(store.check_rebuild().await.unwrap().difference, None);
    store.rebuild().await.unwrap();
    assert_eq!(store.attachments(&under("/js/"), "m1").await.unwrap(), before);
    assert!(kinds().iter().any(|kind| kind.name == "attachment"));
}
