use super::*;

#[test]
fn memory_is_read_from_a_status() {
    assert_eq!(resident_bytes("Name:\ta\nVmRSS:\t   12 kB\nThreads: 2"), Some(12 * 1024));
    assert_eq!(resident_bytes("Name:\ta\n"), None);
}

#[test]
fn this_process_holds_some_memory() {
    assert!(memory_bytes(std::process::id()).unwrap() > 100_000);
}
