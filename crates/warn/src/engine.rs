use crate::plan::{Condition, LevelRule, Plan, Rule, Window};

/// Hours from `start` to `end`, both included, as columns of a course; a start before the issue is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub start: i64,
    pub end: i64,
}

/// When and by which alternative a course meets a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meeting {
    /// Position among the alternatives of the rules asked for, in order.
    pub alternative: usize,
    /// The first episode: from the first block of the condition that fired to the last hour it holds.
    pub episode: Span,
}

/// How the columns of one course are read by a plan.
pub(crate) struct Reading<'a> {
    pub plan: &'a Plan,
    /// Label of the first column's hour, 1 to 24.
    first_label: usize,
    /// The lowest bound of any condition: a course that never exceeds it meets nothing.
    lowest: i16,
    /// The durations the plan names.
    durations: Vec<u32>,
}

impl<'a> Reading<'a> {
    /// A plan and the label of the first column's hour.
    pub fn new(plan: &'a Plan, first_label: u8) -> Self {
        let mut conditions = vec![];
        plan.levels.iter().for_each(|level| collect(&level.when, &mut conditions));
        let mut durations: Vec<u32> = conditions.iter().map(|condition| condition.hours).collect();
        durations.sort_unstable();
        durations.dedup();
        let lowest = conditions.iter().map(|condition| condition.bound()).min().unwrap_or(i16::MAX);
        Reading { plan, first_label: usize::from(first_label), lowest, durations }
    }

    /// The lowest bound of the lowest level: below it nothing of the plan holds any more.
    pub fn lowest_of_lowest_level(&self) -> i16 {
        self.plan.levels.first().map_or(i16::MAX, |level| lowest_bound(&level.when))
    }

    /// Every episode in which any of the rules is met, in order.
    pub fn met(&self, rules: &[LevelRule], course: &[i16]) -> Vec<Span> {
        self.episodes(rules.iter().flat_map(|rule| self.spans(&rule.when, course)).collect())
    }

    /// The highest level a course meets, as a position in the plan.
    pub fn highest(&self, course: &[i16]) -> Option<usize> {
        if course.iter().max().is_none_or(|highest| *highest <= self.lowest) {
            return None;
        }
        self.plan.levels.iter().rposition(|level| !self.spans(&level.when, course).is_empty())
    }

    /// The first episode in which any of the rules is met.
    pub fn meeting(&self, rules: &[LevelRule], course: &[i16]) -> Option<Meeting> {
        let alternatives = rules.iter().flat_map(|rule| rule.when.alternatives()).enumerate();
        let mut found: Vec<(Span, usize)> = alternatives
            .flat_map(|(number, rule)| self.spans(rule, course).into_iter().map(move |span| (span, number)))
            .collect();
        found.sort_by_key(|(span, number)| (span.start, *number));
        let alternative = found.first()?.1;
        let episode = *self.episodes(found.into_iter().map(|(span, _)| span).collect()).first()?;
        Some(Meeting { alternative, episode })
    }

    /// How far the best of some levels is exceeded, or missed: the weakest block of the best chain of
    /// blocks, measured against the bound by `beyond(value, bound)`; the best alternative, the weakest part.
    pub fn strength(&self, rules: &[LevelRule], values: &[f32], beyond: &impl Fn(f32, u16) -> f64) -> f64 {
        let chains: Vec<f32> = self.durations.iter().map(|hours| self.best_chain(values, *hours)).collect();
        let of = |condition: &Condition| {
            let place = self.durations.iter().position(|hours| *hours == condition.hours);
            place.map_or(f64::NEG_INFINITY, |place| beyond(chains[place], condition.aqi_gt))
        };
        rules.iter().map(|rule| rule_strength(&rule.when, &of)).fold(f64::NEG_INFINITY, f64::max)
    }

    /// The weakest block of the best chain; negative infinity when the course is shorter than a chain.
    fn best_chain(&self, values: &[f32], hours: u32) -> f32 {
        let (step, count) = self.chain(hours);
        let places = values.len().saturating_sub((count - 1) * step);
        let mut weakest = values[..places].to_vec();
        for later in 1..count {
            let shifted = values.get(later * step..).unwrap_or_default();
            weakest.iter_mut().zip(shifted).for_each(|(low, value)| *low = if value < low { *value } else { *low });
        }
        let anchored = weakest.iter().enumerate().filter(|(column, _)| self.anchored(*column));
        anchored.fold(f32::NEG_INFINITY, |best, (_, low)| if *low > best { *low } else { best })
    }

