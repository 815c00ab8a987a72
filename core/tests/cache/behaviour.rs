//! What a page may rely on, one sentence each.

use mizan_core::{
    Answer, Cache, CallId, Handle, Input, Invalidation, Key, NEVER, Options, Outcome, Output,
    Settings, Source, Update,
};

use crate::world::{ADA, BOB, Call, GC, Post, ReadOutcome, SETTINGS, World};

const USER: &str = "user?user_id=5";
const OTHER: &str = "user?user_id=6";
const BOARD: &str = "board?project_id=3";

/// A page that shows the keys, each fetched and fresh.
fn page<const N: usize>(keys: [&str; N]) -> (World, [Handle; N]) {
    let mut world = World::new();
    let handles = keys.map(|key| world.subscribe(key));
    world.settle();
    world.check_rest();
    (world, handles)
}

// -- Invalidations and fetches -------------------------------------------------------------------

#[test]
fn a_subscriber_causes_one_fetch_and_sees_its_value() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    world.subscribe(USER);
    assert!(world.entry(user).state.fetching);
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.shown(user)), (1, Some(0)));
}

#[test]
fn an_invalidation_before_the_first_fetch_is_not_lost() {
    let mut world = World::new();
    let user = world.open(USER);
    world.invalidate("user");
    assert_eq!(world.fetched(user), 0, "nobody looks");
    world.subscribe(USER);
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.shown(user)), (1, Some(1)));
}

#[test]
fn an_invalidation_during_the_first_fetch_is_not_lost() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    // The server has answered with version 0; the answer is on its way back.
    world.advance(15);
    assert_eq!(world.server.requests, [USER]);
    world.invalidate("user");
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.shown(user)), (2, Some(1)));
}

#[test]
fn an_invalidation_while_nobody_looks_is_not_lost() {
    let (mut world, [user]) = page([USER]);
    world.unsubscribe(USER);
    world.invalidate("user");
    world.advance(1_000);
    assert_eq!(world.fetched(user), 1);
    world.subscribe(USER);
    assert_eq!((world.shown(user), world.is_fresh(user)), (Some(0), false));
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.shown(user)), (2, Some(1)));
}

#[test]
fn an_answer_of_an_older_generation_is_shown_but_not_believed() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    world.invalidate("user");
    world.advance(15);
    // The second fetch took the place of the first. It is left to finish.
    world.invalidate("user");
    world.advance(5);
    assert_eq!((world.shown(user), world.is_fresh(user)), (Some(1), false));
    assert!(world.entry(user).state.fetching);
    world.settle();
    world.check_rest();
    assert_eq!(world.shown(user), Some(2));
}

#[test]
fn a_first_fetch_that_is_overtaken_is_given_up_and_another_begins_at_once() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    world.advance(15);
    world.invalidate("user");
    assert_eq!((world.fetched(user), world.on_the_wire()), (2, 1));
    // Had the page waited for the first one, this would be its time.
    world.advance(19);
    assert_eq!(world.shown(user), None);
    world.advance(1);
    assert_eq!((world.shown(user), world.is_fresh(user)), (Some(1), true));
    world.check_rest();
}

#[test]
fn a_stream_of_invalidations_does_not_starve_the_page() {
    let (mut world, [user]) = page([USER]);
    world.latency = 25;
    let mut shown = Vec::new();
    for _ in 0..100 {
        world.invalidate("user");
        world.advance(10);
        shown.extend(world.shown(user));
    }
    shown.dedup();
    // A round trip takes as long as five invalidations, and one more is given up at its start.
    assert!(shown.len() >= 15, "{shown:?}");
    world.settle();
    world.check_rest();
    assert_eq!(world.shown(user), Some(100));
}

#[test]
fn only_the_fetch_that_took_the_place_of_another_is_left_to_finish() {
    let (mut world, [user]) = page([USER]);
    let given_up = |world: &World| {
        world.outputs.iter().filter(|output| matches!(output, Output::Abort { .. })).count()
    };
    world.invalidate("user");
    world.advance(1);
    world.invalidate("user");
    world.settle();
    assert_eq!(given_up(&world), 1);
    world.revalidate();
    world.advance(1);
    world.invalidate("user");
    assert_eq!(given_up(&world), 2);
    world.settle();
    world.check_rest();
    assert!(world.is_fresh(user));
}

#[test]
fn several_members_that_name_a_key_cause_one_refetch() {
    let (mut world, [user]) = page([USER]);
    world.invalidate("user;user_id=5, user, *");
    world.settle();
    assert_eq!(world.fetched(user), 2);
}

#[test]
fn observers_are_told_once_of_several_members_that_name_a_key() {
    let (mut world, [user]) = page([USER]);
    let told = world.outputs.len();
    world.invalidate("user, user;user_id=5, *");
    let publishes =
        |output: &&Output| matches!(output, Output::Publish { entry, .. } if *entry == user);
    assert_eq!(world.outputs[told..].iter().filter(publishes).count(), 1);
}

#[test]
fn one_invalidation_by_both_transports_causes_one_refetch() {
    let (mut world, [user, board]) = page([USER, BOARD]);
    world.call(Call::body("user;user_id=5").and_header("user;user_id=5, board"));
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.fetched(board)), (2, 2));
    assert_eq!(world.invalidated(), [(Source::Call, "user?user_id=5,board")]);
}

#[test]
fn an_invalidation_by_the_header_alone_counts_as_much() {
    let (mut world, [user, board]) = page([USER, BOARD]);
    world.call(Call::header("user;user_id=5"));
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.fetched(board)), (2, 1));
}

#[test]
fn a_scoped_invalidation_leaves_other_keys_alone() {
    let (mut world, [user, other, board]) = page([USER, OTHER, BOARD]);
    world.invalidate("user;user_id=5");
    world.settle();
    world.check_rest();
    assert_eq!([user, other, board].map(|entry| world.fetched(entry)), [2, 1, 1]);
}

#[test]
fn an_invalidation_names_keys_with_more_params() {
    let (mut world, [board, filtered]) = page([BOARD, "board?assignee=1&project_id=3"]);
    world.invalidate("board;project_id=3");
    world.settle();
    assert_eq!([board, filtered].map(|entry| world.fetched(entry)), [2, 2]);
    world.invalidate("board;assignee=1;project_id=3");
    world.settle();
    world.check_rest();
    assert_eq!([board, filtered].map(|entry| world.fetched(entry)), [2, 3]);
}

#[test]
fn an_unknown_context_is_passed_over() {
    let (mut world, [user]) = page([USER]);
    world.invalidate("newer_than_this_page");
    world.settle();
    assert_eq!(world.fetched(user), 1);
    assert_eq!(world.malformed(), []);
}

#[test]
fn an_empty_list_changes_nothing_and_tells_nobody() {
    let (mut world, [user]) = page([USER]);
    world.call(Call::body(""));
    world.see("");
    world.settle();
    world.check_rest();
    assert_eq!(world.fetched(user), 1);
    assert_eq!((world.invalidated(), world.posts()), (vec![], vec![]));
}

#[test]
fn an_unreadable_header_invalidates_everything_and_says_where() {
    let (mut world, [user, board]) = page([USER, BOARD]);
    world.see("user;user_id=");
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.fetched(board)), (2, 2));
    assert_eq!(world.malformed(), [(true, 13)]);
    assert_eq!(world.invalidated(), [(Source::Header, "*")]);
}

#[test]
fn an_unreadable_list_invalidates_everything_and_says_where() {
    let (mut world, [user, board]) = page([USER, BOARD]);
    world.call(Call::broken_list(7).and_header("user"));
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.fetched(board)), (2, 2));
    assert_eq!(world.malformed(), [(false, 7)]);
}

// -- Wanting and leaving -------------------------------------------------------------------------

#[test]
fn a_component_that_moves_does_not_fetch_again() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    world.advance(5);
    world.unsubscribe(USER);
    world.subscribe(USER);
    world.settle();
    world.unsubscribe(USER);
    world.subscribe(USER);
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.server.requests.len()), (1, 1));
    assert!(!world.outputs.iter().any(|output| matches!(output, Output::Abort { .. })));
}

#[test]
fn a_fetch_that_nobody_wants_any_more_is_given_up_in_the_next_turn() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    world.unsubscribe(USER);
    assert!(world.entry(user).state.fetching);
    assert_eq!(world.timer(), Some(0));
    world.settle();
    assert!(!world.entry(user).state.fetching);
    assert_eq!(world.on_the_wire(), 0);
    world.subscribe(USER);
    world.settle();
    world.check_rest();
    assert_eq!(world.fetched(user), 2);
}

#[test]
fn a_fetch_goes_on_as_long_as_a_read_waits_for_it() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    let read = world.read(USER);
    world.unsubscribe(USER);
    world.settle();
    world.check_rest();
    assert_eq!(world.reads[read], ReadOutcome::Value(0));
    assert_eq!(world.fetched(user), 1);
}

