use super::*;
use proptest::prelude::*;
use std::collections::HashMap;
use units::BeijingDay;

const START: &str = "2026-03-02";

/// Tasks `a`, `b`, … with links from earlier letters to later ones, so that there is no cycle.
fn lists() -> impl Strategy<Value = TaskList> {
    let task = (0i64..7, prop::option::weighted(0.2, 0i32..25), prop::bool::weighted(0.2));
    let link = (0usize..12, 0usize..12, 0usize..4, -4i64..5);
    let deadline = prop::option::of(0i32..60);
    (prop::collection::vec(task, 1..12), prop::collection::vec(link, 0..24), deadline).prop_map(
        |(tasks, links, deadline)| {
            let (start, count) = (START.parse::<BeijingDay>().unwrap(), tasks.len());
            let name = |n: usize| char::from(b'a' + n as u8).to_string();
            let kinds = [LinkKind::FS, LinkKind::SS, LinkKind::FF, LinkKind::SF];
            let task = |(n, (duration, not_before, uncertain)): (usize, (i64, Option<i32>, bool))| Task {
                id: name(n),
                duration,
                not_before: not_before.map(|days| start + days),
                three_point: (uncertain && duration > 0).then_some([1.0, duration as f64, 2.0 * duration as f64]),
                ..Task::default()
            };
            let links = links.into_iter().filter_map(|(one, other, kind, lag)| {
                let (from, to) = (one.min(other) % count, one.max(other) % count);
                (from < to).then(|| Link { from: name(from), to: name(to), kind: kinds[kind], lag })
            });
            TaskList {
                calendar: None,
                start,
                status_date: None,
                deadline: deadline.map(|days| start + days),
                tasks: tasks.into_iter().enumerate().map(task).collect(),
                links: links.collect(),
                unread: vec![],
            }
        },
    )
}

fn solved(list: &TaskList) -> Schedule {
    schedule(list, &Calendar::bundled().unwrap(), Draws { count: 50, seed: 3 }).unwrap()
}

/// Position of both ends of a task by its dates alone: the morning of the start, the evening of the finish.
fn ends(list: &TaskList, task: &Task, start: BeijingDay, finish: BeijingDay) -> (i64, i64) {
    let axis = WorkAxis::of(list, &Calendar::bundled().unwrap()).unwrap();
    let evening = axis.evening(finish, String::new).unwrap();
    (if task.is_milestone() { evening } else { axis.morning(start, String::new).unwrap() }, evening)
}

