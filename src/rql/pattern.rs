//! The patterns of `like` and `ilike`: `*` stands for any run of characters, `\*` for a star, `\\` for a backslash.

/// A pattern in which two stars follow each other; it is refused because it is usually a value that was not escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TwoStars;

/// The literal pieces between the stars: one piece is plain equality, `*x*` is three.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    pieces: Vec<String>,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`TwoStars`] if two unescaped stars stand side by side.
    pub fn parse(text: &str) -> Result<Self, TwoStars> {
        let mut pieces = vec![];
        let mut piece = String::new();
        let mut after_star = false;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '*' if after_star => return Err(TwoStars),
                '*' => pieces.push(std::mem::take(&mut piece)),
                '\\' => piece.push(chars.next_if(|next| matches!(next, '*' | '\\')).unwrap_or('\\')),
                _ => piece.push(c),
            }
            after_star = c == '*';
        }
        pieces.push(piece);
        Ok(Pattern { pieces })
    }

    /// What a search for `text` means: `text` anywhere. Stars within it still stand for any run.
    pub fn containing(text: &str) -> Self {
        let inner = text.split('*').filter(|piece| !piece.is_empty()).map(str::to_owned);
        let pieces = std::iter::once(String::new()).chain(inner).chain([String::new()]).collect();
        Pattern { pieces }
    }

    /// The literal pieces; a star stands between each two.
    pub fn pieces(&self) -> &[String] {
        &self.pieces
    }

    /// The text, if the pattern has no star.
    pub fn exact(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Whether a text looks so.
    pub fn matches(&self, text: &str) -> bool {
        let [first, middle @ .., last] = self.pieces.as_slice() else {
            return self.exact() == Some(text);
        };
        let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
        for piece in middle {
            match rest.split_once(piece.as_str()) {
                Some((_, behind)) => rest = behind,
                None => return false,
            }
        }
        rest.ends_with(last.as_str())
    }

    /// The pattern with each piece changed, for instance folded.
    #[must_use]
    pub fn map(&self, change: impl Fn(&str) -> String) -> Self {
        Pattern { pieces: self.pieces.iter().map(|piece| change(piece)).collect() }
    }

    /// Text that is read back as itself where a pattern is expected.
    pub fn escaped(text: &str) -> String {
        text.replace('\\', "\\\\").replace('*', "\\*")
    }
}
