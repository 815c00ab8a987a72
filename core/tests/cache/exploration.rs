//! Anything, in any order. What must never happen is checked at every step (see `world.rs`), what must
//! have happened is checked at the end.

use proptest::prelude::*;
use proptest::sample::Index;

use crate::world::{ADA, BOB, Call, GC, ReadOutcome, World};

const KEYS: [&str; 2] = ["user?user_id=1", "user?user_id=2"];

/// What a header can say in this world: nothing, one key, the other, both in three ways, another
/// context, and what nobody can read.
const LISTS: [&str; 8] =
    ["", "user;user_id=1", "user;user_id=2", "user", "user;user_id=1, user", "*", "board", "user;"];

#[derive(Clone, Debug)]
enum Step {
    Subscribe(usize),
    Unsubscribe(usize),
    Read(usize),
    GiveUp(Index),
    Refetch(usize),
    Call {
        body: usize,
        header: usize,
        awaits: bool,
        login: Option<&'static str>,
    },
    See(usize),
    Cookie {
        nonce: u8,
        list: usize,
    },
    Invalidate(usize),
    ChangeElsewhere(usize),
    LogInElsewhere(&'static str),
    Revalidate,
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
        6 => key.clone().prop_map(Step::Subscribe),
        4 => key.clone().prop_map(Step::Unsubscribe),
        3 => key.clone().prop_map(Step::Read),
        1 => any::<Index>().prop_map(Step::GiveUp),
        2 => key.prop_map(Step::Refetch),
        5 => (readable.clone(), list.clone(), any::<bool>(), prop::option::weighted(0.2, who.clone()))
            .prop_map(|(body, header, awaits, login)| Step::Call { body, header, awaits, login }),
        2 => list.clone().prop_map(Step::See),
        2 => (0..3u8, list).prop_map(|(nonce, list)| Step::Cookie { nonce, list }),
        2 => readable.clone().prop_map(Step::Invalidate),
        2 => readable.prop_map(Step::ChangeElsewhere),
        1 => who.prop_map(Step::LogInElsewhere),
        1 => Just(Step::Revalidate),
        1 => Just(Step::Restore),
        16 => any::<Index>().prop_map(Step::Carry),
        2 => (any::<Index>(), any::<bool>()).prop_map(|(at, done)| Step::Lose(at, done)),
        1 => prop_oneof![3 => Just(200u16), 1 => Just(404), 1 => Just(500)].prop_map(Step::Status),
        3 => prop_oneof![
            Just(0), 1..30u64, Just(GC - 1), Just(GC), Just(2 * GC)
        ].prop_map(Step::Advance),
    ]
}

fn take(world: &mut World, cookies: &mut [Option<usize>; 3], step: Step) {
    match step {
        // Two subscribers at most: what three do, two do.
        Step::Subscribe(key) => {
            let handle = world.open(KEYS[key]);
            if world.entry(handle).subscribers < 2 {
                world.subscribe(KEYS[key]);
            }
        }
        Step::Unsubscribe(key) => {
            let handle = world.open(KEYS[key]);
            if world.entry(handle).subscribers > 0 {
                world.unsubscribe(KEYS[key]);
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
        Step::Call { body, header, awaits, login } => {
            let mut call = Call::body(LISTS[body]).and_header(LISTS[header]);
            if let Some(identity) = login {
                call = call.login(identity);
            }
            world.call(if awaits { call.awaiting() } else { call });
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
        Step::Revalidate => world.revalidate(),
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

proptest! {
    #![proptest_config(ProptestConfig {
        // PROPTEST_CASES asks for more.
        cases: ProptestConfig::default().cases.max(2_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// I1 to I7, in whatever order things happen; and after it all, nothing is left to do, and nothing
    /// is left.
    #[test]
    fn whatever_happens_the_page_shows_the_truth_and_comes_to_rest(
        steps in prop::collection::vec(step(), 1..60)
    ) {
        let mut world = World::new();
        let mut cookies = [None; 3];
        for step in steps {
            take(&mut world, &mut cookies, step);
        }
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

        for key in KEYS {
            let handle = world.open(key);
            while world.entry(handle).subscribers > 0 {
                world.unsubscribe(key);
            }
        }
        world.advance(GC);
        prop_assert!(world.entries.is_empty(), "something is kept for ever");
        prop_assert_eq!((world.timer(), world.on_the_wire()), (None, 0));
    }
}
