//! What each measure means, in the words of the verification guide.

use serde::Serialize;
use utoipa::ToSchema;

/// A measure in words.
#[derive(Serialize, ToSchema)]
#[schema(as = MeasureDefinition)]
pub(super) struct Definition {
    /// Its name in the answer.
    measure: &'static str,
    text: &'static str,
    text_en: &'static str,
    /// The project's own, because the text of the standard is not public or there is none.
    project: bool,
}

/// Measure, Chinese, English, and whether it is the project's own.
const DEFINITIONS: [(&str, &str, &str, bool); 27] = [
    (
        "crps",
        "连续分级概率评分，由五个分位数计算，越小越好",
        "Continuous ranked probability score from the five quantiles; smaller is better",
        false,
    ),
    (
        "skill",
        "相对气候态（起报前 30 天日值）的 CRPS 技巧，0 = 参照，1 = 完美；上下限按起报周重抽样",
        "CRPS skill against climatology (the 30 day values before the issue); 0 is the reference, 1 perfect; bounds from resampled issue weeks",
        true,
    ),
    (
        "crps_persistence",
        "持续性：起报前 24 小时，按其过去 90 天的误差展开",
        "Persistence: the 24 hours before the issue, dressed with its errors of the past 90 days",
        true,
    ),
    ("mae", "中位数的平均绝对误差", "Mean absolute error of the median", false),
    ("rmse", "均值的均方根误差", "Root mean square error of the mean", false),
    ("bias", "预报均值减实况", "Mean forecast less observation", false),
    ("nmb", "标准化平均偏差 Σ(f−o)/Σo", "Normalised mean bias", false),
    ("nme", "标准化平均误差 Σ|f−o|/Σo", "Normalised mean error", false),
    ("r", "预报均值与实况的相关系数", "Correlation of mean and observation", false),
    (
        "coverage50",
        "实况落在 25 %—75 % 分位的比例，应为 0.5",
        "Share of observations from the 25 % to the 75 % quantile; should be 0.5",
        false,
    ),
    (
        "coverage90",
        "实况落在 5 %—95 % 分位的比例，应为 0.9",
        "Share of observations from the 5 % to the 95 % quantile; should be 0.9",
        false,
    ),
    (
        "pit",
        "实况落在六个分位区间的比例，应为 .05 .20 .25 .25 .20 .05",
        "Shares below, between and above the quantiles; should be .05 .20 .25 .25 .20 .05",
        false,
    ),
    ("range_hit", "实况 AQI 在预报范围内的比例", "Share of days with the observed AQI within the range", true),
    (
        "level_hit",
        "范围中值的级别等于实况级别的比例；single 只算单级预报，cross 只算跨级预报（实况级别属于预报级别集合）",
        "Level of the range's middle equals the observed; single and cross: observed level within the forecast set",
        true,
    ),
    (
        "half_level_hit",
        "范围中值的半级（六级各分两半）等于实况半级的比例",
        "The same of half-levels, every level cut in the middle",
        true,
    ),
    (
        "primary_hit",
        "首要污染物预报与实况有交集的比例，实况 AQI ≤ 50 不计",
        "Forecast and observed primary pollutants share one; days of an AQI up to 50 left out",
        true,
    ),
    (
        "interval_score",
        "范围宽度加 4 倍未命中距离，越小越好：宽范围要付宽度",
        "Width of the range plus four times the distance missed; a wide range pays its width",
        true,
    ),
    (
        "pod",
        "概率大于 0.3 视为预报：命中率 H/(H+M)",
        "Forecast when the probability is above 0.3: hits over events",
        false,
    ),
    ("far", "空报率 F/(H+F)", "False alarms over forecasts", false),
    ("ts", "TS 评分 H/(H+M+F)", "Threat score", false),
    (
        "brier",
        "Brier 评分 = 可靠性 − 分辨性 + 不确定性",
        "Brier score: reliability less resolution plus uncertainty",
        false,
    ),
    ("brier_skill", "相对实况频率的 Brier 技巧", "Brier skill against the observed frequency", false),
    (
        "energy",
        "城市与日期联合的能量评分（对数），越小越好",
        "Energy score over cities and days together, of logarithms; smaller is better",
        false,
    ),
    (
        "event48",
        "同一城市连续两日 PM2.5 日均值大于 115 µg/m³，概率为集合成员的份额（未校准）",
        "Two days in a row with a day mean of PM2.5 above 115 µg/m³ in a city, by the share of members (raw)",
        true,
    ),
    (
        "event48_calibrated",
        "同一事件，概率经校准，供决策使用",
        "The same event by the calibrated probability, which decisions use",
        true,
    ),
    (
        "interval_skill",
        "区间评分相对气候态（同一城市日）的技巧，0 = 参照，1 = 完美",
        "Skill of the interval score against climatology on the same city days; 0 is the reference, 1 perfect",
        true,
    ),
    (
        "forecaster",
        "会商意见与结论：只计目标日开始前最后一次填报（签发）的版本；会商未结束的意见不计",
        "Bids and conclusions: what was entered (signed) last before the target day began; bids of open rooms are left out",
        true,
    ),
];

/// All of them.
pub(super) fn definitions() -> Vec<Definition> {
    let one = |(measure, text, text_en, project)| Definition { measure, text, text_en, project };
    DEFINITIONS.into_iter().map(one).collect()
}