#[test]
fn an_unwanted_entry_is_collected_after_five_minutes() {
    let (mut world, [user]) = page([USER]);
    world.unsubscribe(USER);
    world.advance(5 * 60 * 1_000 - 1);
    assert!(world.entries.contains_key(&user));
    world.advance(1);
    assert!(world.entries.is_empty());
    assert_eq!(world.timer(), None);
}

#[test]
fn an_entry_that_is_wanted_again_is_not_collected() {
    let (mut world, [user]) = page([USER]);
    world.unsubscribe(USER);
    world.advance(GC - 1);
    world.subscribe(USER);
    world.advance(2 * GC);
    world.check_rest();
    assert_eq!(world.fetched(user), 1, "the value was fresh all the time");
    world.unsubscribe(USER);
    world.advance(GC - 1);
    assert!(world.entries.contains_key(&user), "the time starts anew");
}

#[test]
fn an_entry_that_nobody_wants_does_not_live_longer_because_somebody_looks_at_the_page() {
    let (mut world, _) = page([USER]);
    world.unsubscribe(USER);
    world.advance(GC - 1);
    world.revalidate();
    world.connect(true);
    world.advance(1);
    assert!(world.entries.is_empty());
}

#[test]
fn an_answer_that_is_not_believed_does_not_shorten_the_life_of_its_entry() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    world.invalidate("user");
    world.advance(19);
    world.invalidate("user");
    // The answer arrives in the same turn, before the fetch is given up.
    world.unsubscribe(USER);
    world.carry(0);
    world.advance(GC - 1);
    assert!(world.entries.contains_key(&user));
    world.advance(1);
    assert!(world.entries.is_empty());
}

#[test]
fn a_read_of_what_is_fresh_keeps_it_for_another_five_minutes() {
    let (mut world, [user]) = page([USER]);
    world.unsubscribe(USER);
    world.advance(GC - 1);
    let read = world.read(USER);
    assert_eq!(world.reads[read], ReadOutcome::Value(0));
    world.advance(GC - 1);
    assert!(world.entries.contains_key(&user));
    world.advance(1);
    assert!(world.entries.is_empty());
}

#[test]
fn an_entry_whose_fetch_was_given_up_is_collected_after_five_minutes() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    world.unsubscribe(USER);
    world.settle();
    assert!(!world.entry(user).state.fetching);
    world.advance(GC - 1);
    assert!(world.entries.contains_key(&user));
    world.advance(1);
    assert!(world.entries.is_empty());
}

#[test]
fn an_entry_whose_unwanted_fetch_was_overtaken_is_collected_after_five_minutes() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    world.unsubscribe(USER);
    world.invalidate("user");
    world.settle();
    world.advance(GC - 1);
    assert!(world.entries.contains_key(&user));
    world.advance(1);
    assert!(world.entries.is_empty());
}

#[test]
fn an_entry_whose_answer_names_a_stranger_is_collected_after_five_minutes() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    world.advance(10);
    // The server has answered as to Ada. Bob is known before that arrives, in the turn in which the
    // subscriber leaves.
    world.server.log_in(BOB);
    world.latency = 1;
    world.subscribe(BOARD);
    world.advance(9);
    world.unsubscribe(USER);
    world.carry(0);
    world.advance(GC - 1);
    assert!(world.entries.contains_key(&user));
    world.advance(1);
    assert!(!world.entries.contains_key(&user));
}

#[test]
fn an_entry_that_was_never_wanted_is_collected_too() {
    let mut world = World::new();
    world.open(USER);
    world.advance(GC);
    assert!(world.entries.is_empty());
}

#[test]
fn an_entry_whose_handle_was_another_one_s_begins_anew() {
    let mut world = World::new();
    let short = Options { gc_time: 1_000, ..Options::default() };
    let user = world.observe(USER, short);
    world.settle();
    world.invalidate("user");
    world.settle();
    world.leave(USER, short);
    world.advance(1_000);
    assert!(world.entries.is_empty());

    assert_eq!(world.open(BOARD), user);
    assert!(!world.is_fresh(user));
    world.hydrate(BOARD, "");
    assert_eq!((world.shown(user), world.is_fresh(user)), (Some(0), true));
    world.advance(GC - 1);
    assert!(world.entries.contains_key(&user));
    world.advance(1);
    assert!(world.entries.is_empty());
}

#[test]
fn a_handle_that_is_given_again_does_not_hear_the_answers_to_its_predecessor() {
    let mut cache = Cache::new();
    let old = cache.open(0, Key::new("user", []).expect("a key"));
    let outputs = |cache: &mut Cache, now, input: Input<'_>| {
        cache.handle_input(now, input);
        std::iter::from_fn(|| cache.poll_output()).collect::<Vec<_>>()
    };
    let said = outputs(&mut cache, 0, Input::Subscribe(old, Options::default()));
    let fetch = said.iter().find_map(|output| match output {
        Output::Fetch { fetch, .. } => Some(*fetch),
        _ => None,
    });
    let fetch = fetch.expect("a fetch");
    outputs(&mut cache, 0, Input::Unsubscribe(old, Options::default()));
    outputs(&mut cache, 0, Input::Tick);
    assert_eq!(outputs(&mut cache, GC, Input::Tick), [Output::Collect { entry: old }]);
    assert_eq!(cache.key(old), None);

    let new = cache.open(GC, Key::new("board", []).expect("a key"));
    outputs(&mut cache, GC, Input::Subscribe(new, Options::default()));
    let late =
        Input::Fetched(old, fetch, Outcome { status: 200, retry_after: 0 }, Answer::default());
    assert_eq!(outputs(&mut cache, GC, late), []);
}

#[test]
fn what_was_collected_is_not_spoken_of_and_who_still_asks_for_it_is_passed_over() {
    let mut cache = Cache::new();
    let old = cache.open(0, Key::new("user", []).expect("a key"));
    let outputs = |cache: &mut Cache, now, input: Input<'_>| {
        cache.handle_input(now, input);
        std::iter::from_fn(|| cache.poll_output()).collect::<Vec<_>>()
    };
    let everything = || vec![Invalidation::All];
    let [first, second] = [CallId(1), CallId(2)];
    let patch = Output::Patch { entry: old, call: first, patch: 0 };
    let said = outputs(&mut cache, 0, Input::Call(first, false, "", everything()));
    assert!(said.contains(&patch), "{said:?}");
    assert_eq!(outputs(&mut cache, GC, Input::Tick), [Output::Collect { entry: old }]);

    let never = Handle(7);
    let answer = Answer { identity: "ada", schema: "" };
    for handle in [old, never] {
        for input in [
            Input::Subscribe(handle, Options::default()),
            Input::Unsubscribe(handle, Options::default()),
            Input::Read(handle),
            Input::Unread(handle),
            Input::Refetch(handle),
            Input::Hydrated(handle, answer),
        ] {
            assert_eq!(outputs(&mut cache, GC, input), []);
        }
    }
    let patched = outputs(&mut cache, GC, Input::Call(second, false, "", everything()));
    assert_eq!(patched, [Output::Send { call: second }]);
    let lost = [
        Output::Invalidated { source: Source::Call, share: true },
        Output::Settled { call: first },
    ];
    assert_eq!(outputs(&mut cache, GC, Input::CallLost(first)), lost);
    assert_eq!(outputs(&mut cache, 3 * GC, Input::Tick), []);
    assert_eq!(cache.poll_timeout(), None);
}

#[test]
fn an_idle_machine_waits_for_nothing() {
    let world = World::new();
    assert_eq!(world.timer(), None);
    let (mut world, _) = page([USER, BOARD]);
    // What was armed when the entries were opened goes off once, and is not set again.
    world.advance(GC);
    assert_eq!((world.timer(), world.on_the_wire()), (None, 0));
    world.tick();
    assert_eq!(world.timer(), None);
}

#[test]
fn a_tick_that_comes_too_early_keeps_the_appointment() {
    let (mut world, [user]) = page([USER]);
    world.unsubscribe(USER);
    world.advance(1_000);
    world.tick();
    assert!(world.entries.contains_key(&user));
    assert_eq!(world.timer(), Some(GC - 1_000));
}

// -- Reads ---------------------------------------------------------------------------------------

#[test]
fn reads_at_the_same_time_are_one_fetch() {
    let mut world = World::new();
    let reads = [world.read(USER), world.read(USER), world.read(USER)];
    world.settle();
    world.check_rest();
    assert_eq!(world.server.requests, [USER]);
    assert!(reads.iter().all(|read| world.reads[*read] == ReadOutcome::Value(0)));
}

