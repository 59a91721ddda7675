use crate::signal::words;
use crate::words::{Words, percent};
use crate::{Kind, Piece};
use serde::{Deserialize, Serialize};
use units::{BeijingHour, Share};

words! {
    /// What was found of one hour of an order (核验结论).
    Outcome {
        /// Cut as ordered.
        Complied "complied" "达标" "complied",
        /// Not cut as ordered, or treatment off.
        Violated "violated" "违反" "violated",
        /// What is known does not decide it. Never to be read as one of the two.
        Unverifiable "unverifiable" "无法核验" "unverifiable",
        /// It need not have been carried out.
        Exempt "exempt" "豁免" "exempt",
    }
}

words! {
    /// What was violated (违反情形).
    Violation {
        /// Cut less than ordered for the hours that confirm it.
        Shortfall "shortfall" "减排不到位" "cut less than ordered",
        /// Treatment off while production was on.
        TreatmentOff "treatment_off" "生产时停运治理设施" "treatment off while production was on",
    }
}

/// Why an outcome is what it is (结论依据).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// It is exempt; the text says why.
    Exempt {
        /// As the order says.
        text: String,
    },
    /// The order's first hours are given for the change.
    Transition,
    /// A measured piece shows the cut, and none contradicts.
    CutShown {
        /// The weightiest.
        by: Kind,
    },
    /// A measured piece shows less than ordered, over the hours that confirm it.
    Short {
        /// The weightiest.
        by: Kind,
        /// How many adjacent hours.
        hours: usize,
    },
    /// Short in this hour, too short a time to count.
    ShortOnce {
        /// How many hours confirm it.
        needed: usize,
    },
    /// Treatment was off while production was on.
    TreatmentOff {
        /// Share of treatment's baseline.
        treatment: f64,
        /// Share of production's baseline.
        production: f64,
    },
    /// Measured pieces contradict each other.
    Contradiction {
        /// Says cut.
        met: Kind,
        /// Says not cut.
        short: Kind,
    },
    /// Somebody on site or a state of equipment contradicts the measured cut.
    Gainsaid {
        /// What.
        by: Kind,
    },
    /// Near what was ordered: neither can be said with the probability asked for.
    Near,
    /// Only declarations speak, and nobody measured.
    DeclaredOnly,
    /// It stands still at this hour anyway, and did so.
    NothingToCut,
    /// Nothing usable was told.
    NoEvidence,
}

impl Reason {
    /// The reason in words.
    pub fn words(&self) -> Words {
        match self {
            Reason::Exempt { text } => Words::new(format!("豁免：{text}"), format!("exempt: {text}")),
            Reason::Transition => {
                Words::new("指令生效后的过渡时段", "the order's first hours are given for the change")
            }
            Reason::CutShown { by } => Words::new(
                format!("{}表明减排到位，其他实测证据无矛盾", by.name()),
                format!("{} shows the cut, and nothing measured contradicts", by.name_en()),
            ),
            Reason::Short { by, hours } => Words::new(
                format!("{}表明减排不到位，连续 {hours} 小时", by.name()),
                format!("{} shows less than ordered for {hours} adjacent hours", by.name_en()),
            ),
            Reason::ShortOnce { needed } => Words::new(
                format!("本小时减排不足，未满连续 {needed} 小时"),
                format!("less than ordered in this hour; {needed} adjacent hours confirm it"),
            ),
            Reason::TreatmentOff { treatment, production } => Words::new(
                format!("生产用电为基线的 {}，治理设施用电仅为基线的 {}", percent(*production), percent(*treatment)),
                format!(
                    "production at {} of its baseline, treatment at {} of its own",
                    percent(*production),
                    percent(*treatment)
                ),
            ),
            Reason::Contradiction { met, short } => Words::new(
                format!("实测证据相互矛盾：{}显示已减，{}显示未减", met.name(), short.name()),
                format!("measurements contradict each other: {} says cut, {} says not", met.name_en(), short.name_en()),
            ),
            Reason::Gainsaid { by } => Words::new(
                format!("实测显示已减，但{}显示仍在生产", by.name()),
                format!("measured as cut, but {} says production runs", by.name_en()),
            ),
            Reason::Near => {
                Words::new("减排幅度接近要求值，不足以作出结论", "so near what was ordered that neither can be said")
            }
            Reason::DeclaredOnly => Words::new(
                "仅有企业自行申报或目视，无实测证据",
                "only declarations or a look on site, nothing measured",
            ),
            Reason::NothingToCut => Words::new(
                "该时段平时即停运，本小时亦停运，无可减量",
                "it stands still at this hour anyway, and did so: nothing to cut",
            ),
            Reason::NoEvidence => Words::new("无可用证据", "nothing usable was told"),
        }
    }
}

/// What was found of one hour of an order, with its evidence (小时核验结论).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The hour, named by its end.
    pub hour: BeijingHour,
    /// What was found.
    pub outcome: Outcome,
    /// How sure the outcome is: probabilities of the pieces joined by their weights. For `unverifiable` and `exempt` 0.
    pub confidence: Share,
    /// What was violated; empty unless violated.
    pub violations: Vec<Violation>,
    /// Share of the ordered cut that was really delivered, where it was measured.
    pub delivered: Option<Share>,
    /// Why, the deciding one first.
    pub reasons: Vec<Reason>,
    /// Each kind of evidence with its figures, the weightiest first: what the chart shows.
    pub pieces: Vec<Piece>,
    /// Whether data sent later took part.
    pub supplementary: bool,
    /// The rules it was made by.
    pub rules: String,
}
