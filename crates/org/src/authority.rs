use crate::grant::day_of;
use crate::{
    Account, Delegation, Extent, Grant, GrantState, Item, Kinds, Place, Places, Reach, Right, Role, RoleClass,
    RoleExtent, Roles, Scope,
};
use units::{AccountId, BeijingDay, Instant, OrgId};

/// What has to be known to say what an account may do.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The account.
    pub account: &'a Account,
    /// The delegation it acts under, when it acts for another.
    pub acting: Option<&'a str>,
    /// Its grants, and those of the accounts that lent to it, in any state.
    pub grants: &'a [Grant],
    /// The delegations to it, in any state.
    pub delegations: &'a [Delegation],
    /// The accounts that lent to it.
    pub lenders: &'a [Account],
    /// The organisations of all these grants, and the areas of those that have areas.
    pub places: &'a Places,
}

/// What an account may do at a moment (权限与数据范围), and why.
#[derive(Clone, Debug)]
pub struct Authority {
    account: AccountId,
    organisation: OrgId,
    acting: Option<Acting>,
    pub(crate) holdings: Vec<Holding>,
}

/// For whom an account acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    /// The delegation.
    pub delegation: String,
    /// For whom.
    pub account: AccountId,
    /// For which organisation: that of the one acted for.
    pub organisation: OrgId,
}

/// One grant as the account has it, its own or lent.
#[derive(Clone, Debug)]
pub(crate) struct Holding {
    pub grant: String,
    pub delegation: Option<String>,
    pub role: &'static Role,
    pub organisation: OrgId,
    pub kinds: Kinds,
    pub from: BeijingDay,
    pub to: Option<BeijingDay>,
    /// Why it gives nothing, when it does not.
    pub lapse: Option<Lapse>,
    pub extents: Vec<Extent>,
}

/// Why a grant gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lapse {
    AccountClosed,
    LenderClosed,
    Proposed,
    Rejected,
    Ended,
    NotYet,
    Over,
    OrganisationClosed,
    NotActing,
    Separation,
}

impl Authority {
    /// What follows from what is known, at a moment. A role that no file describes gives nothing.
    pub fn of(known: &Known<'_>, now: Instant) -> Authority {
        let today = day_of(now);
        let own = known.grants.iter().filter(|grant| grant.account == known.account.id);
        let mut holdings: Vec<Holding> = own.filter_map(|grant| known.held(grant, today)).collect();
        for delegation in known.delegations.iter().filter(|lent| lent.to_account == known.account.id) {
            holdings.extend(known.lent(delegation, today));
        }
        hold_apart(&mut holdings);
        Authority {
            account: known.account.id.clone(),
            organisation: known.account.organisation.clone(),
            acting: known.acts_for(today),
            holdings,
        }
    }

    /// Whose.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// Where the account belongs.
    pub fn organisation(&self) -> &OrgId {
        &self.organisation
    }

    /// For whom it acts, when the delegation named for that is in force.
    pub fn acting(&self) -> Option<&Acting> {
        self.acting.as_ref()
    }

    /// Whether it has a right at all.
    pub fn may(&self, right: Right) -> bool {
        self.giving(right).next().is_some()
    }

    /// The rights it has.
    pub fn rights(&self) -> Vec<Right> {
        Right::ALL.iter().copied().filter(|right| self.may(*right)).collect()
    }

    /// The roles in force, with the organisation each is for.
    pub fn roles(&self) -> Vec<(&'static Role, &OrgId)> {
        let mut roles: Vec<_> = self.in_force().map(|held| (held.role, &held.organisation)).collect();
        roles.dedup();
        roles
    }

    /// Whether a role of an administrator class is in force, for which a second factor is demanded.
    pub fn is_administrator(&self) -> bool {
        self.in_force().any(|held| held.role.class.is_administrator())
    }

    /// What it may see, or act on, with a right.
    pub fn scope(&self, right: Right) -> Scope {
        let mut scope = Scope::default();
        for held in self.giving(right) {
            held.reaches(right).for_each(|reach| scope.add(reach));
        }
        scope
    }

    /// Whether it has a right over one thing.
    pub fn may_on(&self, right: Right, item: &Item<'_>) -> bool {
        self.scope(right).sees(item)
    }

    fn in_force(&self) -> impl Iterator<Item = &Holding> {
        self.holdings.iter().filter(|held| held.lapse.is_none())
    }

    fn giving(&self, right: Right) -> impl Iterator<Item = &Holding> {
        self.in_force().filter(move |held| held.role.rights.contains(&right))
    }
}

impl Holding {
    pub(crate) fn reaches(&self, right: Right) -> impl Iterator<Item = Reach> {
        let kinds = if right.is_about_matters() { self.kinds.clone() } else { Kinds::All };
        let secrecy = self.role.secrecy;
        self.extents.iter().map(move |extent| Reach { extent: extent.clone(), kinds: kinds.clone(), secrecy })
    }
}

