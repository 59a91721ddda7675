use crate::scores::Scores;

/// One acceptance line: a score at a lead, with the value that must and the one that ought to be met.
struct Target {
    name: &'static str,
    lead: usize,
    must: f64,
    good: f64,
    smaller: bool,
    value: f64,
}

/// Prints the figures beside reference levels measured on other, comparable winters of the same cities.
///
/// These winters are not those: a ratio to the 30-day climatology of the same days carries over better
/// than the absolute figure, so both stand here.
pub fn print(scores: &Scores) {
    println!("\n{:<34} {:>4} {:>8} {:>8} {:>8}", "target", "lead", "value", "must", "good");
    for target in targets(scores).into_iter().filter(|target| target.value.is_finite()) {
        let met = |bound: f64| if target.smaller { target.value <= bound } else { target.value >= bound };
        let word = match (met(target.must), met(target.good)) {
            (true, true) => "good",
            (true, false) => "met",
            _ => "NOT MET",
        };
        let Target { name, lead, value, must, good, .. } = target;
        println!("{name:<34} {lead:>4} {value:>8.4} {must:>8.3} {good:>8.3}  {word}");
    }
}

fn targets(scores: &Scores) -> Vec<Target> {
    let mut all = vec![];
    let mut line = |name, smaller, values: &dyn Fn(usize) -> f64, bounds: &[(usize, f64, f64)]| {
        all.extend(bounds.iter().map(|(lead, must, good)| Target {
            name,
            lead: *lead,
            must: *must,
            good: *good,
            smaller,
            value: values(*lead),
        }));
    };
    let of = |name: &'static str| move |lead: usize| scores.mean(name, lead);
    let ratio = |ours: &'static str, reference: &'static str| {
        move |lead: usize| scores.mean(ours, lead) / scores.mean(reference, lead)
    };
    let pm25 = "PM2_5 winter crps";
    let bounds = [(1, 11.5, 11.2), (2, 15.3, 15.0), (3, 16.0, 15.6), (5, 16.4, 15.9)];
    line("PM2.5 CRPS, winter", true, &of(pm25), &bounds);
    let bounds = [(1, 0.685, 0.667), (2, 0.904, 0.886), (3, 0.935, 0.911), (5, 0.949, 0.920)];
    line("  its ratio to climatology", true, &ratio(pm25, "PM2_5 winter climatology"), &bounds);
    let within = |name: &'static str, middle: f64| move |lead: usize| (scores.mean(name, lead) - middle).abs();
    let leads = |must: f64, good: f64| -> Vec<(usize, f64, f64)> { (1..=7).map(|lead| (lead, must, good)).collect() };
    line("cov90 away from .895", true, &within("PM2_5 winter cov90", 0.895), &leads(0.035, 0.025));
    line("cov50 away from .50", true, &within("PM2_5 winter cov50", 0.5), &leads(0.05, 0.03));
    line("level hit", false, &of("level hit"), &[(1, 0.58, 0.60), (2, 0.50, 0.52), (3, 0.49, 0.51)]);
    line("range hit", false, &of("range hit"), &[(1, 0.52, 0.54)]);
    line("  its mean width", true, &of("range width"), &[(1, 32.0, 32.0)]);
    line("primary hit", false, &of("primary hit"), &[(1, 0.70, 0.74), (2, 0.59, 0.63)]);
    let skill = |lead: usize| scores.brier_skill("brier150", "above150", lead);
    line("BSS, AQI > 150", false, &skill, &[(1, 0.25, 0.28), (2, 0.09, 0.11)]);
    line("TS at p > .3, AQI > 150", false, &ratio("warned and heavy", "warned or heavy"), &[(1, 0.28, 0.32)]);
    let ozone = "O3 warm crps";
    line("O3 CRPS, warm", true, &of(ozone), &[(1, 17.7, 17.4), (2, 20.6, 20.3), (3, 21.3, 21.0)]);
    let bounds = [(1, 0.812, 0.798), (2, 0.936, 0.923), (3, 0.964, 0.950)];
    line("  its ratio to climatology", true, &ratio(ozone, "O3 warm climatology"), &bounds);
    line("energy, five days", true, &of("energy ours"), &[(0, 3.06, 3.04)]);
    line("variogram, five days", true, &of("variogram ours"), &[(0, 0.081, 0.080)]);
    let skill = |lead: usize| scores.brier_skill("pair brier calibrated", "pair observed", lead);
    line("two heavy days, Brier skill", false, &skill, &[(1, 0.09, 0.10)]);
    let skill = |lead: usize| scores.brier_skill("pair5 brier calibrated", "pair5 observed", lead);
    line("  pairs within five days", false, &skill, &[(0, 0.09, 0.10)]);
    let skill = |lead: usize| scores.brier_skill("pair brier calibrated", "pair observed", lead);
    line("  pairs within seven days", false, &skill, &[(0, 0.09, 0.10)]);
    let off = |lead: usize| (scores.mean("pair calibrated", lead) / scores.mean("pair observed", lead) - 1.0).abs();
    line("  said over observed, away from 1", true, &off, &[(0, 0.15, 0.15), (1, 0.15, 0.15), (2, 0.15, 0.15)]);
    all
}
