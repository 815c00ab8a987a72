//! Anything, in any order. What must never happen is checked at every step (see `world.rs`), what must
//! have happened is checked at the end.

use std::cell::Cell;

use mizan_core::{Options, Settings};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;

use crate::world::{ADA, BOB, Call, GC, ReadOutcome, SETTINGS, World};

const KEYS: [&str; 2] = ["user?user_id=1", "user?user_id=2"];

/// What a header can say in this world: nothing, one key, the other, both in three ways, another
/// context, and what nobody can read.
const LISTS: [&str; 8] =
    ["", "user;user_id=1", "user;user_id=2", "user", "user;user_id=1, user", "*", "board", "user;"];

/// What observers ask for: nothing; nothing new for a minute, and to be forgotten soon; to be polled.
const OPTIONS: [Options; 3] = [
    Options { stale_time: 0, refetch_interval: 0, gc_time: 300_000 },
    Options { stale_time: 60_000, refetch_interval: 0, gc_time: 1_000 },
    Options { stale_time: 0, refetch_interval: 40_000, gc_time: 0 },
];

/// How many lives of a page are tried: more than a million inputs in all.
const CASES: u32 = 28_000;

#[derive(Clone, Debug)]
enum Step {
    Subscribe(usize, usize),
    Unsubscribe(usize, Index),
    Read(usize),
    GiveUp(Index),
    Refetch(usize),
    Call {
        body: usize,
        header: usize,
        awaits: bool,
        login: Option<&'static str>,
        scope: &'static str,
        patches: usize,
        fails: bool,
    },
    /// A call that waits for its turn is given up.
    Abandon(Index),
    Look(bool),
    Connect(bool),
    Configure {
        seed: u32,
        retries: u32,
        concurrency: u32,
    },
    Hydrate(usize),
    See(usize),
    Cookie {
        nonce: u8,
        list: usize,
    },
    Invalidate(usize),
    ChangeElsewhere(usize),
    LogInElsewhere(&'static str),
    Restore,
    /// A letter of those on their way goes one way.
    Carry(Index),
    Lose(Index, bool),
    /// From now on the server answers fetches with this.
    Status(u16),
    Advance(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let key = 0..KEYS.len();
    let list = 0..LISTS.len();
    let readable = 0..LISTS.len() - 1;
    let who = prop_oneof![Just(ADA), Just(BOB)];
    prop_oneof![
        6 => (key.clone(), 0..OPTIONS.len()).prop_map(|(key, at)| Step::Subscribe(key, at)),
        4 => (key.clone(), any::<Index>()).prop_map(|(key, at)| Step::Unsubscribe(key, at)),
        3 => key.clone().prop_map(Step::Read),
        1 => any::<Index>().prop_map(Step::GiveUp),
        2 => key.prop_map(Step::Refetch),
        5 => (
            (readable.clone(), list.clone(), any::<bool>()),
            prop::option::weighted(0.2, who.clone()),
            prop::sample::select(vec!["", "", "form"]),
            prop_oneof![2 => Just(0), 1 => readable.clone()],
            prop::bool::weighted(0.2),
        )
            .prop_map(|((body, header, awaits), login, scope, patches, fails)| Step::Call {
                body, header, awaits, login, scope, patches, fails,
            }),
        1 => any::<Index>().prop_map(Step::Abandon),
        2 => any::<bool>().prop_map(Step::Look),
        2 => any::<bool>().prop_map(Step::Connect),
        1 => (any::<u32>(), 0..4u32, 1..3u32).prop_map(|(seed, retries, concurrency)| {
            Step::Configure { seed, retries, concurrency }
        }),
        1 => (0..KEYS.len()).prop_map(Step::Hydrate),
        2 => list.clone().prop_map(Step::See),
        2 => (0..3u8, list).prop_map(|(nonce, list)| Step::Cookie { nonce, list }),
        2 => readable.clone().prop_map(Step::Invalidate),
        2 => readable.prop_map(Step::ChangeElsewhere),
        1 => who.prop_map(Step::LogInElsewhere),
        1 => Just(Step::Restore),
        16 => any::<Index>().prop_map(Step::Carry),
        2 => (any::<Index>(), any::<bool>()).prop_map(|(at, done)| Step::Lose(at, done)),
        1 => prop_oneof![3 => Just(200u16), 1 => Just(404), 2 => Just(503)].prop_map(Step::Status),
        3 => prop_oneof![
            Just(0), 1..30u64, 1..10_000u64, Just(GC - 1), Just(GC), Just(2 * GC)
        ].prop_map(Step::Advance),
    ]
}

/// The page's side of a run: what it has seen and asked for.
#[derive(Default)]
struct Page {
    /// The text of each cookie.
    cookies: [Option<usize>; 3],
    /// What the observers of each key have asked for.
    observers: [Vec<Options>; 2],
}

fn take(world: &mut World, Page { cookies, observers }: &mut Page, step: Step) {
    match step {
        // Two observers at most: what three do, two do.
        Step::Subscribe(key, options) => {
            if observers[key].len() < 2 {
                observers[key].push(OPTIONS[options]);
                world.observe(KEYS[key], OPTIONS[options]);
            }
        }
        Step::Unsubscribe(key, at) => {
            if !observers[key].is_empty() {
                let at = at.index(observers[key].len());
                world.leave(KEYS[key], observers[key].remove(at));
            }
        }
        Step::Read(key) => {
            world.read(KEYS[key]);
        }
        Step::GiveUp(at) => {
            if !world.reads.is_empty() {
                world.give_up(at.index(world.reads.len()));
            }
        }
        Step::Refetch(key) => {
            world.refetch(KEYS[key]);
        }
        Step::Call { fails: true, awaits, scope, patches, .. } => {
            let call = Call::failing().scope(scope).patching(LISTS[patches]);
            world.call(if awaits { call.awaiting() } else { call });
        }
        Step::Call { body, header, awaits, login, scope, patches, .. } => {
            let call = Call::body(LISTS[body]).and_header(LISTS[header]);
            let mut call = call.scope(scope).patching(LISTS[patches]);
            if let Some(identity) = login {
                call = call.login(identity);
            }
            world.call(if awaits { call.awaiting() } else { call });
        }
        Step::Abandon(at) => {
            let waiting = world.waiting_calls();
            if !waiting.is_empty() {
                world.abandon(waiting[at.index(waiting.len())]);
            }
        }
        Step::Look(visible) => world.look(visible),
        Step::Connect(online) => world.connect(online),
        Step::Configure { seed, retries, concurrency } => {
            world.configure(Settings { seed, retries, concurrency, ..SETTINGS });
        }
        Step::Hydrate(key) => {
            world.hydrate(KEYS[key], "");
        }
        Step::See(list) => world.see(LISTS[list]),
        Step::Cookie { nonce, list } => {
            // A nonce has one text for ever; the second time it is no news.
            let known = &mut cookies[usize::from(nonce)];
            let news = known.is_none();
            let list = *known.get_or_insert(list);
            world.cookie(&nonce.to_string(), LISTS[list], news);
        }
        Step::Invalidate(list) => world.invalidate(LISTS[list]),
        Step::ChangeElsewhere(list) if LISTS[list].is_empty() => {}
        Step::ChangeElsewhere(list) => world.change_elsewhere(LISTS[list]),
        Step::LogInElsewhere(identity) => world.log_in_elsewhere(identity),
        Step::Restore => world.restore(),
        Step::Carry(at) => {
            if world.on_the_wire() > 0 {
                world.carry(at.index(world.on_the_wire()));
            }
        }
        Step::Lose(at, done) => {
            if world.on_the_wire() > 0 {
                world.lose(at.index(world.on_the_wire()), done);
            }
        }
        Step::Status(status) => world.server.status = status,
        Step::Advance(duration) => world.advance(duration),
    }
}

/// I1 to I9, in whatever order things happen; and after it all, nothing is left to do, and nothing is
/// left.
#[test]
fn whatever_happens_the_page_shows_the_truth_and_comes_to_rest() {
    // PROPTEST_CASES asks for more.
    let cases = ProptestConfig::default().cases.max(CASES);
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let inputs = Cell::new(0);
    let outcome = TestRunner::new(config).run(&prop::collection::vec(step(), 1..60), |steps| {
        inputs.set(inputs.get() + live(steps)?);
        Ok(())
    });
    println!("{} inputs in {cases} lives of a page", inputs.get());
    if let Err(error) = outcome {
        panic!("{error}");
    }
    assert!(inputs.get() >= 1_000_000, "too few to say anything");
}

/// One life of a page. Gives the number of inputs that its machine was given.
fn live(steps: Vec<Step>) -> Result<usize, TestCaseError> {
    let mut world = World::new();
    let mut page = Page::default();
    for step in steps {
        take(&mut world, &mut page, step);
    }
    world.connect(true);
    world.look(true);
    world.settle();
    world.check_rest();
    prop_assert!(!world.reads.contains(&ReadOutcome::Waiting), "a read never ends");

    // What failed is tried again by whoever comes next, and then everything is as the server says.
    world.server.status = 200;
    for key in KEYS {
        world.subscribe(key);
    }
    world.settle();
    world.check_rest();
    for key in KEYS {
        let handle = world.open(key);
        prop_assert!(world.is_fresh(handle));
    }

    for (key, observers) in KEYS.iter().zip(page.observers) {
        world.unsubscribe(key);
        for options in observers {
            world.leave(key, options);
        }
    }
    world.advance(GC);
    prop_assert!(world.entries.is_empty(), "something is kept for ever");
    prop_assert_eq!((world.timer(), world.on_the_wire()), (None, 0));
    Ok(world.inputs)
}
