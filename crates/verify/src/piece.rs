use crate::baseline::{Baseline, NoBaseline, NormalDays};
use crate::judge::Doubted;
use crate::signal::words;
use crate::statistics::above;
use crate::words::{Words, percent};
use crate::{Declared, HourEvidence, HourValue, Kind, OrderLine, Role, Rules, Signal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::BeijingHour;

words! {
    /// What one kind of evidence says of an hour.
    Says {
        /// Cut as ordered.
        Met "met" "已减" "cut as ordered",
        /// Less than ordered.
        Short "short" "未减到位" "less than ordered",
        /// It speaks, but says neither.
        Unclear "unclear" "不明确" "neither",
        /// It does not speak; `silence` says why.
        Silent "silent" "无证据" "nothing",
    }
}

/// Why a kind of evidence does not speak (无证据原因).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Silence {
    /// Nothing was told of this hour: not installed, offline, or not yet sent.
    NotTold,
    /// Too few valid minutes.
    TooFewMinutes {
        /// Valid.
        valid: u16,
        /// Needed.
        needed: u16,
        /// Minutes by mark.
        marks: BTreeMap<char, u16>,
    },
    /// No baseline.
    NoBaseline(NoBaseline),
    /// Its data are in doubt (存疑); the findings say why.
    Doubted,
    /// It says nothing of a partial cut.
    PartialCut,
}

/// What one kind of evidence says, with its figures (一类证据).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// The kind.
    pub kind: Kind,
    /// The signal that spoke, where one did.
    pub signal: Option<Signal>,
    /// What it says.
    pub says: Says,
    /// Probability that the cut was as ordered; 0.5 when it does not speak.
    pub probability: f64,
    /// The hour's mean, in the signal's unit.
    pub observed: Option<f64>,
    /// What it is held against.
    pub baseline: Option<Baseline>,
    /// Share of the baseline that was cut; negative when more was emitted.
    pub cut: Option<f64>,
    /// Standard error of the cut.
    pub error: Option<f64>,
    /// Share that was asked.
    pub asked: f64,
    /// Why it does not speak.
    pub silence: Option<Silence>,
}

impl Piece {
    fn silent(kind: Kind, signal: Option<Signal>, asked: f64, silence: Silence) -> Piece {
        let (observed, baseline, cut, error) = (None, None, None, None);
        let (says, probability, silence) = (Says::Silent, 0.5, Some(silence));
        Piece { kind, signal, says, probability, observed, baseline, cut, error, asked, silence }
    }

    fn declared(kind: Kind, asked: f64, runs: Option<bool>, probability: f64) -> Piece {
        let mut piece = Piece::silent(kind, None, asked, Silence::NotTold);
        if let Some(runs) = runs {
            piece.silence = None;
            (piece.says, piece.probability) =
                if runs { (Says::Short, 1.0 - probability) } else { (Says::Met, probability) };
        }
        piece
    }

    /// What it says in words, with its figures.
    pub fn words(&self) -> Words {
        let (zh, en) = (
            self.signal.map_or(self.kind.name(), Signal::name),
            self.signal.map_or(self.kind.name_en(), Signal::name_en),
        );
        match (&self.silence, self.cut, self.observed, &self.baseline) {
            (Some(silence), ..) => {
                let why = silence_words(silence);
                Words::new(format!("{zh}：{}", why.zh), format!("{en}: {}", why.en))
            }
            (None, Some(cut), Some(observed), Some(baseline)) => {
                let unit = self.signal.map_or("", Signal::unit);
                let (median, days) = (baseline.median, baseline.days.len());
                let (cut, asked, error) = (percent(cut), percent(self.asked), percent(self.error.unwrap_or(0.0)));
                Words::new(
                    format!(
                        "{zh}：{observed:.1} {unit}，基线 {median:.1} {unit}（{days} 天），减少 {cut}（±{error}），要求 {asked}"
                    ),
                    format!(
                        "{en}: {observed:.1} {unit} against {median:.1} {unit} ({days} days), cut by {cut} (±{error}), {asked} asked"
                    ),
                )
            }
            _ => Words::new(format!("{zh}：{}", self.says.name()), format!("{en}: {}", self.says.name_en())),
        }
    }
}

