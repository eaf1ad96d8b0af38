//! Offers by spreadsheet: what a sheet has in it, and where the batch of its offers stands.

use std::collections::HashMap;

use super::{ContractKind, OfferWords};
use crate::kit::{FieldProblem, Refusal, Text, fold};

/// Most partners in one sheet.
pub const MAX_ROWS: u32 = 2_000;
/// Most bytes of a sheet.
pub const MAX_SHEET: u64 = 5_000_000;
/// Most characters of a cell; what is longer is not kept.
pub const MAX_CELL: usize = 1_000;
/// Batches of an account that are not at their end.
pub const MAX_OPEN: i64 = 20;
/// For how many days it is told what was in a sheet and what came of it. The contracts stay.
pub const BATCH_DAYS: i64 = 90;
/// Longest default message, in characters: that of an offer.
pub const MAX_MESSAGE: usize = 200;

crate::word_enum! {
    /// Where a batch of offers stands.
    pub enum BatchState {
        /// Its rows are checked; nothing is made.
        Checking = "checking",
        /// They are checked and wait for somebody to invite the partners.
        Ready = "ready",
        /// The partners are invited, one after the other.
        Inviting = "inviting",
        /// Every row has its outcome.
        Done = "done",
        /// Somebody did not want it any more; what was made stays.
        Cancelled = "cancelled",
        /// It could not go on; what was made stays.
        Failed = "failed",
    }
}

impl BatchState {
    /// Whether it can still go on.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Checking | Self::Ready | Self::Inviting)
    }

    /// Whether a job is at it.
    pub fn is_working(self) -> bool {
        matches!(self, Self::Checking | Self::Inviting)
    }

    /// Refuses unless the partners can be invited now. Whoever comes second is told so.
    pub fn may_start(self) -> Result<(), Refusal> {
        match self {
            Self::Ready => Ok(()),
            Self::Checking => {
                Err(Refusal::state(Text::new("The rows are still being checked. Wait until that is done.")))
            }
            Self::Inviting | Self::Done => {
                Err(Refusal::conflict(Text::new("These partners are being invited already. Nothing was done twice.")))
            }
            Self::Cancelled | Self::Failed => Err(self.over()),
        }
    }

    /// Refuses unless it can be given up.
    pub fn may_cancel(self) -> Result<(), Refusal> {
        if self.is_open() { Ok(()) } else { Err(self.over()) }
    }

    fn over(self) -> Refusal {
        let text = Text::new("This list of invitations is {status:word}. Upload the spreadsheet again to go on.");
        Refusal::state(text.arg("status", self))
    }
}

crate::word_enum! {
    /// What is known of a row.
    pub enum RowStatus {
        /// It can be offered.
        Ready = "ready",
        /// Something in it is wrong.
        Wrong = "wrong",
        /// Its partner has a contract under the agreement already.
        Already = "already",
        /// Its contract was offered.
        Invited = "invited",
        /// The offer was refused when it was to be made.
        Refused = "refused",
    }
}

impl RowStatus {
    /// Whether somebody has to correct the row.
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Wrong | Self::Refused)
    }
}

crate::word_enum! {
    /// A column with a meaning, by its heading in the template.
    pub enum Heading {
        /// The name of the new partner.
        Partner = "Partner",
        /// Where the invitation is sent.
        Email = "E-mail",
        /// What the partner reads.
        Message = "Message",
        /// A note for colleagues.
        Note = "Internal note",
        /// Production or test.
        Kind = "Kind",
        /// When the contract ends by itself.
        End = "Ends on",
    }
}

/// Columns that the workbook with the results adds. They are passed over when it is uploaded again.
pub const RESULT_COLUMNS: [&str; 4] = ["Row", "Status", "Result", "Contract"];

impl Heading {
    /// What the column may be called, in lower case.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Partner => &["partner", "name of the partner", "company", "name"],
            Self::Email => &["e-mail", "email", "mail"],
            Self::Message => &["message", "message to the partner"],
            Self::Note => &["internal note", "note"],
            Self::Kind => &["kind"],
            Self::End => &["ends on", "end", "ends"],
        }
    }

    /// The column that a field of an offer is read from.
    fn of_field(field: &str) -> Option<Self> {
        Some(match field {
            "partner.name" | "partner.id" | "name" => Self::Partner,
            "activation.email" => Self::Email,
            "activation.message" => Self::Message,
            "note" => Self::Note,
            "kind" => Self::Kind,
            "expire_at" => Self::End,
            _ => return None,
        })
    }
}

