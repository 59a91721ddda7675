use std::collections::BTreeMap;

/// Name of the sheet of organisations.
pub const ORGANISATIONS: &str = "组织";
/// Name of the sheet of accounts.
pub const ACCOUNTS: &str = "账号";

/// Columns of the sheet of organisations.
pub(super) const ORGANISATION_COLUMNS: [&str; 8] = [ID, NAME, NAME_EN, KIND, PARENT, REGION, AREAS, STATE];
/// Columns of the sheet of accounts.
pub(super) const ACCOUNT_COLUMNS: [&str; 6] = [LOGIN, PERSON, ORGANISATION, PHONE, MAIL, STATE];

pub(super) const ID: &str = "编码";
pub(super) const NAME: &str = "名称";
pub(super) const NAME_EN: &str = "英文名称";
pub(super) const KIND: &str = "类型";
pub(super) const PARENT: &str = "上级编码";
pub(super) const REGION: &str = "行政区划代码";
pub(super) const AREAS: &str = "管辖单位编码";
pub(super) const STATE: &str = "状态";
pub(super) const LOGIN: &str = "登录名";
pub(super) const PERSON: &str = "姓名";
pub(super) const ORGANISATION: &str = "单位编码";
pub(super) const PHONE: &str = "手机";
pub(super) const MAIL: &str = "邮箱";

pub(super) const OPEN: &str = "在用";
pub(super) const CLOSED: &str = "停用";

/// A workbook as read: texts of cells, nothing judged yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheets {
    /// The sheet of organisations, when there is one.
    pub organisations: Option<Sheet>,
    /// The sheet of accounts, when there is one.
    pub accounts: Option<Sheet>,
}

/// One sheet as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Column names of the first row, as they stand.
    pub header: Vec<String>,
    /// The rows below that have anything in them.
    pub rows: Vec<Cells>,
}

/// One row of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    /// Number of the row in the sheet, from 1.
    pub row: u32,
    /// Texts by place of the column, from 0, trimmed; without the empty ones.
    pub texts: BTreeMap<usize, String>,
    /// Places of the cells that hold a formula.
    pub formulas: Vec<usize>,
}

impl Sheet {
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// The text of a cell: `None` when the sheet has no such column, empty when the cell is.
    pub(super) fn text<'a>(&self, cells: &'a Cells, column: &str) -> Option<&'a str> {
        let place = self.column(column)?;
        Some(cells.texts.get(&place).map_or("", String::as_str))
    }
}
