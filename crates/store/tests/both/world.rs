//! Small random provinces, built by commands like a real one: a tree, accounts, grants, delegations, matters, moves.

use event::{Actor, Aggregate};
use ledger::{Matter, MatterCommand};
use org::{
    Account, AccountCommand, Authority, Delegation, DelegationCommand, Extent, Grant, GrantCommand, Item, Kinds,
    OrgKind, OrgPath, Organisation, OrganisationCommand, Place, Reach, Right, Roles, Scope, Secrecy,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use store::{ExecuteError, Executed, Order, Projected, Store};
use units::{AccountId, BeijingDay, Instant, OrgId};

/// What is to be built. Indices pick among what exists when it is their turn.
#[derive(Clone, Debug)]
pub struct Plan {
    orgs: Vec<(Index, Index)>,
    accounts: Vec<Index>,
    grants: Vec<(Index, Index, Index, u8, u8)>,
    loans: Vec<(Index, Index, Index, bool)>,
    matters: Vec<Draft>,
    moves: Vec<(Index, Index)>,
    reassigned: Vec<(Index, Vec<Index>, Option<Index>)>,
    closed: Vec<Index>,
    scopes: Vec<Vec<(u8, Index, u8, u8)>>,
}

type Draft = (Index, Vec<Index>, Option<Index>, Index, u8, Option<u8>);

pub fn plans() -> impl Strategy<Value = Plan> {
    let index = any::<Index>;
    let matter =
        (index(), vec(index(), 0..4), proptest::option::of(index()), index(), 0u8..3, proptest::option::of(0u8..4));
    let people = (
        vec((index(), index()), 3..12),
        vec(index(), 2..6),
        vec((index(), index(), index(), 0u8..3, 0u8..5), 2..12),
        vec((index(), index(), index(), any::<bool>()), 0..4),
        vec(index(), 0..2),
    );
    let things = (
        vec(matter, 4..14),
        vec((index(), index()), 0..6),
        vec((index(), vec(index(), 0..3), proptest::option::of(index())), 0..4),
        vec(vec((0u8..5, index(), 0u8..4, 0u8..3), 0..5), 3..4),
    );
    (people, things).prop_map(|((orgs, accounts, grants, loans, closed), (matters, moves, reassigned, scopes))| Plan {
        orgs,
        accounts,
        grants,
        loans,
        matters,
        moves,
        reassigned,
        closed,
        scopes,
    })
}

/// What was built, kept apart from the store: the tree by parents, the rest by ids.
pub struct World {
    pub name: String,
    pub orgs: Vec<Org>,
    pub accounts: Vec<(AccountId, usize)>,
    pub matters: Vec<String>,
}

pub struct Org {
    pub id: OrgId,
    pub kind: OrgKind,
    parent: Option<usize>,
}

/// A matter as the rule in Rust looks at it.
#[derive(Clone, Debug)]
pub struct Thing {
    pub matter: Matter,
    pub path: OrgPath,
}

/// Ends of ids that lie around `/` in byte order, so that a careless prefix takes the neighbour along.
const ENDS: [&str; 12] = ["a", "a-", "a.", "a0", "a_", "aa", "b", "b0", "b-1", "c", "c.c", "cA"];

pub fn moment(minute: usize) -> Instant {
    format!("2018-01-13T20:{:02}:00+08:00", minute % 60).parse().unwrap()
}

pub fn org(id: &str) -> OrgId {
    id.parse().unwrap()
}

pub fn account(id: &str) -> AccountId {
    id.parse().unwrap()
}

/// One reach, over everything that is not out of its extent.
pub fn scope(extent: Extent) -> Scope {
    Scope { reaches: vec![Reach { extent, kinds: Kinds::All, secrecy: Secrecy::Restricted }] }
}

pub async fn found(store: &Store, id: &str, kind: OrgKind, parent: Option<&str>) {
    let parent = parent.map(org);
    let under = match &parent {
        Some(parent) => store.org_place(parent).await.unwrap(),
        None => None,
    };
    let command = OrganisationCommand::Found {
        id: org(id),
        name: format!("{id} 局"),
        name_en: String::new(),
        kind,
        parent,
        region: None,
        areas: Vec::new(),
        under,
        found: Vec::new(),
    };
    run::<Organisation>(store, id, command, &actor("root", &org("js")), moment(0)).await.unwrap();
}

pub fn day(text: &str) -> BeijingDay {
    text.parse().unwrap()
}

pub fn actor(account: &str, organisation: &OrgId) -> Actor {
    Actor {
        account: account.parse().unwrap(),
        organisation: organisation.clone(),
        on_behalf_of: None,
        origin: "cli".into(),
    }
}

pub async fn run<A: Projected>(
    store: &Store,
    id: &str,
    command: A::Command,
    by: &Actor,
    at: Instant,
) -> Result<Executed<A::State>, ExecuteError<<A as Aggregate>::Refusal>> {
    store.execute::<A>(Order { id, expected: None, command, by, at, shown: at, key: None, reason: None }).await
}

impl World {
    pub async fn build(store: &Store, name: &str, plan: &Plan) -> World {
        let mut world = World { name: name.into(), orgs: Vec::new(), accounts: Vec::new(), matters: Vec::new() };
        world.found(store, plan).await;
        world.open(store, plan).await;
        world.grant(store, plan).await;
        let half = plan.matters.len() / 2;
        world.create(store, &plan.matters[..half]).await;
        world.move_about(store, plan).await;
        world.create(store, &plan.matters[half..]).await;
        world.reassign(store, plan).await;
        world.close(store, plan).await;
        world
    }

    async fn found(&mut self, store: &Store, plan: &Plan) {
        self.found_one(store, &self.name.clone(), OrgKind::Department, None).await;
        for ((parent, kind), end) in plan.orgs.iter().zip(ENDS) {
            let parent = parent.index(self.orgs.len());
            let under = |parent: usize| -> Vec<OrgKind> {
                OrgKind::ALL.into_iter().filter(|kind| self.orgs[parent].kind.holds(*kind)).collect()
            };
            let parent = if under(parent).is_empty() { 0 } else { parent };
            let kind = *kind.get(&under(parent));
            self.found_one(store, &format!("{}{end}", self.name), kind, Some(parent)).await;
        }
        let bureaus: Vec<OrgId> = self
            .orgs
            .iter()
            .filter(|org| matches!(org.kind, OrgKind::CityBureau | OrgKind::CountyBureau))
            .map(|org| org.id.clone())
            .collect();
        for org in self.orgs.iter().filter(|org| org.kind == OrgKind::CommissionerOffice) {
            let found = places(store, &bureaus).await;
            let command = OrganisationCommand::SetAreas { areas: bureaus.iter().take(2).cloned().collect(), found };
            run::<Organisation>(store, org.id.as_str(), command, &self.root(), moment(0)).await.unwrap();
        }
    }

    async fn found_one(&mut self, store: &Store, id: &str, kind: OrgKind, parent: Option<usize>) {
        let id: OrgId = id.parse().unwrap();
        let above = parent.map(|parent| self.orgs[parent].id.clone());
        let under = match &above {
            Some(above) => store.org_place(above).await.unwrap(),
            None => None,
        };
        let command = OrganisationCommand::Found {
            id: id.clone(),
            name: format!("单位 {id}"),
            name_en: String::new(),
            kind,
            parent: above,
            region: None,
            areas: Vec::new(),
            under,
            found: Vec::new(),
        };
        run::<Organisation>(store, id.as_str(), command, &actor("root", &id), moment(0)).await.unwrap();
        self.orgs.push(Org { id, kind, parent });
    }

    fn root(&self) -> Actor {
        actor("root", &self.orgs[0].id)
    }

    async fn open(&mut self, store: &Store, plan: &Plan) {
        for (n, org) in plan.accounts.iter().enumerate() {
            let org = org.index(self.orgs.len());
            let id: AccountId = format!("{}-u{n}", self.name).parse().unwrap();
            let command = AccountCommand::Open {
                id: id.clone(),
                login: id.to_string(),
                name: format!("某{n}"),
                organisation: self.orgs[org].id.clone(),
                phone: None,
                mail: None,
                must_change_password: false,
                place: store.org_place(&self.orgs[org].id).await.unwrap(),
                login_taken: false,
            };
            run::<Account>(store, id.as_str(), command, &self.root(), moment(0)).await.unwrap();
            self.accounts.push((id, org));
        }
    }

    async fn grant(&mut self, store: &Store, plan: &Plan) {
        for (n, (account, role, org, kinds, window)) in plan.grants.iter().enumerate() {
            let role = role.get(Roles::bundled().all());
            let org = &org.get(&self.orgs).id;
            let id = format!("{}-g{n}", self.name);
            let kinds = match kinds {
                0 => Kinds::Only(["task".to_string()].into()),
                1 => Kinds::Only(["order".to_string()].into()),
                _ => Kinds::All,
            };
            let (from, to) = match window {
                0 => (day("2018-02-01"), None),
                1 => (day("2018-01-01"), Some(day("2018-01-13"))),
                _ => (day("2018-01-01"), None),
            };
            let command = GrantCommand::Propose {
                id: id.clone(),
                account: account.get(&self.accounts).0.clone(),
                role: role.id.clone(),
                organisation: org.clone(),
                kinds,
                from,
                to,
                place: store.org_place(org).await.unwrap(),
                account_open: true,
                held: Vec::new(),
            };
            run::<Grant>(store, &id, command, &self.root(), moment(0)).await.unwrap();
            let second = actor("second", &self.orgs[0].id);
            let next = if *window == 4 { GrantCommand::Reject } else { GrantCommand::Approve { held: Vec::new() } };
            run::<Grant>(store, &id, next, &second, moment(0)).await.unwrap();
        }
        for (n, (from, to, role, acting)) in plan.loans.iter().enumerate() {
            let (from, to) = (&from.get(&self.accounts).0, &to.get(&self.accounts).0);
            let id = format!("{}-d{n}", self.name);
            let command = DelegationCommand::Delegate {
                id: id.clone(),
                from_account: from.clone(),
                to_account: to.clone(),
                roles: [role.get(Roles::bundled().all()).id.clone()].into(),
                from: day("2018-01-10"),
                to: day("2018-01-20"),
                reason: "出差".into(),
                acting: *acting,
                open: vec![from.clone(), to.clone()],
            };
            // Roles of administrators cannot be lent, and nobody lends to himself: refused, and then there is none.
            refused_or_done(run::<Delegation>(store, &id, command, &self.root(), moment(0)).await);
        }
    }

    async fn create(&mut self, store: &Store, drafts: &[Draft]) {
        for (owner, assigned, responsible, creator, secrecy, due) in drafts {
            let n = self.matters.len();
            let id = format!("{}-m{n:02}", self.name);
            let owner = owner.get(&self.orgs).id.clone();
            let assigned = self.distinct(assigned);
            let (creator, home) = creator.get(&self.accounts);
            let named: Vec<OrgId> = assigned.iter().chain([&owner]).cloned().collect();
            let command = MatterCommand::Create {
                id: id.parse().unwrap(),
                code: format!("RW-{}-{n:02}", self.name),
                kind: "task".into(),
                title: format!("检查 {n}% _"),
                text: String::new(),
                owner,
                assigned,
                responsible: responsible.map(|index| index.get(&self.accounts).0.clone()),
                secrecy: [Secrecy::Open, Secrecy::Internal, Secrecy::Restricted][usize::from(*secrecy)],
                due: due.map(|days| day("2018-01-20") + i32::from(days)),
                places: places(store, &named).await,
                remind_on: None,
            };
            let by = actor(creator.as_str(), &self.orgs[*home].id);
            run::<Matter>(store, &id, command, &by, moment(n % 3)).await.unwrap();
            self.matters.push(id);
        }
    }

    /// Whom a matter is assigned to: anybody but the department as a whole, each once.
    fn distinct(&self, picks: &[Index]) -> Vec<OrgId> {
        let mut ids: Vec<OrgId> = picks.iter().map(|pick| pick.get(&self.orgs[1..]).id.clone()).collect();
        ids.sort();
        ids.dedup();
        ids
    }

    async fn move_about(&mut self, store: &Store, plan: &Plan) {
        for (org, parent) in &plan.moves {
            let (org, parent) = (org.index(self.orgs.len()), parent.index(self.orgs.len()));
            let under = store.org_place(&self.orgs[parent].id).await.unwrap();
            let command = OrganisationCommand::Move { parent: self.orgs[parent].id.clone(), under };
            let moved = run::<Organisation>(store, self.orgs[org].id.as_str(), command, &self.root(), moment(1)).await;
            if refused_or_done(moved) {
                self.orgs[org].parent = Some(parent);
            }
        }
    }

    async fn reassign(&mut self, store: &Store, plan: &Plan) {
        for (matter, assigned, responsible) in &plan.reassigned {
            let assigned = self.distinct(assigned);
            let matter = &self.matters[matter.index(self.matters.len())];
            let command = MatterCommand::Assign {
                places: places(store, &assigned).await,
                assigned,
                responsible: responsible.map(|index| index.get(&self.accounts).0.clone()),
            };
            refused_or_done(run::<Matter>(store, matter, command, &self.root(), moment(2)).await);
            let command = MatterCommand::Reschedule { due: Some(day("2018-03-01")), remind_on: None };
            refused_or_done(run::<Matter>(store, matter, command, &self.root(), moment(3)).await);
        }
    }

    async fn close(&mut self, store: &Store, plan: &Plan) {
        for account in &plan.closed {
            let id = &account.get(&self.accounts).0;
            refused_or_done(run::<Account>(store, id.as_str(), AccountCommand::Close, &self.root(), moment(4)).await);
        }
        if let Some(matter) = self.matters.first() {
            let command = MatterCommand::Cancel { text: "重复".into() };
            run::<Matter>(store, matter, command, &self.root(), moment(5)).await.unwrap();
        }
    }

    /// Where an organisation stands, by walking up the parents.
    pub fn path(&self, org: usize) -> OrgPath {
        match self.orgs[org].parent {
            Some(parent) => self.path(parent).child(&self.orgs[org].id),
            None => OrgPath::root(&self.orgs[org].id),
        }
    }

    pub fn path_of(&self, id: &OrgId) -> OrgPath {
        self.path(self.orgs.iter().position(|org| org.id == *id).unwrap())
    }

    pub async fn things(&self, store: &Store) -> Vec<Thing> {
        let mut things = Vec::new();
        for id in &self.matters {
            let (matter, _) = store.load::<Matter>(id).await.unwrap().unwrap();
            things.push(Thing { path: self.path_of(&matter.owner), matter });
        }
        things
    }

    /// What every account may see with a right, and some scopes that no role gives.
    pub async fn scopes(&self, store: &Store, plan: &Plan, right: Right) -> Vec<Scope> {
        let mut scopes = Vec::new();
        for (account, _) in &self.accounts {
            let standing = store.standing(account).await.unwrap().unwrap();
            let lent = standing.delegations.first().map(|lent| lent.id.as_str());
            scopes.push(Authority::of(&standing.known(None), moment(9)).scope(right));
            scopes.push(Authority::of(&standing.known(lent), moment(9)).scope(right));
        }
        scopes.extend(
            plan.scopes.iter().map(|reaches| Scope { reaches: reaches.iter().map(|r| self.reach(r)).collect() }),
        );
        scopes
    }

    fn reach(&self, (extent, pick, kinds, secrecy): &(u8, Index, u8, u8)) -> Reach {
        let org = pick.index(self.orgs.len());
        let id = || self.orgs[org].id.clone();
        let extent = match extent {
            0 => Extent::All,
            1 => Extent::Subtree(self.path(org)),
            2 => Extent::Organisation(id()),
            3 => Extent::Assigned(id()),
            _ => Extent::Own(pick.get(&self.accounts).0.clone()),
        };
        let kinds = match kinds {
            0 => Kinds::Only(["task", "organisation"].map(String::from).into()),
            1 => Kinds::Only(["account".to_string()].into()),
            2 => Kinds::Only([].into()),
            _ => Kinds::All,
        };
        Reach { extent, kinds, secrecy: [Secrecy::Open, Secrecy::Internal, Secrecy::Restricted][usize::from(*secrecy)] }
    }
}

impl Thing {
    pub fn item(&self) -> Item<'_> {
        Item {
            owner_path: &self.path,
            owner: &self.matter.owner,
            assigned: &self.matter.assigned,
            account: Some(self.matter.account()),
            kind: &self.matter.kind,
            secrecy: self.matter.secrecy,
        }
    }
}

async fn places(store: &Store, ids: &[OrgId]) -> Vec<Place> {
    let found = store.org_places(ids).await.unwrap();
    ids.iter().filter_map(|id| found.get(id).cloned()).collect()
}

/// Whether something happened; a broken store is a failure of the test.
fn refused_or_done<S, R: std::error::Error>(outcome: Result<Executed<S>, ExecuteError<R>>) -> bool {
    match outcome {
        Ok(done) => !done.seq.is_empty(),
        Err(ExecuteError::Refused(_)) => false,
        Err(error) => panic!("{error}"),
    }
}
