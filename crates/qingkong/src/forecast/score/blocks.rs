//! The table of scores: a block a kind of measure, columns as wide as their cells.

use super::report::Report;
use crate::failure::Failure;
use ::forecast::verification::{
    Against, Compared, Decisions, Estimate, EventScore, GroupScore, IndexEventScore, IndexScore, JointScore,
    JointVerification, PairScore, Scorecard, StepErrors, TimingScore, ValueScore,
};
use std::io::Write;

/// Bounds from fewer issue weeks are not shown.
const FEWEST_WEEKS: usize = 8;

/// One row: the title of every column and its cell.
type Row = Vec<(&'static str, String)>;

/// Writes the blocks that have rows.
pub fn write(report: &Report, mut output: impl Write) -> Result<(), Failure> {
    let grouped = |of: &dyn Fn(&GroupScore) -> Vec<Row>| -> Vec<Row> {
        let key = |score: &GroupScore| -> Row {
            let by = report.by.iter().zip(&score.key).map(|(by, key)| (by.code(), key.to_string()));
            by.chain([("item", score.item.code().to_string())]).collect()
        };
        let rows = |score: &GroupScore| -> Vec<Row> {
            of(score).into_iter().map(|row| key(score).into_iter().chain(row).collect()).collect()
        };
        report.scores.iter().flat_map(rows).collect()
    };
    let blocks = [
        ("values", grouped(&|score| score.value.iter().map(value_row).collect())),
        ("index", grouped(&|score| score.index.iter().map(index_row).collect())),
        ("events", grouped(&|score| score.events.iter().map(event_row).collect())),
        ("decisions", grouped(&|score| score.events.iter().flat_map(decision_rows).collect())),
        ("episodes of days above 150, errors in days", grouped(&timing_rows)),
        ("joint", report.joint.iter().flat_map(joint_rows).collect()),
        ("joint events", report.joint.iter().flat_map(joint_event_rows).collect()),
        (
            "two days in a row above 115 µg/m³, by the lead of the first",
            report.pairs.iter().flat_map(pair_rows).collect(),
        ),
        ("scorecards", report.scorecards.iter().map(card_row).collect()),
    ];
    let filled = blocks.into_iter().filter(|(_, rows)| !rows.is_empty());
    for (place, (title, rows)) in filled.enumerate() {
        if place > 0 {
            writeln!(output)?;
        }
        writeln!(output, "# {title}")?;
        aligned(&rows).iter().try_for_each(|line| writeln!(output, "{line}"))?;
    }
    Ok(())
}

/// Titles and cells, right-aligned. Every row of a block has the same columns.
fn aligned(rows: &[Row]) -> Vec<String> {
    let titles: Vec<&str> = rows.first().into_iter().flatten().map(|cell| cell.0).collect();
    let length = |text: &str| text.chars().count();
    let width = |place: usize| {
        let cells = rows.iter().filter_map(|row| row.get(place)).map(|cell| length(&cell.1));
        cells.chain([length(titles[place])]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..titles.len()).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| -> String {
        let padded = cells.zip(&widths).map(|(cell, width)| format!("{cell:>width$}"));
        padded.collect::<Vec<_>>().join("  ")
    };
    let header = line(&mut titles.iter().copied());
    [header].into_iter().chain(rows.iter().map(|row| line(&mut row.iter().map(|cell| cell.1.as_str())))).collect()
}

fn show(value: Option<f64>, digits: usize) -> String {
    value.map_or("-".to_string(), |value| format!("{value:.digits$}"))
}

fn share(estimate: Option<Estimate>) -> String {
    show(estimate.map(|estimate| estimate.value), 3)
}

fn bounded(estimate: Option<Estimate>) -> String {
    estimate.map_or("-".to_string(), |estimate| match estimate.weeks {
        0..FEWEST_WEEKS => format!("{:.3}", estimate.value),
        _ => format!("{:.3} [{:.3}, {:.3}]", estimate.value, estimate.low, estimate.high),
    })
}

fn skill<S>(against: &Option<Against<S>>) -> String {
    bounded(against.as_ref().and_then(|against| against.skill))
}

fn of_reference<S>(against: &Option<Against<S>>, of: fn(&S) -> f64, digits: usize) -> String {
    show(against.as_ref().map(|against| of(&against.reference)), digits)
}

fn value_row(compared: &Compared<ValueScore>) -> Row {
    let ours = &compared.forecast;
    let crps = |score: &ValueScore| score.crps.value;
    vec![
        ("days", ours.cases.to_string()),
        ("CRPS", show(Some(crps(ours)), 2)),
        ("clim", of_reference(&compared.climatology, crps, 2)),
        ("skill [95 %]", skill(&compared.climatology)),
        ("pers", of_reference(&compared.persistence, crps, 2)),
        ("skill [95 %]", skill(&compared.persistence)),
        ("MAE", show(Some(ours.mae.value), 2)),
        ("RMSE", show(Some(ours.rmse), 2)),
        ("bias", show(Some(ours.bias.value), 2)),
        ("NMB", show(ours.nmb, 3)),
        ("NME", show(ours.nme, 3)),
        ("R", show(ours.r, 3)),
        ("cov50", show(Some(ours.coverage50), 3)),
        ("cov90", show(Some(ours.coverage90), 3)),
        ("width90", show(Some(ours.width90), 1)),
    ]
}

fn index_row(compared: &Compared<IndexScore>) -> Row {
    let ours = &compared.forecast;
    let interval = |score: &IndexScore| score.interval_score.value;
    vec![
        ("days", ours.cases.to_string()),
        ("range", share(Some(ours.range_hit))),
        ("width", show(Some(ours.width.value), 1)),
        ("interval", show(Some(interval(ours)), 1)),
        ("clim", of_reference(&compared.climatology, interval, 1)),
        ("skill [95 %]", skill(&compared.climatology)),
        ("pers", of_reference(&compared.persistence, interval, 1)),
        ("skill [95 %]", skill(&compared.persistence)),
        ("level", share(Some(ours.level_hit))),
        ("set", share(Some(ours.level_set_hit))),
        ("single", share(ours.level_hit_single)),
        ("cross", share(ours.level_hit_cross)),
        ("half", share(Some(ours.half_level_hit))),
        ("primary", share(ours.primary_hit)),
        ("over", share(Some(ours.over))),
        ("under", share(Some(ours.under))),
    ]
}

fn event_row(compared: &Compared<IndexEventScore>) -> Row {
    let event = &compared.forecast;
    let mut row = vec![("AQI", format!(">{}", event.bound))];
    row.extend(brier_cells(&event.probability));
    row.push(("vs clim", skill(&compared.climatology)));
    row.push(("vs pers", skill(&compared.persistence)));
    row.push(("ROC", show(event.probability.roc_area, 3)));
    row
}

fn brier_cells(event: &EventScore) -> Row {
    let parts = [event.reliability, event.resolution, event.uncertainty].map(|part| show(Some(part), 4));
    let [reliability, resolution, uncertainty] = parts;
    vec![
        ("cases", event.cases.to_string()),
        ("observed", show(Some(event.observed), 4)),
        ("said", show(Some(event.said), 4)),
        ("Brier", show(Some(event.brier.value), 4)),
        ("reliability", reliability),
        ("resolution", resolution),
        ("uncertainty", uncertainty),
        ("skill [95 %]", bounded(event.brier_skill)),
    ]
}

/// The same event decided by its probability and by the middle of the range, and by the references' probabilities.
fn decision_rows(compared: &Compared<IndexEventScore>) -> Vec<Row> {
    let by_probability = |who, score: &IndexEventScore| {
        let rule = format!("p > {}", score.probability.threshold);
        decision_row(who, score.bound, rule, &score.probability.by_probability)
    };
    let ours = &compared.forecast;
    let mut rows = vec![
        by_probability("forecast", ours),
        decision_row("forecast", ours.bound, "middle".to_string(), &ours.by_middle),
    ];
    rows.extend(compared.climatology.as_ref().map(|against| by_probability("climatology", &against.reference)));
    rows.extend(compared.persistence.as_ref().map(|against| by_probability("persistence", &against.reference)));
    rows
}

fn decision_row(who: &str, bound: u16, rule: String, decisions: &Decisions) -> Row {
    vec![
        ("AQI", format!(">{bound}")),
        ("by", who.to_string()),
        ("rule", rule),
        ("hits", decisions.hits.to_string()),
        ("misses", decisions.misses.to_string()),
        ("false", decisions.false_alarms.to_string()),
        ("POD [95 %]", bounded(decisions.pod)),
        ("FAR [95 %]", bounded(decisions.far)),
        ("TS [95 %]", bounded(decisions.ts)),
        ("bias", show(decisions.bias, 2)),
    ]
}

fn timing_rows(score: &GroupScore) -> Vec<Row> {
    let Some(timing) = &score.timing else { return vec![] };
    let named =
        [("forecast", &timing.forecast), ("climatology", &timing.climatology), ("persistence", &timing.persistence)];
    named.into_iter().filter_map(|(name, timing)| Some(timing_row(name, timing.as_ref()?))).collect()
}

fn timing_row(name: &str, timing: &TimingScore) -> Row {
    let errors = |errors: &Option<StepErrors>| {
        errors.as_ref().map_or("-".to_string(), |errors| format!("{:+.2} ({:.2})", errors.mean, errors.mean_absolute))
    };
    vec![
        ("by", name.to_string()),
        ("observed", timing.observed.to_string()),
        ("forecast", timing.forecast.to_string()),
        ("matched", timing.matched.to_string()),
        ("missed", timing.missed.to_string()),
        ("false", timing.false_alarms.to_string()),
        ("start mean (abs)", errors(&timing.start)),
        ("peak mean (abs)", errors(&timing.peak)),
        ("end mean (abs)", errors(&timing.end)),
        ("peak ratio", show(timing.peak_ratio, 2)),
    ]
}

/// Whose joint scores there are.
fn joint_authors(joint: &JointVerification) -> Vec<(&'static str, &JointScore, Option<Estimate>)> {
    let mut authors = vec![("forecast", &joint.forecast, None)];
    authors.extend(joint.climatology.as_ref().map(|score| ("climatology", score, joint.skill_climatology)));
    authors.extend(joint.persistence.as_ref().map(|score| ("persistence", score, joint.skill_persistence)));
    authors
}

fn joint_rows(joint: &JointVerification) -> Vec<Row> {
    let row = |(name, score, skill): (&'static str, &JointScore, Option<Estimate>)| {
        vec![
            ("by", name.to_string()),
            ("runs", score.runs.to_string()),
            ("whole", score.complete_runs.to_string()),
            ("energy", show(score.energy.map(|energy| energy.value), 3)),
            ("energy skill against it [95 %]", bounded(skill)),
            ("variogram", show(score.variogram.map(|variogram| variogram.value), 4)),
        ]
    };
    joint_authors(joint).into_iter().map(row).collect()
}

fn joint_event_rows(joint: &JointVerification) -> Vec<Row> {
    let row = |name: &'static str, event: &'static str, score: &EventScore| {
        let mut row = vec![("by", name.to_string()), ("event", event.to_string())];
        row.extend(brier_cells(score));
        row
    };
    let rows = |(name, score, _): (&'static str, &JointScore, Option<Estimate>)| -> Vec<Row> {
        let events = [("48 h", &score.two_days), ("72 h", &score.three_days), ("4 cities", &score.many_cities)];
        events.into_iter().filter_map(|(event, score)| Some(row(name, event, score.as_ref()?))).collect()
    };
    joint_authors(joint).into_iter().flat_map(rows).collect()
}

/// The members' share and the calibrated probability of the same pairs of days.
fn pair_rows(score: &PairScore) -> Vec<Row> {
    let row = |by: &str, event: &EventScore, gain: Option<Estimate>| {
        let lead = score.lead_day.map_or("all".to_string(), |lead| lead.to_string());
        let mut row = vec![("lead", lead), ("by", by.to_string())];
        row.extend(brier_cells(event));
        row.push(("against members [95 %]", bounded(gain)));
        row
    };
    vec![row("members", &score.members, None), row("calibrated", &score.calibrated, score.gain)]
}

fn card_row(card: &Scorecard) -> Row {
    vec![
        ("month", card.month.clone()),
        ("city", card.city.clone().unwrap_or("all".to_string())),
        ("author", card.author.id().to_string()),
        ("days", card.cases.to_string()),
        ("range", show(Some(card.range_hit), 3)),
        ("level", show(Some(card.level_hit), 3)),
        ("primary", show(card.primary_hit, 3)),
        ("width", show(Some(card.width), 1)),
        ("interval", show(Some(card.interval_score), 1)),
        ("excess", show(Some(card.excess), 1)),
        ("bias", show(Some(card.bias), 1)),
        ("rank", card.rank.map_or("-".to_string(), |rank| rank.to_string())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_of_a_few_weeks_are_not_shown() {
        let estimate = |weeks| Some(Estimate { value: 0.5, low: 0.25, high: 0.75, weeks });
        assert_eq!((bounded(estimate(7)), bounded(estimate(8))), ("0.500".into(), "0.500 [0.250, 0.750]".into()));
        assert_eq!(bounded(None), "-");
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let row = |city: &str, days: &str| vec![("city", city.to_string()), ("days", days.to_string())];
        let lines = aligned(&[row("南京", "7"), row("320300", "12345")]);
        assert_eq!(lines, ["  city   days", "    南京      7", "320300  12345"]);
    }
}
