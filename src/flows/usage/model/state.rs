//! Where a usage file stands, and who may move it.

use crate::kit::{Refusal, Side, Text};

crate::word_enum! {
    /// Where a usage file stands.
    pub enum FileStatus {
        Draft = "draft", Uploading = "uploading", Uploaded = "uploaded", Processing = "processing", Invalid = "invalid", Ready = "ready",
        Pending = "pending", Accepted = "accepted", Rejected = "rejected", Closed = "closed", Deleted = "deleted"
    }
}

impl FileStatus {
    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Uploading => "Uploading",
            Self::Uploaded => "Uploaded",
            Self::Processing => "Processing",
            Self::Invalid => "Invalid",
            Self::Ready => "Ready",
            Self::Pending => "Pending",
            Self::Accepted => "Accepted",
            Self::Rejected => "Rejected",
            Self::Closed => "Closed",
            Self::Deleted => "Deleted",
        }
    }

    /// Who must act next; none while the system works, and at the end.
    pub fn turn(self) -> Option<Side> {
        match self {
            Self::Draft | Self::Invalid | Self::Ready | Self::Rejected => Some(Side::Vendor),
            Self::Pending | Self::Accepted => Some(Side::Distributor),
            Self::Uploading | Self::Uploaded | Self::Processing | Self::Closed | Self::Deleted => None,
        }
    }

    /// Whether the system is working on it.
    pub fn is_working(self) -> bool {
        matches!(self, Self::Uploading | Self::Uploaded | Self::Processing)
    }

    /// Whether the distributor has the rows before it. Before that, and again once the vendor has sent a new workbook, they
    /// are the vendor's alone.
    pub fn is_submitted(self) -> bool {
        matches!(self, Self::Pending | Self::Accepted | Self::Rejected | Self::Closed)
    }

    /// Whether the record ids of such a file may be reported again.
    pub fn frees_its_ids(self) -> bool {
        matches!(self, Self::Rejected | Self::Deleted)
    }
}

crate::word_enum! {
    /// Where a record stands, as the API says it.
    pub enum RecordStatus { Valid = "valid", Invalid = "invalid", Approved = "approved", Rejected = "rejected", Closed = "closed" }
}

impl RecordStatus {
    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Valid => "Valid",
            Self::Invalid => "Invalid",
            Self::Approved => "Approved",
            Self::Rejected => "Rejected",
            Self::Closed => "Closed",
        }
    }

    /// What a record that is kept as `self` is in a file of this status: accepting or rejecting a file moves all its
    /// valid records at once.
    pub fn in_file(self, file: FileStatus) -> Self {
        match (self, file) {
            (Self::Valid, FileStatus::Accepted | FileStatus::Closed) => Self::Approved,
            (Self::Valid, FileStatus::Rejected) => Self::Rejected,
            (kept, _) => kept,
        }
    }
}

/// What may be done with a usage file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// The vendor changes its name, texts, period, currency.
    Edit,
    /// The vendor sends a workbook.
    Upload,
    /// The system begins to check the rows.
    Start,
    /// The system found no bad row.
    Pass,
    /// The system found a bad row or an unreadable file.
    Fail,
    /// The vendor stops the check.
    Cancel,
    /// The vendor sends it to the distributor.
    Submit,
    /// The distributor agrees.
    Accept,
    /// The distributor sends it back.
    Reject,
    /// The distributor ends it, or the last record was closed.
    Close,
    /// The distributor approves or rejects records of it one by one.
    DecideRecords,
    /// The distributor closes records of it.
    CloseRecords,
    /// The distributor has the processed file built again.
    Reprocess,
    /// The vendor takes it away.
    Delete,
}

impl Verb {
    /// Every verb.
    pub const ALL: &'static [Verb] = &[
        Self::Edit,
        Self::Upload,
        Self::Start,
        Self::Pass,
        Self::Fail,
        Self::Cancel,
        Self::Submit,
        Self::Accept,
        Self::Reject,
        Self::Close,
        Self::DecideRecords,
        Self::CloseRecords,
        Self::Reprocess,
        Self::Delete,
    ];

    /// Whose verb it is; none for the system's own.
    pub fn side(self) -> Option<Side> {
        match self {
            Self::Edit | Self::Upload | Self::Cancel | Self::Submit | Self::Delete => Some(Side::Vendor),
            Self::Accept | Self::Reject | Self::DecideRecords | Self::Close | Self::CloseRecords | Self::Reprocess => {
                Some(Side::Distributor)
            }
            Self::Start | Self::Pass | Self::Fail => None,
        }
    }

    /// From which states it leads where.
    fn steps(self) -> &'static [(FileStatus, FileStatus)] {
        use FileStatus::{Accepted, Closed, Deleted, Draft, Invalid, Pending, Processing, Ready, Rejected, Uploaded};
        match self {
            Self::Edit => &[(Draft, Draft), (Invalid, Invalid), (Ready, Ready), (Rejected, Rejected)],
            Self::Upload => &[(Draft, Uploaded), (Invalid, Uploaded), (Ready, Uploaded), (Rejected, Uploaded)],
            // A worker that takes over finds the file in work already.
            Self::Start => &[(Uploaded, Processing), (Processing, Processing)],
            Self::Pass => &[(Processing, Ready)],
            Self::Fail => &[(Uploaded, Invalid), (Processing, Invalid)],
            Self::Cancel => &[(Uploaded, Invalid), (Processing, Invalid)],
            // While rows are checked the wish is remembered.
            Self::Submit => &[(Ready, Pending), (Uploaded, Uploaded), (Processing, Processing)],
            Self::Accept => &[(Pending, Accepted)],
            Self::Reject => &[(Pending, Rejected)],
            Self::DecideRecords => &[(Pending, Pending)],
            Self::Close => &[(Accepted, Closed)],
            // The billing data of closed records may be corrected.
            Self::CloseRecords => &[(Accepted, Accepted), (Closed, Closed)],
            Self::Reprocess => &[(Accepted, Accepted), (Closed, Closed)],
            Self::Delete => &[(Draft, Deleted), (Ready, Deleted), (Invalid, Deleted), (Rejected, Deleted)],
        }
    }

    fn done(self) -> &'static str {
        match self {
            Self::Edit => "changed",
            Self::Upload => "uploaded",
            Self::Start => "checked",
            Self::Pass => "validated",
            Self::Fail => "invalidated",
            Self::Cancel => "cancelled",
            Self::Submit => "submitted",
            Self::Accept => "accepted",
            Self::Reject => "rejected",
            Self::Close => "closed",
            Self::DecideRecords => "decided record by record",
            Self::CloseRecords => "closed record by record",
            Self::Reprocess => "processed again",
            Self::Delete => "deleted",
        }
    }
}

