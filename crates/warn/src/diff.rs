use crate::words::{rule_en, rule_zh};
use crate::{LevelRule, Plan};
use serde::Serialize;
use units::WarningLevel;

/// One setting that differs between two plans (预案差异).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanChange {
    /// The setting, for example `yellow.when` or `lead_hours`.
    pub setting: String,
    /// What it is, in Chinese.
    pub title: String,
    /// What it is, in English.
    pub title_en: String,
    /// As it was, in Chinese; empty when it was not there.
    pub before: String,
    /// As it is, in Chinese; empty when it is not there any more.
    pub after: String,
    /// As it was, in English.
    pub before_en: String,
    /// As it is, in English.
    pub after_en: String,
}

impl Plan {
    /// What differs between two plans, setting by setting; empty when both decide alike.
    pub fn diff(before: &Plan, after: &Plan) -> Vec<PlanChange> {
        let (old, new) = (before.settings(), after.settings());
        let value = |settings: &[Setting], name: &str| {
            let found = settings.iter().find(|one| one.name == name);
            found.map(|one| (one.zh.clone(), one.en.clone())).unwrap_or_default()
        };
        let gone = old.iter().filter(|one| new.iter().all(|other| other.name != one.name));
        let change = |one: &Setting| {
            let ((before, before_en), (after, after_en)) = (value(&old, &one.name), value(&new, &one.name));
            let (title, title_en) = (one.title.clone(), one.title_en.clone());
            let setting = one.name.clone();
            (before_en != after_en).then_some(PlanChange {
                setting,
                title,
                title_en,
                before,
                after,
                before_en,
                after_en,
            })
        };
        new.iter().chain(gone).filter_map(change).collect()
    }

    /// Every setting that decides, in words.
    fn settings(&self) -> Vec<Setting> {
        let mut all: Vec<Setting> = WarningLevel::ALL.iter().flat_map(|level| self.level_settings(*level)).collect();
        let hours = |value: u32| (format!("{value} 小时"), format!("{value} h"));
        let same = |value: String| (value.clone(), value);
        let window = crate::words::window(self.window);
        let until = self.effective_until.map_or(("长期".into(), "open".into()), |day| same(day.to_string()));
        for (name, (title, title_en), (zh, en)) in [
            ("effective_from", ("生效日期", "takes effect"), same(self.effective_from.to_string())),
            ("effective_until", ("失效日期", "ends"), until),
            ("window", ("时段口径", "how hours are counted"), (window.0.into(), window.1.into())),
            ("act_at", ("启动概率", "acting probability"), same(self.act_at.to_string())),
            ("policy.keep_at", ("保持概率", "keeping probability"), same(self.policy.keep_at.get().to_string())),
            ("merge_hours", ("合并间隔", "episodes are one below a gap of"), hours(self.merge_hours)),
            ("lift_below_hours", ("解除所需时长", "hours below before a lift"), hours(self.lift_below_hours)),
            ("lead_hours", ("提前量", "lead time"), hours(self.lead_hours)),
            ("max_forecast_age_hours", ("预报最长时效", "oldest forecast"), hours(self.max_forecast_age_hours)),
            (
                "late",
                ("滞后发现", "late detection"),
                (
                    format!("AQI 大于 {} 且 {} 小时内无明显改善", self.late.aqi_gt, self.late.hours),
                    format!("AQI above {} and no clear improvement within {} h", self.late.aqi_gt, self.late.hours),
                ),
            ),
        ] {
            all.push(Setting { name: name.into(), title: title.into(), title_en: title_en.into(), zh, en });
        }
        for one in &self.causes {
            let (cause, cause_en) = one.cause.names();
            let (zh, en) = one.response.words();
            let name = format!("causes.{}", one.cause.as_str());
            all.push(Setting {
                name,
                title: format!("{cause}的响应"),
                title_en: format!("response to {cause_en}"),
                zh: zh.into(),
                en: en.into(),
            });
        }
        if let Some(rule) = &self.precontrol {
            let (title, title_en) = ("预警前管控".into(), "control before a warning".into());
            all.push(Setting {
                name: "precontrol".into(),
                title,
                title_en,
                zh: rule_zh(self, rule),
                en: rule_en(self, rule),
            });
        }
        for area in &self.linkage {
            let regions: Vec<String> = area.regions.iter().map(ToString::to_string).collect();
            let prompts = |name: fn(WarningLevel) -> &'static str| {
                area.prompts
                    .iter()
                    .map(|one| format!("{} {}", name(one.level), one.from))
                    .collect::<Vec<_>>()
                    .join("; ")
            };
            let said = |prompts: String| format!("{}; {prompts}", regions.join(", "));
            all.push(Setting {
                name: format!("linkage.{}", area.id),
                title: format!("联动区域 {}", area.title),
                title_en: format!("linked area {}", area.title_en),
                zh: said(prompts(WarningLevel::name)),
                en: said(prompts(WarningLevel::code)),
            });
        }
        all
    }

    fn level_settings(&self, level: WarningLevel) -> Vec<Setting> {
        let Some(LevelRule { when, reduction, .. }) = self.levels.iter().find(|rule| rule.level == level) else {
            return vec![];
        };
        let (name, code) = (level.name(), level.code());
        let cuts: Vec<String> =
            reduction.by_name().iter().map(|(what, cut)| format!("{what} {:.0} %", cut.get() * 100.0)).collect();
        vec![
            Setting {
                name: format!("{code}.when"),
                title: format!("{name}启动条件"),
                title_en: format!("condition of {code}"),
                zh: rule_zh(self, when),
                en: rule_en(self, when),
            },
            Setting {
                name: format!("{code}.reduction"),
                title: format!("{name}最低减排比例"),
                title_en: format!("least cut at {code}"),
                zh: cuts.join("，"),
                en: cuts.join(", "),
            },
        ]
    }
}

struct Setting {
    name: String,
    title: String,
    title_en: String,
    zh: String,
    en: String,
}
