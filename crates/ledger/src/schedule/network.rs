use super::file::{Link, LinkKind, Task, TaskList};
use super::{WorkAxis, order};
use crate::LedgerError;
use calendar::Calendar;

/// What is known of a task, in positions on the working axis (see [`WorkAxis`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Nothing was done yet.
    Planned,
    /// Begun; what is left of it can still be moved.
    Started { start: i64 },
    /// A fact, with both ends.
    Finished { start: i64, finish: i64 },
}

/// One task as numbers. `begin` is where the work that is left may start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub progress: Progress,
    /// Working days left.
    pub left: i64,
    /// Earliest begin without any link.
    pub floor: i64,
    /// Latest begin and latest finish without any link or deadline.
    pub must: Option<i64>,
    pub finish_by: Option<i64>,
}

/// One link as seen from one of its tasks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tie {
    pub other: u32,
    pub kind: LinkKind,
    pub lag: i64,
}

/// Links by task, in one piece of memory.
#[derive(Clone, Debug)]
pub(crate) struct Ties {
    first: Vec<u32>,
    ties: Vec<Tie>,
}

/// A checked list as numbers, with a topological order that does not depend on the order of its rows.
#[derive(Clone, Debug)]
pub(crate) struct Network<'a> {
    pub list: &'a TaskList,
    pub axis: WorkAxis,
    pub nodes: Vec<Node>,
    pub before: Ties,
    pub after: Ties,
    pub order: Vec<u32>,
    /// Position of the deadline's evening.
    pub deadline: Option<i64>,
    /// Position of the first morning on which work can be planned.
    pub today: i64,
}

/// Where every task lies by one pass, by its number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dates {
    pub begin: Vec<i64>,
    pub finish: Vec<i64>,
}

impl Ties {
    fn new(tasks: usize, links: &[(u32, Tie)]) -> Ties {
        let mut first = vec![0u32; tasks + 1];
        links.iter().for_each(|(task, _)| first[*task as usize + 1] += 1);
        (0..tasks).for_each(|n| first[n + 1] += first[n]);
        let mut ties: Vec<_> = links.to_vec();
        ties.sort_by_key(|(task, _)| *task);
        Ties { first, ties: ties.into_iter().map(|(_, tie)| tie).collect() }
    }

    /// The ties of one task.
    pub fn of(&self, task: usize) -> &[Tie] {
        &self.ties[self.first[task] as usize..self.first[task + 1] as usize]
    }
}

