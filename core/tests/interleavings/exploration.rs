//! All states of a world, the nearest first, so that what goes wrong is shown by a shortest way to it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Instant;

use crate::invariant::{Invariant, Violation};
use crate::world::{Plan, State, Table, World};

/// A world that is larger than this is too large: that is an error, and no part of it is looked at
/// instead.
const LARGEST: usize = 40_000_000;

pub struct Found {
    pub name: &'static str,
    /// A shortest way to break each invariant that can be broken.
    pub counterexamples: BTreeMap<Invariant, Counterexample>,
}

pub struct Counterexample {
    pub how: String,
    pub steps: Vec<String>,
}

/// Explores a world to its end.
pub fn explore(plan: &Plan) -> Result<Found, String> {
    let started = Instant::now();
    let mut world = World::new(plan.clone());
    let mut violations = Vec::new();
    let first = world.start(&mut violations);
    assert!(violations.is_empty(), "{}: at the start: {violations:?}", plan.name);
    let mut states = Table::default();
    states.insert(first.canonical());
    let mut parents = vec![0];
    // Where the successors of each state begin.
    let mut offsets = vec![0];
    let mut successors: Vec<u32> = Vec::new();
    let mut found = BTreeMap::new();
    let mut rests = 0;
    let (mut depth, mut level_ends) = (0, 1);
    let mut at = 0;
    while let Some(&state) = states.get_index(at) {
        if at == level_ends {
            depth += 1;
            level_ends = states.len();
        }
        if world.is_at_rest(&state) {
            rests += 1;
            world.check_rest(&state, &mut violations);
            keep(&mut found, &mut violations, at, None);
        }
        for action in world.actions(&state) {
            let next = world.next(&state, action, &mut violations).canonical();
            if !violations.is_empty() {
                // What follows something wrong says nothing.
                keep(&mut found, &mut violations, at, Some(next));
                continue;
            }
            let (number, new) = states.insert_full(next);
            if new {
                parents.push(u32::try_from(at).expect("few states"));
            }
            successors.push(u32::try_from(number).expect("few states"));
        }
        if states.len() > LARGEST {
            return Err(format!("{} is larger than {LARGEST} states: not explored", plan.name));
        }
        offsets.push(successors.len());
        at += 1;
    }
    if let Some(at) = cycle(&offsets, &successors) {
        let how = String::from("without anything new from outside, the world never comes to rest");
        let mut violations = vec![Violation { invariant: Invariant::I6, how }];
        keep(&mut found, &mut violations, at, None);
    }
    // Not by `println`, which a passing test keeps to itself.
    let _ = writeln!(
        std::io::stderr(),
        "{}: explored {} states, {} transitions, depth {depth}; {rests} at rest, {} clients, {} runs of the machine, {:.1} s",
        plan.name,
        states.len(),
        successors.len(),
        world.clients.len(),
        world.clients.runs(),
        started.elapsed().as_secs_f32(),
    );
    let counterexamples = found
        .into_iter()
        .map(|(invariant, (how, at, next))| {
            let mut way = vec![];
            let mut back = at;
            loop {
                way.push(*states.get_index(back).expect("a state"));
                if back == 0 {
                    break;
                }
                back = parents[back] as usize;
            }
            way.reverse();
            way.extend(next);
            (invariant, Counterexample { how, steps: retrace(&mut world, first, &way) })
        })
        .collect();
    Ok(Found { name: plan.name, counterexamples })
}

type Kept = BTreeMap<Invariant, (String, usize, Option<State>)>;

/// Keeps the first way to break each invariant.
fn keep(found: &mut Kept, violations: &mut Vec<Violation>, at: usize, next: Option<State>) {
    for Violation { invariant, how } in violations.drain(..) {
        found.entry(invariant).or_insert((how, at, next));
    }
}

/// A state that leads back to itself: taking away what leads nowhere, again and again, leaves it.
/// What comes from outside is limited, so a way that never ends is one that the world goes by itself.
fn cycle(offsets: &[usize], successors: &[u32]) -> Option<usize> {
    let count = offsets.len() - 1;
    let mut arriving = vec![0_u32; count];
    for to in successors {
        arriving[*to as usize] += 1;
    }
    let mut ready: Vec<usize> = (0..count).filter(|at| arriving[*at] == 0).collect();
    while let Some(at) = ready.pop() {
        for to in &successors[offsets[at]..offsets[at + 1]] {
            let to = *to as usize;
            arriving[to] -= 1;
            if arriving[to] == 0 {
                ready.push(to);
            }
        }
    }
    arriving.iter().position(|arriving| *arriving > 0)
}

/// What happens on the way, with one name for each tab throughout.
fn retrace(world: &mut World, first: State, way: &[State]) -> Vec<String> {
    let mut state = first;
    let mut steps = Vec::new();
    for next in &way[1..] {
        let mut violations = Vec::new();
        let (action, after) = world
            .actions(&state)
            .into_iter()
            .map(|action| (action, world.next(&state, action, &mut violations)))
            .find(|(_, after)| after.canonical() == *next)
            .expect("the way is there");
        steps.push(world.words(&state, action));
        state = after;
    }
    steps
}

impl Counterexample {
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.how);
        for (number, step) in (1..).zip(&self.steps) {
            writeln!(text, "{number:4}. {step}").expect("a string takes it");
        }
        text
    }
}