impl Known<'_> {
    fn held(&self, grant: &Grant, today: BeijingDay) -> Option<Holding> {
        let lapse = (!self.account.active).then_some(Lapse::AccountClosed).or_else(|| self.lapse(grant, today));
        Some(Holding {
            grant: grant.id.clone(),
            delegation: None,
            role: Roles::bundled().get(&grant.role).ok()?,
            organisation: grant.organisation.clone(),
            kinds: grant.kinds.clone(),
            from: grant.from,
            to: grant.to,
            lapse,
            extents: self.extents(grant),
        })
    }

    /// What a delegation gives: the lender's own grants of the roles lent. What was lent to the lender is not lent on.
    fn lent(&self, delegation: &Delegation, today: BeijingDay) -> Vec<Holding> {
        let theirs = self
            .grants
            .iter()
            .filter(|grant| grant.account == delegation.from_account && delegation.roles.contains(&grant.role));
        let lapse = self.delegation_lapse(delegation, today);
        let lent = |held: Holding, grant: &Grant| Holding {
            delegation: Some(delegation.id.clone()),
            from: grant.from.max(delegation.from),
            to: Some(grant.to.map_or(delegation.to, |to| to.min(delegation.to))),
            lapse: lapse.or_else(|| self.lapse(grant, today)),
            ..held
        };
        theirs.filter_map(|grant| Some(lent(self.held(grant, today)?, grant))).collect()
    }

    fn lapse(&self, grant: &Grant, today: BeijingDay) -> Option<Lapse> {
        let open = self.places.get(&grant.organisation).is_some_and(|place| place.active);
        match grant.state {
            GrantState::Proposed => Some(Lapse::Proposed),
            GrantState::Rejected => Some(Lapse::Rejected),
            GrantState::Ended => Some(Lapse::Ended),
            GrantState::Approved if today < grant.from => Some(Lapse::NotYet),
            GrantState::Approved if grant.to.is_some_and(|to| today > to) => Some(Lapse::Over),
            GrantState::Approved if !open => Some(Lapse::OrganisationClosed),
            GrantState::Approved => None,
        }
    }

    fn delegation_lapse(&self, delegation: &Delegation, today: BeijingDay) -> Option<Lapse> {
        if !self.account.active {
            return Some(Lapse::AccountClosed);
        }
        if !self.lender(delegation).is_some_and(|lender| lender.active) {
            return Some(Lapse::LenderClosed);
        }
        if delegation.ended.is_some() {
            return Some(Lapse::Ended);
        }
        if today < delegation.from {
            return Some(Lapse::NotYet);
        }
        if today > delegation.to {
            return Some(Lapse::Over);
        }
        (delegation.acting && self.acting != Some(&delegation.id)).then_some(Lapse::NotActing)
    }

    fn acts_for(&self, today: BeijingDay) -> Option<Acting> {
        let named = self.delegations.iter().find(|lent| Some(lent.id.as_str()) == self.acting)?;
        let lender = self.lender(named).filter(|_| named.to_account == self.account.id)?;
        self.delegation_lapse(named, today).is_none().then(|| Acting {
            delegation: named.id.clone(),
            account: lender.id.clone(),
            organisation: lender.organisation.clone(),
        })
    }

    fn lender(&self, delegation: &Delegation) -> Option<&Account> {
        self.lenders.iter().find(|lender| lender.id == delegation.from_account)
    }

    fn extents(&self, grant: &Grant) -> Vec<Extent> {
        let Ok(role) = Roles::bundled().get(&grant.role) else { return Vec::new() };
        let place = self.places.get(&grant.organisation);
        role.extent.iter().flat_map(|extent| self.extent(*extent, grant, place)).collect()
    }

    fn extent(&self, extent: RoleExtent, grant: &Grant, place: Option<&Place>) -> Vec<Extent> {
        let subtree = |place: &Place| Extent::Subtree(place.path.clone());
        match extent {
            RoleExtent::All => vec![Extent::All],
            RoleExtent::Own => vec![Extent::Own(grant.account.clone())],
            RoleExtent::Organisation => vec![Extent::Organisation(grant.organisation.clone())],
            RoleExtent::Assigned => vec![Extent::Assigned(grant.organisation.clone())],
            RoleExtent::Subtree => place.map(subtree).into_iter().collect(),
            RoleExtent::Areas => {
                let areas = place.map(|place| place.areas.as_slice()).unwrap_or_default();
                areas.iter().filter_map(|area| self.places.get(area)).filter(|area| area.active).map(subtree).collect()
            }
        }
    }
}

/// Grants of two administrator classes cannot both be made; should they meet all the same, only the first class counts.
fn hold_apart(holdings: &mut [Holding]) {
    let mut first: Option<RoleClass> = None;
    for held in holdings.iter_mut().filter(|held| held.lapse.is_none()) {
        match first {
            Some(class) if class.conflicts(held.role.class) => held.lapse = Some(Lapse::Separation),
            None if held.role.class.is_administrator() => first = Some(held.role.class),
            _ => {}
        }
    }
}
