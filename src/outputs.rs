//! Outputs of the machine as triples of numbers: what, of which entry or call, and a detail.
//!
//! | what | second | third |
//! |---|---|---|
//! | 0 fetch, 1 abort | entry | fetch |
//! | 2 publish | entry | value + 4 · error + 16 · fetching + 32 · stale (keep 0, take 1, clear 2) |
//! | 3 settle | entry | 1 with a value, 0 with an error |
//! | 4 collect | entry | |
//! | 5 call settled | call | |
//! | 6 post to the tabs | | (a text) |
//! | 7 invalidated | source | (a text) |
//! | 8 identity changed, 9 outdated | | |
//! | 10 malformed | | (a text) |
//! | 11 timer | 1 set, 0 clear | milliseconds from now |
//!
//! A text waits in the queue that [`text`](crate::text) takes from, in the order of the outputs.

use alloc::string::String;
use alloc::vec::Vec;

use mizan_core::{Output, Timestamp};

pub fn push(words: &mut Vec<u32>, texts: &mut Vec<String>, output: Output) {
    let mut say = |text| {
        texts.push(text);
        0
    };
    words.extend(match output {
        Output::Fetch { entry, fetch } => [0, entry.0, fetch.0],
        Output::Abort { entry, fetch } => [1, entry.0, fetch.0],
        Output::Publish { entry, value, error, state } => {
            let flags = value as u32
                | (error as u32) << 2
                | u32::from(state.fetching) << 4
                | u32::from(state.stale) << 5;
            [2, entry.0, flags]
        }
        Output::Settle { entry, ok } => [3, entry.0, ok.into()],
        Output::Collect { entry } => [4, entry.0, 0],
        Output::Settled { call } => [5, call.0, 0],
        Output::Post(message) => [6, 0, say(message)],
        Output::Invalidated { source, list } => [7, source as u32, say(list)],
        Output::Identity => [8, 0, 0],
        Output::Outdated => [9, 0, 0],
        Output::Malformed(message) => [10, 0, say(message)],
    });
}

pub fn push_timer(words: &mut Vec<u32>, delay: Option<Timestamp>) {
    let delay = delay.map(|delay| u32::try_from(delay).unwrap_or(u32::MAX));
    words.extend([11, delay.is_some().into(), delay.unwrap_or(0)]);
}
