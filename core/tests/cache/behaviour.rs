//! What a page may rely on, one sentence each.

use mizan_core::{Answer, Cache, Handle, Input, Key, Options, Outcome, Output, Settings, Source};

use crate::world::{BOB, Call, GC, Post, ReadOutcome, SETTINGS, World};

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
fn several_members_that_name_a_key_cause_one_refetch() {
    let (mut world, [user]) = page([USER]);
    world.invalidate("user;user_id=5, user, *");
    world.settle();
    assert_eq!(world.fetched(user), 2);
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
fn an_entry_that_was_never_wanted_is_collected_too() {
    let mut world = World::new();
    world.open(USER);
    world.advance(GC);
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
    assert_eq!(world.fetched(user), 3);
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
fn two_tabs_with_tokens_of_their_own_come_to_rest() {
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
    let mut heard = [0, 0];
    for _ in 0..10 {
        pass_on(&second, &mut first, &mut heard[0]);
        pass_on(&first, &mut second, &mut heard[1]);
    }
    assert!(first.fetched(one) <= 3 && second.fetched(two) <= 4);
    first.check_rest();
    second.check_rest();
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
