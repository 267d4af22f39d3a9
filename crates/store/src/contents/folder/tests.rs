//! Part files come and go.

use base::Dice;
use tempfile::TempDir;

use super::*;

#[test]
fn names_are_never_given_twice() {
    let data = TempDir::new().unwrap();
    // The same dice again, as after a restart of a demonstration.
    let one = Folder::new(data.path(), Dice::seeded(1));
    let two = Folder::new(data.path(), Dice::seeded(1));
    let (first, _) = one.create(ContentId(1), 1).unwrap();
    let (second, _) = two.create(ContentId(1), 1).unwrap();
    assert_ne!(first, second);
    assert!(one.path(&first).unwrap().is_file());
    assert!(one.path(&second).unwrap().is_file());
}

#[test]
fn no_name_leads_out_of_the_folder() {
    let folder = Folder::new(Path::new("data"), Dice::seeded(1));
    for name in ["", "..", "../x", "a-1-../../../../etc/pw", "a/b-1-0123456789abcdef"] {
        assert!(matches!(folder.path(name), Err(StoreError::Damaged(_))), "{name}");
    }
    let path = folder.path("a-1-0123456789abcdef").unwrap();
    assert_eq!(path, Path::new("data/contents/ef/a-1-0123456789abcdef"));
}

#[test]
fn a_sweep_takes_what_nobody_names_and_nothing_else() {
    let data = TempDir::new().unwrap();
    let folder = Folder::new(data.path(), Dice::seeded(1));
    assert_eq!(folder.sweep(|_| Ok(false)).unwrap(), 0, "there is no folder yet");
    let files: Vec<String> =
        (1..=4).map(|part| folder.create(ContentId(1), part).unwrap().0).collect();
    let strange = data.path().join("contents/notes.txt");
    fs::write(&strange, "not ours").unwrap();
    files.iter().take(3).for_each(|name| folder.settle(name));
    let removed = folder.sweep(|name| Ok(name == files[0])).unwrap();
    assert_eq!(removed, 2);
    let there: Vec<bool> = files.iter().map(|name| folder.path(name).unwrap().exists()).collect();
    assert_eq!(there, [true, false, false, true], "named, two not, and one being written");
    assert!(strange.exists());
}

#[test]
fn what_is_held_stays_until_it_is_let_go() {
    let data = TempDir::new().unwrap();
    let folder = Folder::new(data.path(), Dice::seeded(1));
    let (name, _) = folder.create(ContentId(1), 1).unwrap();
    folder.settle(&name);
    let (one, two) = (folder.hold(), folder.hold());
    folder.doom(vec![name.clone()]);
    assert_eq!(folder.clear().unwrap(), 0);
    drop(one);
    assert_eq!(folder.sweep(|_| Ok(false)).unwrap(), 0);
    assert!(folder.path(&name).unwrap().exists());
    drop(two);
    assert_eq!(folder.clear().unwrap(), 1);
    assert!(!folder.path(&name).unwrap().exists());
}