/// Where the columns of a sheet are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    places: Vec<(Heading, u32)>,
    /// The headings that mean nothing here, as they are written.
    pub ignored: Vec<String>,
}

impl Columns {
    /// Reads a header: places and names of its columns, in any order. Refuses it without a column of partners, and with two
    /// columns for one thing.
    pub fn read<'a>(columns: impl IntoIterator<Item = (u32, &'a str)>) -> Result<Self, Text> {
        let mut read = Self { places: vec![], ignored: vec![] };
        for (place, name) in columns {
            let folded = fold(name.trim());
            let known = Heading::ALL.iter().copied().find(|h| h.names().contains(&folded.as_str()));
            match known {
                Some(heading) if read.place(heading).is_some() => {
                    let text = Text::new("There are two columns for {column:word}. Remove one of them.");
                    return Err(text.arg("column", heading));
                }
                Some(heading) => read.places.push((heading, place)),
                None if RESULT_COLUMNS.iter().any(|own| fold(own) == folded) => {}
                None => read.ignored.push(name.trim().chars().take(40).collect()),
            }
        }
        if read.place(Heading::Partner).is_none() {
            return Err(Text::new(
                "There is no column Partner. The first row must name the columns; the template has all of them.",
            ));
        }
        Ok(read)
    }

    /// Where a column is; none if the sheet lacks it.
    pub fn place(&self, heading: Heading) -> Option<u32> {
        self.places.iter().find(|(known, _)| *known == heading).map(|(_, place)| *place)
    }
}

/// A row of a sheet, as it is written there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetRow {
    /// Its number in the spreadsheet program, from 1.
    pub place: i32,
    /// The name of the new partner.
    pub partner: String,
    /// Where the invitation is sent.
    pub email: String,
    /// What the partner reads.
    pub message: String,
    /// A note for colleagues.
    pub note: String,
    /// `production` or `test`; may be empty.
    pub purpose: String,
    /// When the contract ends; may be empty.
    pub expire_at: String,
    /// What is wrong with a cell that could not be read.
    pub fault: Option<Text>,
}

impl SheetRow {
    /// What is said about the offer. `message` stands in where the row has none.
    pub fn words(&self, message: &str) -> OfferWords {
        OfferWords {
            purpose: self.purpose.clone(),
            message: if self.message.trim().is_empty() { message.to_owned() } else { self.message.clone() },
            note: self.note.clone(),
            email: self.email.clone(),
            partner_name: self.partner.clone(),
            partner_id: String::new(),
            expire_at: self.expire_at.clone(),
            grants: None,
        }
    }
}

/// Of each row, what it repeats of a row above it: a partner or an address that is to be invited there already.
pub fn repeated(rows: &[SheetRow]) -> Vec<Option<Text>> {
    let (mut names, mut addresses): (HashMap<String, i32>, HashMap<String, i32>) = (HashMap::new(), HashMap::new());
    let before = |seen: &mut HashMap<String, i32>, value: &str, place: i32| match fold(value.trim()) {
        empty if empty.is_empty() => None,
        value => {
            let first = *seen.entry(value).or_insert(place);
            (first != place).then_some(first)
        }
    };
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let (name, address) =
            (before(&mut names, &row.partner, row.place), before(&mut addresses, &row.email, row.place));
        found.push(match (name, address) {
            (Some(first), _) => Some(
                Text::new("The partner {name} is in row {row} already. Remove one of the rows.")
                    .arg("name", row.partner.trim())
                    .arg("row", first),
            ),
            (None, Some(first)) => Some(
                Text::new("The address {email} is in row {row} already. Remove one of the rows, or its address.")
                    .arg("email", row.email.trim())
                    .arg("row", first),
            ),
            (None, None) => None,
        });
    }
    found
}

/// Why an offer of a row is refused, with the columns where something is wrong.
pub fn sentences(refusal: &Refusal) -> Text {
    let with_column = |problem: &FieldProblem| match Heading::of_field(&problem.field) {
        Some(heading) => {
            Text::new("{column:word}: {problem:text}").arg("column", heading).part("problem", &problem.text)
        }
        None => problem.text.clone(),
    };
    refusal.problems.iter().map(with_column).reduce(|all, next| all.then(&next)).unwrap_or_default()
}

