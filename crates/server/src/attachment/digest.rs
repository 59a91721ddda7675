use event::Digest;
use sha2::Digest as _;

/// A digest that grows with what comes in.
pub(super) struct Growing {
    digest: Digest,
    function: Function,
}

enum Function {
    Sha256(sha2::Sha256),
    Sm3(sm3::Sm3),
}

impl Growing {
    pub(super) fn new(digest: Digest) -> Growing {
        let function = match digest {
            Digest::Sha256 => Function::Sha256(sha2::Sha256::new()),
            Digest::Sm3 => Function::Sm3(sm3::Sm3::new()),
        };
        Growing { digest, function }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match &mut self.function {
            Function::Sha256(function) => function.update(bytes),
            Function::Sm3(function) => function.update(bytes),
        }
    }

    /// As it is stored: `sha256:2cf2…`.
    pub(super) fn write(self) -> String {
        let hash = match self.function {
            Function::Sha256(function) => function.finalize().into(),
            Function::Sm3(function) => function.finalize().into(),
        };
        self.digest.write(&hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_that_grew_equals_the_one_of_the_whole() {
        for digest in [Digest::Sha256, Digest::Sm3] {
            let mut growing = Growing::new(digest);
            growing.update(b"a");
            growing.update(b"bc");
            assert_eq!(growing.write(), digest.write(&digest.of(&[b"abc"])));
        }
    }
}