#[test]
fn a_read_of_a_fresh_value_asks_nobody() {
    let (mut world, [user]) = page([USER]);
    let read = world.read(USER);
    assert_eq!((&world.reads[read], world.fetched(user)), (&ReadOutcome::Value(0), 1));
}

#[test]
fn a_read_ends_with_a_value_that_is_fresh() {
    let mut world = World::new();
    let read = world.read(USER);
    world.invalidate("user");
    world.advance(15);
    world.invalidate("user");
    world.advance(5);
    assert_eq!(world.reads[read], ReadOutcome::Waiting, "version 1 is here, version 2 is not");
    world.settle();
    assert_eq!(world.reads[read], ReadOutcome::Value(2));
}

#[test]
fn a_read_that_is_given_up_leaves_the_others() {
    let mut world = World::new();
    let (first, second) = (world.read(USER), world.read(USER));
    world.give_up(first);
    world.settle();
    world.check_rest();
    assert_eq!(world.reads[second], ReadOutcome::Value(0));
    assert_eq!(world.reads[first], ReadOutcome::GivenUp);
    assert_eq!(world.server.requests.len(), 1);
}

#[test]
fn the_last_read_that_is_given_up_gives_up_the_fetch() {
    let mut world = World::new();
    let read = world.read(USER);
    world.give_up(read);
    world.settle();
    world.check_rest();
    assert_eq!(world.on_the_wire(), 0);
    assert!(world.outputs.iter().any(|output| matches!(output, Output::Abort { .. })));
}

#[test]
fn a_refetch_ends_with_a_newer_value_than_the_present_one() {
    let (mut world, [user]) = page([USER]);
    let read = world.refetch(USER);
    assert_eq!(world.reads[read], ReadOutcome::Waiting);
    assert!(world.entry(user).state.fetching);
    world.settle();
    world.check_rest();
    assert_eq!(world.fetched(user), 2);
}

// -- Failures ------------------------------------------------------------------------------------

#[test]
fn a_failed_refetch_keeps_the_value_beside_the_error() {
    let (mut world, [user]) = page([USER]);
    world.server.status = 500;
    world.invalidate("user");
    let read = world.read(USER);
    world.settle();
    world.check_rest();
    assert_eq!((world.shown(user), world.entry(user).error), (Some(0), Some(500)));
    assert!(!world.is_fresh(user));
    assert_eq!(world.reads[read], ReadOutcome::Error(500));

    // It is left alone until somebody asks.
    world.advance(60_000);
    assert_eq!(world.fetched(user), 2);
    world.server.status = 200;
    world.refetch(USER);
    world.settle();
    world.check_rest();
    assert_eq!((world.shown(user), world.entry(user).error), (Some(1), None));
}

#[test]
fn a_context_that_is_gone_takes_its_value_along() {
    for status in [404, 410] {
        let (mut world, [user]) = page([USER]);
        world.server.status = status;
        world.invalidate("user");
        world.settle();
        assert_eq!((world.shown(user), world.entry(user).error), (None, Some(status)));
    }
}

#[test]
fn a_failure_of_an_older_generation_is_not_shown() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    world.invalidate("user");
    world.server.status = 500;
    world.advance(15);
    world.server.status = 200;
    world.invalidate("user");
    world.advance(5);
    assert_eq!(world.entry(user).error, None);
    world.settle();
    world.check_rest();
    assert_eq!((world.shown(user), world.entry(user).error), (Some(2), None));
}

#[test]
fn a_failure_that_is_not_shown_ends_the_fetching_all_the_same() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    world.server.status = 500;
    world.invalidate("user");
    world.unsubscribe(USER);
    world.invalidate("user");
    world.settle();
    assert!(!world.entry(user).state.fetching);
}

#[test]
fn a_new_subscriber_tries_again_after_a_failure() {
    let mut world = World::new();
    world.server.status = 503;
    let user = world.subscribe(USER);
    world.settle();
    world.server.status = 200;
    world.subscribe(USER);
    world.settle();
    world.check_rest();
    assert_eq!((world.shown(user), world.entry(user).error), (Some(0), None));
}

// -- Calls ---------------------------------------------------------------------------------------

#[test]
fn a_call_settles_with_its_answer_if_it_awaits_nothing() {
    let (mut world, _) = page([USER]);
    let sent = world.now;
    let call = world.call(Call::body("user"));
    world.settle();
    world.check_rest();
    assert_eq!(world.settled_at(call), Some(sent + 20));
}

#[test]
fn a_call_settles_when_what_it_invalidated_has_arrived() {
    let (mut world, [user, board]) = page([USER, BOARD]);
    let sent = world.now;
    let call = world.call(Call::body("user, board").awaiting());
    world.advance(20);
    assert_eq!(world.settled_at(call), None);
    world.settle();
    world.check_rest();
    assert_eq!(world.settled_at(call), Some(sent + 40));
    assert_eq!((world.shown(user), world.shown(board)), (Some(1), Some(2)));
}

#[test]
fn a_call_does_not_wait_for_what_nobody_looks_at() {
    let (mut world, _) = page([USER, BOARD]);
    world.unsubscribe(BOARD);
    let sent = world.now;
    let call = world.call(Call::body("board").awaiting());
    world.settle();
    assert_eq!(world.settled_at(call), Some(sent + 20));
}

#[test]
fn a_call_settles_when_a_refetch_that_it_waits_for_has_failed() {
    let (mut world, _) = page([USER]);
    let call = world.call(Call::body("user").awaiting());
    world.advance(20);
    world.server.status = 500;
    world.settle();
    assert!(world.settled_at(call).is_some());
    world.check_rest();
}

#[test]
fn a_call_settles_when_the_last_who_looked_has_left() {
    let (mut world, _) = page([USER]);
    let call = world.call(Call::body("user").awaiting());
    world.advance(25);
    assert_eq!(world.settled_at(call), None);
    world.unsubscribe(USER);
    assert_eq!(world.timer(), Some(0));
    world.tick();
    assert_eq!(world.settled_at(call), Some(world.now));
}

#[test]
fn a_call_without_an_answer_revalidates_everything_in_use() {
    let (mut world, [user, board]) = page([USER, BOARD]);
    world.unsubscribe(BOARD);
    let call = world.call(Call::body("user"));
    world.lose(0, true);
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.shown(user)), (2, Some(1)));
    assert_eq!(world.fetched(board), 1, "nobody looks at it");
    assert!(!world.is_fresh(board), "but whoever does next sees a new value");
    assert!(world.settled_at(call).is_some());
    assert_eq!(world.invalidated(), [(Source::Call, "*")]);
    assert_eq!(world.posts(), [Post::Invalidated("*".into())], "it may have changed theirs too");
}

#[test]
fn after_a_call_the_page_shows_what_was_fetched_after_it() {
    let (mut world, [user]) = page([USER]);
    // A refetch is answered by the server before the call, and comes back after the call's answer.
    world.refetch(USER);
    world.advance(10);
    world.latency = 1;
    world.call(Call::body("user"));
    world.advance(2);
    world.latency = 10;
    world.settle();
    world.check_rest();
    assert_eq!(world.shown(user), Some(1));
}

// -- Redirects and tabs --------------------------------------------------------------------------

#[test]
fn a_redirect_cookie_counts_once() {
    let (mut world, [user]) = page([USER]);
    world.cookie("n1", "user;user_id=5", true);
    world.cookie("n1", "user;user_id=5", false);
    world.settle();
    world.cookie("n1", "user;user_id=5", false);
    world.settle();
    world.check_rest();
    assert_eq!(world.fetched(user), 2);
    world.cookie("n2", "user;user_id=5", true);
    world.settle();
    world.cookie("n1", "user;user_id=5", false);
    world.settle();
    assert_eq!(world.fetched(user), 3);
}

#[test]
fn an_id_with_a_line_feed_is_none_and_what_has_none_is_applied_each_time() {
    let (mut world, [user]) = page([USER]);
    world.cookie("n1\nn2", "user", true);
    world.settle();
    world.cookie("n2", "user", true);
    world.settle();
    world.cookie("n1\nn2", "user", true);
    world.settle();
    world.check_rest();
    assert_eq!(world.fetched(user), 4);
}

#[test]
fn an_unreadable_cookie_invalidates_everything_once() {
    let (mut world, [user]) = page([USER]);
    world.cookie("n1", "(user)", true);
    world.settle();
    world.cookie("n1", "(user)", false);
    world.settle();
    assert_eq!(world.fetched(user), 2);
}

#[test]
fn a_redirect_cookie_is_not_passed_on_because_every_tab_sees_it() {
    let (mut first, [user]) = page([USER]);
    first.cookie("n1", "user", true);
    first.settle();
    assert_eq!(first.fetched(user), 2);
    assert_eq!(first.posts(), []);
}

