//! Numbers for Prometheus, on a listener of their own: requests and how long they took, jobs by status.
//!
//! Requests are counted for this process; jobs are those of the database, whichever process does them.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::body::MessageBody;
use actix_web::dev::{Server, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{App, HttpResponse, HttpServer, web};
use tokio::time::Instant;

use crate::app::Services;
use crate::jobs;

/// Upper ends of the buckets: in microseconds, and as Prometheus reads them, in seconds.
const BUCKETS: [(u128, &str); 7] = [
    (5_000, "0.005"),
    (25_000, "0.025"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (1_000_000, "1"),
    (5_000_000, "5"),
    (u128::MAX, "+Inf"),
];
const CLASSES: [&str; 6] = ["1xx", "2xx", "3xx", "4xx", "5xx", "broken"];

static BY_CLASS: [AtomicU64; 6] = [const { AtomicU64::new(0) }; 6];
static BY_TIME: [AtomicU64; 7] = [const { AtomicU64::new(0) }; 7];
static MICROSECONDS: AtomicU64 = AtomicU64::new(0);

/// Counts a request and how long its answer took to begin.
pub async fn count<B: MessageBody>(req: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, actix_web::Error> {
    let begun = Instant::now();
    let answer = next.call(req).await;
    let class = match &answer {
        Ok(response) => usize::from(response.status().as_u16() / 100).clamp(1, 5) - 1,
        Err(_) => 5,
    };
    let took = begun.elapsed().as_micros();
    let bucket = BUCKETS.iter().position(|(end, _)| took <= *end).unwrap_or(6);
    BY_CLASS[class].fetch_add(1, Ordering::Relaxed);
    BY_TIME[bucket].fetch_add(1, Ordering::Relaxed);
    MICROSECONDS.fetch_add(u64::try_from(took).unwrap_or(u64::MAX), Ordering::Relaxed);
    answer
}

/// Starts to serve the numbers on a bound address.
pub fn server(services: Services, listener: TcpListener) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new().app_data(web::Data::new(services.clone())).route("/metrics", web::get().to(numbers))
    });
    // Whoever stops the portal stops this one with it.
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}

async fn numbers(services: web::Data<Services>) -> HttpResponse {
    let db = services.db.clone();
    let jobs = web::block(move || db.read(jobs::counts)).await;
    let jobs = match jobs {
        Ok(Ok(jobs)) => Some(jobs),
        _ => None,
    };
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text(jobs.as_deref()))
}

/// The numbers as Prometheus reads them; `jobs` is none when the database does not answer.
fn text(jobs: Option<&[(String, i64)]>) -> String {
    let mut out = String::new();
    let mut line = |text: std::fmt::Arguments<'_>| {
        // Writing to a string does not fail.
        let _ = writeln!(out, "{text}");
    };
    line(format_args!("# HELP causeway_info Which version runs."));
    line(format_args!("# TYPE causeway_info gauge"));
    line(format_args!("causeway_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION")));
    line(format_args!("# HELP causeway_database_up Whether the database answers."));
    line(format_args!("# TYPE causeway_database_up gauge"));
    line(format_args!("causeway_database_up {}", u8::from(jobs.is_some())));
    line(format_args!("# HELP causeway_http_requests_total Requests answered, by class of status."));
    line(format_args!("# TYPE causeway_http_requests_total counter"));
    for (class, count) in CLASSES.iter().zip(&BY_CLASS) {
        line(format_args!("causeway_http_requests_total{{status=\"{class}\"}} {}", count.load(Ordering::Relaxed)));
    }
    line(format_args!("# HELP causeway_http_request_seconds Time until an answer began."));
    line(format_args!("# TYPE causeway_http_request_seconds histogram"));
    let mut sum = 0;
    for ((_, end), count) in BUCKETS.iter().zip(&BY_TIME) {
        sum += count.load(Ordering::Relaxed);
        line(format_args!("causeway_http_request_seconds_bucket{{le=\"{end}\"}} {sum}"));
    }
    let micros = MICROSECONDS.load(Ordering::Relaxed);
    line(format_args!("causeway_http_request_seconds_sum {}.{:06}", micros / 1_000_000, micros % 1_000_000));
    line(format_args!("causeway_http_request_seconds_count {sum}"));
    line(format_args!("# HELP causeway_jobs Jobs in the database, by status; dead ones need the operator."));
    line(format_args!("# TYPE causeway_jobs gauge"));
    for (status, count) in jobs.unwrap_or_default() {
        line(format_args!("causeway_jobs{{status=\"{status}\"}} {count}"));
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_is_a_comment_or_a_number() {
        let text = super::text(Some(&[("dead".to_owned(), 2)]));
        assert!(text.contains("causeway_jobs{status=\"dead\"} 2\n") && text.contains("causeway_database_up 1\n"));
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(name.starts_with("causeway_"), "{line}");
            assert!(value.chars().all(|c| c.is_ascii_digit() || c == '.'), "{line}");
        }
        assert!(super::text(None).contains("causeway_database_up 0\n"));
    }
}
