//! Links to the next page.

use super::*;

#[test]
fn the_place_to_go_on_from_is_found_in_a_link() {
    for (link, expected) in [
        ("/messageexchange/A/inbox?continue_from=ab%3D", Some("ab%3D")),
        ("/messageexchange/A/inbox?max_results=10&continue_from=ab&x=y", Some("ab")),
        ("/messageexchange/A/inbox?max_results=10", None),
        ("/messageexchange/A/inbox", None),
    ] {
        assert_eq!(place(link).as_deref(), expected, "{link}");
    }
}