#[test]
fn an_invalidation_reaches_the_other_tab_and_does_not_come_back() {
    let (mut first, _) = page([USER]);
    first.call(Call::body("user;user_id=5, board"));
    first.settle();
    let (mut second, [user, other]) = page([USER, OTHER]);
    assert_eq!(first.posts().len(), 1);
    second.server.change(&crate::world::list("user;user_id=5"));
    second.hear(&first.posts()[0]);
    second.settle();
    second.check_rest();
    assert_eq!((second.fetched(user), second.fetched(other)), (2, 1));
    assert_eq!(second.invalidated(), [(Source::Tab, "user?user_id=5,board")]);
    assert_eq!(second.posts(), []);
}

#[test]
fn an_invalidation_that_the_cache_cannot_hold_in_a_header_reaches_the_other_tab_whole() {
    let long = "x".repeat(5_000);
    let key = format!("user?name={long}");
    let post = World::posted_by(|tab| tab.invalidate(&format!("user;name=\"{long}\"")));
    let (mut world, [user, other]) = page([key.as_str(), OTHER]);
    world.hear(&post);
    world.settle();
    assert_eq!((world.fetched(user), world.fetched(other)), (2, 1));
}

// -- Identity ------------------------------------------------------------------------------------

#[test]
fn after_an_identity_change_no_old_value_is_published() {
    let (mut world, [user, board]) = page([USER, BOARD]);
    world.unsubscribe(BOARD);
    world.call(Call::default().login(BOB));
    world.advance(20);
    assert_eq!((world.shown(user), world.shown(board)), (None, None));
    assert!(world.entry(user).state.fetching);
    world.settle();
    world.check_rest();
    assert_eq!(world.entry(user).shown.map(|body| body.session.identity), Some(BOB));
    assert_eq!(world.shown(board), None, "nobody looks at it");
    assert_eq!(world.identity_changes(), 1);
}

#[test]
fn answers_to_requests_of_the_old_identity_are_ignored() {
    let (mut world, [user]) = page([USER]);
    world.refetch(USER);
    world.advance(10);
    // That was Ada's value. It comes back after Bob's login was answered.
    world.latency = 1;
    world.call(Call::default().login(BOB));
    world.advance(2);
    assert_eq!((world.shown(user), world.on_the_wire()), (None, 1));
    world.settle();
    world.check_rest();
}

#[test]
fn a_change_of_identity_gives_up_also_a_fetch_that_took_the_place_of_another() {
    let (mut world, [user]) = page([USER]);
    world.invalidate("user");
    world.invalidate("user");
    world.advance(10);
    // That is left to finish if an invalidation overtakes it. What comes is Ada's.
    world.latency = 1;
    world.log_in_elsewhere(BOB);
    world.advance(1);
    assert_eq!((world.shown(user), world.fetched(user)), (None, 4));
    world.settle();
    world.check_rest();
    assert_eq!(world.entry(user).shown.map(|body| body.session.identity), Some(BOB));
}

#[test]
fn the_answer_that_brings_a_new_identity_is_shown() {
    let (mut world, [user, board]) = page([USER, BOARD]);
    world.server.log_in(BOB);
    world.refetch(USER);
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.fetched(board)), (2, 2));
}

#[test]
fn a_failure_that_brings_a_new_identity_drops_the_values_too() {
    let (mut world, [user, board]) = page([USER, BOARD]);
    world.server.log_in(BOB);
    world.server.status = 403;
    world.refetch(USER);
    world.settle();
    world.check_rest();
    assert_eq!((world.shown(user), world.entry(user).error), (None, Some(403)));
    assert_eq!((world.shown(board), world.entry(board).error), (None, Some(403)));
}

#[test]
fn a_login_that_is_answered_before_the_first_fetch_discards_what_was_under_way() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    world.advance(10);
    // The server has answered as to Ada. Nothing has told the page so far who that is.
    world.latency = 1;
    world.call(Call::default().login(BOB));
    world.settle();
    world.check_rest();
    assert_eq!(world.entry(user).shown.map(|body| body.session.identity), Some(BOB));
}

#[test]
fn a_login_in_another_tab_before_the_first_answer_discards_what_was_under_way() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    world.advance(10);
    world.latency = 1;
    world.log_in_elsewhere(BOB);
    world.settle();
    world.check_rest();
    assert_eq!(world.entry(user).shown.map(|body| body.session.identity), Some(BOB));
}

#[test]
fn two_first_answers_that_disagree_leave_nobody_with_the_values_of_another() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    world.advance(10);
    world.server.log_in(BOB);
    world.latency = 1;
    let board = world.subscribe(BOARD);
    world.settle();
    world.check_rest();
    for entry in [user, board] {
        assert_eq!(world.entry(entry).shown.map(|body| body.session.identity), Some(BOB));
    }
}

#[test]
fn a_late_answer_to_a_call_of_the_old_identity_does_not_bring_it_back() {
    let (mut world, [user]) = page([USER]);
    let slow = world.call(Call::body("user"));
    world.advance(10);
    world.latency = 1;
    world.call(Call::default().login(BOB));
    world.advance(4);
    assert_eq!(world.entry(user).shown.map(|body| body.session.identity), Some(BOB));
    world.settle();
    world.check_rest();
    assert!(world.settled_at(slow).is_some());
    assert_eq!(world.identity_changes(), 2, "the login, and the doubt that the late answer raises");
}

#[test]
fn nor_does_one_to_a_call_of_before_another_tab_spoke_of_somebody_else() {
    let (mut world, _) = page([USER]);
    world.call(Call::default());
    world.advance(10);
    world.server.log_in(BOB);
    world.hear(&Post::Identity("bob-1".into()));
    world.settle();
    world.check_rest();
    // The doubt, and what came of it: for all that this page knows, its call was a login.
    let told = ["ada-0", "bob-1"].map(|identity| Post::Identity(identity.into()));
    assert_eq!(world.posts(), told);
}

#[test]
fn a_login_is_known_as_soon_as_it_is_answered() {
    let (mut world, [user]) = page([USER]);
    world.call(Call::default().login(BOB));
    world.advance(20);
    assert_eq!((world.shown(user), world.posts().len()), (None, 1));
    world.settle();
    world.check_rest();
    assert_eq!(world.posts().len(), 1);
}

#[test]
fn a_login_that_also_invalidates_fetches_each_context_once() {
    let (mut world, [user, board]) = page([USER, BOARD]);
    world.call(Call::body("user, board").login(BOB));
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.fetched(board)), (2, 2));
}

#[test]
fn another_tab_hears_of_an_identity_and_does_not_pass_it_on() {
    let (mut first, _) = page([USER]);
    first.identify_by_call(BOB);
    let [post] = first.posts().try_into().expect("one post");
    let (mut second, [user]) = page([USER]);
    second.server.log_in(BOB);
    second.hear(&post);
    assert_eq!(second.shown(user), None);
    second.settle();
    second.check_rest();
    assert_eq!(second.posts(), []);
    second.hear(&post);
    assert_eq!(second.fetched(user), 2, "it is the one that is known already");
}

#[test]
fn the_first_identity_that_a_page_learns_is_told_to_the_other_tabs() {
    let (first, _) = page([USER]);
    let introduction = first.introduction().expect("a post");
    let (mut second, [user]) = page([USER]);
    second.hear(&introduction);
    second.settle();
    assert_eq!(second.fetched(user), 1, "nothing new");
    let (mut other, [user]) = page([USER]);
    other.server.log_in(BOB);
    other.hear(&Post::Identity("bob-1".into()));
    other.settle();
    other.check_rest();
    assert_eq!((other.fetched(user), other.posts()), (2, vec![]));
}

#[test]
fn a_login_is_told_to_a_tab_whose_older_word_came_in_between() {
    let mut world = World::new();
    world.subscribe(USER);
    world.call(Call::default().login(BOB));
    world.advance(10);
    world.hear(&Post::Identity("ada-0".to_owned()));
    world.settle();
    world.check_rest();
    assert_eq!(world.introduction(), Some(Post::Identity("bob-1".to_owned())));
}

#[test]
fn a_login_is_told_also_by_a_tab_that_no_answer_reaches_after_it() {
    for shown in [true, false] {
        let mut world = World::new();
        if shown {
            world.subscribe(USER);
        }
        world.call(Call::default().login(BOB));
        world.advance(10);
        world.hear(&Post::Identity("ada-0".to_owned()));
        world.server.status = 403;
        world.advance(10);
        assert_eq!(world.introduction(), Some(Post::Identity("bob-1".to_owned())));
    }
}

#[test]
fn first_answers_that_disagree_are_both_told_to_the_other_tabs() {
    let mut world = World::new();
    world.subscribe(USER);
    world.advance(10);
    world.server.log_in(BOB);
    world.subscribe(BOARD);
    world.advance(20);
    assert_eq!(world.introduction(), Some(Post::Identity("ada-0".to_owned())));
    assert_eq!(world.posts(), [Post::Identity("bob-1".to_owned())]);
}