/// Refuses agreements whose contracts are not offered.
pub fn may_invite_under(kind: ContractKind) -> Result<(), Refusal> {
    if kind.is_offered() {
        return Ok(());
    }
    let text =
        Text::new("Contracts under a {kind:word} agreement are not offered: the partner enrols, and you approve.");
    Err(Refusal::forbidden(text.arg("kind", kind)))
}

/// What a sheet is called: the last part of what may be a whole path, shortened, without control characters.
pub fn sheet_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !c.is_control()).take(120).collect();
    if name.trim().is_empty() { "partners.xlsx".to_owned() } else { name.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &str) -> Result<Columns, String> {
        Columns::read((0..).zip(names.split(','))).map_err(|t| t.to_string())
    }

    #[test]
    fn headings_are_known_in_any_order_and_case_and_others_are_noted() {
        let read = columns("Colour,ENDS ON,email, Partner ,Status,Result,Kind").unwrap();
        assert_eq!(read.place(Heading::Partner), Some(3));
        assert_eq!(read.place(Heading::Email), Some(2));
        assert_eq!(read.place(Heading::End), Some(1));
        assert_eq!(read.place(Heading::Message), None);
        assert_eq!(read.ignored, ["Colour"]);
        for heading in Heading::ALL {
            assert_eq!(columns(&format!("Name,{heading}")).is_ok(), *heading != Heading::Partner, "{heading}");
        }
        assert!(columns("E-mail,Message").unwrap_err().starts_with("There is no column Partner."));
        assert_eq!(
            columns("Partner,e-mail,Mail").unwrap_err(),
            "There are two columns for E-mail. Remove one of them."
        );
    }

    #[test]
    fn what_is_there_twice_is_told_with_the_first_row() {
        let row = |place, partner: &str, email: &str| SheetRow {
            place,
            partner: partner.into(),
            email: email.into(),
            ..SheetRow::default()
        };
        let rows = [
            row(2, "Acme", "a@acme.example"),
            row(3, "Bolt", ""),
            row(4, " ACME ", "other@acme.example"),
            row(5, "Crux", "A@Acme.example"),
            row(6, "Dash", ""),
            row(7, "", ""),
            row(8, "", ""),
        ];
        let told: Vec<Option<String>> = repeated(&rows).into_iter().map(|t| t.map(|t| t.to_string())).collect();
        assert_eq!(told[2].as_deref(), Some("The partner ACME is in row 2 already. Remove one of the rows."));
        assert_eq!(
            told[3].as_deref(),
            Some("The address A@Acme.example is in row 2 already. Remove one of the rows, or its address.")
        );
        assert!([0, 1, 4, 5, 6].iter().all(|n| told[*n].is_none()), "{told:?}");
    }

    #[test]
    fn a_batch_starts_once_and_ends_once() {
        for state in BatchState::ALL {
            let start = state.may_start().err().map(|r| r.status());
            let wanted = match state {
                BatchState::Ready => None,
                BatchState::Inviting | BatchState::Done => Some(409),
                _ => Some(400),
            };
            assert_eq!(start, wanted, "{state}");
            assert_eq!(state.may_cancel().is_ok(), state.is_open(), "{state}");
            assert!(state.is_open() || !state.is_working(), "{state}");
        }
    }

    #[test]
    fn problems_name_the_column_that_they_are_in() {
        let mut problems = crate::kit::Problems::default();
        problems.add("activation.email", Text::new("Wrong."));
        problems.add("expire_at", Text::new("Late."));
        problems.add("", Text::new("All of it."));
        assert_eq!(sentences(&problems.done().unwrap_err()).to_string(), "E-mail: Wrong. Ends on: Late. All of it.");
    }

    #[test]
    fn a_row_without_a_message_gets_the_one_for_all() {
        let row = SheetRow { message: " ".into(), partner: "Acme".into(), ..SheetRow::default() };
        assert_eq!(row.words("Welcome").message, "Welcome");
        assert_eq!(SheetRow { message: "Dear Acme".into(), ..row }.words("Welcome").message, "Dear Acme");
    }

    #[test]
    fn a_path_is_not_a_name() {
        for (given, want) in
            [("C:\\x\\May vendors.xlsx", "May vendors.xlsx"), ("/a/b.csv", "b.csv"), ("\r\n", "partners.xlsx")]
        {
            assert_eq!(sheet_name(given), want);
        }
    }
}
