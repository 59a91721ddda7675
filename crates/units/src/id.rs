use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

const LONGEST: usize = 64;

/// Why a text is not an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("U-601 not an id (1 to 64 letters, digits, '.', '_' or '-', a letter or digit first): {0:?}")]
pub struct IdError(String);

/// Ids go into paths, file names and keys as they are, so what is not plain is refused at the door.
fn checked(text: &str) -> Result<String, IdError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let begins_well = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    if begins_well && text.len() <= LONGEST && text.bytes().all(plain) {
        Ok(text.to_string())
    } else {
        Err(IdError(text.chars().take(LONGEST).collect()))
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                checked(text).map($name)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// The id of an organisation (组织机构): a department, an office, a bureau, an enterprise, a team.
    OrgId
}
id! {
    /// The id of an account (账号).
    AccountId
}
id! {
    /// The id of a matter (事项).
    MatterId
}
id! {
    /// The id of a consultation (会商).
    ConsultationId
}
id! {
    /// The id of a warning (预警).
    WarningId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_ids_pass_and_come_back() {
        for text in ["js", "320100", "0198c7a2-7f3e-7c11-9d5e-0123456789ab", "a", &"x".repeat(64)] {
            let id: OrgId = text.parse().unwrap();
            assert_eq!(id.to_string(), text);
            let json = serde_json::to_string(&id).unwrap();
            assert_eq!(serde_json::from_str::<OrgId>(&json).unwrap(), id);
        }
    }

    #[test]
    fn what_could_mean_something_in_a_path_or_a_key_is_refused() {
        for text in ["", " a", "a b", "../x", "a/b", "-rf", ".hidden", "a\n", "中", "a%", &"x".repeat(65)] {
            assert!(text.parse::<AccountId>().is_err(), "{text:?}");
            assert!(serde_json::from_value::<MatterId>(text.into()).is_err(), "{text:?}");
        }
    }
}
