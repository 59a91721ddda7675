use crate::LedgerError;
use crate::input::{self, bad};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use units::BeijingDay;

/// Most tasks and most links of one list.
pub const MOST_ROWS: usize = 200_000;
/// Longest duration and lag, in working days: a century and a half.
const MOST_WORKDAYS: i64 = 36_500;

/// A task list (任务清单) to be scheduled backwards from its deadline, as in `qingkong-schedule/1`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskList {
    /// Working calendar of its own; without one the State Council's notices count.
    #[serde(default)]
    pub calendar: Option<WorkWeek>,
    /// Nothing planned starts before the morning of this day.
    pub start: BeijingDay,
    /// What is done is known up to this evening; what is left starts after it (状态日期).
    #[serde(default)]
    pub status_date: Option<BeijingDay>,
    /// Everything is to be finished on this evening.
    #[serde(default)]
    pub deadline: Option<BeijingDay>,
    /// The tasks.
    pub tasks: Vec<Task>,
    /// What waits for what.
    #[serde(default)]
    pub links: Vec<Link>,
    /// Keys of the file that have no meaning here and were not read.
    #[serde(skip)]
    pub unread: Vec<String>,
}

/// A working calendar given with the tasks (工作日历).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkWeek {
    /// Days off of the week, Monday = 1 to Sunday = 7.
    pub weekend: Vec<u8>,
    /// Further days off (放假).
    #[serde(default)]
    pub holidays: Vec<BeijingDay>,
    /// Days of the weekend that are worked (调休上班).
    #[serde(default)]
    pub workdays: Vec<BeijingDay>,
}

/// One task (任务), or a milestone (里程碑) when it takes no time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Its name; once in a list.
    pub id: String,
    /// Working days; 0 is a milestone, which falls on an evening.
    pub duration: i64,
    /// Starts on this day at the earliest.
    #[serde(default)]
    pub not_before: Option<BeijingDay>,
    /// Finishes on this day at the latest.
    #[serde(default)]
    pub finish_by: Option<BeijingDay>,
    /// Starts on this day; where the links do not allow it, the slack is negative.
    #[serde(default)]
    pub must_start: Option<BeijingDay>,
    /// Day on which it was started.
    #[serde(default)]
    pub actual_start: Option<BeijingDay>,
    /// Day on which it was finished.
    #[serde(default)]
    pub actual_finish: Option<BeijingDay>,
    /// Share done, 0 to 1.
    #[serde(default)]
    pub done: Option<f64>,
    /// Low, likely and high duration in working days (三点估计).
    #[serde(default)]
    pub three_point: Option<[f64; 3]>,
}

/// One link (搭接关系): `to` waits for `from`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Id of the predecessor.
    pub from: String,
    /// Id of the successor.
    pub to: String,
    /// Which ends are tied.
    #[serde(rename = "type")]
    pub kind: LinkKind,
    /// Working days between the two ends; negative is a lead.
    #[serde(default)]
    pub lag: i64,
}

/// Which end of the predecessor holds which end of the successor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LinkKind {
    /// Finish to start (完成—开始).
    FS,
    /// Start to start (开始—开始).
    SS,
    /// Finish to finish (完成—完成).
    FF,
    /// Start to finish (开始—完成).
    SF,
}

impl LinkKind {
    /// Whether the predecessor's finish counts, not its start.
    pub(crate) const fn counts_finish(self) -> bool {
        matches!(self, LinkKind::FS | LinkKind::FF)
    }

    /// Whether the successor's start is held, not its finish.
    pub(crate) const fn holds_start(self) -> bool {
        matches!(self, LinkKind::FS | LinkKind::SS)
    }
}

impl Task {
    /// Whether it takes no time.
    pub fn is_milestone(&self) -> bool {
        self.duration == 0
    }
}

impl TaskList {
    /// Reads and checks a list; refuses `L-301` to `L-305`, `L-312`, `L-313` with the path into the file.
    pub fn read(text: &str) -> Result<TaskList, LedgerError> {
        let (mut list, unread): (TaskList, _) = input::read(text)?;
        list.unread = unread;
        list.check()?;
        Ok(list)
    }

