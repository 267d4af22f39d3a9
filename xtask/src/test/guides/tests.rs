use super::*;

#[test]
fn fences_become_a_script_and_prose_is_dropped() {
    let page = "Start it:\n```sh server\nserve\n```\n```sh\nask\n```\n\
                It says\n```text\nyes …\n```\n```sh fails\nask badly\n```\n\
                ```toml\na = 1\n```\n```sh by-hand\nrm\n```\n";
    assert_eq!(
        script(page).unwrap(),
        "server 2 <<'END_OF_FENCE'\nserve\nEND_OF_FENCE\n\
         block_begins 5\nask\nblock_ends\n\
         said 9 <<'END_OF_FENCE'\nyes …\nEND_OF_FENCE\n\
         block_begins 12; set +e\n(set -e\nask badly\n); block_failed $?; set -e\n"
    );
}

#[test]
fn a_page_without_commands_is_nothing_to_run() {
    assert_eq!(script("# Why\n\n```json\n{}\n```\n").unwrap(), "");
}

#[test]
fn a_fence_that_nobody_knows_is_an_error() {
    assert_eq!(script("a\n```bash\n```\n").unwrap_err(), "line 2: no such fence: bash");
}

#[test]
fn an_indented_command_would_not_be_run_and_is_an_error() {
    assert_eq!(
        script("a\n\n    vertebra serve\n").unwrap_err(),
        "line 3: indented; hint: a fence says what it is"
    );
}
