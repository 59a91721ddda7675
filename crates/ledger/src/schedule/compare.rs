use super::{Schedule, WorkAxis};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What moved between two schedules (与基准对比).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Working days by which the whole finishes later; negative earlier, `None` where the calendar does not reach.
    pub finish_slip: Option<i64>,
    /// Tasks whose dates moved, in the order of the current schedule.
    pub slips: Vec<Slip>,
    /// Ids that only the current schedule has.
    pub added: Vec<String>,
    /// Ids that only the baseline has.
    pub removed: Vec<String>,
}

/// How one task moved, in working days; negative is earlier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// The task.
    pub id: String,
    /// Of its early start.
    pub start: Option<i64>,
    /// Of its early finish.
    pub finish: Option<i64>,
    /// Of its total slack: what was used up is negative.
    pub slack: Option<i64>,
}

/// Compares early dates and slack of two schedules, counted on the axis of the current one.
pub fn compare(baseline: &Schedule, current: &Schedule, axis: &WorkAxis) -> Comparison {
    let mut before: BTreeMap<&str, _> = baseline.tasks.iter().map(|task| (task.id.as_str(), task)).collect();
    let (mut slips, mut added) = (vec![], vec![]);
    for task in &current.tasks {
        let Some(was) = before.remove(task.id.as_str()) else {
            added.push(task.id.clone());
            continue;
        };
        let slip = Slip {
            id: task.id.clone(),
            start: axis.workdays_between(was.early_start, task.early_start),
            finish: axis.workdays_between(was.early_finish, task.early_finish),
            slack: was.total_slack.zip(task.total_slack).map(|(was, now)| now - was),
        };
        if [slip.start, slip.finish] != [Some(0); 2] || slip.slack.is_some_and(|moved| moved != 0) {
            slips.push(slip);
        }
    }
    let removed = baseline.tasks.iter().map(|task| &task.id).filter(|id| before.contains_key(id.as_str()));
    Comparison {
        finish_slip: axis.workdays_between(baseline.finish, current.finish),
        slips,
        added,
        removed: removed.cloned().collect(),
    }
}
