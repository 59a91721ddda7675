use super::file::{Task, TaskList, WorkWeek};
use super::network::{Dates, Network, Progress, Tie};
use super::{Reason, Risk};
use crate::LedgerError;
use serde::{Deserialize, Serialize};
use units::BeijingDay;

/// A scheduled list (倒排结果), in the shape of `qingkong-schedule/1`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Earliest day on whose evening everything is finished.
    pub finish: BeijingDay,
    /// Working days by which that misses the deadline; 0 when it is met, or when there is none.
    pub late_by: i64,
    /// Ids of the tasks with the least total slack (关键任务), in topological order.
    pub critical: Vec<String>,
    /// The tasks in the order of the list.
    pub tasks: Vec<TaskDates>,
    /// Finish under uncertain durations; `None` when no task left has three.
    pub risk: Option<Risk>,
    /// What a reader should know, Chinese and English in one line each.
    pub warnings: Vec<String>,
}

/// The dates of one task. A task starts in the morning and finishes in the evening; a milestone is an evening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskDates {
    /// Its id.
    pub id: String,
    /// Earliest start (最早开工); the actual one once it was begun.
    pub early_start: BeijingDay,
    /// Earliest finish (最早完成).
    pub early_finish: BeijingDay,
    /// Latest start (最迟开工) that still meets every date behind it; the actual one once it was begun.
    pub late_start: BeijingDay,
    /// Latest finish (最迟完成).
    pub late_finish: BeijingDay,
    /// Working days it may slip without missing a date (总时差); negative: late already. `None` when finished.
    pub total_slack: Option<i64>,
    /// Working days it may slip without moving any successor's early dates (自由时差). `None` when finished.
    pub free_slack: Option<i64>,
    /// Whether its total slack is the least.
    pub critical: bool,
    /// What sets the early dates, in Chinese.
    pub why_early: String,
    /// What sets the late dates, in Chinese.
    pub why_late: String,
    /// What sets the early dates, in English.
    pub why_early_en: String,
    /// What sets the late dates, in English.
    pub why_late_en: String,
    /// What sets the early dates, free of language.
    pub early_reason: Reason,
    /// What sets the late dates, free of language.
    pub late_reason: Reason,
}

/// Both passes over one network, with what the reasons need.
struct Passes<'a> {
    network: &'a Network<'a>,
    early: Dates,
    late: Dates,
    /// Position of the evening on which all is finished.
    finish: i64,
    /// Position from which late dates are counted back.
    end: i64,
}

pub(super) fn dates(network: &Network<'_>, risk: Option<Risk>) -> Result<Schedule, LedgerError> {
    let mut early = Dates::default();
    network.forward(|task| network.nodes[task].left, &mut early);
    let finish = early.finish.iter().copied().max().unwrap_or(network.today);
    let end = network.deadline.unwrap_or(finish);
    let passes = Passes { network, early, late: network.backward(end), finish, end };
    let least = passes.open().map(|task| passes.total(task)).min();
    let critical = |task: usize| !passes.finished(task) && Some(passes.total(task)) == least;
    let list = network.list;
    let order = network.order.iter().map(|task| *task as usize);
    let last = (0..list.tasks.len()).max_by_key(|task| passes.early.finish[*task]).unwrap_or(0);
    let finish_day = passes.finish_day(last, &passes.early)?;
    Ok(Schedule {
        finish: finish_day,
        late_by: network.deadline.map_or(0, |deadline| (finish - deadline).max(0)),
        critical: order.filter(|task| critical(*task)).map(|task| list.tasks[task].id.clone()).collect(),
        tasks: (0..list.tasks.len()).map(|task| passes.task(task, critical(task))).collect::<Result<_, _>>()?,
        warnings: warnings(list, finish_day, risk.as_ref()),
        risk,
    })
}

