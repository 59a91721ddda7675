use serde::Serialize;
use units::BeijingHour;
use utoipa::ToSchema;

/// What every figure travels with (数据戳): time, source, standard, review state.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Stamp {
    /// The newest hour the figures rest on; `null` when there is none.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub data_time: Option<BeijingHour>,
    /// Who measured or computed, in Chinese.
    pub source: String,
    /// Who measured or computed, in English.
    pub source_en: String,
    /// The edition indices were made with, for example `HJ 633-2012`.
    pub standard: String,
    /// `raw`: published in real time, not reviewed; `record`: kept by people, every change in the event log.
    pub review_state: &'static str,
    /// Whether this is demonstration data, marked as such everywhere.
    pub demo: bool,
}

impl Stamp {
    /// Of observed figures.
    pub fn observed(data_time: Option<BeijingHour>, standard: &str, demo: bool) -> Stamp {
        let (source, source_en) = label("cnemc-city");
        Stamp {
            data_time,
            source: source.into(),
            source_en: source_en.into(),
            standard: standard.into(),
            review_state: "raw",
            demo,
        }
    }

    /// Of station figures.
    pub fn stations(data_time: Option<BeijingHour>, standard: &str, demo: bool) -> Stamp {
        let (source, source_en) = label("cnemc-station");
        Stamp { source: source.into(), source_en: source_en.into(), ..Stamp::observed(data_time, standard, demo) }
    }

    /// Of forecast figures.
    pub fn forecast(issue: BeijingHour, standard: &str, demo: bool) -> Stamp {
        Stamp {
            source: "晴空统计预报（基于城市小时实况）".into(),
            source_en: "Qingkong statistical forecast from hourly city observations".into(),
            ..Stamp::observed(Some(issue), standard, demo)
        }
    }

    /// Of records that people keep here (业务记录), which follow no standard.
    pub(crate) fn records(as_of: BeijingHour, demo: bool) -> Stamp {
        Stamp {
            data_time: Some(as_of),
            source: "晴空业务记录".into(),
            source_en: "Records kept in Qingkong".into(),
            standard: String::new(),
            review_state: "record",
            demo,
        }
    }

    /// As columns at the end of an exported row.
    pub(crate) fn cells(&self) -> [(&'static str, String); 5] {
        [
            ("data_time", self.data_time.map(|hour| hour.to_string()).unwrap_or_default()),
            ("source", self.source.clone()),
            ("standard", self.standard.clone()),
            ("review_state", self.review_state.to_string()),
            ("demo", self.demo.to_string()),
        ]
    }

    /// As one line above an exported sheet.
    pub(crate) fn sentence(&self) -> String {
        let time = self.data_time.map_or("无".to_string(), |hour| hour.to_string());
        let demo = if self.demo { "演示数据：历史公开数据回放　" } else { "" };
        let about = match self.review_state {
            "record" => String::new(),
            _ => format!("　标准 {}　审核状态 原始（未审核）", self.standard),
        };
        format!("{demo}数据时间 {time}　来源 {}{about}", self.source)
    }

    #[cfg(test)]
    pub(crate) fn example() -> Stamp {
        Stamp::observed("2018-01-13T20:00:00+08:00".parse().ok(), "HJ 633-2012", true)
    }
}

/// What people call a source, Chinese and English; an unknown one is called by its id.
pub(crate) fn label(source: &str) -> (&str, &str) {
    match source {
        "cnemc-city" => ("中国环境监测总站城市小时值（公开发布）", "CNEMC hourly city values (as published)"),
        "cnemc-station" => ("中国环境监测总站站点小时值（公开发布）", "CNEMC hourly station values (as published)"),
        other => (other, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demonstration_data_says_so_first() {
        assert!(Stamp::example().sentence().starts_with("演示数据：历史公开数据回放"));
        assert!(!Stamp { demo: false, ..Stamp::example() }.sentence().contains("演示"));
    }

    #[test]
    fn an_unknown_source_keeps_its_id() {
        assert_eq!(label("x-lab"), ("x-lab", "x-lab"));
    }
}
