//! What one row says, and whether it fits the tree.

use super::layout::{
    AREAS, CLOSED, Cells, ID, KIND, LOGIN, MAIL, NAME, NAME_EN, OPEN, ORGANISATION, PARENT, PERSON, PHONE, REGION,
    STATE, Sheet,
};
use super::plan::{AccountRow, Faults};
use crate::{OrgKind, OrgPath, Organisation};
use std::collections::{BTreeMap, BTreeSet};
use units::OrgId;

const MOST_NAME: usize = 100;
const MOST_MAIL: usize = 254;

/// The tree as it would be after the import.
pub(super) struct Tree {
    places: BTreeMap<OrgId, (OrgKind, Option<OrgId>, bool)>,
    parents_of_open: BTreeSet<OrgId>,
}

impl Tree {
    pub fn of<'a>(existing: &'a [Organisation], rows: impl Iterator<Item = &'a Organisation>) -> Tree {
        let place = |o: &Organisation| (o.id.clone(), (o.kind, o.parent.clone(), o.active));
        let places: BTreeMap<_, _> = existing.iter().chain(rows).map(place).collect();
        let open = places.values().filter(|(_, _, active)| *active);
        let parents_of_open = open.filter_map(|(_, parent, _)| parent.clone()).collect();
        Tree { places, parents_of_open }
    }

    pub fn is_open(&self, id: &OrgId) -> bool {
        self.places.get(id).is_some_and(|(_, _, active)| *active)
    }

    pub fn has_open_children(&self, id: &OrgId) -> bool {
        self.parents_of_open.contains(id)
    }

    /// Whether an organisation fits where it is to lie; what does not fit is written down.
    pub fn holds(&self, row: &Organisation, before: Option<&Organisation>, faults: &mut Faults<'_>) -> bool {
        if !row.active && before.is_none() {
            faults.add(STATE, "G-513", "新单位不能是停用的", "a new organisation cannot be closed");
            return false;
        }
        if before.is_some_and(|before| before.parent.is_none() != row.parent.is_none()) {
            faults.add(PARENT, "G-210", "根单位不能移动", "the root of the tree cannot be moved");
            return false;
        }
        self.parent_fits(row, faults) && self.areas_fit(row, faults)
    }

    fn parent_fits(&self, row: &Organisation, faults: &mut Faults<'_>) -> bool {
        let Some(parent) = &row.parent else {
            if row.kind != OrgKind::Department {
                faults.add(PARENT, "G-206", "缺少上级编码", "only a department can be without a parent");
            }
            return row.kind == OrgKind::Department;
        };
        let Some((kind, _, active)) = self.places.get(parent) else {
            faults.add(PARENT, "G-204", "上级单位不存在或未能导入", "the parent does not exist or was refused");
            return false;
        };
        if row.active && !active {
            faults.add(PARENT, "G-205", "上级单位已停用", "the parent is closed");
        } else if !kind.holds(row.kind) {
            let (zh, en) =
                (format!("{}之下不能有{}", kind.name(), row.kind.name()), format!("{kind} holds no {}", row.kind));
            faults.add(PARENT, "G-206", &zh, &en);
        } else {
            return self.leads_to_the_root(row, faults);
        }
        false
    }

    fn leads_to_the_root(&self, row: &Organisation, faults: &mut Faults<'_>) -> bool {
        let up = |id: &OrgId| self.places.get(id).and_then(|(_, parent, _)| parent.clone());
        let levels = std::iter::successors(Some(row.id.clone()), up).take(OrgPath::MOST_LEVELS + 1);
        let mut seen = BTreeSet::new();
        for id in levels {
            if !seen.insert(id) {
                faults.add(PARENT, "G-207", "上级关系成环", "the parents form a circle");
                return false;
            }
        }
        if seen.len() > OrgPath::MOST_LEVELS {
            faults.add(PARENT, "G-102", "层级过深", "too deep");
        }
        seen.len() <= OrgPath::MOST_LEVELS
    }

    fn areas_fit(&self, row: &Organisation, faults: &mut Faults<'_>) -> bool {
        if row.kind != OrgKind::CommissionerOffice && !row.areas.is_empty() {
            faults.add(AREAS, "G-208", "只有专员办有管辖单位", "only a commissioner office has areas");
            return false;
        }
        let bureau = |id: &OrgId| {
            let found = self.places.get(id);
            found
                .is_some_and(|(kind, _, active)| *active && matches!(kind, OrgKind::CityBureau | OrgKind::CountyBureau))
        };
        if let Some(area) = row.areas.iter().find(|area| !bureau(area)) {
            let (zh, en) = (format!("没有在用的市县局 {area}"), format!("no open bureau {area}"));
            faults.add(AREAS, "G-204", &zh, &en);
            return false;
        }
        true
    }
}