    /// Refuses what [`TaskList::read`] refuses; a list that was put together in memory is checked with it too.
    pub(crate) fn check(&self) -> Result<HashMap<&str, usize>, LedgerError> {
        for (at, found) in [("tasks", self.tasks.len()), ("links", self.links.len())] {
            if found > MOST_ROWS {
                return Err(LedgerError::TooManyRows { at, found, most: MOST_ROWS });
            }
        }
        if self.tasks.is_empty() {
            return Err(bad("tasks".to_string(), "an empty list", "at least one task"));
        }
        if let Some(deadline) = self.deadline.filter(|deadline| *deadline < self.start) {
            return Err(LedgerError::DeadlineBeforeStart { deadline, start: self.start });
        }
        let mut places = HashMap::with_capacity(self.tasks.len());
        for (place, task) in self.tasks.iter().enumerate() {
            self.check_task(place, task)?;
            if places.insert(task.id.as_str(), place).is_some() {
                return Err(LedgerError::RepeatedId { at: format!("tasks[{place}].id"), id: task.id.clone() });
            }
        }
        for (place, link) in self.links.iter().enumerate() {
            for (end, id) in [("from", &link.from), ("to", &link.to)] {
                if !places.contains_key(id.as_str()) {
                    let at = format!("links[{place}].{end}");
                    return Err(LedgerError::UnknownReference { at, what: "task", id: id.clone() });
                }
            }
            if link.lag.abs() > MOST_WORKDAYS {
                return Err(bad(format!("links[{place}].lag"), link.lag, "between -36500 and 36500 working days"));
            }
        }
        Ok(places)
    }

    fn check_task(&self, place: usize, task: &Task) -> Result<(), LedgerError> {
        let at = |field: &str| format!("tasks[{place}].{field}");
        if task.id.trim().is_empty() || task.id.len() > 200 || task.id.chars().any(char::is_control) {
            let expected = "an id of 1 to 200 bytes without control characters";
            return Err(bad(at("id"), format_args!("{:?}", task.id.chars().take(40).collect::<String>()), expected));
        }
        if !(0..=MOST_WORKDAYS).contains(&task.duration) {
            return Err(bad(at("duration"), task.duration, "between 0 and 36500 working days"));
        }
        if let Some(done) = task.done.filter(|done| !(0.0..=1.0).contains(done)) {
            return Err(bad(at("done"), done, "a share between 0 and 1"));
        }
        if let Some([low, likely, high]) = task.three_point {
            let most = if task.is_milestone() { 0.0 } else { MOST_WORKDAYS as f64 };
            if !(0.0 <= low && low <= likely && likely <= high && high <= most) {
                let expected = "low <= likely <= high in working days, from 0 on (and all 0 for a milestone)";
                return Err(bad(at("three_point"), format_args!("[{low}, {likely}, {high}]"), expected));
            }
        }
        self.check_progress(task).map_err(|(field, why)| LedgerError::Progress { at: at(field), why })
    }

    /// What was done must be possible: a figure that contradicts a date would move the plan in silence.
    fn check_progress(&self, task: &Task) -> Result<(), (&'static str, &'static str)> {
        let done = task.done.unwrap_or(0.0);
        for (field, day) in [("actual_start", task.actual_start), ("actual_finish", task.actual_finish)] {
            if day.zip(self.status_date).is_some_and(|(day, status)| day > status) {
                return Err((field, "it lies after the status date, when it could not be known"));
            }
        }
        match (task.actual_start, task.actual_finish) {
            (Some(start), Some(finish)) if finish < start => Err(("actual_finish", "it lies before the actual start")),
            (Some(start), Some(finish)) if task.is_milestone() && finish != start => {
                Err(("actual_finish", "a milestone falls on one day; its actual start is another"))
            }
            (None, Some(_)) if !task.is_milestone() => Err(("actual_start", "a finished task needs it")),
            (_, Some(_)) if task.done.is_some_and(|done| done < 1.0) => {
                Err(("done", "the task has an actual finish, but is said to be done in part"))
            }
            (None, None) if done > 0.0 => Err(("actual_start", "a task with a share done needs it")),
            (Some(_), None) if done == 1.0 && !task.is_milestone() => {
                Err(("actual_finish", "a task that is wholly done needs it"))
            }
            _ => Ok(()),
        }
    }
}
