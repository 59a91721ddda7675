//! A room as it is told.

use super::call::{BidView, CallView, PrefilledView};
use super::one::participant;
use super::sheet::moment;
use crate::action::ActionLine;
use crate::figure::Figure;
use crate::people::{Named, Names};
use crate::stamp::Stamp;
use ::consult::{Conclusion, GuestLink, Material, Official, PastBids, Room};
use serde::Serialize;
use store::OfficialRow;
use units::{BeijingDay, BeijingHour, Instant};
use utoipa::ToSchema;

/// A consultation (会商) as one person sees it. Whoever was only given the signed conclusion sees that alone.
#[derive(Serialize, ToSchema)]
pub(super) struct RoomDetail {
    pub stamp: Stamp,
    pub id: String,
    pub code: String,
    #[schema(schema_with = super::words::kind)]
    pub kind: &'static str,
    #[schema(schema_with = super::words::state)]
    pub state: &'static str,
    pub owner: Named,
    #[schema(value_type = String, format = DateTime)]
    pub issue_time: BeijingHour,
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Instant,
    pub version: u64,
    /// Whether the room is seen from inside.
    pub inside: bool,
    /// What is seen from inside alone.
    pub room: Option<Inside>,
    /// The signed conclusion, the official forecast unless the room is superseded.
    pub official: Option<ConclusionView>,
    /// Every signed version, the newest first.
    pub versions: Vec<VersionLine>,
    pub superseded_by: Option<String>,
    /// What the person may do now, and why not.
    pub actions: Vec<ActionLine>,
}

/// A room from inside.
#[derive(Serialize, ToSchema)]
pub(super) struct Inside {
    /// Why it was opened.
    pub opening: String,
    pub opening_en: String,
    pub opened_by: Named,
    pub invited: Vec<Named>,
    #[schema(value_type = String, format = DateTime)]
    pub bids_until: Instant,
    /// Whether bids are hidden until one's own is in.
    pub hide_bids: bool,
    pub material: MaterialView,
    /// How many bids there are; `null` where that is not seen.
    pub bid_count: Option<usize>,
    /// Whether bids of others are hidden from this person now.
    pub bids_hidden: bool,
    /// Bids that are seen.
    pub bids: Vec<BidView>,
    pub own_bid: Option<BidView>,
    /// What the bids give for the conclusion, for whoever may write it and sees the bids.
    pub prefilled: Option<Vec<PrefilledView>>,
    /// What the bids weigh in it, for whoever sees the bids.
    pub weights: Option<Vec<WeightLine>>,
    pub remarks: Vec<RemarkLine>,
    /// A conclusion that waits for its sign-off.
    pub pending: Option<ConclusionView>,
    pub guests: Vec<GuestLine>,
}

/// 会商材料.
#[derive(Serialize, ToSchema)]
pub(super) struct MaterialView {
    /// Whether everything is there.
    pub ready: bool,
    /// `ready`, `pending` or `failed`.
    pub run: &'static str,
    pub model: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    pub trained_until: Option<BeijingDay>,
    pub members: u32,
    pub cities: Vec<CityLine>,
    pub guidance: Vec<GuidanceLine>,
}

/// One city of the material.
#[derive(Serialize, ToSchema)]
pub(super) struct CityLine {
    pub city: String,
    pub name: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_hour: Option<BeijingHour>,
    pub fresh: bool,
    pub days: Vec<ModelLine>,
}

/// What the run says of one day.
#[derive(Serialize, ToSchema)]
pub(super) struct ModelLine {
    pub lead: u8,
    pub lo: u16,
    pub hi: u16,
    pub primary: Vec<&'static str>,
    p_aqi150: Option<f64>,
    p_aqi200: Option<f64>,
}

/// Whether other guidance has come.
#[derive(Serialize, ToSchema)]
pub(super) struct GuidanceLine {
    pub id: String,
    /// `present`, `partial`, `late` or `missing`.
    pub state: &'static str,
    /// The issue time of its newest run.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub issued: Option<BeijingHour>,
    /// What it covers and lacks; may be empty.
    pub note: String,
    pub note_en: String,
}

/// A remark.
#[derive(Serialize, ToSchema)]
pub(super) struct RemarkLine {
    pub participant: String,
    pub text: String,
    /// By the clock that the screen showed.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
}

