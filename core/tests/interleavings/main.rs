//! Every interleaving of small worlds, over the real machine: each world is explored to its end, and
//! each invariant holds in every state of it.

mod client;
mod exploration;
mod invariant;
mod plans;
mod world;

use invariant::Invariant::{self, I1, I2, I3, I4, I5, I6, I7, I8, I9};
use plans::{
    Explored, FAILURE, HIDDEN, IDENTITY, LOGINS, LOSS, ORDER, OUTAGE, PATCH, QUEUE, REDIRECT,
    RESTORED, RETRY, STORED, USE,
};

/// Every world in which fetches ask the server.
const ALL: [&Explored; 13] = [
    &ORDER, &IDENTITY, &RETRY, &OUTAGE, &REDIRECT, &PATCH, &QUEUE, &LOSS, &FAILURE, &LOGINS,
    &HIDDEN, &RESTORED, &USE,
];

/// No state of these worlds breaks it.
fn holds(invariant: Invariant, worlds: &[&Explored]) {
    let mut broken = String::new();
    // Each test begins with another world, so that they do not all wait for one.
    let first = invariant as usize * 4 % worlds.len();
    for world in worlds.iter().cycle().skip(first).take(worlds.len()) {
        match world.found() {
            Err(why) => broken += &format!("{why}\n"),
            Ok(found) => {
                if let Some(example) = found.counterexamples.get(&invariant) {
                    broken +=
                        &format!("{invariant} in the world {}: {}", found.name, example.text());
                }
            }
        }
    }
    assert!(broken.is_empty(), "{broken}");
}

#[test]
fn i1_after_a_call_the_page_shows_what_was_fetched_after_it() {
    holds(I1, &ALL);
}

#[test]
fn i1_needs_fetches_that_ask_the_server() {
    let example = &STORED.found().as_ref().expect("a small world").counterexamples[&I1];
    assert!(example.steps.len() < 12, "{}", example.text());
}

#[test]
fn i2_no_invalidation_is_lost_whenever_it_comes() {
    holds(I2, &ALL);
}

#[test]
fn i3_at_most_one_useful_fetch_of_a_key_is_in_flight() {
    holds(I3, &ALL);
}

#[test]
fn i4_an_older_response_never_overwrites_a_newer_one() {
    holds(I4, &ALL);
}

#[test]
fn i5_after_an_identity_change_no_value_of_the_old_identity_is_published_or_kept() {
    holds(I5, &[&IDENTITY, &LOGINS]);
}

#[test]
fn i6_the_machine_becomes_idle_and_empty_after_everything_is_released() {
    holds(I6, &ALL);
}

#[test]
fn i7_a_value_once_shown_stays_visible_until_its_replacement() {
    holds(I7, &ALL);
}

#[test]
fn i8_one_invalidation_delivered_by_several_ways_causes_one_refetch() {
    holds(I8, &ALL);
}

#[test]
fn i9_the_value_shown_is_that_of_the_server_with_the_pending_patches_in_the_order_of_their_calls() {
    holds(I9, &[&PATCH, &IDENTITY, &USE]);
}
