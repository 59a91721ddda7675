use super::LinkKind;
use serde::{Deserialize, Serialize};
use units::BeijingDay;

/// Why a date is what it is (日期的理由), free of language; [`Reason::zh`] and [`Reason::en`] say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum Reason {
    /// Nothing holds it but the start of the plan.
    ProjectStart {
        /// The start.
        day: BeijingDay,
    },
    /// Work that is left is planned after the status date.
    StatusDate {
        /// The status date.
        day: BeijingDay,
    },
    /// Its own earliest start.
    NotBefore {
        /// That day.
        day: BeijingDay,
    },
    /// Its fixed start.
    MustStart {
        /// That day.
        day: BeijingDay,
    },
    /// It was begun; what is left follows the status date, or the start when there is none.
    Started {
        /// Actual start.
        day: BeijingDay,
        /// Working days left.
        left: i64,
    },
    /// It was finished.
    Finished {
        /// Actual finish.
        day: BeijingDay,
    },
    /// An end of a predecessor.
    Predecessor {
        /// Its id.
        id: String,
        /// The kind of the link.
        kind: LinkKind,
        /// Lag in working days.
        lag: i64,
        /// Earliest day of the end that counts.
        day: BeijingDay,
    },
    /// An end of a successor.
    Successor {
        /// Its id.
        id: String,
        /// The kind of the link.
        kind: LinkKind,
        /// Lag in working days.
        lag: i64,
        /// Latest day of the end that counts.
        day: BeijingDay,
    },
    /// Its own latest finish.
    FinishBy {
        /// That day.
        day: BeijingDay,
    },
    /// The deadline of the whole.
    Deadline {
        /// The deadline.
        day: BeijingDay,
    },
    /// There is no deadline: the earliest finish of the whole stands in its place.
    ProjectFinish {
        /// That day.
        day: BeijingDay,
    },
}

impl Reason {
    /// In Chinese.
    pub fn zh(&self) -> String {
        match self {
            Reason::ProjectStart { day } => format!("因计划自 {day} 开始"),
            Reason::StatusDate { day } => format!("因状态日期为 {day}，未完工作排在其后"),
            Reason::NotBefore { day } => format!("因限定不早于 {day} 开始"),
            Reason::MustStart { day } => format!("因限定于 {day} 开始"),
            Reason::Started { day, left } => format!("因已于 {day} 实际开工，剩余 {left} 个工作日"),
            Reason::Finished { day } => format!("因已于 {day} 实际完成"),
            Reason::Predecessor { id, kind, lag, day } => {
                let end = if kind.counts_finish() { "完成" } else { "开始" };
                format!("因“{id}”于 {day} {end}（{}{}）", kind_zh(*kind), lag_zh(*lag))
            }
            Reason::Successor { id, kind, lag, day } => {
                let end = if kind.holds_start() { "开始" } else { "完成" };
                format!("因“{id}”最迟须于 {day} {end}（{}{}）", kind_zh(*kind), lag_zh(*lag))
            }
            Reason::FinishBy { day } => format!("因限定不晚于 {day} 完成"),
            Reason::Deadline { day } => format!("因总期限为 {day}"),
            Reason::ProjectFinish { day } => format!("因未设期限，按最早完成日 {day} 倒排"),
        }
    }

    /// In English.
    pub fn en(&self) -> String {
        match self {
            Reason::ProjectStart { day } => format!("because the plan starts on {day}"),
            Reason::StatusDate { day } => format!("because work left is planned after the status date {day}"),
            Reason::NotBefore { day } => format!("because it may not start before {day}"),
            Reason::MustStart { day } => format!("because it must start on {day}"),
            Reason::Started { day, left } => format!("because it was started on {day} with {left} working days left"),
            Reason::Finished { day } => format!("because it was finished on {day}"),
            Reason::Predecessor { id, kind, lag, day } => {
                let end = if kind.counts_finish() { "ends" } else { "starts" };
                format!("because {id} {end} on {day} ({kind:?}{})", lag_en(*lag))
            }
            Reason::Successor { id, kind, lag, day } => {
                let end = if kind.holds_start() { "start" } else { "end" };
                format!("because {id} must {end} on {day} at the latest ({kind:?}{})", lag_en(*lag))
            }
            Reason::FinishBy { day } => format!("because it must be finished by {day}"),
            Reason::Deadline { day } => format!("because the deadline is {day}"),
            Reason::ProjectFinish { day } => format!("because there is no deadline and the earliest finish is {day}"),
        }
    }
}

fn kind_zh(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::FS => "完成—开始",
        LinkKind::SS => "开始—开始",
        LinkKind::FF => "完成—完成",
        LinkKind::SF => "开始—完成",
    }
}

fn lag_zh(lag: i64) -> String {
    match lag {
        0 => String::new(),
        1.. => format!("，间隔 {lag} 个工作日"),
        _ => format!("，提前 {} 个工作日", -lag),
    }
}

fn lag_en(lag: i64) -> String {
    if lag == 0 { String::new() } else { format!(" {lag:+} working days") }
}
