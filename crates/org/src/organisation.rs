use crate::error::text;
use crate::{OrgError, OrgKind, OrgPath, Place};
use event::{Actor, Aggregate, Decision};
use serde::{Deserialize, Serialize};
use units::{Instant, OrgId, RegionCode};

const MOST_NAME: usize = 100;

/// An organisation (单位): department, office, bureau, enterprise, team.
///
/// Its path is not part of it: that follows from the parents, and moving one organisation changes the paths of all
/// below it. The store keeps the paths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Identifier.
    pub id: OrgId,
    /// Chinese name.
    pub name: String,
    /// English name, may be empty.
    pub name_en: String,
    /// What it is.
    pub kind: OrgKind,
    /// What it lies under; `None` for the root.
    pub parent: Option<OrgId>,
    /// The region it is competent for or lies in.
    pub region: Option<RegionCode>,
    /// The areas a commissioner office looks after.
    pub areas: Vec<OrgId>,
    /// Whether it is open.
    pub active: bool,
}

/// What can be asked of an organisation. Places are looked up by the server and are no part of what was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum OrganisationCommand {
    /// Found it.
    Found {
        /// Identifier.
        id: OrgId,
        /// Chinese name.
        name: String,
        /// English name.
        #[serde(default)]
        name_en: String,
        /// What it is.
        kind: OrgKind,
        /// What it lies under.
        parent: Option<OrgId>,
        /// Its region.
        #[serde(default)]
        region: Option<RegionCode>,
        /// Areas of a commissioner office.
        #[serde(default)]
        areas: Vec<OrgId>,
        /// The parent as found.
        #[serde(skip)]
        under: Option<Place>,
        /// The areas as found.
        #[serde(skip)]
        found: Vec<Place>,
    },
    /// Give it other names.
    Rename {
        /// Chinese name.
        name: String,
        /// English name.
        name_en: String,
    },
    /// Put it under another one.
    Move {
        /// The new parent.
        parent: OrgId,
        /// The new parent as found.
        #[serde(skip)]
        under: Option<Place>,
    },
    /// Give a commissioner office other areas.
    SetAreas {
        /// The areas.
        areas: Vec<OrgId>,
        /// The areas as found.
        #[serde(skip)]
        found: Vec<Place>,
    },
    /// Close it.
    Close {
        /// Open organisations directly below.
        #[serde(skip)]
        organisations: u64,
        /// Open accounts in it.
        #[serde(skip)]
        accounts: u64,
    },
}

/// What happened to an organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum OrganisationEvent {
    /// It was founded.
    Founded {
        /// As it is from now on.
        organisation: Organisation,
    },
    /// It got other names.
    Renamed {
        /// Chinese name.
        name: String,
        /// English name.
        name_en: String,
    },
    /// It lies under another one.
    Moved {
        /// The new parent.
        parent: OrgId,
    },
    /// A commissioner office got other areas.
    AreasSet {
        /// The areas.
        areas: Vec<OrgId>,
    },
    /// It was closed.
    Closed,
}

impl Default for Organisation {
    fn default() -> Self {
        Organisation {
            id: "none".parse().expect("a legal id; replaced by the first event"),
            name: String::new(),
            name_en: String::new(),
            kind: OrgKind::default(),
            parent: None,
            region: None,
            areas: Vec::new(),
            active: false,
        }
    }
}

impl Aggregate for Organisation {
    const KIND: &'static str = "organisation";
    type State = Organisation;
    type Command = OrganisationCommand;
    type Event = OrganisationEvent;
    type Refusal = OrgError;

