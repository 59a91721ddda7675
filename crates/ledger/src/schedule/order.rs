use super::file::Task;
use super::network::Ties;
use crate::LedgerError;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Topological order; of several tasks that could come next the smallest id comes first, whatever the rows' order.
///
/// Refuses `L-311` with the members of a cycle in the order of its links.
pub(crate) fn topological(tasks: &[Task], before: &Ties, after: &Ties) -> Result<Vec<u32>, LedgerError> {
    let mut by_id: Vec<u32> = (0..tasks.len() as u32).collect();
    by_id.sort_unstable_by_key(|task| &tasks[*task as usize].id);
    let mut rank = vec![0u32; tasks.len()];
    by_id.iter().enumerate().for_each(|(place, task)| rank[*task as usize] = place as u32);

    let mut waiting: Vec<usize> = (0..tasks.len()).map(|task| before.of(task).len()).collect();
    let free = by_id.iter().filter(|task| waiting[**task as usize] == 0);
    let mut ready: BinaryHeap<Reverse<u32>> = free.map(|task| Reverse(rank[*task as usize])).collect();
    let mut order = Vec::with_capacity(tasks.len());
    while let Some(Reverse(place)) = ready.pop() {
        let task = by_id[place as usize];
        order.push(task);
        for tie in after.of(task as usize) {
            waiting[tie.other as usize] -= 1;
            if waiting[tie.other as usize] == 0 {
                ready.push(Reverse(rank[tie.other as usize]));
            }
        }
    }
    match by_id.iter().find(|task| waiting[**task as usize] > 0) {
        None => Ok(order),
        Some(first) => Err(LedgerError::Cycle(cycle(tasks, before, &waiting, &rank, *first as usize))),
    }
}

/// Walks back from a task that never got free. Each such task has a predecessor of its kind, so the walk must close.
fn cycle(tasks: &[Task], before: &Ties, waiting: &[usize], rank: &[u32], first: usize) -> Vec<String> {
    let mut walked = vec![first];
    let mut seen_at = vec![usize::MAX; tasks.len()];
    seen_at[first] = 0;
    loop {
        let here = walked[walked.len() - 1];
        let stuck = before.of(here).iter().map(|tie| tie.other as usize).filter(|task| waiting[*task] > 0);
        let back = stuck.min_by_key(|task| rank[*task]).expect("a task that waits has a predecessor that waits");
        if seen_at[back] < usize::MAX {
            // Backwards is against the links; begin with the smallest id, so that one cycle has one text.
            let mut members: Vec<usize> = walked.split_off(seen_at[back]);
            members.reverse();
            let smallest = (0..members.len()).min_by_key(|place| rank[members[*place]]).unwrap_or(0);
            members.rotate_left(smallest);
            members.push(members[0]);
            return members.into_iter().map(|task| tasks[task].id.clone()).collect();
        }
        seen_at[back] = walked.len();
        walked.push(back);
    }
}
