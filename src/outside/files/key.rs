//! The names of stored files.

use std::fmt;
use std::str::FromStr;

use rand::RngExt;

/// What a file is kept and found by: 160 random bits as forty hexadecimal digits. It says nothing about the
/// file and cannot be guessed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileKey(String);

impl FileKey {
    pub(super) fn random() -> Self {
        let bytes: [u8; 20] = rand::rng().random();
        FileKey(hex::encode(bytes))
    }

    /// The forty digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that is not the key of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAFileKey;

impl FromStr for FileKey {
    type Err = NotAFileKey;

    fn from_str(text: &str) -> Result<Self, NotAFileKey> {
        let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if digits && text.len() == 40 { Ok(FileKey(text.to_owned())) } else { Err(NotAFileKey) }
    }
}

impl fmt::Display for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for NotAFileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the key of a file: forty digits 0-9, a-f are expected")
    }
}

impl std::error::Error for NotAFileKey {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_are_keys() {
        let key = FileKey::random();
        assert_eq!(key.to_string().parse(), Ok(key.clone()));
        assert_ne!(FileKey::random(), key);
        for text in ["", "..", "../../../../../../../../etc/passwd\0aaaaaa", &"A".repeat(40), &"a".repeat(41)] {
            assert_eq!(text.parse::<FileKey>(), Err(NotAFileKey), "{text}");
        }
    }
}
