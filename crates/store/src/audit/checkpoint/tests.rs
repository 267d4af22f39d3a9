//! Checkpoints are what was signed, and nothing else is.

use proptest::prelude::*;

use super::*;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32]).unwrap()
}

fn signed() -> Checkpoint {
    key(1).sign(45, &[0xab; 32], "2026-11-22T10:00:00.5Z".parse().unwrap())
}

#[test]
fn what_is_signed_holds_for_its_key_only() {
    let checkpoint = signed();
    assert!(checkpoint.is_signed_by(&key(1).public()));
    assert!(!checkpoint.is_signed_by(&key(2).public()));
    let renamed = Checkpoint { key: key(2).public().name(), ..checkpoint };
    assert!(!renamed.is_signed_by(&key(1).public()));
    assert!(!renamed.is_signed_by(&key(2).public()));
}

#[test]
fn nothing_of_it_can_be_changed() {
    let original = signed();
    let other = key(1).sign(46, &[0xab; 32], original.at);
    let changed = [
        Checkpoint { count: 44, ..original.clone() },
        Checkpoint { link: "08".repeat(32), ..original.clone() },
        Checkpoint { link: original.link.to_uppercase(), ..original.clone() },
        Checkpoint { at: Timestamp::UNIX_EPOCH, ..original.clone() },
        Checkpoint { signature: other.signature, ..original.clone() },
        Checkpoint { signature: String::new(), ..original.clone() },
        Checkpoint { signature: "not base64".into(), ..original.clone() },
    ];
    for checkpoint in changed {
        assert!(!checkpoint.is_signed_by(&key(1).public()), "{checkpoint:?}");
    }
}

#[test]
fn the_signed_text_is_what_the_guide_says() {
    let text = signed().signed_text();
    let name = key(1).public().name();
    let link = "ab".repeat(32);
    let due = format!("vertebra-audit-checkpoint-v1\n45\n{link}\n2026-11-22T10:00:00.5Z\n{name}\n");
    assert_eq!(text, due);
}

#[test]
fn keys_come_back_from_pem_and_nothing_else_does() {
    let public = key(3).public();
    let pem = public.to_pem();
    assert_eq!(PublicKey::from_pem(&pem).unwrap(), public);
    assert_eq!(PublicKey::from_pem(&pem.replace('\n', "\r\n")).unwrap(), public);
    let short = pem.replacen("MCow", "", 1);
    for text in ["", PEM_BEGIN, &short, &pem.replace("PUBLIC", "PRIVATE"), &pem[..40]] {
        assert!(PublicKey::from_pem(text).is_err(), "{text}");
    }
}

#[test]
fn a_line_that_is_no_checkpoint_is_refused() {
    let line = signed().to_line();
    assert_eq!(Checkpoint::from_line(&line).unwrap(), signed());
    for text in ["", "{}", "[]", &line[..line.len() - 1], &line.replacen("count", "kount", 1)] {
        assert!(Checkpoint::from_line(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn lines_and_back(count: u64, link: [u8; 32], second in 0_i64..4_000_000_000, seed: [u8; 32]) {
        let key = SigningKey::from_seed(&seed).unwrap();
        let checkpoint = key.sign(count, &link, Timestamp::from_second(second).unwrap());
        let again = Checkpoint::from_line(&checkpoint.to_line()).unwrap();
        prop_assert!(again.is_signed_by(&key.public()) && again.fits(&link));
        prop_assert_eq!(again, checkpoint);
    }

    #[test]
    fn no_text_makes_the_readers_fall_over(text in "\\PC{0,200}") {
        prop_assert!(Checkpoint::from_line(&text).is_err());
        prop_assert!(PublicKey::from_pem(&text).is_err());
    }
}
