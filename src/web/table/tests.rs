//! Tests of lists.

use super::*;
use crate::kit::locale::Reader;
use crate::web::cell::Due;
use crate::web::layout::render;
use crate::web::status::Status;

fn pager(offset: u64, limit: u64, total: u64) -> (u64, u64, [Option<String>; 4]) {
    let Pager { from, to, first, previous, next, last, .. } =
        Pager::new(offset, limit, total, |offset| offset.to_string());
    (from, to, [first, previous, next, last])
}

fn offsets(given: [&str; 4]) -> [Option<String>; 4] {
    given.map(|offset| (!offset.is_empty()).then(|| offset.to_owned()))
}

#[test]
fn the_pager_leads_to_every_page() {
    assert_eq!(pager(0, 15, 128), (1, 15, offsets(["", "", "15", "120"])));
    assert_eq!(pager(15, 15, 128), (16, 30, offsets(["0", "0", "30", "120"])));
    assert_eq!(pager(120, 15, 128), (121, 128, offsets(["0", "105", "", ""])));
    assert_eq!(pager(0, 25, 25), (1, 25, offsets(["", "", "", ""])));
    assert_eq!(pager(0, 25, 0), (0, 0, offsets(["", "", "", ""])));
}

#[test]
fn odd_offsets_are_not_lost() {
    assert_eq!(pager(7, 10, 30), (8, 17, offsets(["0", "0", "17", "27"])));
    assert_eq!(pager(500, 10, 30), (0, 30, offsets(["0", "20", "", ""])));
    assert_eq!(pager(u64::MAX, 0, 3), (0, 3, offsets(["0", "2", "", ""])));
}

fn rows(count: usize) -> Table {
    let columns = vec![
        Column::new("id", "Request").at(Narrow::Left1).sort("?ordering(id)", Sort::None),
        Column::new("type", "Type").at(Narrow::Right3),
        Column::new("product", "Product").at(Narrow::Left3),
        Column::new("customer", "Customer").at(Narrow::Left2).grows(),
        Column::number("quantity", "Quantity"),
        Column::new("assignee", "Assignee"),
        Column::new("status", "Status").at(Narrow::Right1),
        Column::number("waiting", "Waiting").at(Narrow::Right2).sort("?ordering(waiting)", Sort::Descending),
    ];
    let mut table = Table::new("Requests", columns);
    table.bulk = vec![BulkAction::new("approve", "Approve…", "check")];
    table.rows = (0..count)
        .map(|at| {
            let id = format!("PR-9301-9893-8624-{at:03}");
            let href = format!("/VA-610-138/requests/{id}");
            let cells = vec![
                Cell::id(&id).to(href.clone()),
                Cell::text("Change"),
                Cell::data("Halden Backup Cloud"),
                Cell::data("Krämer & Söhne \"Logistik\" GmbH").strong(),
                Cell::signed(25),
                Cell::data("Mara Lindqvist"),
                Cell::status(Status::waiting("Pending")),
                Cell::since(0_i64).due(Due::Missed),
            ];
            Row::new(&id, cells).more(href)
        })
        .collect();
    table.pager = Pager::new(0, 25, count as u64, |offset| format!("?offset={offset}"));
    table
}

#[test]
fn a_row_names_itself_and_says_where_its_cells_go() -> askama::Result<()> {
    let html = render(&rows(1), &Reader::plain())?;
    for expected in [
        r#"<th scope="row" class="c-1a"><a href="/VA-610-138/requests/PR-9301-9893-8624-000" class="id">"#,
        r#"<td class="c-2a grow strong">Krämer &#38; Söhne &#34;Logistik&#34; GmbH</td>"#,
        r#"<td class="num">+25</td>"#,
        r#"<td>Mara Lindqvist</td>"#,
        r#"<th scope="col" class="num" aria-sort="descending">"#,
        r#"name="pick" value="PR-9301-9893-8624-000" aria-label="Select PR-9301-9893-8624-000""#,
        "1–1 of 1",
    ] {
        assert!(html.contains(expected), "{expected}\n{html}");
    }
    Ok(())
}

/// A page has room for 50 kB; frame, filters and column choice take up to 18 of them.
#[test]
fn a_page_of_late_rows_stays_small() -> askama::Result<()> {
    let html = render(&rows(25), &Reader::plain())?;
    assert!(html.len() < 32_000, "{}", html.len());
    Ok(())
}

#[test]
fn a_state_takes_the_place_of_rows_and_pages() -> askama::Result<()> {
    let mut table = rows(0);
    table.state = Some(State::no_match("No request matches", "Remove a filter.", "/VA-1/requests"));
    table.search = Some(Search {
        form: ToolForm::new("/VA-1/requests"),
        name: "q".into(),
        value: "x\"".into(),
        hint: "Id".into(),
    });
    let html = render(&table, &Reader::plain())?;
    assert!(!html.contains("<table") && !html.contains("pager"), "{html}");
    assert!(html.contains(r#"value="x&#34;""#) && html.contains("Clear everything"), "{html}");
    Ok(())
}