/// Working days by which a link is kept; negative when it is broken.
fn room(link: &Link, from: (i64, i64), to: (i64, i64)) -> i64 {
    let (end, asked) = match link.kind {
        LinkKind::FS => (from.1, to.0),
        LinkKind::SS => (from.0, to.0),
        LinkKind::FF => (from.1, to.1),
        LinkKind::SF => (from.0, to.1),
    };
    asked - end - link.lag
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_early_or_late_date_breaks_a_link_or_a_bound(list in lists()) {
        let found = solved(&list);
        let by_id: HashMap<_, _> = list.tasks.iter().zip(&found.tasks).map(|(task, dates)| (task.id.as_str(), (task, dates))).collect();
        for link in &list.links {
            let (from, to) = (by_id[link.from.as_str()], by_id[link.to.as_str()]);
            let early = |(task, dates): (&Task, &TaskDates)| ends(&list, task, dates.early_start, dates.early_finish);
            let late = |(task, dates): (&Task, &TaskDates)| ends(&list, task, dates.late_start, dates.late_finish);
            prop_assert!(room(link, early(from), early(to)) >= 0, "early {link:?}");
            prop_assert!(room(link, late(from), late(to)) >= 0, "late {link:?}");
        }
        for (task, dates) in by_id.values() {
            let begin = ends(&list, task, dates.early_start, dates.early_finish);
            prop_assert_eq!(begin.1 - begin.0, task.duration);
            prop_assert!(dates.early_start >= task.not_before.unwrap_or(list.start) && dates.early_finish <= found.finish);
        }
    }

    #[test]
    fn slack_is_never_negative_exactly_when_the_deadline_is_met(list in lists()) {
        let found = solved(&list);
        let least = found.tasks.iter().filter_map(|task| task.total_slack).min().unwrap();
        prop_assert_eq!(least >= 0, list.deadline.is_none_or(|deadline| found.finish <= deadline));
        prop_assert_eq!(found.late_by, (-least).max(0));
        for task in &found.tasks {
            prop_assert!(task.free_slack.unwrap() >= 0);
            prop_assert!(least < 0 || task.free_slack <= task.total_slack, "{task:?}");
            prop_assert_eq!(task.critical, task.total_slack == Some(least));
        }
    }

    #[test]
    fn dates_do_not_depend_on_the_order_of_rows(list in lists(), turn in 0usize..12) {
        let found = solved(&list);
        let mut turned = list.clone();
        let turn = turn % turned.tasks.len();
        turned.tasks.rotate_left(turn);
        turned.links.reverse();
        let mut again = solved(&turned);
        again.tasks.rotate_right(turn);
        prop_assert_eq!(again, found);
    }

    /// The same network read from its deadline: tasks run backwards, links turn round. Slack is the same either way.
    #[test]
    fn slack_does_not_depend_on_the_direction_of_reading(list in lists()) {
        let list = TaskList { tasks: list.tasks.iter().cloned().map(|task| Task { not_before: None, duration: task.duration.max(1), ..task }).collect(), deadline: None, ..list };
        // Without milestones: they fall on evenings, which have no mirror in mornings.
        let mut mirrored = list.clone();
        for link in &mut mirrored.links {
            std::mem::swap(&mut link.from, &mut link.to);
            link.kind = match link.kind { LinkKind::SS => LinkKind::FF, LinkKind::FF => LinkKind::SS, kind => kind };
        }
        let slack = |list: &TaskList| solved(list).tasks.into_iter().map(|task| (task.id, task.total_slack)).collect::<Vec<_>>();
        prop_assert_eq!(slack(&list), slack(&mirrored));
    }

    #[test]
    fn another_link_makes_nothing_earlier_and_leaves_no_more_room(list in lists(), one in 0usize..12, other in 0usize..12, lag in -4i64..5) {
        let (from, to) = (one.min(other) % list.tasks.len(), one.max(other) % list.tasks.len());
        prop_assume!(from < to);
        let before = solved(&list);
        let mut more = list.clone();
        more.links.push(Link { from: list.tasks[from].id.clone(), to: list.tasks[to].id.clone(), kind: LinkKind::FS, lag });
        for (was, now) in before.tasks.iter().zip(solved(&more).tasks) {
            prop_assert!(now.early_start >= was.early_start && now.early_finish >= was.early_finish);
            prop_assert!(list.deadline.is_none() || now.late_finish <= was.late_finish);
        }
    }

    #[test]
    fn later_quantiles_are_not_earlier(list in lists()) {
        if let Some(risk) = solved(&list).risk {
            prop_assert!(risk.p50 <= risk.p80 && risk.p80 <= risk.p95);
            prop_assert_eq!(risk.p_deadline.is_some(), list.deadline.is_some());
        }
    }

    /// Of each task nothing, a part or all is done by the status date, whatever the links say.
    #[test]
    fn facts_stay_and_what_is_left_follows_the_status_date(list in lists(), done in prop::collection::vec((0u8..4, 0i32..10), 12)) {
        let status = list.start + 10;
        let progress = |(task, (what, day)): (&Task, &(u8, i32))| {
            let (start, mut task) = (list.start + *day, task.clone());
            match what {
                0 => task.actual_finish = Some(if task.is_milestone() { start } else { status }),
                1 if !task.is_milestone() => task.done = Some(0.5),
                _ => return task,
            }
            task.actual_start = Some(start);
            task
        };
        let tasks: Vec<Task> = list.tasks.iter().zip(&done).map(progress).collect();
        let list = TaskList { status_date: Some(status), deadline: None, tasks, ..list };
        let found = solved(&list);
        for (task, dates) in list.tasks.iter().zip(&found.tasks) {
            match (task.actual_start, task.actual_finish) {
                (Some(start), Some(finish)) => {
                    prop_assert_eq!([dates.early_start, dates.early_finish, dates.late_start, dates.late_finish], [start, finish, start, finish]);
                    prop_assert_eq!((dates.total_slack, dates.free_slack, dates.critical), (None, None, false));
                }
                (Some(start), None) => prop_assert!(dates.early_start == start && dates.late_start == start && dates.early_finish > status),
                _ => prop_assert!(dates.early_start > status),
            }
        }
        let least = found.tasks.iter().filter_map(|task| task.total_slack).min();
        prop_assert!(least.is_none_or(|least| least >= 0), "without a deadline there is nothing to be late for");
        prop_assert_eq!(least.is_none(), found.critical.is_empty());
    }
}
