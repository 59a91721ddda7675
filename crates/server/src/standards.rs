//! 标准 · which tables and rules are in force when.

use crate::extract::Query;
use crate::figure::Figure;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use ::standards::{AqiEdition, Column, Document, EvaluationRules, IncompleteRule, Limits, ParticleBasis, Period};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use units::{AqiLevel, BeijingDay, Pollutant};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Colour, numeral and bounds of each level. Source: HJ 633, table 2, the same in both editions.
const CATEGORIES: [(AqiLevel, &str, &str, &str, u16, u16); 6] = [
    (AqiLevel::Good, "Good", "#00E400", "Ⅰ", 0, 50),
    (AqiLevel::Moderate, "Moderate", "#FFFF00", "Ⅱ", 51, 100),
    (AqiLevel::LightlyPolluted, "Lightly polluted", "#FF7E00", "Ⅲ", 101, 150),
    (AqiLevel::ModeratelyPolluted, "Moderately polluted", "#FF0000", "Ⅳ", 151, 200),
    (AqiLevel::HeavilyPolluted, "Heavily polluted", "#99004C", "Ⅴ", 201, 300),
    (AqiLevel::SeverelyPolluted, "Severely polluted", "#7E0023", "Ⅵ", 301, 500),
];

/// All editions, and which are in force on one day.
#[derive(Serialize, ToSchema)]
pub(crate) struct Standards {
    #[schema(value_type = String, format = Date)]
    day: BeijingDay,
    aqi: Vec<Edition>,
    limits: Vec<LimitSet>,
    evaluation: Vec<Evaluation>,
    categories: Vec<Category>,
}

