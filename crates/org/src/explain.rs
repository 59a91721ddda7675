use crate::authority::{Holding, Lapse};
use crate::{Authority, Extent, Item, Right};
use serde::Serialize;
use units::{BeijingDay, OrgId};

/// Where a reason stands: a grant, lent by a delegation or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Basis {
    /// The grant.
    pub grant: String,
    /// The delegation that lends it.
    pub delegation: Option<String>,
}

/// Why one grant gives a right over a thing, or does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The grant or delegation.
    #[serde(flatten)]
    pub basis: Basis,
    /// The role.
    pub role: String,
    /// How far it reaches.
    pub extent: Vec<Extent>,
    /// For which organisation.
    pub organisation: OrgId,
    /// First day.
    pub from: BeijingDay,
    /// Last day.
    pub to: Option<BeijingDay>,
    /// Whether this grant gives it.
    pub holds: bool,
    /// Why, in Chinese.
    pub why: String,
    /// Why, in English.
    pub why_en: String,
}

impl Authority {
    /// Why the account may, or may not, use a right on a thing: one reason a grant. It may when one of them holds.
    pub fn explain(&self, right: Right, item: &Item<'_>) -> Vec<Reason> {
        self.holdings.iter().map(|held| reason(held, finding(held, right, Some(item)))).collect()
    }

    /// Why the account has, or has not, a right at all.
    pub fn explain_right(&self, right: Right) -> Vec<Reason> {
        self.holdings.iter().map(|held| reason(held, finding(held, right, None))).collect()
    }
}

/// What one grant says to a question.
enum Finding {
    Lapsed(Lapse),
    NoRight(Right),
    Outside,
    KindNot,
    TooSecret,
    Sees(Option<Extent>),
}

fn finding(held: &Holding, right: Right, item: Option<&Item<'_>>) -> Finding {
    if let Some(lapse) = held.lapse {
        return Finding::Lapsed(lapse);
    }
    if !held.role.rights.contains(&right) {
        return Finding::NoRight(right);
    }
    let Some(item) = item else { return Finding::Sees(None) };
    let mut near = Finding::Outside;
    for reach in held.reaches(right) {
        if reach.sees(item) {
            return Finding::Sees(Some(reach.extent));
        }
        if reach.extent.holds(item) {
            near = if reach.kinds.hold(item.kind) { Finding::TooSecret } else { Finding::KindNot };
        }
    }
    near
}

fn reason(held: &Holding, finding: Finding) -> Reason {
    let (why, why_en) = words(&finding);
    Reason {
        basis: Basis { grant: held.grant.clone(), delegation: held.delegation.clone() },
        role: held.role.id.clone(),
        extent: held.extents.clone(),
        organisation: held.organisation.clone(),
        from: held.from,
        to: held.to,
        holds: matches!(finding, Finding::Sees(_)),
        why,
        why_en,
    }
}

fn words(finding: &Finding) -> (String, String) {
    let fixed = |zh: &str, en: &str| (zh.to_string(), en.to_string());
    match finding {
        Finding::Lapsed(lapse) => lapse_words(*lapse),
        Finding::NoRight(right) => {
            (format!("该角色没有权限 {right}"), format!("the role does not have the right {right}"))
        }
        Finding::Outside => fixed("不在该授权的数据范围内", "outside what this grant reaches"),
        Finding::KindNot => fixed("该授权不含这一事项类型", "this grant is not for this kind of matter"),
        Finding::TooSecret => fixed("密级高于该角色可见的密级", "more secret than this role may see"),
        Finding::Sees(None) => fixed("该角色有此权限", "the role has this right"),
        Finding::Sees(Some(extent)) => extent_words(extent),
    }
}

fn extent_words(extent: &Extent) -> (String, String) {
    match extent {
        Extent::All => ("该角色可见全部".to_string(), "the role sees everything".to_string()),
        Extent::Subtree(path) => (format!("所属单位在 {path} 之下"), format!("its owner lies under {path}")),
        Extent::Organisation(id) => (format!("所属单位就是 {id}"), format!("its owner is {id}")),
        Extent::Assigned(id) => (format!("已交办给 {id}"), format!("it is assigned to {id}")),
        Extent::Own(id) => (format!("由 {id} 负责或创建"), format!("{id} made it or answers for it")),
    }
}

fn lapse_words(lapse: Lapse) -> (String, String) {
    let (zh, en) = match lapse {
        Lapse::AccountClosed => ("账号已停用", "the account is closed"),
        Lapse::LenderClosed => ("委托人的账号已停用", "the lender's account is closed"),
        Lapse::Proposed => ("授权待第二人批准", "the grant waits for a second person"),
        Lapse::Rejected => ("授权未获批准", "the grant was rejected"),
        Lapse::Ended => ("授权或委托已终止", "the grant or delegation was ended"),
        Lapse::NotYet => ("授权或委托尚未生效", "the grant or delegation has not begun"),
        Lapse::Over => ("授权或委托已过期", "the grant or delegation is over"),
        Lapse::OrganisationClosed => ("授权所在单位已停用", "the organisation of the grant is closed"),
        Lapse::NotActing => ("代理未启用：须先切换为代理身份", "not acting: switch to acting for the lender first"),
        Lapse::Separation => {
            ("三员分立：已持有另一类管理员角色", "separation of duties: holds another administrator class")
        }
    };
    (zh.to_string(), en.to_string())
}