fn silence_words(silence: &Silence) -> Words {
    match silence {
        Silence::NotTold => Words::new("本小时无数据", "nothing was told of this hour"),
        Silence::TooFewMinutes { valid, needed, marks } => {
            let marks: Vec<String> = marks.iter().map(|(mark, minutes)| format!("{mark} {minutes}")).collect();
            let marks = marks.join(", ");
            Words::new(
                format!("有效 {valid} 分钟，不足 {needed} 分钟（标记 {marks}）"),
                format!("{valid} valid minutes of the {needed} needed (marks {marks})"),
            )
        }
        Silence::NoBaseline(why) => why.words(),
        Silence::Doubted => Words::new("数据存疑，不作为依据", "its data are in doubt and prove nothing"),
        Silence::PartialCut => Words::new("对部分减排无指示意义", "says nothing of a partial cut"),
    }
}

/// What everything is held against, for one order.
pub(crate) struct Against<'a> {
    pub line: &'a OrderLine,
    pub rules: &'a Rules,
    pub normal: &'a BTreeMap<Signal, NormalDays>,
    pub doubted: &'a Doubted,
}

impl Against<'_> {
    /// All kinds of evidence of an hour, the weightiest first.
    pub fn pieces(&self, hour: BeijingHour, evidence: &HourEvidence) -> Vec<Piece> {
        let asked = self.line.cut.get();
        let stop = asked >= self.rules.stack.stop_cut;
        vec![
            self.quantity(hour, evidence, Signal::ProductionPower),
            self.marks(evidence, stop),
            self.mass(hour, evidence),
            self.stack(hour, evidence, stop),
            equipment(evidence, asked, stop),
            photo(evidence, asked, stop),
        ]
    }

    /// A signal against its baseline: a share that was cut, with its error.
    fn quantity(&self, hour: BeijingHour, evidence: &HourEvidence, signal: Signal) -> Piece {
        let (rules, asked) = (self.rules, self.line.asked(signal, self.rules));
        let silent = |silence| Piece::silent(signal.kind(), Some(signal), asked, silence);
        let (observed, baseline) = match self.held(hour, evidence, signal) {
            Ok(held) => held,
            Err(silence) => return silent(silence),
        };
        let left = observed / baseline.median;
        let cut = 1.0 - left;
        let instrument = rules.signal(signal).error;
        // The instrument was the same before: what is left of its error is its drift since.
        let error = (left * instrument).hypot(left * baseline.error / baseline.median).max(0.01);
        let met = above(cut, error, asked - rules.tolerance);
        let (says, probability) = if cut >= asked && met >= rules.probability {
            (Says::Met, met)
        } else {
            let short = 1.0 - above(cut, error, asked);
            let says =
                if cut < asked - rules.tolerance && short >= rules.probability { Says::Short } else { Says::Unclear };
            (says, 1.0 - short)
        };
        let (cut, error) = (Some(cut), Some(error));
        let (observed, baseline) = (Some(observed), Some(baseline));
        Piece {
            kind: signal.kind(),
            signal: Some(signal),
            says,
            probability,
            observed,
            baseline,
            cut,
            error,
            asked,
            silence: None,
        }
    }

    /// A valid value of the hour and its baseline.
    pub fn held(&self, hour: BeijingHour, evidence: &HourEvidence, signal: Signal) -> Result<(f64, Baseline), Silence> {
        if self.doubted.holds(hour, signal) {
            return Err(Silence::Doubted);
        }
        let value = evidence.values.get(&signal).ok_or(Silence::NotTold)?;
        let mean = valid_mean(value, self.rules).ok_or_else(|| Silence::TooFewMinutes {
            valid: value.valid_minutes,
            needed: self.rules.valid_minutes,
            marks: value.marks.clone(),
        })?;
        let normal = self
            .normal
            .get(&signal)
            .ok_or(Silence::NoBaseline(NoBaseline::TooFewDays { found: 0, needed: self.rules.baseline.least_days }))?;
        let baseline = normal.baseline(hour, self.rules).map_err(Silence::NoBaseline)?;
        // It usually stands still at this hour, and does so now. If it runs now, it is held against its standing still.
        if normal.stands_still(baseline.median, self.rules) && normal.stands_still(mean, self.rules) {
            return Err(Silence::NoBaseline(NoBaseline::StandsStill));
        }
        Ok((mean, baseline))
    }

    /// Of the amounts emitted the one that was cut least; all that are told must have been cut.
    fn mass(&self, hour: BeijingHour, evidence: &HourEvidence) -> Piece {
        let masses = Signal::ALL.iter().filter(|signal| signal.kind() == Kind::Mass);
        // Where the list names amounts as indicators, those; else all.
        let named: Vec<Signal> = masses.copied().filter(|signal| self.line.indicators.contains_key(signal)).collect();
        let told = |signal: &&Signal| signal.kind() == Kind::Mass && evidence.values.contains_key(signal);
        let taken = if named.is_empty() { Signal::ALL.iter().filter(told).copied().collect() } else { named };
        let pieces: Vec<Piece> = taken.iter().map(|signal| self.quantity(hour, evidence, *signal)).collect();
        let worst = pieces.iter().filter(|piece| piece.says != Says::Silent);
        let worst = worst.min_by(|a, b| a.probability.total_cmp(&b.probability)).cloned();
        worst
            .or_else(|| pieces.into_iter().next())
            .unwrap_or_else(|| Piece::silent(Kind::Mass, None, self.line.cut.get(), Silence::NotTold))
    }

    /// Whether the stack is idle: near-ambient oxygen, and neither heat nor draught that contradicts.
    fn stack(&self, hour: BeijingHour, evidence: &HourEvidence, stop: bool) -> Piece {
        let (rules, asked) = (&self.rules.stack, self.line.cut.get());
        let silent = |silence| Piece::silent(Kind::StackPhysics, Some(Signal::Oxygen), asked, silence);
        let oxygen = match self.doubted.holds(hour, Signal::Oxygen) {
            true => return silent(Silence::Doubted),
            false => evidence.values.get(&Signal::Oxygen),
        };
        let Some(value) = oxygen else { return silent(Silence::NotTold) };
        let Some(oxygen) = valid_mean(value, self.rules) else {
            let (valid, needed, marks) = (value.valid_minutes, self.rules.valid_minutes, value.marks.clone());
            return silent(Silence::TooFewMinutes { valid, needed, marks });
        };
        let share = |signal| self.held(hour, evidence, signal).ok().map(|(value, baseline)| value / baseline.median);
        let (heat, draught) = (share(Signal::Temperature), share(Signal::Velocity));
        let hot = heat.is_some_and(|share| share > rules.temperature_idle);
        let (moves, flows) = (
            draught.is_some_and(|share| share > rules.velocity_idle),
            draught.is_some_and(|share| share >= rules.velocity_running),
        );
        // Oxygen alone is easily diluted: heat or draught must have been measured beside it.
        let idle = oxygen >= rules.oxygen_idle && !hot && !moves && (heat.is_some() || draught.is_some());
        let runs = oxygen <= rules.oxygen_running && (flows || (draught.is_none() && hot));
        let piece = |says, probability| Piece {
            says,
            probability,
            observed: Some(oxygen),
            silence: None,
            ..silent(Silence::PartialCut)
        };
        match (idle, runs && stop) {
            (true, _) => piece(Says::Met, rules.probability),
            (_, true) => piece(Says::Short, 1.0 - rules.probability),
            _ if stop => piece(Says::Unclear, 0.5),
            _ => silent(Silence::PartialCut),
        }
    }

    /// What was declared. A declaration of a stop meets any order; one of running contradicts a stop.
    fn marks(&self, evidence: &HourEvidence, stop: bool) -> Piece {
        let minutes = |declared| evidence.declared.get(&declared).copied().unwrap_or(0);
        let enough = |minutes| minutes >= self.rules.valid_minutes;
        let stopped = enough(minutes(Declared::Stopped));
        let runs = stop && enough(minutes(Declared::Running) + minutes(Declared::Starting));
        let says = if stopped { Some(false) } else { runs.then_some(true) };
        Piece::declared(Kind::Marks, self.line.cut.get(), says, 0.7)
    }
}

fn equipment(evidence: &HourEvidence, asked: f64, stop: bool) -> Piece {
    let production = evidence.equipment.get(&Role::Production).copied().unwrap_or_default();
    let (on, off) = (production.running_minutes, production.off_minutes);
    let says = if off > 0 && on == 0 { Some(false) } else { (stop && on > off).then_some(true) };
    Piece::declared(Kind::Equipment, asked, says, 0.7)
}

fn photo(evidence: &HourEvidence, asked: f64, stop: bool) -> Piece {
    // Running says nothing against a partial cut.
    let says = evidence.seen_running.filter(|runs| stop || !runs);
    Piece::declared(Kind::Photo, asked, says, 0.85)
}

pub(crate) fn valid_mean(value: &HourValue, rules: &Rules) -> Option<f64> {
    value.mean.filter(|_| value.valid_minutes >= rules.valid_minutes)
}
