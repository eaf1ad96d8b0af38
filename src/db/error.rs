//! What an action or a query can end with besides its answer.

use diesel::result::{DatabaseErrorKind, Error as Diesel};

use crate::kit::Refusal;

/// The answer of everything that touches the database.
pub type Result<T> = std::result::Result<T, Error>;

/// A refusal, which is a business answer, or a failure of the database, which is not.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The business says no.
    #[error("{0}")]
    Refused(Refusal),
    /// The statement failed.
    #[error("database: {0}")]
    Database(#[from] Diesel),
    /// No connection could be had.
    #[error("no database connection: {0}")]
    Connection(#[from] diesel::r2d2::PoolError),
    /// Something outside the database failed inside an action: a file, a sheet.
    #[error("{0}")]
    Outside(String),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Error {
    /// How many more times the same action is worth running from its start, because it lost a race, or may have.
    ///
    /// diesel does not hand on PostgreSQL's code for a deadlock (40P01), and its message is in the server's language. But
    /// a deadlock always tells details: who waits for whom. Any other error without a kind of its own is worth a single
    /// try more, since an action has no effect outside its transaction, and comes to light after it. SQLite speaks English.
    pub fn more_tries(&self) -> u32 {
        match self {
            Self::Database(Diesel::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => 3,
            Self::Database(Diesel::DatabaseError(DatabaseErrorKind::Unknown, told)) => match told.details() {
                Some(_) => 3,
                None if told.message().contains("database is locked") => 3,
                None => 1,
            },
            _ => 0,
        }
    }

    /// Whether the database gave none of the reasons that diesel knows.
    pub fn has_no_kind(&self) -> bool {
        matches!(self, Self::Database(Diesel::DatabaseError(DatabaseErrorKind::Unknown, _)))
    }

    /// Whether a unique index refused the row.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Database(Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _)))
    }
}