/// A conclusion, signed or not.
#[derive(Serialize, ToSchema)]
pub(super) struct ConclusionView {
    pub number: u32,
    pub days: Vec<ConcludedLine>,
    pub text: String,
    /// Why it was corrected; empty in the first version.
    pub correction: String,
    /// What is published, made from the numbers.
    pub publication: String,
    pub publication_en: String,
    pub by: Named,
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    pub signed_by: Option<Named>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub signed_at: Option<Instant>,
    /// The bids it was made from, with what each weighed; from inside alone.
    pub considered: Vec<WeightLine>,
}

/// What a bid weighs in the conclusion, and why (意见权重).
#[derive(Serialize, ToSchema)]
pub(super) struct WeightLine {
    pub participant: String,
    /// Version of the bid.
    pub number: u32,
    /// Share of the weight of all bids, 0 to 1.
    #[schema(value_type = f64)]
    pub weight: Option<Figure>,
    /// What it was made from; `null` where all bids weighed alike.
    pub past: Option<PastLine>,
}

/// How well a participant's bids did before (以往意见评分).
#[derive(Serialize, ToSchema)]
pub(super) struct PastLine {
    /// First and last target day.
    #[schema(value_type = String, format = Date)]
    from: BeijingDay,
    #[schema(value_type = String, format = Date)]
    to: BeijingDay,
    /// City days that were scored; 0 weighs as the average.
    cases: u32,
    /// Interval score over that of climatology on the same city days: 1 is as good, smaller is better.
    loss: Option<Figure>,
}

impl PastLine {
    /// The ground of a weight in a sentence.
    pub(super) fn words(&self) -> String {
        match self.loss {
            Some(loss) => {
                format!("{}—{} 计 {} 个城市日，区间评分为气候态的 {:.2} 倍", self.from, self.to, self.cases, loss.get())
            }
            None => format!("{}—{} 无可评意见，按平均计", self.from, self.to),
        }
    }
}

impl WeightLine {
    pub(super) fn new(participant: String, number: u32, weight: f64, past: Option<PastBids>) -> WeightLine {
        let line = |past: PastBids| PastLine {
            from: past.from,
            to: past.to,
            cases: past.cases,
            loss: past.loss.and_then(|loss| Figure::rounded(loss, 2)),
        };
        WeightLine { participant, number, weight: Figure::rounded(weight, 4), past: past.map(line) }
    }
}

/// One city and day of a conclusion.
#[derive(Serialize, ToSchema)]
pub(super) struct ConcludedLine {
    pub call: CallView,
    /// What the bids gave; from inside alone.
    pub prefilled: Option<PrefilledView>,
}

/// A signed version.
#[derive(Serialize, ToSchema)]
pub(super) struct VersionLine {
    pub number: u32,
    /// `official` or `superseded`.
    pub state: String,
    #[schema(value_type = String, format = DateTime)]
    pub signed_at: Instant,
    pub correction: String,
}

/// A guest, without the secret of the link.
#[derive(Serialize, ToSchema)]
pub(super) struct GuestLine {
    pub id: String,
    pub name: String,
    pub organisation: String,
    #[schema(value_type = String, format = DateTime)]
    pub expires: Instant,
    pub revoked: bool,
}

impl RemarkLine {
    /// Time, who and text, as a sheet shows them.
    pub(super) fn cells(&self) -> Vec<String> {
        vec![moment(self.at), self.participant.clone(), self.text.clone()]
    }
}

pub(super) fn signed(official: &Official, room: &Room, names: &Names, inside: bool) -> ConclusionView {
    ConclusionView {
        signed_by: Some(names.account(&official.signed_by)),
        signed_at: Some(official.signed_at),
        ..conclusion(&official.conclusion, room, names, inside)
    }
}

pub(super) fn conclusion(conclusion: &Conclusion, room: &Room, names: &Names, inside: bool) -> ConclusionView {
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
        considered: considered(conclusion, room, names).filter(|_| inside).collect(),
    }
}

/// Weights are shares, told as they were kept; those of a time when every bid weighed 1 are made shares.
pub(super) fn considered<'a>(
    conclusion: &'a Conclusion,
    room: &'a Room,
    names: &'a Names,
) -> impl Iterator<Item = WeightLine> + 'a {
    let shares = conclusion.considered.iter().any(|one| one.past.is_some());
    let all: f64 = if shares { 1.0 } else { conclusion.considered.iter().map(|one| one.weight).sum() };
    conclusion.considered.iter().map(move |one| {
        WeightLine::new(participant(room, &one.participant, names), one.number, one.weight / all, one.past.clone())
    })
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
                .map(|one| GuidanceLine {
                    id: one.id.clone(),
                    state: one.state.as_str(),
                    issued: one.issued,
                    note: one.note.clone(),
                    note_en: one.note_en.clone(),
                })
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