impl Passes<'_> {
    fn finished(&self, task: usize) -> bool {
        matches!(self.network.nodes[task].progress, Progress::Finished { .. })
    }

    fn open(&self) -> impl Iterator<Item = usize> {
        (0..self.network.nodes.len()).filter(|task| !self.finished(*task))
    }

    fn total(&self, task: usize) -> i64 {
        self.late.begin[task] - self.early.begin[task]
    }

    /// Room until the first successor's early dates move; without a successor, until the finish of the whole moves.
    fn free(&self, task: usize) -> i64 {
        let room = |tie: &Tie| {
            let (to, early) = (tie.other as usize, &self.early);
            let asked = if tie.kind.holds_start() { early.begin[to] } else { early.finish[to] };
            let own = if tie.kind.counts_finish() { early.finish[task] } else { early.begin[task] };
            asked - tie.lag - own
        };
        let ties = self.network.after.of(task).iter().filter(|tie| self.network.holds(task, tie));
        ties.map(room).fold(self.finish - self.early.finish[task], i64::min)
    }

    fn task(&self, task: usize, critical: bool) -> Result<TaskDates, LedgerError> {
        let of = &self.network.list.tasks[task];
        let (early_reason, late_reason) = (self.why_early(task)?, self.why_late(task)?);
        let done = self.finished(task);
        let early_finish = self.finish_day(task, &self.early)?;
        Ok(TaskDates {
            id: of.id.clone(),
            early_start: self.start_day(task, &self.early)?,
            early_finish,
            late_start: self.start_day(task, &self.late)?,
            late_finish: if done { early_finish } else { self.finish_day(task, &self.late)? },
            total_slack: (!done).then(|| self.total(task)),
            free_slack: (!done).then(|| self.free(task)),
            critical,
            why_early: early_reason.zh(),
            why_late: late_reason.zh(),
            why_early_en: early_reason.en(),
            why_late_en: late_reason.en(),
            early_reason,
            late_reason,
        })
    }

    fn start_day(&self, task: usize, dates: &Dates) -> Result<BeijingDay, LedgerError> {
        let of = &self.network.list.tasks[task];
        if of.is_milestone() {
            return self.finish_day(task, dates);
        }
        // What was done on a day off was done on that day.
        of.actual_start.map_or_else(|| self.day(task, dates.begin[task]), Ok)
    }

    fn finish_day(&self, task: usize, dates: &Dates) -> Result<BeijingDay, LedgerError> {
        let fact = actual_finish(&self.network.list.tasks[task]);
        fact.map_or_else(|| self.day(task, dates.finish[task] - 1), Ok)
    }

    fn day(&self, task: usize, number: i64) -> Result<BeijingDay, LedgerError> {
        let at = || format!("tasks[{task}] ({})", self.network.list.tasks[task].id);
        self.network.axis.day(number).ok_or_else(|| self.network.axis.beyond(at(), number))
    }

    /// The link that sets the early dates, else the task's own bound, else the plan's. Of equal links the smallest id.
    fn why_early(&self, task: usize) -> Result<Reason, LedgerError> {
        let (network, of, node) = (self.network, &self.network.list.tasks[task], &self.network.nodes[task]);
        if let Some(day) = actual_finish(of) {
            return Ok(Reason::Finished { day });
        }
        let begin = self.early.begin[task];
        let binds = |tie: &&Tie| network.earliest(tie, &self.early, node.left) == begin;
        if let Some(tie) = self.smallest(network.before.of(task).iter().filter(binds)) {
            let from = tie.other as usize;
            let day = if tie.kind.counts_finish() {
                self.finish_day(from, &self.early)?
            } else {
                self.start_day(from, &self.early)?
            };
            return Ok(Reason::Predecessor {
                id: network.list.tasks[from].id.clone(),
                kind: tie.kind,
                lag: tie.lag,
                day,
            });
        }
        let own = |day: Option<BeijingDay>| {
            let evening = i64::from(of.is_milestone());
            day.filter(|day| network.axis.morning(*day, String::new).is_ok_and(|at| at + evening == begin))
        };
        Ok(match (of.actual_start, own(of.must_start), own(of.not_before), network.list.status_date) {
            (Some(day), ..) => Reason::Started { day, left: node.left },
            (_, Some(day), ..) => Reason::MustStart { day },
            (_, _, Some(day), _) => Reason::NotBefore { day },
            (_, _, _, Some(day)) if day >= network.list.start => Reason::StatusDate { day },
            _ => Reason::ProjectStart { day: network.list.start },
        })
    }

    /// The link that sets the late dates, else the task's own bound, else the end of the whole.
    fn why_late(&self, task: usize) -> Result<Reason, LedgerError> {
        let (network, of, node) = (self.network, &self.network.list.tasks[task], &self.network.nodes[task]);
        if let Some(day) = actual_finish(of) {
            return Ok(Reason::Finished { day });
        }
        let begin = self.late.begin[task];
        let binds = |tie: &&Tie| network.latest(task, tie, &self.late) == Some(begin);
        if let Some(tie) = self.smallest(network.after.of(task).iter().filter(binds)) {
            let to = tie.other as usize;
            let day =
                if tie.kind.holds_start() { self.start_day(to, &self.late)? } else { self.finish_day(to, &self.late)? };
            return Ok(Reason::Successor { id: network.list.tasks[to].id.clone(), kind: tie.kind, lag: tie.lag, day });
        }
        let must = of.must_start.filter(|_| node.must == Some(begin));
        let by = of.finish_by.filter(|_| node.finish_by == Some(begin + node.left));
        Ok(match (must, by, network.list.deadline) {
            (Some(day), ..) => Reason::MustStart { day },
            (_, Some(day), _) => Reason::FinishBy { day },
            (_, _, Some(day)) => Reason::Deadline { day },
            (_, _, None) => Reason::ProjectFinish { day: self.day(task, self.end - 1)? },
        })
    }

    fn smallest<'t>(&self, ties: impl Iterator<Item = &'t Tie>) -> Option<&'t Tie> {
        ties.min_by_key(|tie| (&self.network.list.tasks[tie.other as usize].id, tie.kind, tie.lag))
    }
}

