//! The roles that exist; they are data that comes with the program.

use crate::ServerError;
use crate::auth::Person;
use crate::list::Listed;
use crate::problem::Problem;
use axum::Json;
use org::{Right, Role, Roles};
use serde::Serialize;
use utoipa::ToSchema;

/// A role (角色): what its holders may do, and how far.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleLine {
    id: String,
    name: String,
    name_en: String,
    /// `business`, or one of `administration`, `security`, `audit`, of which one account has one at most.
    class: &'static str,
    /// What may be done, for example `matter.read`.
    rights: Vec<&'static str>,
    /// How far, counted from the organisation of the grant: `own`, `organisation`, `subtree`, `areas`, `assigned`, `all`.
    #[schema(value_type = Vec<String>)]
    extent: Vec<org::RoleExtent>,
    /// Most that may be seen: `open`, `internal`, `restricted`.
    #[schema(value_type = String)]
    secrecy: org::Secrecy,
}

/// All roles.
#[utoipa::path(get, path = "/api/v1/roles", tag = "people",
    responses((status = 200, body = Listed<RoleLine>), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn roles(person: Person) -> Result<Json<Listed<RoleLine>>, ServerError> {
    person.need(Right::GrantRead)?;
    Ok(Json(Listed::whole(Roles::bundled().all().iter().map(RoleLine::from).collect())))
}

impl From<&Role> for RoleLine {
    fn from(role: &Role) -> RoleLine {
        RoleLine {
            id: role.id.clone(),
            name: role.name.clone(),
            name_en: role.name_en.clone(),
            class: role.class.as_str(),
            rights: role.rights.iter().map(|right| right.as_str()).collect(),
            extent: role.extent.clone(),
            secrecy: role.secrecy,
        }
    }
}
