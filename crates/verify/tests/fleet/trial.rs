//! A simulated fleet under an order: frames in, verdicts out, held against what the simulator did.

use hj212::simulate::{Behaviour, Description, Fleet, Plant, ReportKind};
use hj212::{Devices, Framer, What};
use std::collections::BTreeMap;
use units::{BeijingDay, BeijingHour, Instant, Share};
use verify::certainty::{ClosedLine, Learned, Prior};
use verify::falsification::{Finding, examine};
use verify::{
    Days, Evidence, HourBook, LineOutcome, OrderLine, Outcome, Rules, Verdict, Wiring, close, judge, samples,
};

const HISTORY_DAYS: i32 = 18;

/// What really was in an order-hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Real {
    /// Cut as ordered, treatment on.
    Delivered,
    /// Between what was ordered and the tolerance.
    Near,
    /// Cut less than that.
    Short,
    /// Treatment off while producing.
    TreatmentOff,
    /// It would have stood still anyway.
    Idle,
}

/// One plant with everything that was found.
pub struct Judged {
    pub behaviour: Behaviour,
    pub industry: &'static str,
    pub line: OrderLine,
    pub verdicts: Vec<Verdict>,
    pub findings: Vec<Finding>,
    pub outcome: LineOutcome,
    pub real: Vec<Real>,
}

pub struct Trial {
    pub frames: usize,
    pub judged: Vec<Judged>,
}

pub fn description(plants: usize) -> Description {
    let mut description = Description::parse(Description::bundled_text()).expect("bundled");
    description.plants = plants;
    description
}

/// Days before the order by hours, the order itself by minutes: as a store would hold it.
pub fn run(description: &Description) -> Trial {
    let order = description.order.as_ref().expect("an order");
    let (from, to) = (order.from, order.to);
    let with = |reports: &[ReportKind]| Fleet::new(Description { reports: reports.to_vec(), ..description.clone() });
    let before = with(&[ReportKind::Hours]);
    let during = with(&[ReportKind::Minutes, ReportKind::States, ReportKind::Conditions]);
    let mut books = vec![HourBook::default(); description.plants];
    let first = (from.last_ended_hour() - i64::from(HISTORY_DAYS) * 24).end();
    let mut frames = receive(&before, first, from, &mut books, |_| true);
    // What was held back comes later: the last gap of an order is filled up after it.
    let later = (to.last_ended_hour() + 6).end();
    frames += receive(&during, from, later, &mut books, |_| true);
    let judged =
        before.plants().iter().zip(books).map(|(plant, book)| judged(&before, plant, &book, from, to)).collect();
    Trial { frames, judged }
}

/// Decodes frames into the books of their plants; `takes` may leave filled-up ones for later.
pub fn receive(
    fleet: &Fleet,
    from: Instant,
    to: Instant,
    books: &mut [HourBook],
    takes: impl Fn(bool) -> bool,
) -> usize {
    let (devices, wiring) = (Devices::default(), Wiring::bundled());
    let mut framer = Framer::default();
    let mut frames = 0;
    for sent in fleet.frames(from, to) {
        let sent = sent.expect("simulated frames can be written");
        assert_eq!(framer.push(&sent.bytes), sent.bytes.len());
        while let Some(found) = framer.find(&devices) {
            let What::Frame(frame) = found.what else { panic!("{}", String::from_utf8_lossy(&sent.bytes)) };
            assert_eq!(frame.header.mn, fleet.plants()[sent.plant].mn);
            frames += 1;
            for sample in samples(&frame, wiring).into_iter().filter(|sample| takes(sample.supplementary)) {
                books[sent.plant].push(sample);
            }
        }
    }
    frames
}

pub fn line_of(plant: &Plant, from: Instant, to: Instant) -> OrderLine {
    OrderLine {
        enterprise: plant.mn.parse().expect("an id"),
        from: from.last_ended_hour() + 1,
        to: to.last_ended_hour(),
        cut: Share::new(plant.cut).expect("a share"),
        indicators: BTreeMap::new(),
        transition_hours: 0,
        exempt: None,
    }
}

