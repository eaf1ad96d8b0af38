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
    /// Whether the same action may succeed when it is simply run again: a lost race, not a fault.
    /// PostgreSQL's deadlock (40P01) reaches us as unknown kind with this text.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database(Diesel::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
            Self::Database(Diesel::DatabaseError(_, info)) => {
                let text = info.message();
                text.contains("deadlock detected") || text.contains("database is locked")
            }
            _ => false,
        }
    }

    /// Whether a unique index refused the row.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Database(Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _)))
    }
}
