//! The report as text.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// Writes `report.json` and `report.md`.
pub fn save(folder: &Path, report: &Value) {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("report.json"), serde_json::to_vec_pretty(report).unwrap()).unwrap();
    fs::write(folder.join("report.md"), markdown(report)).unwrap();
    println!("{}", folder.join("report.md").display());
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

fn megabytes(value: &Value) -> f64 {
    number(value) / 1_048_576.0
}

fn name(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn rows(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn markdown(report: &Value) -> String {
    let mut text = format!(
        "# Benchmarks\n\nMade by `make bench` on a machine with {} cores that did other work too. Numbers compare within one report only; \
         the ratios say more than the times.\n",
        report["cores"]
    );
    for database in ["sqlite", "postgres"] {
        let title = if database == "sqlite" { "SQLite" } else { "PostgreSQL" };
        requests(&mut text, title, &report[format!("requests_{database}")]);
    }
    for database in ["sqlite", "postgres"] {
        let title = if database == "sqlite" { "SQLite" } else { "PostgreSQL" };
        usage(&mut text, title, &report[format!("usage_{database}")]);
    }
    limits(&mut text, &report["usage_sqlite"]);
    pages(&mut text, &report["pages"]);
    text
}

fn requests(text: &mut String, title: &str, part: &Value) {
    if part.is_null() {
        return;
    }
    let _ = writeln!(
        text,
        "\n## A list of requests on {title}\n\n25 of {} fulfillment requests that match a status, of {} in all, newest first, with the exact total \
         in each answer, as a signed-in vendor who sees only its own. The second page is the one in the middle, the most expensive one. \
         Median processor time of one request, in microseconds.\n",
        part["matching"], part["requests"]
    );
    text.push_str("| what | offset | bytes | portal | database server | together | of the first page |\n|---|---|---|---|---|---|---|\n");
    let sum = |row: &Value| number(&row["portal_us"]) + number(&row["server_us"]);
    for row in rows(&part["rows"]) {
        let first = rows(&part["rows"]).find(|r| r["name"] == row["name"]).map_or(1.0, sum);
        let _ = writeln!(
            text,
            "| {} | {} | {} | {:.0} | {:.0} | {:.0} | {:.2} |",
            name(&row["name"]),
            row["offset"],
            row["bytes"],
            number(&row["portal_us"]),
            number(&row["server_us"]),
            sum(row),
            sum(row) / first
        );
    }
    text.push_str("\nBeside them, what it takes at least:\n\n| what | microseconds |\n|---|---|\n");
    let bare = number(&part["bare_us"]);
    let _ = writeln!(text, "| a bare actix handler that answers as many bytes | {bare:.0} |");
    for raw in rows(&part["statements"]) {
        let _ = writeln!(
            text,
            "| the statements of the page, prepared, nothing done with the rows, offset {} | {:.0} |",
            raw["offset"],
            number(&raw["us"])
        );
    }
    for (row, raw) in rows(&part["rows"]).zip(rows(&part["statements"])) {
        let least = bare + number(&raw["us"]);
        let ratio = sum(row) / least;
        let _ = writeln!(text, "| the API at offset {} takes, times both together | {ratio:.1} |", row["offset"]);
    }
    let _ = writeln!(text, "\nMost memory held by the portal: {:.0} MiB.", megabytes(&part["peak_memory_bytes"]));
}

fn usage(text: &mut String, title: &str, part: &Value) {
    if part.is_null() {
        return;
    }
    let _ = writeln!(
        text,
        "\n## A usage workbook on {title}\n\n{} price-rated records with ids of their own, about {} subscriptions, in a workbook of {:.1} MiB that openpyxl wrote.\n",
        part["records"],
        part["subscriptions"],
        megabytes(&part["workbook_bytes"])
    );
    text.push_str("| what | how much |\n|---|---|\n");
    let _ = writeln!(text, "| upload until it is answered | {:.2} s |", number(&part["upload_s"]));
    let _ = writeln!(
        text,
        "| all rows read, checked and stored | {:.2} s, {:.0} records per second |",
        number(&part["check_s"]),
        number(&part["records_per_s"])
    );
    let _ = writeln!(
        text,
        "| processor time for that | {:.2} s, and {:.2} s of the database server |",
        number(&part["check_cpu_s"]),
        number(&part["check_server_cpu_s"])
    );
    let _ = writeln!(text, "| the processed file built | {:.2} s |", number(&part["build_s"]));
    let _ = writeln!(
        text,
        "| most memory held by the whole portal, after checking | {:.0} MiB |",
        megabytes(&part["peak_check_bytes"])
    );
    let _ = writeln!(text, "| most memory held, after building | {:.0} MiB |", megabytes(&part["peak_bytes"]));
}

fn limits(text: &mut String, part: &Value) {
    let limits = &part["limits"];
    if limits.is_null() {
        return;
    }
    let check = number(&part["check_s"]);
    let _ = writeln!(text, "\nBeside it, on SQLite, what it takes at least:\n\n| what | seconds |\n|---|---|");
    let _ = writeln!(text, "| unpacking the sheet and cutting it into XML events | {:.2} |", number(&limits["xml_s"]));
    let _ = writeln!(text, "| the stream of its cells, nothing done with them | {:.2} |", number(&limits["cells_s"]));
    let _ = writeln!(text, "| the same rows and keys by prepared statements | {:.2} |", number(&limits["rows_s"]));
    let least = number(&limits["cells_s"]) + number(&limits["rows_s"]);
    let _ =
        writeln!(text, "| cells and rows together; the portal takes {:.2} times that | {least:.2} |", check / least);
}

fn pages(text: &mut String, part: &Value) {
    if part.is_null() {
        return;
    }
    text.push_str("\n## The demo world on SQLite\n\n| what | how much |\n|---|---|\n");
    let _ = writeln!(text, "| program | {:.1} MiB |", megabytes(&part["program_bytes"]));
    let _ = writeln!(text, "| making the demo world | {:.1} s |", number(&part["demo_world_seconds"]));
    let _ = writeln!(text, "| start to first answer | {:.0} ms |", number(&part["start_milliseconds"]));
    let _ = writeln!(text, "| most memory held | {:.1} MiB |", megabytes(&part["peak_memory_bytes"]));
    for row in rows(&part["together"]) {
        let _ = writeln!(
            text,
            "| {}, {} clients | {:.0} per second |",
            name(&row["name"]),
            row["clients"],
            number(&row["per_second"])
        );
    }
    text.push_str("\n| page | bytes | p50 ms | p95 ms | max ms |\n|---|---|---|---|---|\n");
    for row in rows(&part["pages"]) {
        let (p50, p95, max) = (number(&row["p50_ms"]), number(&row["p95_ms"]), number(&row["max_ms"]));
        let _ = writeln!(text, "| {} | {} | {p50:.1} | {p95:.1} | {max:.1} |", name(&row["name"]), row["bytes"]);
    }
}
