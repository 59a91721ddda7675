//! A single room: its material, bids as far as they are seen, remarks, conclusion, and what the person may do.

use super::call::{BidView, CallView, PrefilledView};
use super::sheet::moment;
use super::subject::{BidsSeen, Subject};
use super::weights::weighted;
use crate::auth::{Person, Version};
use crate::extract::Path;
use crate::people::{Named, Names};
use crate::problem::Problem;
use crate::stamp::Stamp;
use crate::{AppState, ServerError};
use ::consult::{
    Action, BidSight, Conclusion, Entered, GuestLink, Material, Official, Participant, Room, RoomEvent, RoomState,
    Step, prefill,
};
use axum::Json;
use axum::extract::State;
use event::{Aggregate, Record};
use serde::Serialize;
use store::{EventFilter, OfficialRow};
use units::{AccountId, BeijingDay, BeijingHour, Instant};
use utoipa::ToSchema;

/// Records of a room's history read; more than the limits of remarks and guests together would make.
const HISTORY: u32 = 3000;

/// A consultation (会商) as one person sees it. Whoever was only given the signed conclusion sees that alone.
#[derive(Serialize, ToSchema)]
pub(super) struct RoomDetail {
    stamp: Stamp,
    id: String,
    code: String,
    /// `daily`, `urgent` or `joint`.
    kind: &'static str,
    /// `open`, `concluded`, `signed`, `superseded` or `cancelled`.
    state: &'static str,
    owner: Named,
    #[schema(value_type = String, format = DateTime)]
    issue_time: BeijingHour,
    #[schema(value_type = String, format = DateTime)]
    opened_at: Instant,
    version: u64,
    /// Whether the room is seen from inside.
    inside: bool,
    /// What is seen from inside alone.
    room: Option<Inside>,
    /// The signed conclusion, the official forecast unless the room is superseded.
    official: Option<ConclusionView>,
    /// Every signed version, the newest first.
    versions: Vec<VersionLine>,
    superseded_by: Option<String>,
    /// What the person may do now, and why not.
    actions: Vec<ActionLine>,
}

/// A room from inside.
#[derive(Serialize, ToSchema)]
pub(super) struct Inside {
    /// Why it was opened.
    opening: String,
    opening_en: String,
    opened_by: Named,
    invited: Vec<Named>,
    #[schema(value_type = String, format = DateTime)]
    bids_until: Instant,
    /// Whether bids are hidden until one's own is in.
    hide_bids: bool,
    material: MaterialView,
    /// How many bids there are; `null` where that is not seen.
    bid_count: Option<usize>,
    /// Whether bids of others are hidden from this person now.
    bids_hidden: bool,
    /// Bids that are seen.
    bids: Vec<BidView>,
    own_bid: Option<BidView>,
    /// What the bids give for the conclusion, for whoever may write it and sees the bids.
    prefilled: Option<Vec<PrefilledView>>,
    remarks: Vec<RemarkLine>,
    /// A conclusion that waits for its sign-off.
    pending: Option<ConclusionView>,
    guests: Vec<GuestLine>,
}

/// 会商材料.
#[derive(Serialize, ToSchema)]
pub(super) struct MaterialView {
    /// Whether everything is there.
    ready: bool,
    /// `ready`, `pending` or `failed`.
    run: &'static str,
    model: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    trained_until: Option<BeijingDay>,
    members: u32,
    cities: Vec<CityLine>,
    guidance: Vec<GuidanceLine>,
}

/// One city of the material.
#[derive(Serialize, ToSchema)]
pub(super) struct CityLine {
    city: String,
    name: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_hour: Option<BeijingHour>,
    fresh: bool,
    days: Vec<ModelLine>,
}

/// What the run says of one day.
#[derive(Serialize, ToSchema)]
pub(super) struct ModelLine {
    lead: u8,
    lo: u16,
    hi: u16,
    primary: Vec<&'static str>,
    p_aqi150: Option<f64>,
    p_aqi200: Option<f64>,
}

/// Whether other guidance has come.
#[derive(Serialize, ToSchema)]
pub(super) struct GuidanceLine {
    id: String,
    /// `present`, `late` or `missing`.
    state: &'static str,
}

/// A remark.
#[derive(Serialize, ToSchema)]
pub(super) struct RemarkLine {
    participant: String,
    text: String,
    /// By the clock that the screen showed.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
}

/// A conclusion, signed or not.
#[derive(Serialize, ToSchema)]
pub(super) struct ConclusionView {
    number: u32,
    days: Vec<ConcludedLine>,
    text: String,
    /// Why it was corrected; empty in the first version.
    correction: String,
    /// What is published, made from the numbers.
    publication: String,
    publication_en: String,
    by: Named,
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    signed_by: Option<Named>,
    #[schema(value_type = Option<String>, format = DateTime)]
    signed_at: Option<Instant>,
}

/// One city and day of a conclusion.
#[derive(Serialize, ToSchema)]
pub(super) struct ConcludedLine {
    call: CallView,
    /// What the bids gave; from inside alone.
    prefilled: Option<PrefilledView>,
}

