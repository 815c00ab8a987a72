//! All states of a world, the nearest first, so that what goes wrong is shown by a shortest way to it.

use std::collections::{HashSet, VecDeque};
use std::fmt::{self, Write};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write as _;

use rustc_hash::FxHasher;

use crate::plans::{ALL, COMING, ECHO, FAILURE, ORDER, OUTAGE, OWN};
use crate::world::{Action, Kinds, Plan, World, kind};

/// A world that is larger is too large: that is an error, and no part of it is looked at instead.
const LARGEST: usize = 400_000;

/// Two hashes of 64 bits: no two of some hundred thousand states have both in common.
#[derive(Default)]
struct Print(DefaultHasher, FxHasher);

impl Write for Print {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.hash(&mut self.0);
        text.hash(&mut self.1);
        Ok(())
    }
}

fn hash(world: &World) -> [u64; 2] {
    let mut print = Print::default();
    write!(print, "{world:?}").expect("a hash takes it");
    [print.0.finish(), print.1.finish()]
}

/// Explores a world to its end: all that can happen in it.
fn explore(plan: Plan) -> Kinds {
    let first = World::new(plan);
    let mut states = HashSet::from([hash(&first)]);
    // The way to each state: the one before it, and what happened.
    let mut ways: Vec<(usize, Option<Action>)> = vec![(0, None)];
    let mut waiting = VecDeque::from([(0, first)]);
    let mut kinds = Kinds::new();
    let (mut transitions, mut calm) = (0_usize, 0);
    while let Some((at, world)) = waiting.pop_front() {
        calm += usize::from(world.is_calm());
        for action in world.actions() {
            transitions += 1;
            let mut next = world.clone();
            let fail = |why| panic!("{}: {why}\n{}", plan.name, way(&ways, at, action));
            kinds.insert(kind(action));
            next.take(action).unwrap_or_else(fail);
            if states.insert(hash(&next)) {
                next.clone().check_empty().unwrap_or_else(fail);
                ways.push((at, Some(action)));
                waiting.push_back((ways.len() - 1, next));
            }
        }
        assert!(states.len() < LARGEST, "{} is too large: not explored", plan.name);
    }
    // Not by `println`, which a passing test keeps to itself.
    let _ = writeln!(
        std::io::stderr(),
        "{}: explored {} states, {transitions} transitions; {calm} calm",
        plan.name,
        states.len(),
    );
    kinds
}

/// What happens on the way.
fn way(ways: &[(usize, Option<Action>)], mut at: usize, last: Action) -> String {
    let mut steps = vec![last];
    while let (before, Some(action)) = ways[at] {
        steps.push(action);
        at = before;
    }
    let mut text = String::new();
    for (number, step) in (1..).zip(steps.iter().rev()) {
        writeln!(text, "{number:4}. {step:?}").expect("a string takes it");
    }
    text
}

#[test]
fn in_whatever_order_things_are_invalidated_nothing_is_lost() {
    explore(ORDER);
}

#[test]
fn whatever_is_heard_twice_is_applied_once() {
    explore(ECHO);
}

#[test]
fn whatever_comes_and_goes_is_judged_by_the_requests_under_way() {
    explore(COMING);
}

#[test]
fn whatever_a_fragment_does_by_itself_it_is_refreshed_only_if_that_is_too_old() {
    explore(OWN);
}

#[test]
fn however_refreshes_fail_something_will_happen_or_was_told() {
    explore(FAILURE);
}

#[test]
fn whenever_the_network_goes_and_comes_nothing_is_lost() {
    explore(OUTAGE);
}

/// A plan that leaves something out would not notice.
#[test]
fn the_worlds_can_do_all_that_there_is() {
    let small =
        |plan: &Plan| Plan { requests: 2, invalidations: plan.invalidations.min(1), ..*plan };
    let kinds: Kinds = ALL.iter().flat_map(|plan| explore(small(plan))).collect();
    assert_eq!(kinds.len(), 17, "{kinds:?}");
}
