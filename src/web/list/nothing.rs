//! What stands in place of the rows where the filters, the search or the view leave none.

use crate::kit::Text;
use crate::rql::Query;
use crate::web::button::Button;
use crate::web::parts::Tab;
use crate::web::state::State;

/// Nothing is in this view: nobody has filtered, and it may be good news.
pub(super) fn in_view(view: &Tab, views: &[Tab], path: &str) -> State {
    let title = Text::new("Nothing in “{view:word}”").arg("view", view.label.key());
    let all = views.iter().find(|v| v.label.key() == "All").map_or(path, |v| &v.href);
    State::nothing_yet("circle-check", title, "Rows appear here as soon as they belong to this view.")
        .action(Button::link("Show all", all))
}

/// Nothing fits what was searched for and filtered by; `searched` says in what a search looks, `clear` is the whole list.
pub(super) fn matches(query: &Query, searched: Option<Text>, clear: String) -> State {
    let text = match (&query.search, searched) {
        (Some(words), Some(fields)) if query.filter.is_none() => {
            Text::new("“{words}” was searched for in these: {fields:word}. Try fewer or other words.")
                .arg("words", words)
                .arg("fields", fields.key())
        }
        (Some(words), _) => {
            Text::new("No row that fits the filters has “{words}” in it. Try other words, or take a filter away.")
                .arg("words", words)
        }
        (None, _) => Text::new("No row fits these filters. Take one away, or clear them all."),
    };
    State::no_match("Nothing matches", text, clear)
}
