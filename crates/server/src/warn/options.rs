use ::warn::Sender;
use serde::Deserialize;

/// Who a warning's messages come from (预警发布设置).
///
/// The codes of GB/T 35965.1 for the issuing body are given to it by the registry of identifiers: what stands here until
/// then are zeros, which no registered body has.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WarnOptions {
    /// Sector of GB/T 4657, three digits.
    pub sector: String,
    /// Unit, three digits.
    pub unit: String,
    /// Extension, two digits.
    pub extension: String,
    /// The sender as machines know it: the house's domain.
    pub sender: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Where the pages are reached from outside, without a slash at the end; empty when they are not.
    pub address: String,
}

impl Default for WarnOptions {
    fn default() -> Self {
        WarnOptions {
            sector: "000".into(),
            unit: "000".into(),
            extension: "00".into(),
            sender: "qingkong.invalid".into(),
            name: "江苏省生态环境厅".into(),
            name_en: "Department of Ecology and Environment of Jiangsu".into(),
            address: String::new(),
        }
    }
}

impl WarnOptions {
    pub(crate) fn sender(&self) -> Sender {
        Sender {
            region: super::basis::province(),
            sector: self.sector.clone(),
            unit: self.unit.clone(),
            extension: self.extension.clone(),
            id: self.sender.clone(),
            name: self.name.clone(),
            name_en: self.name_en.clone(),
            web: (!self.address.is_empty()).then(|| format!("{}/warnings", self.address)),
        }
    }

    pub(crate) fn feed_address(&self) -> String {
        format!("{}/api/v1/warnings/feed", self.address)
    }
}