fn judged(fleet: &Fleet, plant: &Plant, book: &HourBook, from: Instant, to: Instant) -> Judged {
    let rules = Rules::bundled();
    let line = line_of(plant, from, to);
    let days = Days { rest: sundays(from.last_ended_hour().day()), ..Days::default() };
    let findings = examine(book, &line, &days, rules);
    let evidence = Evidence { hours: book.hours(rules), days, findings: findings.clone() };
    let verdicts = judge(&line, &evidence, rules).expect("a line that can be judged");
    let outcome = close(&verdicts, rules);
    let real = line.hours().map(|hour| real(fleet, plant, hour)).collect();
    Judged { behaviour: plant.behaviour, industry: plant.industry, line, verdicts, findings, outcome, real }
}

fn real(fleet: &Fleet, plant: &Plant, hour: BeijingHour) -> Real {
    let truth = fleet.truth(plant, hour);
    let cut = 1.0 - truth.load / truth.usual;
    match () {
        () if truth.usual < 0.05 => Real::Idle,
        () if !truth.treatment && truth.load > 0.1 => Real::TreatmentOff,
        () if cut >= plant.cut - 0.01 => Real::Delivered,
        () if cut >= plant.cut - Rules::bundled().tolerance => Real::Near,
        () => Real::Short,
    }
}

fn sundays(before: BeijingDay) -> std::collections::BTreeSet<BeijingDay> {
    (0..60).map(|back| before - back).filter(|day| day.index().rem_euclid(7) == 3).collect()
}

impl Trial {
    /// Order-hours by what really was and what was found.
    pub fn hours(&self) -> BTreeMap<(Real, Outcome), usize> {
        let mut table = BTreeMap::new();
        for judged in &self.judged {
            for (real, verdict) in judged.real.iter().zip(&judged.verdicts) {
                *table.entry((*real, verdict.outcome)).or_insert(0) += 1;
            }
        }
        table
    }

    /// Order lines by behaviour and outcome.
    pub fn lines(&self) -> BTreeMap<(Behaviour, Outcome), usize> {
        let mut table = BTreeMap::new();
        for judged in &self.judged {
            *table.entry((judged.behaviour, judged.outcome.outcome)).or_insert(0) += 1;
        }
        table
    }

    pub fn count(&self, reals: &[Real], outcomes: &[Outcome]) -> usize {
        let table = self.hours();
        let found = table.iter().filter(|((real, outcome), _)| reals.contains(real) && outcomes.contains(outcome));
        found.map(|(_, count)| count).sum()
    }

    /// What is learned from the order, were it given and obeyed alike so many times.
    pub fn learned(&self, orders: usize) -> Learned {
        let line = |judged: &Judged, order: usize| {
            let id = format!("{} {order}", judged.line.enterprise);
            ClosedLine::of(&id, &judged.line, judged.industry, "限产", &judged.outcome)
                .filter(|line| line.verified.get() > 0.0)
        };
        let lines = self.judged.iter().flat_map(|judged| (0..orders).filter_map(move |order| line(judged, order)));
        Learned::from_lines(lines, Prior::bundled()).expect("lines that teach something")
    }

    /// Mean certainty of the plants of a behaviour that have a verified line, with their number.
    pub fn certainty(&self, behaviour: Behaviour, orders: usize) -> (f64, usize) {
        let learned = self.learned(orders);
        let of = |judged: &Judged| learned.of(&judged.line.enterprise, judged.industry, "限产");
        let known: Vec<f64> = self
            .judged
            .iter()
            .filter(|judged| judged.behaviour == behaviour)
            .map(of)
            .filter(|certainty| certainty.lines > 0)
            .map(|certainty| certainty.mean_share.mean)
            .collect();
        (known.iter().sum::<f64>() / known.len().max(1) as f64, known.len())
    }
}
