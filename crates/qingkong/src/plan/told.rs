//! What the commands say on the screen: Chinese first, English beside.

use super::{Curve, Point};
use ::plan::{Checked, FreshAttainment, FreshShare, Instance, Plan, Status};

/// Most receptors and legal minima named one by one.
const NAMED: usize = 10;

/// How good the plan is, what changes, and what is short by name.
pub fn lines(instance: &Instance, plan: &Plan, changed: Option<&[usize]>) -> Vec<String> {
    let mut lines = vec![summary(plan)];
    if let Some(changed) = changed {
        lines.push(format!("  与现行命令不同 orders that change：{} 家 sources", changed.len()));
    }
    let share = 100.0 * instance.confidence();
    let receptors = plan.unmet.iter().map(|unmet| {
        let name = receptor(instance, unmet.receptor);
        format!("  受体未达 short {name}：达标情景 met in {:.1} %，要求 asked {share:.1} %", 100.0 * unmet.best_share)
    });
    let minima = plan.unmet_legal.iter().map(|unmet| {
        let said = instance.legal_minima()[unmet.legal_min];
        let (city, precursor) = (&said.city, &said.precursor);
        format!(
            "  法定最低减排量不足 legal minimum short {city} {precursor}：{:.1} / {:.1} kg/日 day",
            unmet.best_cut, said.cut
        )
    });
    let mut short: Vec<String> = minima.chain(receptors).collect();
    let more = short.len().saturating_sub(NAMED);
    short.truncate(NAMED);
    lines.extend(short);
    if more > 0 {
        lines.push(format!("  另有 and {more} more"));
    }
    lines
}

fn summary(plan: &Plan) -> String {
    let status = match plan.status {
        Status::Optimal => "最优 optimal",
        Status::Feasible => "全部达标 feasible",
        Status::Infeasible if plan.proven => {
            "做不到（已证明），以下为放宽最小的方案 infeasible (proven); smallest relaxation"
        }
        Status::Infeasible => "未找到可行方案，以下为放宽最小的方案 no plan found; smallest relaxation",
    };
    let bound = match (plan.lower_bound, plan.gap) {
        (Some(bound), Some(gap)) => format!("，下界 lower bound {bound:.2}，差距 gap {:.2} %", 100.0 * gap),
        (Some(bound), None) => format!("，下界 lower bound {bound:.2}"),
        _ => format!("，受体未达 short {}，法定不足 legal minima short {}", plan.unmet.len(), plan.unmet_legal.len()),
    };
    format!("{status}：{} 项措施 orders，成本 cost {:.2} 万元/日 10⁴ CNY/day{bound}", plan.chosen.len(), plan.cost)
}

/// What the fresh scenarios say.
pub fn fresh_lines(instance: &Instance, attained: &FreshAttainment) -> Vec<String> {
    let promised = instance.confidence();
    let (reached, proven) = counts(attained, promised);
    let mut lines = vec![format!(
        "样本外 fresh：{} 个新情景 scenarios；承诺 promised {:.1} %：{} 个受体中 {reached} 个达到 reached，{proven} 个以 {} % 的把握得到证实 proven",
        attained.scenarios,
        100.0 * promised,
        attained.receptors.len(),
        100.0 * attained.level,
    )];
    let worst = (0..attained.receptors.len()).min_by_key(|&k| attained.receptors[k].met);
    if let Some(k) = worst {
        lines.push(format!("  最差受体 worst {}：{}", receptor(instance, k), shares(&attained.receptors[k])));
    }
    lines.push(format!("  全部同时 all at once：{}", shares(&attained.jointly)));
    lines
}

/// Receptors whose share reaches the promise, and those of which it is proven.
fn counts(attained: &FreshAttainment, promised: f64) -> (usize, usize) {
    let count = |of: fn(&FreshShare) -> f64| attained.receptors.iter().filter(|share| of(share) >= promised).count();
    (count(|share| share.share), count(|share| share.at_least))
}

fn shares(share: &FreshShare) -> String {
    format!("{:.1} %（≥ {:.1} %）", 100.0 * share.share, 100.0 * share.at_least)
}

fn receptor(instance: &Instance, k: usize) -> String {
    let receptor = &instance.receptors()[k];
    format!("{} {} {}", receptor.city, receptor.day, receptor.pollutant)
}

/// Whether a plan holds, and why not.
pub fn checked(checked: &Checked) -> String {
    let held = if checked.certificate { "证书有效 certificate holds" } else { "证书失效 certificate broken" };
    let broken = checked.broken.iter().map(|reason| format!("\n  {reason}")).collect::<String>();
    format!("{held}：成本 cost {:.2} 万元/日 10⁴ CNY/day{broken}", checked.cost)
}

/// The price of certainty, a row a plan; shares of fresh scenarios where there are any.
pub fn table(curve: &Curve) -> Vec<String> {
    let fresh = curve.deterministic.fresh.as_ref();
    let mut lines = vec![
        "承诺 promised │ 成本 cost 万元/日 │ 下界 bound │ 差距 gap │ 情景内全部同时 all at once, own scenarios"
            .to_string(),
    ];
    if let Some(fresh) = fresh {
        lines[0] += &format!(
            " ║ {} 个新情景 fresh：最差受体 worst │ 达到承诺 reached / {} │ 得到证实 proven │ 全部同时 all at once",
            fresh.scenarios,
            fresh.receptors.len()
        );
    }
    lines.push(row("均值 means".into(), 1.0, &curve.deterministic));
    // From little to much certainty, as the price rises.
    let priced = curve.curve.iter().rev();
    lines.extend(priced.map(|point| {
        let confidence = point.confidence.unwrap_or(1.0);
        row(format!("{:.1} %", 100.0 * confidence), confidence, point)
    }));
    lines
}

fn row(name: String, promised: f64, point: &Point) -> String {
    let plan = &point.plan;
    let number = |value: Option<f64>| value.map_or("—".to_string(), |value| format!("{value:.2}"));
    let status = if plan.status == Status::Infeasible { " 做不到 infeasible" } else { "" };
    let mut row = format!(
        "{name:>10} │ {:>12.2}{status} │ {:>12} │ {:>6} % │ {:>5.1} %",
        plan.cost,
        number(plan.lower_bound),
        number(plan.gap.map(|gap| 100.0 * gap)),
        100.0 * point.attained_jointly,
    );
    if let Some(fresh) = &point.fresh {
        let (reached, proven) = counts(fresh, promised);
        let worst = fresh.receptors.iter().min_by_key(|share| share.met).map_or("—".to_string(), shares);
        row += &format!(" ║ {worst} │ {reached} │ {proven} │ {}", shares(&fresh.jointly));
    }
    row
}