/// A signed version.
#[derive(Serialize, ToSchema)]
pub(super) struct VersionLine {
    number: u32,
    /// `official` or `superseded`.
    state: String,
    #[schema(value_type = String, format = DateTime)]
    signed_at: Instant,
    correction: String,
}

/// A guest, without the secret of the link.
#[derive(Serialize, ToSchema)]
pub(super) struct GuestLine {
    id: String,
    name: String,
    organisation: String,
    #[schema(value_type = String, format = DateTime)]
    expires: Instant,
    revoked: bool,
}

/// A step that is offered.
#[derive(Serialize, ToSchema)]
#[schema(as = ConsultationAction)]
pub(super) struct ActionLine {
    id: &'static str,
    label: &'static str,
    label_en: &'static str,
    allowed: bool,
    /// Why not; empty when it is allowed.
    why: &'static str,
    why_en: &'static str,
}

/// One consultation. One outside the scope is answered like one that does not exist.
#[utoipa::path(get, path = "/api/v1/consultations/{id}", tag = "consult", params(("id" = String, Path)),
    responses((status = 200, body = RoomDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn consultation(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<(Version, Json<RoomDetail>), ServerError> {
    told(&state, &person, &id).await
}

/// The room as it is now, for whoever has just changed it too.
pub(super) async fn told(
    state: &AppState,
    person: &Person,
    id: &str,
) -> Result<(Version, Json<RoomDetail>), ServerError> {
    let subject = Subject::seen(state, person, id).await?;
    let seen = subject.bids(state, person).await?;
    let remarks = if subject.insider { remarks(state, &subject.room).await? } else { Vec::new() };
    let versions = state.store().official_versions(&subject.room.id).await?;
    let names = names(&subject.room, &seen.bids, &remarks).read(state).await?;
    let actions = if subject.insider {
        ::consult::actions(&subject.room, person.authority(), &subject.item())
    } else {
        Vec::new()
    };
    let concludes = subject.permit(person, Step::Conclude).is_ok();
    let demo = state.options().demo;
    let room = &subject.room;
    let inside = subject.insider.then(|| inside(room, seen, remarks, &names, concludes));
    let body = RoomDetail {
        stamp: stamp(&room.material, demo),
        id: room.id.to_string(),
        code: room.code.clone(),
        kind: room.kind.as_str(),
        state: if subject.insider { room.state } else { outside_state(room) }.as_str(),
        owner: names.organisation(&room.owner),
        issue_time: room.issue(),
        opened_at: room.opened_at,
        version: subject.version,
        inside: subject.insider,
        room: inside,
        official: room.official.as_ref().map(|official| signed(official, room, &names, subject.insider)),
        versions: versions.into_iter().map(VersionLine::from).collect(),
        superseded_by: room.superseded_by.as_ref().map(ToString::to_string),
        actions: actions.into_iter().map(ActionLine::from).collect(),
    };
    Ok((Version(subject.version), Json(body)))
}

/// Seen from outside a room whose correction waits is what it was: signed.
pub(super) fn outside_state(room: &Room) -> RoomState {
    if room.state == RoomState::Concluded { RoomState::Signed } else { room.state }
}

/// What the figures of a room rest on.
pub(super) fn stamp(material: &Material, demo: bool) -> Stamp {
    Stamp { data_time: material.data_time, review_state: "record", ..Stamp::forecast(material.issue, &material.standard, demo) }
}

fn inside(room: &Room, seen: BidsSeen, remarks: Vec<Remark>, names: &Names, concludes: bool) -> Inside {
    let material = &room.material;
    let bid = |bid: &Entered| BidView::of(bid, participant(room, &bid.participant, names), material);
    let bids = seen.bids.iter().map(bid).collect();
    let own_bid = seen.own.as_ref().map(bid);
    let all = seen.sight == BidSight::All;
    let open = room.state == RoomState::Open || room.state == RoomState::Concluded;
    let prefilled = (concludes && all && open).then(|| {
        prefill(material, &weighted(seen.bids)).iter().map(PrefilledView::from).collect()
    });
    Inside {
        opening: room.opening.zh.clone(),
        opening_en: room.opening.en.clone(),
        opened_by: names.account(&room.opened_by),
        invited: room.invited.iter().map(|id| names.account(id)).collect(),
        bids_until: room.bids_until,
        hide_bids: room.hide_bids,
        material: MaterialView::from(material),
        bid_count: seen.count,
        bids_hidden: !all,
        bids,
        own_bid,
        prefilled,
        remarks: remarks.into_iter().map(|one| one.told(room, names)).collect(),
        pending: room.pending.as_ref().map(|pending| conclusion(pending, room, names, true)),
        guests: room.guests.iter().map(GuestLine::from).collect(),
    }
}

/// A remark as it stands in the log.
pub(super) struct Remark {
    by: Participant,
    text: String,
    at: Instant,
}

impl RemarkLine {
    /// Time, who and text, as a sheet shows them.
    pub(super) fn cells(&self) -> Vec<String> {
        vec![moment(self.at), self.participant.clone(), self.text.clone()]
    }
}

impl Remark {
    pub(super) fn by(&self) -> &Participant {
        &self.by
    }

    pub(super) fn told(self, room: &Room, names: &Names) -> RemarkLine {
        RemarkLine { participant: participant(room, &self.by, names), text: self.text, at: self.at }
    }
}

/// The remarks of a room, oldest first.
pub(super) async fn remarks(state: &AppState, room: &Room) -> Result<Vec<Remark>, ServerError> {
    let filter = EventFilter {
        kind: Some(Room::KIND.into()),
        id: Some(room.id.to_string()),
        limit: HISTORY,
        ..EventFilter::default()
    };
    let stored = state.store().events(&filter).await?;
    let mut found = Vec::new();
    for one in &stored {
        let record: Record = one.record().map_err(|error| ServerError::Broken(error.to_string()))?;
        let event: Result<RoomEvent, _> = serde_json::from_value(record.body);
        if let RoomEvent::Remarked { text, by } = event.map_err(|error| ServerError::Broken(error.to_string()))? {
            found.push(Remark { by, text, at: record.shown });
        }
    }
    Ok(found)
}

/// How a participant is called.
pub(super) fn participant(room: &Room, who: &Participant, names: &Names) -> String {
    match who {
        Participant::Account(id) => names.account(id).name,
        Participant::Guest(id) => room.guest(id).map_or_else(|| id.clone(), GuestLink::label),
    }
}

pub(super) fn names(room: &Room, bids: &[Entered], remarks: &[Remark]) -> crate::people::Unnamed {
    let participants = bids.iter().map(|bid| &bid.participant).chain(remarks.iter().map(Remark::by));
    let participants = participants.filter_map(|who| match who {
        Participant::Account(id) => Some(id),
        Participant::Guest(_) => None,
    });
    let concluded = room.conclusion().into_iter().map(|one| &one.by);
    let signed = room.official.iter().flat_map(|one| [&one.signed_by, &one.conclusion.by]);
    let accounts: Vec<&AccountId> =
        participants.chain(concluded).chain(signed).chain(&room.invited).chain([&room.opened_by]).collect();
    Names::of([&room.owner], accounts)
}

pub(super) fn signed(official: &Official, room: &Room, names: &Names, inside: bool) -> ConclusionView {
    ConclusionView {
        signed_by: Some(names.account(&official.signed_by)),
        signed_at: Some(official.signed_at),
        ..conclusion(&official.conclusion, room, names, inside)
    }
}

fn conclusion(conclusion: &Conclusion, room: &Room, names: &Names, inside: bool) -> ConclusionView {
    let line = |day: &::consult::ConcludedDay| ConcludedLine {
        call: CallView::of(&day.call, &room.material),
        prefilled: day.prefilled.as_ref().filter(|_| inside).map(PrefilledView::from),
    };
    ConclusionView {
        number: conclusion.number,
        days: conclusion.days.iter().map(line).collect(),
        text: conclusion.text.clone(),
        correction: conclusion.correction.clone(),
        publication: conclusion.publication.zh.clone(),
        publication_en: conclusion.publication.en.clone(),
        by: names.account(&conclusion.by),
        at: conclusion.at,
        signed_by: None,
        signed_at: None,
    }
}

impl From<&Material> for MaterialView {
    fn from(material: &Material) -> MaterialView {
        let model = |day: &::consult::ModelDay| ModelLine {
            lead: day.lead,
            lo: day.lo.get(),
            hi: day.hi.get(),
            primary: day.primary.iter().map(|one| one.code()).collect(),
            p_aqi150: day.above150.map(units::Share::get),
            p_aqi200: day.above200.map(units::Share::get),
        };
        let city = |city: &::consult::CityMaterial| CityLine {
            city: city.city.to_string(),
            name: city.name.clone(),
            last_hour: city.last_hour,
            fresh: city.fresh,
            days: city.days.iter().map(model).collect(),
        };
        MaterialView {
            ready: material.ready(),
            run: material.run.state.as_str(),
            model: material.run.model.clone(),
            trained_until: material.run.trained_until,
            members: material.run.members,
            cities: material.cities.iter().map(city).collect(),
            guidance: material
                .members
                .iter()
                .map(|one| GuidanceLine { id: one.id.clone(), state: one.state.as_str() })
                .collect(),
        }
    }
}

impl From<OfficialRow> for VersionLine {
    fn from(row: OfficialRow) -> VersionLine {
        let correction = row.official.conclusion.correction;
        VersionLine { number: row.number, state: row.state, signed_at: row.signed_at, correction }
    }
}

impl From<&GuestLink> for GuestLine {
    fn from(link: &GuestLink) -> GuestLine {
        GuestLine {
            id: link.id.clone(),
            name: link.name.clone(),
            organisation: link.organisation.clone(),
            expires: link.expires,
            revoked: link.revoked,
        }
    }
}

impl From<Action> for ActionLine {
    fn from(action: Action) -> ActionLine {
        let Action { id, label, label_en, allowed, why, why_en } = action;
        ActionLine { id, label, label_en, allowed, why, why_en }
    }
}