/// What every document of law or guidance tells of itself.
#[derive(Serialize, ToSchema)]
pub(crate) struct About {
    /// The number it is cited by; of limits the id of the set, because one number can hold several.
    id: String,
    title: String,
    title_en: String,
    #[schema(value_type = String, format = Date)]
    effective_from: BeijingDay,
    #[schema(value_type = Option<String>, format = Date)]
    effective_to: Option<BeijingDay>,
    in_force: bool,
    source: SourceOf,
    /// How sure the content is.
    confidence: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SourceOf {
    document: String,
    clause: String,
    url: String,
}

/// One edition of the index.
#[derive(Serialize, ToSchema)]
pub(crate) struct Edition {
    #[serde(flatten)]
    about: About,
    columns: Vec<Breakpoints>,
    /// Index of each row of the table.
    levels: Vec<u16>,
    rules: Vec<Rule>,
}

/// One column of the breakpoint table; `null` where it ends before the last level.
#[derive(Serialize, ToSchema)]
pub(crate) struct Breakpoints {
    column: &'static str,
    unit: &'static str,
    breakpoints: Vec<Option<Figure>>,
}

/// One rule in words.
#[derive(Serialize, ToSchema)]
pub(crate) struct Rule {
    key: &'static str,
    text: String,
    text_en: String,
}

/// One set of limits.
#[derive(Serialize, ToSchema)]
pub(crate) struct LimitSet {
    #[serde(flatten)]
    about: About,
    rows: Vec<LimitRow>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct LimitRow {
    pollutant: &'static str,
    /// `year`, `day`, `max_8h` or `hour`.
    period: &'static str,
    class1: Option<Figure>,
    class2: Option<Figure>,
    unit: &'static str,
}

/// One edition of the evaluation rules.
#[derive(Serialize, ToSchema)]
pub(crate) struct Evaluation {
    #[serde(flatten)]
    about: About,
    rows: Vec<EvaluationRow>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct EvaluationRow {
    item: &'static str,
    text: String,
    text_en: String,
    confidence: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Category {
    level: u8,
    category: &'static str,
    category_en: &'static str,
    /// As the standard prescribes it.
    colour: &'static str,
    roman: &'static str,
    aqi_lo: u16,
    aqi_hi: u16,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DayQuery {
    /// The day; that of the hour shown when left out.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<BeijingDay>,
}

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(standards))
}

/// Index tables, limits, evaluation rules and categories, with what is in force on a day.
#[utoipa::path(get, path = "/api/v1/standards", tag = "standards", params(DayQuery),
    responses((status = 200, body = Standards), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn standards(
    State(state): State<AppState>,
    Query(query): Query<DayQuery>,
) -> Result<Json<Standards>, ServerError> {
    Ok(Json(on(query.day.unwrap_or_else(|| state.as_of().day()))))
}

fn on(day: BeijingDay) -> Standards {
    let (aqi, limits, rules) = (AqiEdition::in_force(day), Limits::in_force(day), EvaluationRules::in_force(day));
    Standards {
        day,
        aqi: AqiEdition::all().iter().map(|one| edition(one, one.id() == aqi.id())).collect(),
        limits: Limits::all().iter().map(|one| limit_set(one, one.id() == limits.id())).collect(),
        evaluation: EvaluationRules::all().iter().map(|one| evaluation(one, one.id() == rules.id())).collect(),
        categories: CATEGORIES.map(category).into(),
    }
}

fn about(id: &str, document: &Document, in_force: bool) -> About {
    About {
        id: id.to_string(),
        title: document.title.clone(),
        title_en: document.title_en.clone(),
        effective_from: document.effective_from,
        effective_to: document.effective_to,
        in_force,
        source: SourceOf {
            document: document.source.document.clone(),
            clause: document.source.clause.clone(),
            url: document.source.url.clone(),
        },
        confidence: document.confidence.clone(),
    }
}

fn edition(edition: &AqiEdition, in_force: bool) -> Edition {
    let longest = edition.columns().map(|(_, points)| points).max_by_key(Vec::len).unwrap_or_default();
    let levels: Vec<u16> = longest.into_iter().map(|(_, level)| level).collect();
    let column = |(column, points): (Column, Vec<(units::Concentration, u16)>)| {
        let unit = column.pollutant().unit();
        let told = points.iter().map(|(value, _)| Figure::rounded(value.to_f64(unit), 6));
        let breakpoints = told.chain(std::iter::repeat(None)).take(levels.len()).collect();
        Breakpoints { column: column.code(), unit: unit.code(), breakpoints }
    };
    let columns = edition.columns().map(column).collect();
    Edition { about: about(edition.id(), edition.document(), in_force), columns, levels, rules: rules(edition) }
}

fn rules(edition: &AqiEdition) -> Vec<Rule> {
    let list = |columns: &[Column]| columns.iter().map(|column| column.code()).collect::<Vec<_>>().join(", ");
    let (day, hour) = (list(edition.day_columns()), list(edition.hour_columns()));
    let particles = match edition.hour_particles() {
        ParticleBasis::Running24h => {
            ("实时报中颗粒物取 24 小时滑动均值", "Hourly reports take the running 24 h mean of particles")
        }
        ParticleBasis::Hour => (
            "实时报中颗粒物取 1 小时均值，按 24 小时列计算",
            "Hourly reports take the hour's mean of particles, read on the 24 h column",
        ),
    };
    let incomplete = match edition.incomplete_rule() {
        IncompleteRule::ItemOnly => (
            "缺测项记为 NA，AQI 取其余项最大值".to_string(),
            "A missing item is NA, the AQI is the largest of the others".to_string(),
        ),
        IncompleteRule::PublishAbove(threshold) => (
            format!("有缺测项时，仅当其余项最大值大于 {threshold} 才发布 AQI"),
            format!("With an item missing the AQI is published only when the others exceed {threshold}"),
        ),
    };
    let rule = |key, text: String, text_en: String| Rule { key, text, text_en };
    vec![
        rule("day", format!("日报项目：{day}"), format!("Items of the daily report: {day}")),
        rule("hour", format!("实时报项目：{hour}"), format!("Items of the hourly report: {hour}")),
        rule("hour_particles", particles.0.into(), particles.1.into()),
        rule("incomplete", incomplete.0, incomplete.1),
    ]
}

fn limit_set(limits: &Limits, in_force: bool) -> LimitSet {
    let periods = [(Period::Year, "year"), (Period::Day, "day"), (Period::Max8h, "max_8h"), (Period::Hour, "hour")];
    let row = |pollutant: Pollutant, (period, name): (Period, &'static str)| {
        let figure = |value: Option<units::Concentration>| {
            value.and_then(|value| Figure::rounded(value.to_f64(pollutant.unit()), 6))
        };
        let (class1, class2) = (figure(limits.class1(pollutant, period)), figure(limits.class2(pollutant, period)));
        let unit = pollutant.unit().code();
        (class1.is_some() || class2.is_some()).then(|| LimitRow {
            pollutant: pollutant.code(),
            period: name,
            class1,
            class2,
            unit,
        })
    };
    let rows = Pollutant::ALL
        .into_iter()
        .flat_map(|pollutant| periods.into_iter().filter_map(move |period| row(pollutant, period)));
    LimitSet { rows: rows.collect(), about: about(limits.id(), limits.document(), in_force) }
}

fn evaluation(rules: &EvaluationRules, in_force: bool) -> Evaluation {
    let row = |item, text: String, text_en: String| EvaluationRow {
        item,
        text,
        text_en,
        confidence: rules.document().confidence.clone(),
    };
    let percentiles =
        Pollutant::ALL.map(|pollutant| format!("{} {}", pollutant.code(), rules.percentile(pollutant))).join(", ");
    let (day, eight, minutes) = (rules.day_hours(), rules.ozone_8h_hours(), rules.hour_minutes());
    let rows = vec![
        row(
            "hour",
            format!("小时均值至少 {minutes} 分钟有效"),
            format!("An hourly mean needs {minutes} valid minutes"),
        ),
        row("day", format!("日均值至少 {day} 个小时值"), format!("A daily mean needs {day} hourly values")),
        row(
            "ozone_8h",
            format!("臭氧 8 小时均值至少 {eight} 个小时值"),
            format!("An 8 h mean of ozone needs {eight} hourly values"),
        ),
        row(
            "percentiles",
            format!("日值百分位数：{percentiles}"),
            format!("Percentiles of daily values: {percentiles}"),
        ),
    ];
    Evaluation { about: about(rules.id(), rules.document(), in_force), rows }
}

fn category(
    (level, category_en, colour, roman, aqi_lo, aqi_hi): (AqiLevel, &'static str, &'static str, &'static str, u16, u16),
) -> Category {
    Category { level: level.number(), category: level.category(), category_en, colour, roman, aqi_lo, aqi_hi }
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::Aqi;

    #[test]
    fn one_edition_of_each_is_in_force_on_a_day_and_it_changes() {
        let ids = |day: &str| {
            let all = on(day.parse().unwrap());
            let aqi: Vec<String> = all.aqi.into_iter().filter(|e| e.about.in_force).map(|e| e.about.id).collect();
            let limits = all.limits.iter().filter(|set| set.about.in_force).count();
            let rules = all.evaluation.iter().filter(|set| set.about.in_force).count();
            (aqi, limits, rules)
        };
        assert_eq!(ids("2018-01-13"), (vec!["HJ 633-2012".to_string()], 1, 1));
        assert_eq!(ids("2026-06-01"), (vec!["HJ 633-2026".to_string()], 1, 1));
    }

    #[test]
    fn categories_meet_without_gap_and_agree_with_the_levels() {
        for (level, _, _, _, low, high) in CATEGORIES {
            assert_eq!([low, high].map(|aqi| AqiLevel::of(Aqi::new(aqi).unwrap())), [level; 2]);
        }
        assert!(CATEGORIES.windows(2).all(|pair| pair[0].5 + 1 == pair[1].4));
    }

    #[test]
    fn short_columns_end_in_nulls() {
        let all = on("2018-01-13".parse().unwrap());
        let so2 = all.aqi[0].columns.iter().find(|column| column.column == "SO2_1h").unwrap();
        assert_eq!(
            (so2.breakpoints.len(), so2.breakpoints[4].map(Figure::get), so2.breakpoints[5]),
            (8, Some(800.0), None)
        );
    }
}