#[test]
fn two_tabs_with_tokens_of_their_own_come_to_rest() {
    for (calls, most) in [(false, [3, 4]), (true, [5, 5])] {
        let (mut first, [one]) = page([USER]);
        let (mut second, [two]) = page([USER]);
        second.server.log_in(BOB);
        second.restore();
        second.settle();
        let pass_on = |from: &World, to: &mut World, heard: &mut usize| {
            let posts = from.posts();
            posts.iter().skip(*heard).for_each(|post| to.hear(post));
            *heard = posts.len();
            to.settle();
        };
        if calls {
            // Their answers come when each has heard of the other.
            first.call(Call::default());
            second.call(Call::default());
        }
        let mut heard = [0, 0];
        for _ in 0..10 {
            pass_on(&second, &mut first, &mut heard[0]);
            pass_on(&first, &mut second, &mut heard[1]);
        }
        assert!(first.fetched(one) <= most[0] && second.fetched(two) <= most[1]);
        first.check_rest();
        second.check_rest();
    }
}

#[test]
fn a_refetch_does_not_join_a_fetch_that_began_before_it() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    world.advance(15);
    world.server.change(&crate::world::list("user"));
    world.refetch(USER);
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.shown(user)), (2, Some(1)));
}

#[test]
fn an_entry_that_was_only_read_is_collected_too() {
    let mut world = World::new();
    world.read(USER);
    world.settle();
    world.advance(GC);
    assert!(world.entries.is_empty());
}

#[test]
fn invalidations_do_not_keep_an_unwanted_entry() {
    let (mut world, _) = page([USER]);
    world.unsubscribe(USER);
    for _ in 0..6 {
        world.advance(GC / 6);
        world.invalidate("user");
    }
    world.advance(1);
    assert!(world.entries.is_empty());
}

// -- Schema, coming back --------------------------------------------------------------------------

#[test]
fn another_schema_is_reported_once() {
    let mut world = World::new();
    world.schema("2f");
    world.server.schema = Some("2f");
    let user = world.subscribe(USER);
    world.settle();
    assert!(!world.outputs.contains(&Output::Outdated));
    world.server.schema = Some("30");
    for _ in 0..3 {
        world.invalidate("*");
        world.settle();
    }
    world.check_rest();
    assert_eq!(world.outputs.iter().filter(|output| **output == Output::Outdated).count(), 1);
    assert_eq!(world.shown(user), Some(3), "the value is shown all the same");
}

#[test]
fn code_that_names_no_schema_is_never_outdated() {
    let mut world = World::new();
    world.server.schema = Some("30");
    world.subscribe(USER);
    world.settle();
    assert!(!world.outputs.contains(&Output::Outdated));
}

#[test]
fn a_page_that_becomes_visible_revalidates_what_is_in_use() {
    let (mut world, [user, board]) = page([USER, BOARD]);
    world.unsubscribe(BOARD);
    world.server.change(&crate::world::list("*"));
    world.revalidate();
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.fetched(board)), (2, 1));
    assert_eq!((world.invalidated(), world.posts()), (vec![], vec![]));
}

#[test]
fn a_page_that_becomes_visible_believes_what_nobody_looks_at_until_it_is_told_otherwise() {
    let (mut world, [user]) = page([USER]);
    world.unsubscribe(USER);
    world.revalidate();
    assert!(world.is_fresh(user));
    world.subscribe(USER);
    world.settle();
    world.check_rest();
    assert_eq!(world.fetched(user), 1);
}

#[test]
fn a_page_that_becomes_visible_during_a_fetch_is_content_with_it() {
    let (mut world, [user]) = page([USER]);
    world.refetch(USER);
    world.revalidate();
    world.revalidate();
    world.settle();
    world.check_rest();
    assert_eq!(world.fetched(user), 2);
}

#[test]
fn a_page_that_comes_back_from_the_cache_of_the_browser_revalidates_everything() {
    let (mut world, [user, board]) = page([USER, BOARD]);
    world.unsubscribe(BOARD);
    world.server.change(&crate::world::list("*"));
    world.restore();
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.is_fresh(board)), (2, false));
    assert_eq!(world.posts(), []);
}

// -- Trying again --------------------------------------------------------------------------------

/// A page in which a fetch that failed for the time being is tried again three times.
fn patient<const N: usize>(keys: [&str; N]) -> (World, [Handle; N]) {
    let mut world = World::new();
    world.configure(Settings { retries: 3, ..SETTINGS });
    let handles = keys.map(|key| world.subscribe(key));
    world.settle();
    (world, handles)
}

#[test]
fn what_failed_for_the_time_being_is_tried_again_and_nobody_sees_the_failure() {
    let (mut world, [user]) = patient([USER]);
    world.server.status = 503;
    world.invalidate("user");
    world.advance(20);
    let entry = world.entry(user);
    assert!(entry.state.fetching && entry.state.stale, "it is still on its way");
    assert_eq!((world.shown(user), entry.error), (Some(0), None));
    world.server.status = 200;
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.shown(user)), (3, Some(1)));
}

#[test]
fn a_failure_is_shown_when_all_attempts_have_failed() {
    let (mut world, [user]) = patient([USER]);
    world.server.status = 503;
    world.invalidate("user");
    let read = world.read(USER);
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.entry(user).error), (5, Some(503)));
    assert_eq!(world.reads[read], ReadOutcome::Error(503));
    world.advance(60_000);
    assert_eq!(world.fetched(user), 5, "it is left alone until somebody asks");
}

#[test]
fn waits_are_random_within_limits_that_double() {
    let waits = |seed| {
        let mut world = World::new();
        world.configure(Settings { seed, retries: 8, ..SETTINGS });
        world.server.status = 500;
        world.subscribe(USER);
        let mut waits = Vec::new();
        for _ in 0..8 {
            world.advance(20);
            // A wait of no time at all is over before anybody looks.
            let wait = world.timer().unwrap_or(0);
            waits.push(wait);
            world.advance(wait);
        }
        waits
    };
    let limits = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000];
    let runs: Vec<_> = (1..200).map(waits).collect();
    for (at, limit) in limits.into_iter().enumerate() {
        let longest = runs.iter().map(|waits| waits[at]).max().expect("runs");
        let shortest = runs.iter().map(|waits| waits[at]).min().expect("runs");
        assert!(longest <= limit, "{longest} of {limit}");
        assert!(longest > limit * 9 / 10 && shortest < limit / 10, "{shortest} to {longest}");
    }
    assert!(waits(0).iter().any(|wait| *wait > 0), "no seed is one of a series of zeros");
}

#[test]
fn what_another_attempt_cannot_change_is_not_tried_again() {
    for status in [1, 400, 401, 403, 404, 409, 410, 422, 451] {
        let (mut world, [user]) = patient([USER]);
        world.server.status = status;
        world.invalidate("user");
        world.settle();
        assert_eq!((world.fetched(user), world.entry(user).error), (2, Some(status)));
    }
    for status in [0, 408, 425, 429, 500, 502, 503, 504] {
        let (mut world, [user]) = patient([USER]);
        world.server.status = status;
        world.invalidate("user");
        world.settle();
        assert_eq!((world.fetched(user), world.entry(user).error), (5, Some(status)), "{status}");
    }
}

#[test]
fn no_attempt_comes_before_the_server_wants_it() {
    let (mut world, [user]) = patient([USER]);
    world.server.status = 429;
    world.server.retry_after = 20_000;
    world.invalidate("user");
    world.advance(20 + 19_999);
    assert_eq!(world.fetched(user), 2);
    world.server.status = 200;
    world.advance(1_000 + 21);
    world.check_rest();
    assert_eq!(world.fetched(user), 3);
}

#[test]
fn a_server_that_asks_for_more_than_a_minute_is_not_waited_for() {
    let (mut world, [user]) = patient([USER]);
    world.server.status = 503;
    world.server.retry_after = 60_001;
    world.invalidate("user");
    world.settle();
    assert_eq!((world.fetched(user), world.entry(user).error), (2, Some(503)));
}

#[test]
fn an_invalidation_ends_the_wait_for_another_attempt() {
    let (mut world, [user]) = patient([USER]);
    world.server.status = 503;
    world.server.retry_after = 20_000;
    world.invalidate("user");
    world.advance(20);
    world.server.status = 200;
    world.invalidate("user");
    world.advance(20);
    world.check_rest();
    assert_eq!((world.fetched(user), world.shown(user)), (3, Some(2)));
}

#[test]
fn a_fetch_that_is_overtaken_and_fails_is_followed_by_another_at_once() {
    let (mut world, [user]) = patient([USER]);
    world.invalidate("user");
    world.invalidate("user");
    world.invalidate("user");
    assert_eq!(world.fetched(user), 3, "the last one is left to finish");
    world.server.status = 503;
    world.server.retry_after = 20_000;
    world.advance(20);
    assert_eq!(world.fetched(user), 4);
}

