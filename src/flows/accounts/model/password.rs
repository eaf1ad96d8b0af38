//! What a password has to be: long, and not what anybody would try first. It may have any characters, and none in particular.

use crate::kit::{Problems, Text, fold};

/// Fewest characters.
pub const MIN_PASSWORD_CHARS: usize = 8;
/// Most bytes. No sentence is longer, and the hash takes its time.
pub const MAX_PASSWORD_BYTES: usize = 256;
/// What is said beside the field of a new password.
pub const PASSWORD_HINT: &str =
    "At least 8 characters; 15 are better. A few words that belong to nothing make a good one.";

/// Passwords that many people use, in lower case, in the order of their bytes, one a line; all have at least
/// [`MIN_PASSWORD_CHARS`].
const COMMON: &str = include_str!("../../../../static/vendor/passwords.txt");
/// Shorter words of a context may be in any password.
const SHORTEST_WORD: usize = 4;

/// Notes what is wrong with a new password. `context` is what an attacker would try for this person: their name and
/// address, their companies.
pub fn check_password(problems: &mut Problems, field: &str, password: &str, context: &[&str]) {
    let folded = fold(password);
    if password.chars().count() < MIN_PASSWORD_CHARS {
        problems.add(field, Text::new("The password is too short. Use at least 8 characters; 15 are better."));
    } else if password.len() > MAX_PASSWORD_BYTES {
        problems.add(field, Text::new("The password is too long. Use at most 256 bytes."));
    } else if is_common(&password.to_lowercase()) || is_one_character(&folded) {
        let text = "Many people use this password, so it is among the first that are tried. Choose another one.";
        problems.add(field, Text::new(text));
    } else if let Some(word) = words(context).into_iter().find(|word| is_little_more_than(&folded, word)) {
        let text = Text::new("The password is little more than {word}, which is easily guessed. Choose another one.");
        problems.add(field, text.arg("word", word));
    }
}

/// Whether a password in lower case is on the list.
fn is_common(password: &str) -> bool {
    if password.contains('\n') {
        return false;
    }
    // The line around the middle of what is left is looked at; both ends always lie at the beginning of a line.
    let (mut from, mut to) = (0, COMMON.len());
    while from < to {
        let middle = usize::midpoint(from, to);
        let begin = COMMON[from..middle].rfind('\n').map_or(from, |at| from + at + 1);
        let end = COMMON[begin..to].find('\n').map_or(to, |at| begin + at);
        match COMMON[begin..end].cmp(password) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => from = (end + 1).min(to),
            std::cmp::Ordering::Greater => to = begin,
        }
    }
    false
}

fn is_one_character(password: &str) -> bool {
    let mut chars = password.chars();
    chars.next().is_some_and(|first| chars.all(|c| c == first))
}

/// The words of a context, the name of the program among them, longest first.
fn words(context: &[&str]) -> Vec<String> {
    let mut all = vec!["causeway".to_owned()];
    for text in context {
        let folded = fold(text);
        all.extend(folded.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
        all.extend(folded.split('@').map(str::to_owned));
        all.push(folded.chars().filter(|c| !c.is_whitespace()).collect());
        all.push(folded);
    }
    all.retain(|word| word.chars().count() >= SHORTEST_WORD);
    all.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    all.dedup();
    all
}

/// Whether so little is left of a password without a word that it would be too short by itself.
fn is_little_more_than(password: &str, word: &str) -> bool {
    password.contains(word) && password.replace(word, "").chars().count() < MIN_PASSWORD_CHARS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_good(password: &str) -> bool {
        let mut problems = Problems::default();
        let context = ["Ann Müller", "ann.mueller@northgate.example", "Halden Software AB"];
        check_password(&mut problems, "password", password, &context);
        problems.none()
    }

    #[test]
    fn any_characters_are_good_and_what_is_guessed_is_not() {
        for good in [
            "correct horse battery staple",
            "alllowercaseletters",
            "        leading and trailing spaces        ",
            "密码要长一些才好记",
            "🦀🦀🦀🦀🐟🐟🐟🐟",
            "causeway of the giants in the north",
            "Ann likes 17 green umbrellas",
            "a\nb\nc\nd\ne",
        ] {
            assert!(is_good(good), "{good}");
        }
        for bad in [
            "short",
            "1234567",
            "password",
            "PassWord",
            "12345678",
            "qwertyuiop",
            "aaaaaaaaaaaa",
            "ÄÄÄÄÄÄÄÄÄ",
            "causeway2026",
            "Causeway!!!",
            "AnnMüller1",
            "ann.mueller@northgate.example",
            "northgate123",
            "haldensoftwareab",
            "Halden2026!",
        ] {
            assert!(!is_good(bad), "{bad}");
        }
        assert!(is_good(&"é".repeat(64).replacen('é', "è", 1)), "128 bytes");
        assert!(is_good(&format!("{}b", "a".repeat(255))), "256 bytes");
        assert!(!is_good(&format!("{}b", "a".repeat(256))), "257 bytes");
    }

    #[test]
    fn the_list_is_sorted_and_every_line_is_found() {
        let lines: Vec<&str> = COMMON.lines().collect();
        assert!(lines.len() > 3_000 && lines.is_sorted());
        let known: std::collections::HashSet<&str> = lines.iter().copied().collect();
        for line in &lines {
            assert!(is_common(line), "{line}");
            for other in [format!("{line}!"), format!("!{line}"), line[1..].to_owned()] {
                assert_eq!(is_common(&other), known.contains(other.as_str()), "{other}");
            }
        }
        assert!(!is_common("") && !is_common("\u{10ffff}") && !is_common("12345678\n123456789"));
    }
}