/// The state after a verb. `by` is the side of the person or program that acts; none for the system.
///
/// Refuses the wrong side with "forbidden", and the wrong state with the states that would be right.
pub fn next(id: &str, status: FileStatus, verb: Verb, by: Option<Side>) -> Result<FileStatus, Refusal> {
    if by.is_some() && by != verb.side() {
        return Err(Refusal::forbidden(match verb.side() {
            Some(Side::Vendor) => Text::new("Only the vendor of usage file {id} can do this.").arg("id", id),
            Some(_) => Text::new("Only the distributor of usage file {id} can do this.").arg("id", id),
            None => Text::new("Only the system does this to usage file {id}.").arg("id", id),
        }));
    }
    if let Some((_, to)) = verb.steps().iter().find(|(from, _)| *from == status) {
        return Ok(*to);
    }
    let right = Text::listed(verb.steps().iter().map(|(from, _)| Text::kept(from.as_str())));
    let text = Text::new("Usage file {id} cannot be {done:word} in status {status:word}. It can in: {right:text}.")
        .arg("id", id)
        .arg("done", verb.done())
        .arg("status", status)
        .part("right", &right);
    Err(Refusal::state(text).wire("USG_001").with("status", status))
}

/// Whether a verb is possible now, and why not.
pub fn possible(id: &str, status: FileStatus, verb: Verb, by: Side) -> Result<(), Refusal> {
    next(id, status, verb, Some(by)).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_way_of_a_good_file() {
        let mut status = FileStatus::Draft;
        let way = [
            (Verb::Upload, Some(Side::Vendor), FileStatus::Uploaded),
            (Verb::Start, None, FileStatus::Processing),
            (Verb::Pass, None, FileStatus::Ready),
            (Verb::Submit, Some(Side::Vendor), FileStatus::Pending),
            (Verb::Accept, Some(Side::Distributor), FileStatus::Accepted),
            (Verb::CloseRecords, Some(Side::Distributor), FileStatus::Accepted),
            (Verb::Close, None, FileStatus::Closed),
        ];
        for (verb, by, want) in way {
            status = next("UF-1", status, verb, by).unwrap();
            assert_eq!(status, want);
        }
    }

    #[test]
    fn wrong_states_and_wrong_sides_are_told_apart() {
        let wrong = next("UF-2026-05-1234-5678", FileStatus::Draft, Verb::Submit, Some(Side::Vendor)).unwrap_err();
        assert_eq!((wrong.status(), wrong.wire), (400, "USG_001"));
        assert_eq!(
            wrong.to_string(),
            "Usage file UF-2026-05-1234-5678 cannot be submitted in status draft. It can in: ready, uploaded, processing."
        );
        assert_eq!(next("UF-1", FileStatus::Pending, Verb::Accept, Some(Side::Vendor)).unwrap_err().status(), 403);
        assert_eq!(next("UF-1", FileStatus::Ready, Verb::Delete, Some(Side::Distributor)).unwrap_err().status(), 403);
    }

    #[test]
    fn records_follow_their_file() {
        use FileStatus::{Accepted, Closed, Pending, Ready, Rejected};
        for (kept, file, want) in [
            (RecordStatus::Valid, Ready, RecordStatus::Valid),
            (RecordStatus::Valid, Pending, RecordStatus::Valid),
            (RecordStatus::Valid, Accepted, RecordStatus::Approved),
            (RecordStatus::Valid, Rejected, RecordStatus::Rejected),
            (RecordStatus::Invalid, FileStatus::Invalid, RecordStatus::Invalid),
            (RecordStatus::Closed, Closed, RecordStatus::Closed),
        ] {
            assert_eq!(kept.in_file(file), want);
        }
    }

    proptest! {
        /// Whatever is tried: what the distributor has seen is never changed by the vendor, and the end is the end.
        #[test]
        fn no_walk_leads_past_the_distributor(tries in proptest::collection::vec((0..Verb::ALL.len(), 0..3usize), 0..60)) {
            let mut status = FileStatus::Draft;
            let mut accepted = false;
            for (verb, who) in tries {
                let (verb, by) = (Verb::ALL[verb], [None, Some(Side::Vendor), Some(Side::Distributor)][who]);
                if let Ok(to) = next("UF-1", status, verb, by) {
                    if status == FileStatus::Pending {
                        prop_assert!(by != Some(Side::Vendor));
                    }
                    prop_assert!(status != FileStatus::Deleted);
                    accepted |= to == FileStatus::Accepted;
                    if accepted {
                        prop_assert!(matches!(to, FileStatus::Accepted | FileStatus::Closed));
                    }
                    status = to;
                }
            }
        }
    }
}
