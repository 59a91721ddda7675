//! Ids of things that a command makes.

use crate::auth::{Key, Person};
use sha2::{Digest, Sha256};

/// The id follows from who asks and the key, so that a repeated command means the same thing.
pub(crate) fn id_of(kind: &str, person: &Person, key: &Key) -> String {
    derived(kind, person.account().as_str(), key.as_str())
}

/// The id follows from what makes the thing one and the same, for what the program makes by itself.
pub(crate) fn id_from(kind: &str, of: &str, what: &str) -> String {
    derived(kind, of, what)
}

fn derived(kind: &str, account: &str, key: &str) -> String {
    let digest = Sha256::digest(format!("{kind}\n{account}\n{key}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_of_the_same_person_means_the_same_thing() {
        let one = derived("matter", "nanjing", "k1");
        assert_eq!(one, derived("matter", "nanjing", "k1"));
        for other in
            [derived("grant", "nanjing", "k1"), derived("matter", "xuzhou", "k1"), derived("matter", "nanjing", "k2")]
        {
            assert_ne!(one, other);
        }
        assert_eq!((one.len(), &one[14..15]), (36, "8"), "a UUID of version 8");
    }
}
