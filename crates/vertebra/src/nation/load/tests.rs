use base::{Clock, Dice};

use super::*;

fn open(folder: &tempfile::TempDir) -> Store {
    Store::open(folder.path(), Clock::System, &Dice::System).unwrap()
}

fn load_all(store: &Store, plan: &Plan) -> Result<(), String> {
    load(store, plan, &mut |_| {})
}

fn count(store: &Store) -> u64 {
    store.resources().count(KIND).unwrap()
}

#[test]
fn an_empty_folder_becomes_a_nation_and_stays_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    let plan = Plan::new(750, 1);
    let mut told = Vec::new();
    load(&store, &plan, &mut |sign| told.push(sign)).unwrap();
    let people = [0, 300, 600, 750].map(|done| Sign::People(done, 750));
    assert_eq!(told, [&people[..], &[Sign::Index]].concat());
    let published = sandbox::people().len() as u64;
    assert_eq!(count(&store), 750 + published);
    assert!(store.directory().get("organisation", "Y12345").unwrap().is_some());
    load_all(&store, &plan).unwrap();
    assert_eq!(count(&store), 750 + published, "twice changes nothing");
    let jane = store.resources().get(KIND, "9000000009").unwrap().unwrap();
    assert_eq!(jane.version, 2);
}

#[test]
fn nobody_but_the_published_people_is_a_nation_too() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    load_all(&store, &Plan::new(0, 1)).unwrap();
    assert_eq!(count(&store), sandbox::people().len() as u64);
}

#[test]
fn a_load_that_was_cut_off_goes_on() {
    let plan = Plan::new(1_000, 4);
    let population = Population::new(&plan);
    // Cut off after so many whole batches, with and without the published people.
    for (published, batches) in [(false, 0), (true, 0), (true, 1), (true, 2), (true, 3)] {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder);
        write(&store, vec![record(&plan, false)]).unwrap();
        if published {
            store.resources().load(sandbox::puts()).unwrap();
        }
        for batch in 0..batches {
            let batch = population.puts(batch * BATCH, (batch + 1) * BATCH);
            store.resources().load(batch).unwrap();
        }
        let mut first = None;
        load(&store, &plan, &mut |sign| first = first.or(Some(sign))).unwrap();
        assert_eq!(first, Some(Sign::People(batches * BATCH, plan.people)));
        assert_eq!(count(&store), plan.people + sandbox::people().len() as u64);
        assert!(kept(&store).unwrap().unwrap().complete);
    }
}

#[test]
fn another_nation_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    load_all(&store, &Plan::new(10, 1)).unwrap();
    for other in [Plan::new(10, 2), Plan::new(11, 1)] {
        let refusal = load_all(&store, &other).unwrap_err();
        assert!(refusal.contains("--people 10 --seed 1"), "{refusal}");
    }
    let refusal = load_all(&store, &Plan::new(number::PEOPLE_MOST + 1, 1)).unwrap_err();
    assert!(refusal.contains("at most"), "{refusal}");
}
