//! Sending a file piece by piece, read on a blocking thread.

use std::fs::File;
use std::io::Read;

use actix_web::web::{self, Bytes};
use futures_util::stream::{self, Stream};

/// How much is read at a time.
const PIECE: usize = 64 * 1024;

/// The file's bytes from where it stands.
pub fn file(file: File) -> impl Stream<Item = Result<Bytes, actix_web::Error>> {
    stream::unfold(Some(file), |file| async {
        let mut file = file?;
        let read = web::block(move || {
            let mut piece = vec![0; PIECE];
            let size = file.read(&mut piece)?;
            piece.truncate(size);
            Ok::<_, std::io::Error>((file, piece))
        })
        .await;
        match read {
            Ok(Ok((_, piece))) if piece.is_empty() => None,
            Ok(Ok((file, piece))) => Some((Ok(Bytes::from(piece)), Some(file))),
            Ok(Err(e)) => Some((Err(cut_off(e)), None)),
            Err(e) => Some((Err(cut_off(e)), None)),
        }
    })
}

/// The answer has begun, so that all that is left is to end it early and to say why in the log.
fn cut_off(error: impl Into<actix_web::Error> + std::fmt::Display) -> actix_web::Error {
    tracing::error!(%error, "a file could not be read to its end");
    error.into()
}