impl<'a> Network<'a> {
    /// Refuses what [`TaskList::read`] refuses, `L-311` for a cycle, `L-314` and `L-315` for the calendar.
    pub fn new(list: &'a TaskList, national: &Calendar) -> Result<Network<'a>, LedgerError> {
        let places = list.check()?;
        let ends = |link: &Link| (places[link.from.as_str()] as u32, places[link.to.as_str()] as u32);
        let tie = |link: &Link, other| Tie { other, kind: link.kind, lag: link.lag };
        let side = |back: bool| -> Vec<(u32, Tie)> {
            let of = |link| {
                let (from, to) = ends(link);
                if back { (to, tie(link, from)) } else { (from, tie(link, to)) }
            };
            list.links.iter().map(of).collect()
        };
        let (before, after) = (Ties::new(list.tasks.len(), &side(true)), Ties::new(list.tasks.len(), &side(false)));
        let order = order::topological(&list.tasks, &before, &after)?;
        let axis = WorkAxis::of(list, national)?;
        let mut today = axis.morning(list.start, || "start".to_string())?;
        if let Some(day) = list.status_date {
            today = today.max(axis.evening(day, || "status_date".to_string())?);
        }
        let deadline = list.deadline.map(|day| axis.evening(day, || "deadline".to_string())).transpose()?;
        let nodes = list.tasks.iter().enumerate().map(|(place, task)| node(&axis, place, task, list, today));
        let nodes = nodes.collect::<Result<_, _>>()?;
        Ok(Network { list, axis, nodes, before, after, order, deadline, today })
    }

    /// Forward pass: earliest begin and finish, where task n has `left(n)` working days left.
    pub fn forward(&self, left: impl Fn(usize) -> i64, dates: &mut Dates) {
        dates.begin.resize(self.nodes.len(), 0);
        dates.finish.resize(self.nodes.len(), 0);
        for task in self.order.iter().map(|task| *task as usize) {
            let (begin, finish) = match self.nodes[task].progress {
                Progress::Finished { start, finish } => (start, finish),
                _ => {
                    let left = left(task);
                    let bounds = self.before.of(task).iter().map(|tie| self.earliest(tie, dates, left));
                    let begin = bounds.fold(self.nodes[task].floor, i64::max);
                    (begin, begin + left)
                }
            };
            (dates.begin[task], dates.finish[task]) = (begin, finish);
        }
    }

    /// Backward pass: latest begin and finish, so that all is finished at `end`. Of what is finished nothing is told.
    pub fn backward(&self, end: i64) -> Dates {
        let mut late = Dates { begin: vec![0; self.nodes.len()], finish: vec![0; self.nodes.len()] };
        for task in self.order.iter().rev().map(|task| *task as usize) {
            let node = &self.nodes[task];
            let own = [node.must, node.finish_by.map(|day| day - node.left)].into_iter().flatten();
            let ties = self.after.of(task).iter().filter_map(|tie| self.latest(task, tie, &late));
            late.begin[task] = own.chain(ties).fold(end - node.left, i64::min);
            late.finish[task] = late.begin[task] + node.left;
        }
        late
    }

    /// The begin that a predecessor allows, where `left` working days are left.
    pub fn earliest(&self, tie: &Tie, early: &Dates, left: i64) -> i64 {
        let from = tie.other as usize;
        let end = if tie.kind.counts_finish() { early.finish[from] } else { self.start(from, early) };
        end + tie.lag - if tie.kind.holds_start() { 0 } else { left }
    }

    /// The begin that a successor demands of `task`; `None` where a fact stands at either end.
    pub fn latest(&self, task: usize, tie: &Tie, late: &Dates) -> Option<i64> {
        let to = tie.other as usize;
        if !self.holds(task, tie) {
            return None;
        }
        let end = if tie.kind.holds_start() { late.begin[to] } else { late.finish[to] };
        Some(end - tie.lag - if tie.kind.counts_finish() { self.nodes[task].left } else { 0 })
    }

    /// Whether moving `task` could move the successor at all.
    pub fn holds(&self, task: usize, tie: &Tie) -> bool {
        let finished = |n: usize| matches!(self.nodes[n].progress, Progress::Finished { .. });
        let began = matches!(self.nodes[task].progress, Progress::Started { .. }) && !tie.kind.counts_finish();
        !(finished(task) || finished(tie.other as usize) || began)
    }

    /// Position of a task's start: a fact once it was begun.
    pub fn start(&self, task: usize, dates: &Dates) -> i64 {
        match self.nodes[task].progress {
            Progress::Planned => dates.begin[task],
            Progress::Started { start } | Progress::Finished { start, .. } => start,
        }
    }
}

fn node(axis: &WorkAxis, place: usize, task: &Task, list: &TaskList, today: i64) -> Result<Node, LedgerError> {
    let at = |field: &'static str| move || format!("tasks[{place}].{field}");
    // A milestone falls on the evening of its day, which is one position behind the morning.
    let evening = i64::from(task.is_milestone());
    let start_on = |day, field| Ok(axis.morning(day, at(field))? + evening);
    let must = task.must_start.map(|day| start_on(day, "must_start")).transpose()?;
    let not_before = task.not_before.map(|day| start_on(day, "not_before")).transpose()?;
    let finish_by = task.finish_by.map(|day| axis.evening(day, at("finish_by"))).transpose()?;
    let mut node = Node { progress: Progress::Planned, left: task.duration, floor: today + evening, must, finish_by };
    let finished = task.actual_finish.or(task.actual_start.filter(|_| task.is_milestone()));
    if let Some(day) = finished {
        let finish = axis.evening(day, at("actual_finish"))?;
        let start = match task.actual_start.filter(|_| !task.is_milestone()) {
            Some(day) => axis.morning(day, at("actual_start"))?.min(finish),
            None => finish,
        };
        node.progress = Progress::Finished { start, finish };
        node.left = finish - start;
    } else if let Some(day) = task.actual_start {
        let start = axis.morning(day, at("actual_start"))?;
        node.progress = Progress::Started { start };
        node.must = None;
        // Without a status date it is not known from when on the rest is to be counted: all of it, from the start.
        if list.status_date.is_some() {
            node.left = left_of(task.duration, task.done.unwrap_or(0.0));
        } else {
            node.floor = start;
        }
    } else {
        node.floor = [must, not_before].into_iter().flatten().fold(node.floor, i64::max);
    }
    Ok(node)
}

/// Working days left of a duration; a day begun is a day.
pub(crate) fn left_of(duration: i64, done: f64) -> i64 {
    // 10 x (1 - 0.7) is a hair above 3 in binary.
    (duration as f64 * (1.0 - done) - 1e-9).ceil() as i64
}
