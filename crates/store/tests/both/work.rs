use crate::harness::{Place, moment};
use crate::tally::{Command, actor, give, open};
use event::{Recipient, Urgency};
use serde_json::json;
use store::{Claim, Job, MOST_ATTEMPTS, Store, WorkState};
use units::Instant;

both![
    what_follows_is_written_with_the_command_and_once,
    a_timer_is_taken_when_it_is_due_by_the_shown_clock,
    a_timer_set_anew_forgets_who_worked_on_it,
    each_job_is_taken_by_one_worker,
    a_worker_that_ended_loses_its_job_to_another,
    a_job_that_fails_waits_longer_and_dies,
];

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn claim(worker: &str, at: Instant) -> Claim<'_> {
    Claim { worker, at, lease_seconds: 60, limit: 10 }
}

async fn remind(store: &Store, key: &str) {
    give(store, "t1", Command::Remind { key: key.into() }, None, None).await.unwrap();
}

async fn take(store: &Store, worker: &str, at: Instant) -> Vec<Job> {
    store.claim_jobs(&claim(worker, at)).await.unwrap()
}

async fn what_follows_is_written_with_the_command_and_once(place: Place) {
    let store = open(&place).await;
    remind(&store, "a").await;
    remind(&store, "a").await;
    remind(&store, "b").await;
    let [timers, jobs] = [store.timers(None, 10).await.unwrap().len(), store.jobs(None, 10).await.unwrap().len()];
    assert_eq!((timers, jobs), (2, 2));
    let notices = store.outbox(10).await.unwrap();
    assert_eq!(notices.len(), 2);
    assert_eq!((&notices[0].to, notices[0].urgency), (&Recipient::Account(actor("air").account), Urgency::Immediate));
    assert_eq!((notices[0].template.as_str(), &notices[0].values), ("full", &json!({"n": 3})));
    let to = Recipient::Organisation("js".parse().unwrap());
    assert!(store.notify("c", &to, "t", &json!({}), Urgency::Digest, moment()).await.unwrap());
    assert!(!store.notify("c", &to, "t", &json!({}), Urgency::Digest, moment()).await.unwrap());
}

/// `give` shows 2018-01-14 08:00 while the wall clock says 2018-01-13 20:00: the timer follows the shown one.
async fn a_timer_is_taken_when_it_is_due_by_the_shown_clock(place: Place) {
    let store = open(&place).await;
    remind(&store, "a").await;
    assert_eq!(store.next_timer().await.unwrap(), Some(at("2018-01-14T08:00:00+08:00")));
    let wall = claim("w1", moment());
    assert_eq!(store.due_timers(&wall, at("2018-01-14T07:59:59+08:00")).await.unwrap(), []);
    let due = at("2018-01-14T08:00:00+08:00");
    let [timer] = store.due_timers(&wall, due).await.unwrap().try_into().unwrap();
    assert_eq!((timer.action.as_str(), &timer.payload, timer.attempts), ("ring", &json!({"n": 1}), 1));
    assert_eq!(timer.effect_key(), format!("timer:a:{}", due.to_utc().timestamp_micros()));
    assert_eq!(store.due_timers(&claim("w2", moment()), due).await.unwrap(), [], "taken");
    assert!(store.timer_done(&timer).await.unwrap());
    assert!(!store.timer_done(&timer).await.unwrap());
    assert_eq!(store.due_timers(&claim("w2", at("2018-02-01T00:00:00+08:00")), due).await.unwrap(), []);
    assert_eq!(store.timers(Some(WorkState::Done), 10).await.unwrap().len(), 1);
}