#[test]
fn attempts_are_counted_anew_after_an_invalidation() {
    let (mut world, [user]) = patient([USER]);
    world.server.status = 503;
    world.invalidate("user");
    world.advance(20);
    world.invalidate("user");
    world.settle();
    assert_eq!(world.fetched(user), 1 + 1 + 4);
}

#[test]
fn attempts_are_counted_anew_for_a_newcomer_after_a_failure() {
    let (mut world, [user]) = patient([USER]);
    world.server.status = 503;
    world.invalidate("user");
    world.settle();
    world.subscribe(USER);
    world.settle();
    assert_eq!(world.fetched(user), 1 + 4 + 4);
}

#[test]
fn a_read_does_not_wait_for_another_attempt_when_somebody_looks_at_the_page() {
    let (mut world, []) = patient([]);
    world.server.status = 503;
    world.server.retry_after = 20_000;
    let read = world.read(USER);
    world.advance(20);
    world.server.status = 200;
    world.look(true);
    world.advance(20);
    assert_eq!(world.reads[read], ReadOutcome::Value(0));
}

#[test]
fn a_newcomer_shares_the_wait_for_another_attempt() {
    let (mut world, [user]) = patient([USER]);
    world.server.status = 503;
    world.server.retry_after = 20_000;
    world.invalidate("user");
    world.advance(20);
    world.subscribe(USER);
    world.read(USER);
    world.advance(19_000);
    assert_eq!(world.fetched(user), 2);
}

#[test]
fn what_nobody_wants_is_not_tried_again() {
    let (mut world, [user]) = patient([USER]);
    world.server.status = 503;
    world.invalidate("user");
    world.server.retry_after = 20_000;
    world.advance(20);
    world.unsubscribe(USER);
    world.advance(0);
    assert!(!world.entry(user).state.fetching);
    world.advance(60_000);
    assert_eq!(world.fetched(user), 2);
    world.advance(GC);
    assert!(world.entries.is_empty());
}

#[test]
fn attempts_are_counted_anew_after_a_success() {
    let (mut world, [user]) = patient([USER]);
    for _ in 0..3 {
        world.server.status = 503;
        world.invalidate("user");
        world.settle();
        world.server.status = 200;
        world.refetch(USER);
        world.settle();
    }
    assert_eq!(world.fetched(user), 1 + 3 * (4 + 1));
}

// -- Without a network ---------------------------------------------------------------------------

#[test]
fn nothing_is_fetched_without_a_network_and_everything_when_it_is_back() {
    let (mut world, [user, board]) = page([USER, BOARD]);
    world.connect(false);
    world.invalidate("user");
    world.subscribe(OTHER);
    world.advance(60_000);
    assert_eq!(world.on_the_wire(), 0);
    assert!(world.entry(user).state.fetching, "it is wanted");
    world.connect(true);
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.fetched(board)), (2, 2));
    assert_eq!(world.shown(user), Some(1));
}

#[test]
fn a_fetch_that_the_network_has_lost_is_tried_again_as_soon_as_it_is_back() {
    let (mut world, [user]) = patient([USER]);
    world.refetch(USER);
    world.connect(false);
    world.lose(0, false);
    world.advance(3_600_000);
    assert_eq!((world.fetched(user), world.entry(user).error), (2, None));
    world.connect(true);
    world.advance(20);
    world.check_rest();
    assert_eq!(world.fetched(user), 3);
}

#[test]
fn what_nobody_wants_any_more_is_not_fetched_when_the_network_is_back() {
    let (mut world, [user]) = page([USER]);
    world.connect(false);
    world.invalidate("user");
    world.unsubscribe(USER);
    world.connect(true);
    world.settle();
    assert_eq!(world.fetched(user), 1);
    assert!(!world.is_fresh(user));
    world.subscribe(USER);
    world.settle();
    world.check_rest();
}

// -- Room ----------------------------------------------------------------------------------------

#[test]
fn no_more_fetches_are_under_way_than_there_is_room_for() {
    let mut world = World::new();
    world.configure(Settings { concurrency: 2, ..SETTINGS });
    let keys: Vec<String> = (0..7).map(|at| format!("user?user_id={at}")).collect();
    for key in &keys {
        world.subscribe(key);
    }
    assert_eq!(world.on_the_wire(), 2);
    let start = world.now;
    world.settle();
    world.check_rest();
    assert_eq!((world.server.requests.len(), world.now - start), (7, 80));
    assert_eq!(world.server.requests, keys, "first come, first served");
}

#[test]
fn what_somebody_looks_at_is_fetched_first() {
    let mut world = World::new();
    world.configure(Settings { concurrency: 1, ..SETTINGS });
    world.read("user?user_id=1");
    world.read("user?user_id=2");
    world.read("user?user_id=3");
    world.subscribe("user?user_id=3");
    world.subscribe("user?user_id=4");
    world.settle();
    world.check_rest();
    let order = [1, 3, 4, 2].map(|id| format!("user?user_id={id}"));
    assert_eq!(world.server.requests, order);
}

#[test]
fn what_is_invalidated_while_it_waits_for_room_is_fetched_once() {
    let mut world = World::new();
    world.configure(Settings { concurrency: 1, ..SETTINGS });
    world.subscribe(BOARD);
    let user = world.subscribe(USER);
    world.invalidate("user");
    world.invalidate("user");
    world.settle();
    world.check_rest();
    assert_eq!(world.fetched(user), 1);
}

#[test]
fn a_fetch_that_is_given_up_makes_room() {
    let mut world = World::new();
    world.configure(Settings { concurrency: 1, ..SETTINGS });
    world.subscribe(BOARD);
    let user = world.subscribe(USER);
    world.unsubscribe(BOARD);
    world.advance(0);
    assert_eq!(world.fetched(user), 1);
    world.settle();
    world.check_rest();
}

// -- Age -----------------------------------------------------------------------------------------

#[test]
fn a_young_value_is_not_fetched_again_because_somebody_looks() {
    let mut world = World::new();
    let options = Options { stale_time: 1_000, ..Options::default() };
    let user = world.observe(USER, options);
    let board = world.observe(BOARD, Options { stale_time: NEVER, ..options });
    world.settle();
    world.advance(999);
    world.revalidate();
    world.connect(true);
    assert_eq!((world.fetched(user), world.fetched(board)), (1, 1));
    world.advance(1);
    world.revalidate();
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.fetched(board)), (2, 1));
    world.invalidate("board");
    world.settle();
    assert_eq!(world.fetched(board), 2, "an invalidation counts at any age");
}

#[test]
fn of_two_observers_the_one_who_wants_it_newer_counts() {
    let mut world = World::new();
    let patient = Options { stale_time: NEVER, ..Options::default() };
    let user = world.observe(USER, patient);
    world.subscribe(USER);
    world.settle();
    world.revalidate();
    world.settle();
    assert_eq!(world.fetched(user), 2);
    world.unsubscribe(USER);
    world.revalidate();
    world.settle();
    assert_eq!(world.fetched(user), 2);
}

#[test]
fn what_has_failed_is_fetched_again_when_somebody_looks_whatever_its_age() {
    let mut world = World::new();
    world.server.status = 500;
    let user = world.observe(USER, Options { stale_time: NEVER, ..Options::default() });
    world.settle();
    world.server.status = 200;
    world.revalidate();
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.entry(user).error), (2, None));
}

#[test]
fn what_is_polled_is_fetched_when_it_is_as_old_as_that() {
    let mut world = World::new();
    let user = world.observe(USER, Options { refetch_interval: 1_000, ..Options::default() });
    world.settle();
    world.advance(999);
    assert_eq!(world.fetched(user), 1);
    world.advance(1);
    assert_eq!(world.fetched(user), 2);
    world.advance(10 * 1_020);
    assert_eq!(world.fetched(user), 12);
    world.leave(USER, Options { refetch_interval: 1_000, ..Options::default() });
    world.advance(GC);
    assert_eq!((world.fetched(user), world.timer()), (12, None));
}

#[test]
fn what_is_polled_follows_the_interval_of_those_who_have_stayed() {
    let mut world = World::new();
    let often = Options { refetch_interval: 1_000, ..Options::default() };
    let user = world.observe(USER, often);
    world.observe(USER, Options { refetch_interval: 5_000, ..Options::default() });
    world.advance(20);
    world.leave(USER, often);
    world.advance(4_999);
    assert_eq!(world.fetched(user), 1);
    world.advance(1);
    assert_eq!(world.fetched(user), 2);
}

