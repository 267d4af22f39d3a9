use super::*;

const OLD: &str = concat!(
    r#"{"at":"2026-11-22T10:00:00Z","service":"s","interaction":"i","mode":"m","client":"c","#,
    r#""organisation":"o","user":"u","subjects":["ab"],"outcome":200,"request":"r"}"#,
);

#[test]
fn a_line_from_before_there_were_traces_is_read_and_none_has_grown() {
    let old: Access = serde_json::from_str(OLD).unwrap();
    assert_eq!((old.trace.as_str(), old.purpose.as_str(), old.outcome), ("", "", 200));
    assert_eq!(serde_json::to_string(&old).unwrap(), OLD, "no byte more without a trace");
    let access = Access { trace: "t".into(), purpose: "TREAT".into(), ..old };
    let line = serde_json::to_string(&access).unwrap();
    assert!(line.ends_with(r#""request":"r","trace":"t","purpose":"TREAT"}"#), "{line}");
    assert_eq!(serde_json::from_str::<Access>(&line).unwrap(), access);
}