/// The day it was finished; a milestone that was begun was reached.
fn actual_finish(task: &Task) -> Option<BeijingDay> {
    task.actual_finish.or(task.actual_start.filter(|_| task.is_milestone()))
}

fn warnings(list: &TaskList, finish: BeijingDay, risk: Option<&Risk>) -> Vec<String> {
    let mut told: Vec<String> =
        list.unread.iter().map(|key| format!("{key}：未识别的字段，未读取 · unknown key, not read")).collect();
    if let Some(week) = &list.calendar {
        let last = list.deadline.map_or(finish, |deadline| deadline.max(finish));
        told.extend((list.start.year()..=last.year()).filter_map(|year| gap(week, year)));
    }
    let share = |task: &&Task| task.done.is_some_and(|done| done > 0.0) && task.actual_finish.is_none();
    if let (None, Some(task)) = (list.status_date, list.tasks.iter().find(share)) {
        let id = &task.id;
        told.push(format!(
            "“{id}”等任务的完成比例未使用：没有状态日期 · done of {id} and others is not used: no status_date"
        ));
    }
    if risk.is_some_and(|risk| risk.p95.is_none()) {
        told.push(
            "风险分位的日期超出工作日历，未给出 · a risk quantile lies beyond the calendar and is not given"
                .to_string(),
        );
    }
    told
}

/// What a calendar lacks in a year: without it, days are counted as the plain week has them.
fn gap(week: &WorkWeek, year: i32) -> Option<String> {
    let names = |days: &[BeijingDay]| days.iter().any(|day| day.year() == year);
    match (names(&week.holidays), names(&week.workdays)) {
        (false, false) => {
            Some(format!("calendar：{year} 年没有节假日和调休上班日 · no holidays and no make-up workdays in {year}"))
        }
        (false, true) => Some(format!("calendar.holidays：{year} 年没有节假日 · no holidays in {year}")),
        (true, false) => Some(format!("calendar.workdays：{year} 年没有调休上班日 · no make-up workdays in {year}")),
        (true, true) => None,
    }
}