#[test]
fn what_is_polled_is_polled_after_a_failure_too() {
    let mut world = World::new();
    world.server.status = 500;
    let user = world.observe(USER, Options { refetch_interval: 1_000, ..Options::default() });
    world.settle();
    world.server.status = 200;
    world.advance(1_020);
    assert_eq!((world.fetched(user), world.entry(user).error), (2, None));
}

#[test]
fn who_comes_does_not_put_off_the_next_poll() {
    let mut world = World::new();
    let user = world.observe(USER, Options { refetch_interval: 1_000, ..Options::default() });
    world.settle();
    world.advance(500);
    world.subscribe(USER);
    world.advance(500);
    assert_eq!(world.fetched(user), 2);
}

#[test]
fn nothing_is_polled_for_an_observer_who_has_left() {
    let mut world = World::new();
    let options = Options { refetch_interval: 1_000, ..Options::default() };
    let user = world.observe(USER, options);
    world.subscribe(USER);
    world.settle();
    world.leave(USER, options);
    world.advance(10_000);
    assert_eq!((world.fetched(user), world.timer()), (1, None));
}

#[test]
fn nothing_is_polled_while_nobody_can_see_it_or_without_a_network() {
    for connect in [false, true] {
        let pause = |world: &mut World, on: bool| {
            if connect { world.connect(on) } else { world.look(on) }
        };
        let mut world = World::new();
        let user = world.observe(USER, Options { refetch_interval: 1_000, ..Options::default() });
        world.settle();
        pause(&mut world, false);
        world.advance(10_000);
        assert_eq!((world.fetched(user), world.timer()), (1, None));
        assert!(world.is_fresh(user), "it is not even in line");
        pause(&mut world, true);
        world.settle();
        assert_eq!(world.fetched(user), 2);
        world.advance(1_000);
        assert_eq!(world.fetched(user), 3);
    }
}

#[test]
fn an_entry_stays_as_long_as_the_most_patient_of_its_observers_wants() {
    let mut world = World::new();
    let [short, long] = [10, 1_000].map(|gc_time| Options { gc_time, ..Options::default() });
    world.observe(USER, short);
    world.observe(USER, long);
    world.settle();
    world.leave(USER, long);
    world.leave(USER, short);
    world.advance(999);
    assert_eq!(world.entries.len(), 1);
    world.advance(1);
    assert!(world.entries.is_empty());

    let forever = Options { gc_time: NEVER, ..Options::default() };
    world.observe(USER, forever);
    world.settle();
    world.leave(USER, forever);
    world.advance(GC * 1_000);
    assert_eq!((world.entries.len(), world.timer()), (1, None));
}

// -- The order of calls --------------------------------------------------------------------------

#[test]
fn calls_of_one_scope_are_sent_one_after_the_other() {
    let mut world = World::new();
    let start = world.now;
    let first = world.call(Call::default().scope("form"));
    let second = world.call(Call::default().scope("form"));
    let third = world.call(Call::failing().scope("form"));
    let other = world.call(Call::default().scope("list"));
    let free = world.call(Call::default());
    assert_eq!(world.on_the_wire(), 3);
    world.settle();
    world.check_rest();
    let sent = [first, second, third, other, free].map(|call| world.sent_at(call));
    assert_eq!(sent, [0, 20, 40, 0, 0].map(|wait| Some(start + wait)));
}

#[test]
fn a_call_does_not_wait_for_what_the_one_before_it_has_changed() {
    let (mut world, _) = page([USER]);
    let first = world.call(Call::body("user").awaiting().scope("form"));
    let second = world.call(Call::default().scope("form"));
    world.advance(20);
    assert_eq!((world.settled_at(first), world.sent_at(second)), (None, Some(world.now)));
    world.settle();
    world.check_rest();
}

#[test]
fn a_call_of_a_scope_is_sent_after_one_that_was_lost() {
    let mut world = World::new();
    world.call(Call::default().scope("form"));
    let second = world.call(Call::default().scope("form"));
    world.lose(0, false);
    assert_eq!(world.sent_at(second), Some(world.now));
    world.settle();
    world.check_rest();
}

#[test]
fn a_call_that_is_given_up_before_its_turn_has_changed_nothing() {
    let (mut world, [user]) = page([USER]);
    world.call(Call::default().scope("form"));
    let second = world.call(Call::body("user").scope("form").patching("user"));
    let third = world.call(Call::default().scope("form"));
    assert_eq!(world.entry(user).layers.len(), 1);
    world.abandon(second);
    assert_eq!(world.entry(user).layers, []);
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.sent_at(second)), (1, None));
    assert!(world.sent_at(third).is_some());
}

#[test]
fn a_call_that_is_answered_before_it_was_sent_is_not_sent() {
    let (mut world, _) = page([USER]);
    world.call(Call::default().scope("form"));
    let second = world.call(Call::body("user").awaiting().scope("form"));
    world.answer_out_of_turn(second, "user");
    world.advance(10);
    world.invalidate("user");
    world.settle();
    world.check_rest();
    assert_eq!(world.sent_at(second), None);
}

#[test]
fn a_call_is_answered_once() {
    let (mut world, [user]) = page([USER]);
    let call = world.call(Call::body("user").awaiting());
    world.advance(20);
    world.answer_out_of_turn(call, "board");
    assert_eq!((world.settled_at(call), world.is_fresh(user)), (None, false));
    world.settle();
    world.check_rest();
}

// -- Patches -------------------------------------------------------------------------------------

#[test]
fn a_patch_is_shown_until_the_word_of_the_server_has_arrived() {
    let (mut world, [user, other]) = page([USER, OTHER]);
    let call = world.call(Call::body("user;user_id=5").patching("user;user_id=5"));
    assert_eq!(world.entry(user).layers, [(call, 0)]);
    assert_eq!(world.entry(other).layers, [], "it is not about this one");
    world.advance(20);
    assert!(world.settled_at(call).is_some(), "the call need not wait");
    assert_eq!(world.entry(user).layers, [(call, 0)], "the answer is here, the value is not");
    world.settle();
    world.check_rest();
    assert_eq!((world.entry(user).layers.len(), world.shown(user)), (0, Some(1)));
}

#[test]
fn a_component_that_moves_keeps_the_patch_until_the_word_of_the_server_has_arrived() {
    let (mut world, [user]) = page([USER]);
    let call = world.call(Call::body("user").patching("user").awaiting());
    world.advance(25);
    world.unsubscribe(USER);
    world.subscribe(USER);
    assert_eq!((world.entry(user).layers.len(), world.settled_at(call)), (1, None));
    world.settle();
    world.check_rest();
    assert_eq!((world.entry(user).layers.len(), world.fetched(user)), (0, 2));
    assert!(world.settled_at(call).is_some());
}

#[test]
fn a_patch_goes_in_the_next_turn_when_nobody_wants_its_entry_any_more() {
    // Also where something else gives up the fetch before that turn.
    for invalidated in [false, true] {
        let (mut world, [user]) = page([USER]);
        let call = world.call(Call::body("user").patching("user").awaiting());
        world.advance(25);
        world.unsubscribe(USER);
        if invalidated {
            world.invalidate("user");
        }
        world.tick();
        assert_eq!(world.entry(user).layers, []);
        assert_eq!(world.settled_at(call), Some(world.now));
    }
}

#[test]
fn a_patch_goes_with_a_call_that_fails() {
    for lost in [false, true] {
        let (mut world, [user]) = page([USER]);
        world.call(Call::failing().patching("user"));
        if lost {
            world.lose(0, true);
        } else {
            world.advance(20);
        }
        assert_eq!(world.entry(user).layers, []);
        world.settle();
        world.check_rest();
    }
}

#[test]
fn a_patch_goes_with_a_call_that_fails_even_if_it_has_changed_something() {
    let (mut world, [user]) = page([USER]);
    world.call(Call::failing().and_header("user").patching("user"));
    world.advance(20);
    assert_eq!((world.entry(user).layers.len(), world.is_fresh(user)), (0, false));
    world.settle();
    world.check_rest();
}

#[test]
fn observers_are_told_when_a_patch_comes_and_when_it_goes() {
    let (mut world, [user]) = page([USER]);
    let told_after = |world: &World, what: fn(&Output) -> bool| {
        let at = world.outputs.iter().position(what).expect("a patch that comes or goes");
        let publishes =
            |output: &Output| matches!(output, Output::Publish { entry, .. } if *entry == user);
        world.outputs[at..].iter().any(publishes)
    };
    world.call(Call::failing().patching("user"));
    assert!(told_after(&world, |output| matches!(output, Output::Patch { .. })));
    world.settle();
    assert!(told_after(&world, |output| matches!(output, Output::Unpatch { .. })));
}

#[test]
fn no_observer_sees_the_new_value_under_the_old_patch() {
    let (mut world, _) = page([USER]);
    let made = world.outputs.len();
    world.call(Call::body("user").patching("user"));
    world.settle();
    let place = |what: fn(&Output) -> bool| world.outputs[made..].iter().position(what);
    let shown = place(|output| matches!(output, Output::Publish { value: Update::Take, .. }));
    assert!(shown > place(|output| matches!(output, Output::Unpatch { .. })));
}