/// Reads a row of an organisation; `None` when a cell was refused. What a column does not say stays as it was.
pub(super) fn organisation(
    sheet: &Sheet,
    cells: &Cells,
    before: Option<&Organisation>,
    faults: &mut Faults<'_>,
) -> Option<Organisation> {
    let cell = |column| sheet.text(cells, column);
    let id = id(cell(ID).unwrap_or(""), ID, faults);
    let name = crate::error::text("name", cell(NAME).unwrap_or(""), MOST_NAME);
    let name = faults.keep(NAME, "名称应为 1 至 100 个字", name);
    let name_en = match cell(NAME_EN) {
        None => Some(before.map(|before| before.name_en.clone()).unwrap_or_default()),
        Some("") => Some(String::new()),
        Some(text) => {
            faults.keep(NAME_EN, "英文名称应不超过 100 个字符", crate::error::text("name_en", text, MOST_NAME))
        }
    };
    let kind = kind(cell(KIND), before, faults);
    let parent = match cell(PARENT).unwrap_or("") {
        "" => Some(None),
        text => self::id(text, PARENT, faults).map(Some),
    };
    let region = match cell(REGION) {
        None => Some(before.and_then(|before| before.region)),
        Some("") => Some(None),
        Some(text) => match text.parse() {
            Ok(code) => Some(Some(code)),
            Err(_) => {
                faults.add(REGION, "U-401", "不是六位行政区划代码", "not a region code of six digits");
                None
            }
        },
    };
    let areas = match cell(AREAS) {
        None => Some(before.map(|before| before.areas.clone()).unwrap_or_default()),
        Some(text) => areas(text, faults),
    };
    let active = state(cell(STATE), before.map(|before| before.active), faults);
    let row = Organisation {
        id: id?,
        name: name?,
        name_en: name_en?,
        kind: kind?,
        parent: parent?,
        region: region?,
        areas: areas?,
        active: active?,
    };
    same_kind(row, before, faults)
}

fn same_kind(row: Organisation, before: Option<&Organisation>, faults: &mut Faults<'_>) -> Option<Organisation> {
    let Some(before) = before else { return Some(row) };
    if row.kind != before.kind {
        faults.add(KIND, "G-514", "单位类型不能改变", "the kind cannot change");
    } else if row.region != before.region {
        faults.add(REGION, "G-515", "行政区划代码不能改变", "the region cannot change");
    } else if !before.active && row != *before {
        faults.add(STATE, "G-205", "单位已停用，不能再改", "the organisation is closed and cannot be changed");
    } else {
        return Some(row);
    }
    None
}

/// Reads a row of an account; `None` when a cell was refused.
pub(super) fn account(
    sheet: &Sheet,
    cells: &Cells,
    before: Option<&AccountRow>,
    tree: &Tree,
    faults: &mut Faults<'_>,
) -> Option<AccountRow> {
    let cell = |column| sheet.text(cells, column);
    let login = crate::account::login(cell(LOGIN).unwrap_or(""));
    let login = faults.keep(LOGIN, "登录名应为 2 至 64 个字母、数字、. _ -", login);
    let name = crate::error::text("name", cell(PERSON).unwrap_or(""), 50);
    let name = faults.keep(PERSON, "姓名应为 1 至 50 个字", name);
    let organisation = id(cell(ORGANISATION).unwrap_or(""), ORGANISATION, faults);
    let active = state(cell(STATE), before.map(|before| before.active), faults);
    let phone = personal(cell(PHONE), before.map(|before| &before.phone), PHONE, is_phone, faults);
    let mail = personal(cell(MAIL), before.map(|before| &before.mail), MAIL, is_mail, faults);
    let row = AccountRow {
        login: login?,
        name: name?,
        organisation: organisation?,
        phone: phone?,
        mail: mail?,
        active: active?,
    };
    if row.active && !tree.is_open(&row.organisation) {
        faults.add(
            ORGANISATION,
            "G-204",
            "没有这个在用的单位，或它未能导入",
            "no such open organisation, or it was refused",
        );
        return None;
    }
    Some(row)
}

fn id(text: &str, column: &str, faults: &mut Faults<'_>) -> Option<OrgId> {
    let id = text.parse().ok();
    if id.is_none() {
        let (zh, en) = ("编码应为 1 至 64 个字母、数字、. _ -", "an id has 1 to 64 letters, digits, '.', '_' or '-'");
        faults.add(column, "U-601", zh, en);
    }
    id
}

fn kind(text: Option<&str>, before: Option<&Organisation>, faults: &mut Faults<'_>) -> Option<OrgKind> {
    match (text, before) {
        (None | Some(""), Some(before)) => Some(before.kind),
        (text, _) => faults.keep(KIND, "不是已知的单位类型", text.unwrap_or("").parse()),
    }
}

fn areas(text: &str, faults: &mut Faults<'_>) -> Option<Vec<OrgId>> {
    let parts = text.split([';', '；', ',', '，', '、']).map(str::trim).filter(|part| !part.is_empty());
    let mut areas = parts.map(|part| id(part, AREAS, faults)).collect::<Option<Vec<_>>>()?;
    areas.sort();
    areas.dedup();
    Some(areas)
}

fn state(text: Option<&str>, before: Option<bool>, faults: &mut Faults<'_>) -> Option<bool> {
    match text {
        None | Some("") => Some(before.unwrap_or(true)),
        Some(OPEN) => Some(true),
        Some(CLOSED) => Some(false),
        Some(_) => {
            faults.add(STATE, "G-516", "状态只能是 在用 或 停用", "the state is 在用 (open) or 停用 (closed)");
            None
        }
    }
}

fn personal(
    text: Option<&str>,
    before: Option<&String>,
    column: &str,
    good: fn(&str) -> bool,
    faults: &mut Faults<'_>,
) -> Option<String> {
    match text {
        None => Some(before.cloned().unwrap_or_default()),
        Some(text) if text.is_empty() || good(text) => Some(text.to_string()),
        Some(_) => {
            faults.add(column, "G-517", "不是手机号码或邮箱地址", "not a phone number or a mail address");
            None
        }
    }
}

fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (5..=20).contains(&digits) && text.bytes().all(|byte| byte.is_ascii_digit() || b"+- ".contains(&byte))
}

fn is_mail(text: &str) -> bool {
    let plain =
        text.len() <= MOST_MAIL && !text.chars().any(|c| c.is_control() || c.is_whitespace() || "<>,;\"".contains(c));
    let parts: Vec<&str> = text.split('@').collect();
    plain && parts.len() == 2 && parts.iter().all(|part| !part.is_empty())
}