    /// Where a rule holds, by start. A condition holds over each chain of blocks; a combination of all
    /// holds where every part does in one episode, over what its lowest condition covers.
    fn spans(&self, rule: &Rule, course: &[i16]) -> Vec<Span> {
        match rule {
            Rule::Condition(condition) => self.chain_spans(*condition, course),
            Rule::AnyOf { any_of } => {
                let mut all: Vec<Span> = any_of.iter().flat_map(|rule| self.spans(rule, course)).collect();
                all.sort();
                all
            }
            Rule::AllOf { all_of } => self.together(all_of, course),
        }
    }

    /// Where a condition holds; chains that touch or overlap are one span.
    fn chain_spans(&self, condition: Condition, course: &[i16]) -> Vec<Span> {
        let (step, count) = self.chain(condition.hours);
        let reach = (count - 1) * step;
        let bound = condition.bound();
        let over = |column: usize| (0..count).all(|block| course[column + block * step] > bound);
        let mut spans: Vec<Span> = vec![];
        let places = course.len().saturating_sub(reach);
        for (column, first) in course[..places].iter().enumerate() {
            if *first > bound && self.anchored(column) && over(column) {
                let span = Span { start: column as i64 - 23, end: (column + reach) as i64 };
                match spans.last_mut() {
                    Some(open) if span.start <= open.end + 1 => open.end = span.end,
                    _ => spans.push(span),
                }
            }
        }
        spans
    }

    /// Distance and number of the 24-hour means that make up a condition of so many hours.
    fn chain(&self, hours: u32) -> (usize, usize) {
        match self.plan.window {
            Window::Blocks | Window::CalendarDays => (24, hours as usize / 24),
            Window::Running => (1, hours as usize - 23),
        }
    }

    /// Whether a chain may begin with the block that ends at a column.
    fn anchored(&self, column: usize) -> bool {
        self.plan.window != Window::CalendarDays || (self.first_label + column).is_multiple_of(24)
    }

    fn together(&self, parts: &[Rule], course: &[i16]) -> Vec<Span> {
        let spans: Vec<Vec<Span>> = parts.iter().map(|part| self.spans(part, course)).collect();
        if spans.iter().any(Vec::is_empty) {
            return vec![];
        }
        let lowest = (0..parts.len()).min_by_key(|part| lowest_bound(&parts[*part])).unwrap_or(0);
        let within = |span: &Span, episode: &Span| span.start >= episode.start && span.end <= episode.end;
        self.episodes(spans.concat())
            .iter()
            .filter(|episode| spans.iter().all(|part| part.iter().any(|span| within(span, episode))))
            .flat_map(|episode| spans[lowest].iter().copied().filter(move |span| within(span, episode)))
            .collect()
    }

    /// Joins spans whose gap is shorter than the plan's merge span.
    fn episodes(&self, mut spans: Vec<Span>) -> Vec<Span> {
        spans.sort();
        let mut episodes: Vec<Span> = vec![];
        for span in spans {
            match episodes.last_mut() {
                Some(open) if span.start - open.end - 1 < i64::from(self.plan.merge_hours) => {
                    open.end = open.end.max(span.end);
                }
                _ => episodes.push(span),
            }
        }
        episodes
    }
}

fn collect(rule: &Rule, into: &mut Vec<Condition>) {
    match rule {
        Rule::Condition(condition) => into.push(*condition),
        Rule::AnyOf { any_of: parts } | Rule::AllOf { all_of: parts } => {
            parts.iter().for_each(|part| collect(part, into));
        }
    }
}

fn rule_strength(rule: &Rule, of: &impl Fn(&Condition) -> f64) -> f64 {
    match rule {
        Rule::Condition(condition) => of(condition),
        Rule::AnyOf { any_of } => any_of.iter().map(|part| rule_strength(part, of)).fold(f64::NEG_INFINITY, f64::max),
        Rule::AllOf { all_of } => all_of.iter().map(|part| rule_strength(part, of)).fold(f64::INFINITY, f64::min),
    }
}

fn lowest_bound(rule: &Rule) -> i16 {
    rule.bounds().first().and_then(|bound| i16::try_from(*bound).ok()).unwrap_or(i16::MAX)
}