#[test]
fn a_patch_of_what_the_call_did_not_change_goes_with_its_answer() {
    let (mut world, [user]) = page([USER]);
    world.call(Call::body("board").patching("user"));
    world.advance(20);
    assert_eq!((world.entry(user).layers.len(), world.fetched(user)), (0, 1));
}

#[test]
fn a_patch_goes_when_the_refetch_has_failed() {
    let (mut world, [user]) = page([USER]);
    world.call(Call::body("user").patching("user"));
    world.advance(20);
    world.server.status = 500;
    world.settle();
    assert_eq!((world.entry(user).layers.len(), world.entry(user).error), (0, Some(500)));
}

#[test]
fn patches_lie_in_the_order_of_their_calls_and_go_one_by_one() {
    let (mut world, [user]) = page([USER]);
    let first = world.call(Call::body("user").patching("user, *"));
    world.advance(5);
    let second = world.call(Call::failing().patching("user"));
    world.advance(5);
    let third = world.call(Call::body("user").patching("*"));
    let layers = [(first, 0), (first, 1), (second, 0), (third, 0)];
    assert_eq!(world.entry(user).layers, layers);
    world.advance(15);
    assert_eq!(world.entry(user).layers, [(first, 0), (first, 1), (third, 0)]);
    world.settle();
    world.check_rest();
    assert_eq!(world.entry(user).layers, []);
}

#[test]
fn a_value_that_arrives_meanwhile_is_shown_under_the_patch() {
    let (mut world, [user]) = page([USER]);
    world.refetch(USER);
    world.advance(5);
    let call = world.call(Call::body("user").patching("user"));
    world.advance(15);
    assert!(world.is_fresh(user));
    assert_eq!(world.entry(user).layers, [(call, 0)]);
    world.settle();
    world.check_rest();
}

#[test]
fn who_comes_while_a_call_is_under_way_sees_its_patch_too() {
    let mut world = World::new();
    let call = world.call(Call::body("user").patching("user"));
    let user = world.subscribe(USER);
    assert_eq!(world.entry(user).layers, [(call, 0)]);
    world.settle();
    world.check_rest();
    assert_eq!(world.entry(user).layers, []);
}

#[test]
fn who_comes_after_its_answer_does_not() {
    let (mut world, [user]) = page([USER]);
    world.call(Call::body("user").patching("user"));
    world.advance(20);
    let other = world.subscribe(OTHER);
    assert_eq!((world.entry(user).layers.len(), world.entry(other).layers.len()), (1, 0));
    world.settle();
    world.check_rest();
}

#[test]
fn a_patch_does_not_outlive_the_identity_under_which_it_was_made() {
    let (mut world, [user]) = page([USER]);
    world.call(Call::body("user").patching("user"));
    world.advance(1);
    world.log_in_elsewhere(BOB);
    world.advance(11);
    assert_eq!(world.entry(user).layers, []);
    let other = world.subscribe(OTHER);
    assert_eq!(world.entry(other).layers, []);
    world.settle();
    world.check_rest();
}

#[test]
fn nor_do_several() {
    let (mut world, [user]) = page([USER]);
    for _ in 0..3 {
        world.call(Call::default().patching("user, *"));
    }
    world.server.log_in(BOB);
    world.hear(&Post::Identity("bob-1".into()));
    assert_eq!((world.entry(user).layers.len(), world.identity_changes()), (0, 1));
    world.settle();
    world.check_rest();
}

// -- What the page came with ---------------------------------------------------------------------

#[test]
fn a_value_that_came_with_the_page_is_not_fetched_again() {
    let mut world = World::new();
    let user = world.hydrate(USER, "");
    assert!(world.is_fresh(user));
    world.subscribe(USER);
    let read = world.read(USER);
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), &world.reads[read]), (0, &ReadOutcome::Value(0)));
    world.invalidate("user");
    world.settle();
    world.check_rest();
    assert_eq!((world.fetched(user), world.shown(user)), (1, Some(1)));
}

#[test]
fn a_value_that_came_with_the_page_is_as_young_as_one_that_was_fetched_then() {
    let mut world = World::new();
    let user = world.hydrate(USER, "");
    world.observe(USER, Options { stale_time: 1_000, ..Options::default() });
    world.advance(999);
    world.revalidate();
    assert_eq!(world.fetched(user), 0);
}

#[test]
fn a_value_that_came_with_the_page_and_that_nobody_wants_is_forgotten() {
    let mut world = World::new();
    world.hydrate(USER, "");
    world.advance(GC);
    assert!(world.entries.is_empty());
}

#[test]
fn a_value_of_another_schema_is_not_taken_over() {
    let mut world = World::new();
    world.schema("30");
    let user = world.hydrate(USER, "2f");
    assert_eq!(world.shown(user), None);
    assert!(world.outputs.contains(&Output::Outdated));
    let board = world.hydrate(BOARD, "2f");
    assert_eq!(world.shown(board), None);
    world.subscribe(USER);
    world.settle();
    world.check_rest();
}

#[test]
fn a_value_of_somebody_else_is_not_taken_over() {
    let (mut world, _) = page([OTHER]);
    world.server.log_in(BOB);
    let user = world.hydrate(USER, "");
    assert_eq!((world.shown(user), world.identity_changes()), (None, 0));
    world.server.log_in(ADA);
}

#[test]
fn whose_the_values_of_the_page_are_is_known_from_then_on() {
    let mut world = World::new();
    let user = world.hydrate(USER, "");
    world.server.log_in(BOB);
    world.subscribe(BOARD);
    world.settle();
    assert_eq!((world.shown(user), world.identity_changes()), (None, 1));
}

#[test]
fn a_value_that_came_with_the_page_is_older_than_anything_that_is_known() {
    let mut world = World::new();
    world.open(USER);
    world.invalidate("user");
    let user = world.hydrate(USER, "");
    assert_eq!(world.shown(user), None);
    let (mut world, [user]) = page([USER]);
    world.server.change(&crate::world::list("user"));
    world.hydrate(USER, "");
    assert_eq!(world.shown(user), Some(0));
}

#[test]
fn a_value_that_came_with_the_page_does_not_take_the_place_of_one_that_is_asked_for() {
    let mut world = World::new();
    let user = world.subscribe(USER);
    world.hydrate(USER, "");
    assert_eq!(world.shown(user), None);
    world.settle();
    world.check_rest();
}

// -- One invalidation, several ways --------------------------------------------------------------

#[test]
fn a_message_of_another_tab_counts_once() {
    let (mut world, [user]) = page([USER]);
    world.hear_again("a", "user");
    world.settle();
    world.hear_again("a", "user");
    world.settle();
    assert_eq!(world.fetched(user), 2);
    world.hear_again("b", "user");
    world.settle();
    assert_eq!(world.fetched(user), 3);
}

#[test]
fn a_cookie_and_the_message_of_the_tab_that_saw_it_first_count_once() {
    let (mut world, [user]) = page([USER]);
    world.cookie("n1", "user", true);
    world.settle();
    world.hear_again("n1", "user");
    world.settle();
    world.check_rest();
    assert_eq!(world.fetched(user), 2);
}

#[test]
fn a_machine_that_is_told_whose_values_the_page_has_notices_a_change() {
    let mut world = World::new();
    world.configure(Settings { identity: "ada-0", ..SETTINGS });
    world.server.log_in(BOB);
    world.subscribe(USER);
    world.settle();
    assert_eq!(world.identity_changes(), 1);
    world.check_rest();
}
#[test]
fn an_interval_that_never_ends_waits_for_nothing() {
    for refetch_interval in [0, NEVER] {
        let mut world = World::new();
        let options = Options { refetch_interval, ..Options::default() };
        let user = world.observe(USER, options);
        world.settle();
        world.advance(GC);
        assert_eq!((world.timer(), world.fetched(user)), (None, 1));
    }
}

#[test]
fn messages_of_tabs_that_have_no_id_all_count() {
    let (mut world, [user]) = page([USER]);
    for count in [2, 3] {
        world.hear_again("", "user");
        world.settle();
        assert_eq!(world.fetched(user), count);
    }
}

#[test]
fn a_machine_that_knows_who_is_logged_in_is_not_told_by_its_settings() {
    let (mut world, [user]) = page([USER]);
    for identity in ["", "bob-1"] {
        world.configure(Settings { identity, ..SETTINGS });
    }
    world.server.log_in(BOB);
    world.subscribe(BOARD);
    world.advance(20);
    assert_eq!((world.shown(user), world.identity_changes()), (None, 1));
    world.settle();
    world.check_rest();
}