    fn decide(
        state: &Organisation,
        version: u64,
        command: OrganisationCommand,
        _by: &Actor,
        _now: Instant,
    ) -> Result<Decision<OrganisationEvent>, OrgError> {
        use OrganisationCommand::*;
        match (&command, version) {
            (Found { .. }, 0) => {}
            (Found { .. }, _) => return Err(OrgError::Exists("organisation")),
            (_, 0) => return Err(OrgError::NotFound("organisation")),
            _ if !state.active => return Err(OrgError::ClosedOrganisation(state.id.clone())),
            _ => {}
        }
        let event = match command {
            Found { id, name, name_en, kind, parent, region, areas, under, found } => {
                let organisation = Organisation { id, name, name_en, kind, parent, region, areas, active: true };
                Some(founded(organisation, under.as_ref(), &found)?)
            }
            Rename { name, name_en } => state.renamed(&name, &name_en)?,
            Move { parent, under } => state.moved(parent, under.as_ref())?,
            SetAreas { areas, found } => {
                let areas = checked_areas(state.kind, areas, &found)?;
                (areas != state.areas).then_some(OrganisationEvent::AreasSet { areas })
            }
            Close { organisations: 0, accounts: 0 } => Some(OrganisationEvent::Closed),
            Close { organisations, accounts } => return Err(OrgError::NotEmpty { organisations, accounts }),
        };
        Ok(Decision { events: event.into_iter().collect(), effects: Vec::new() })
    }

    fn apply(mut state: Organisation, event: &OrganisationEvent) -> Organisation {
        match event {
            OrganisationEvent::Founded { organisation } => return organisation.clone(),
            OrganisationEvent::Renamed { name, name_en } => {
                state.name.clone_from(name);
                state.name_en.clone_from(name_en);
            }
            OrganisationEvent::Moved { parent } => state.parent = Some(parent.clone()),
            OrganisationEvent::AreasSet { areas } => state.areas.clone_from(areas),
            OrganisationEvent::Closed => state.active = false,
        }
        state
    }
}

impl Organisation {
    fn renamed(&self, name: &str, name_en: &str) -> Result<Option<OrganisationEvent>, OrgError> {
        let (name, name_en) = (text("name", name, MOST_NAME)?, english(name_en)?);
        let same = name == self.name && name_en == self.name_en;
        Ok((!same).then_some(OrganisationEvent::Renamed { name, name_en }))
    }

    fn moved(&self, parent: OrgId, under: Option<&Place>) -> Result<Option<OrganisationEvent>, OrgError> {
        if self.parent.is_none() {
            return Err(OrgError::RootStays);
        }
        let place = Place::open(&parent, under)?;
        if place.path.passes(&self.id) {
            return Err(OrgError::UnderItself(self.id.clone()));
        }
        may_lie_under(place, self.kind)?;
        Ok((self.parent.as_ref() != Some(&parent)).then_some(OrganisationEvent::Moved { parent }))
    }
}

fn founded(
    mut organisation: Organisation,
    under: Option<&Place>,
    found: &[Place],
) -> Result<OrganisationEvent, OrgError> {
    organisation.name = text("name", &organisation.name, MOST_NAME)?;
    organisation.name_en = english(&organisation.name_en)?;
    match &organisation.parent {
        Some(parent) => may_lie_under(Place::open(parent, under)?, organisation.kind)?,
        None if organisation.kind == OrgKind::Department => {}
        None => return Err(OrgError::WrongKind { parent: "none", child: organisation.kind.as_str() }),
    }
    organisation.areas = checked_areas(organisation.kind, organisation.areas, found)?;
    Ok(OrganisationEvent::Founded { organisation })
}

fn may_lie_under(place: &Place, kind: OrgKind) -> Result<(), OrgError> {
    if !place.kind.holds(kind) {
        return Err(OrgError::WrongKind { parent: place.kind.as_str(), child: kind.as_str() });
    }
    if place.path.levels() >= OrgPath::MOST_LEVELS {
        return Err(OrgError::TooDeep { under: place.id.clone(), most: OrgPath::MOST_LEVELS });
    }
    Ok(())
}

fn checked_areas(kind: OrgKind, mut areas: Vec<OrgId>, found: &[Place]) -> Result<Vec<OrgId>, OrgError> {
    if kind != OrgKind::CommissionerOffice && !areas.is_empty() {
        return Err(OrgError::NoAreasHere);
    }
    areas.sort();
    areas.dedup();
    for area in &areas {
        let place = Place::open(area, found.iter().find(|place| place.id == *area))?;
        if !matches!(place.kind, OrgKind::CityBureau | OrgKind::CountyBureau) {
            return Err(OrgError::WrongKind { parent: kind.as_str(), child: place.kind.as_str() });
        }
    }
    Ok(areas)
}

fn english(name: &str) -> Result<String, OrgError> {
    if name.trim().is_empty() { Ok(String::new()) } else { text("name_en", name, MOST_NAME) }
}
