use super::*;

#[test]
fn memory_is_read_from_a_status() {
    let status = "Name:\ta\nVmHWM:\t   34 kB\nVmRSS:\t   12 kB\nThreads: 2";
    assert_eq!(bytes_in(status, "VmRSS:"), Some(12 * 1024));
    assert_eq!(bytes_in(status, "VmHWM:"), Some(34 * 1024));
    assert_eq!(bytes_in("Name:\ta\n", "VmRSS:"), None);
}

#[test]
fn this_process_holds_some_memory() {
    assert!(memory_bytes(std::process::id()).unwrap() > 100_000);
}
