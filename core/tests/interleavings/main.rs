//! Every interleaving of small worlds, over the real machine: each world is explored to its end, and
//! each invariant holds in every state of it.

mod client;
mod exploration;
mod invariant;
mod plans;
mod world;

use invariant::Invariant::{self, I1, I2, I3, I4, I5, I6, I7, I8, I9};
use plans::{DOUBT, Explored, IDENTITY, LOSS, ORDER, REDIRECT, STORED, USE};

/// No state of these worlds breaks it.
fn holds(invariant: Invariant, worlds: &[&Explored]) {
    let mut broken = String::new();
    for found in worlds.iter().map(|world| world.found()) {
        if let Some(example) = found.counterexamples.get(&invariant) {
            broken += &format!("{invariant} in the world {}: {}", found.name, example.text());
        }
    }
    assert!(broken.is_empty(), "{broken}");
}

#[test]
fn i1_after_a_call_the_page_shows_what_was_fetched_after_it() {
    holds(I1, &[&ORDER, &LOSS, &IDENTITY, &DOUBT, &REDIRECT, &USE]);
}

#[test]
fn i1_needs_fetches_that_ask_the_server() {
    let example = &STORED.found().counterexamples[&I1];
    assert!(example.steps.len() < 12, "{}", example.text());
}

#[test]
fn i2_no_invalidation_is_lost_whenever_it_comes() {
    holds(I2, &[&ORDER, &LOSS, &IDENTITY, &DOUBT, &REDIRECT, &USE]);
}

#[test]
fn i3_at_most_one_useful_fetch_of_a_key_is_in_flight() {
    holds(I3, &[&ORDER, &LOSS, &IDENTITY, &DOUBT, &REDIRECT, &USE]);
}

#[test]
fn i4_an_older_response_never_overwrites_a_newer_one() {
    holds(I4, &[&ORDER, &LOSS, &IDENTITY, &DOUBT, &REDIRECT, &USE]);
}

#[test]
fn i5_after_an_identity_change_no_value_of_the_old_identity_is_published_or_kept() {
    holds(I5, &[&IDENTITY]);
}

#[test]
fn i6_the_machine_becomes_idle_and_empty_after_everything_is_released() {
    holds(I6, &[&ORDER, &LOSS, &IDENTITY, &DOUBT, &REDIRECT, &USE]);
}

#[test]
fn i7_a_value_once_shown_stays_visible_until_its_replacement() {
    holds(I7, &[&ORDER, &LOSS, &IDENTITY, &DOUBT, &REDIRECT, &USE]);
}

#[test]
fn i8_one_invalidation_delivered_by_several_ways_causes_one_refetch() {
    holds(I8, &[&ORDER, &LOSS, &IDENTITY, &DOUBT, &REDIRECT, &USE]);
}

#[test]
fn trial() {
    for i in [I1, I2, I3, I4, I5, I6, I7, I8, I9] {
        holds(i, &[&plans::TRIAL]);
    }
}