async fn a_timer_set_anew_forgets_who_worked_on_it(place: Place) {
    let store = open(&place).await;
    remind(&store, "a").await;
    let due = at("2018-01-14T08:00:00+08:00");
    let [old] = store.due_timers(&claim("w1", moment()), due).await.unwrap().try_into().unwrap();
    remind(&store, "a").await;
    assert!(!store.timer_done(&old).await.unwrap(), "the new one is still to come");
    let [new] = store.due_timers(&claim("w1", moment()), due).await.unwrap().try_into().unwrap();
    assert!(store.timer_failed(&new, "no line", moment()).await.unwrap());
    let waiting = &store.timers(None, 10).await.unwrap()[0];
    assert_eq!((waiting.state, waiting.last_error.as_deref()), (WorkState::Pending, Some("no line")));
    assert_eq!(store.due_timers(&claim("w1", moment()), due).await.unwrap(), [], "after a pause");
    assert_eq!(store.due_timers(&claim("w1", at("2018-01-13T20:00:06+08:00")), due).await.unwrap().len(), 1);
}

async fn each_job_is_taken_by_one_worker(place: Place) {
    let store = open(&place).await;
    for n in 0..40 {
        store.enqueue(&format!("j{n}"), "count", &json!(n), moment(), moment()).await.unwrap();
    }
    assert!(!store.enqueue("j0", "count", &json!(0), moment(), moment()).await.unwrap());
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..8 {
        let store = store.clone();
        tasks.spawn(async move {
            let mut taken = Vec::new();
            loop {
                let jobs = take(&store, &format!("w{n}"), moment()).await;
                if jobs.is_empty() {
                    return taken;
                }
                for job in jobs {
                    assert!(store.finish_job(&job).await.unwrap());
                    taken.push(job.key);
                }
            }
        });
    }
    let mut taken: Vec<String> = tasks.join_all().await.concat();
    taken.sort();
    taken.dedup();
    assert_eq!((taken.len(), store.jobs(Some(WorkState::Done), 100).await.unwrap().len()), (40, 40));
}

async fn a_worker_that_ended_loses_its_job_to_another(place: Place) {
    let store = open(&place).await;
    store.enqueue("j", "count", &json!(1), moment(), moment()).await.unwrap();
    let [first] = take(&store, "w1", moment()).await.try_into().unwrap();
    assert_eq!(take(&store, "w2", at("2018-01-13T20:00:59+08:00")).await, []);
    let [second] = take(&store, "w2", at("2018-01-13T20:01:01+08:00")).await.try_into().unwrap();
    assert_eq!(second.attempts, 2);
    assert!(!store.finish_job(&first).await.unwrap(), "the lease has passed on");
    assert!(store.finish_job(&second).await.unwrap());
    // Work that kills every worker is put aside, not tried for ever.
    store.enqueue("killer", "count", &json!(1), moment(), moment()).await.unwrap();
    for hour in 0..MOST_ATTEMPTS {
        assert_eq!(take(&store, "w", at(&format!("2018-01-14T{hour:02}:00:00+08:00"))).await.len(), 1);
    }
    assert_eq!(take(&store, "w", at("2018-01-15T00:00:00+08:00")).await, []);
    assert_eq!(store.jobs(Some(WorkState::Dead), 10).await.unwrap()[0].key, "killer");
}

async fn a_job_that_fails_waits_longer_and_dies(place: Place) {
    let store = open(&place).await;
    store.enqueue("j", "count", &json!(1), moment(), moment()).await.unwrap();
    let mut now = moment();
    for attempt in 1..=MOST_ATTEMPTS {
        let [job] = take(&store, "w1", now).await.try_into().unwrap();
        assert_eq!(job.attempts, attempt);
        assert!(store.fail_job(&job, "refused\0", now).await.unwrap());
        assert!(!store.fail_job(&job, "twice", now).await.unwrap());
        now = store.jobs(None, 1).await.unwrap()[0].run_after;
    }
    let [dead] = store.jobs(Some(WorkState::Dead), 10).await.unwrap().try_into().unwrap();
    assert!(dead.last_error.unwrap().starts_with("refused"));
    assert!(store.retry_job(&dead.id, now).await.unwrap());
    assert!(!store.retry_job(&dead.id, now).await.unwrap());
    assert_eq!(take(&store, "w1", now).await.len(), 1);
}
