//! Outputs of the machine as groups of four numbers: what, of which entry or call, and two details.
//!
//! | what | second | third | fourth |
//! |---|---|---|---|
//! | 0 fetch, 1 abort | entry | fetch | |
//! | 2 publish | entry | value + 4 · error + 16 · fetching + 32 · stale (keep 0, take 1, clear 2) | |
//! | 3 settle | entry | 1 with a value, 0 with an error | |
//! | 4 collect | entry | | |
//! | 5 call settled | call | | |
//! | 6 invalidated | source + 8 · share | address of the list, as keys joined by commas | its length |
//! | 7 share who is logged in | | address of the identity | its length |
//! | 8 identity changed, outdated | 1, 0 | | |
//! | 9 malformed | 1 header, 0 list | position | |
//! | 11 send a call | call | | |
//! | 12 unpatch | entry | call | |
//! | 16 + place of the patch: patch | entry | call | |
//! | 10 timer | 1 set, 0 clear | milliseconds from now | |

use alloc::vec::Vec;

use mizan_core::{Cache, Output, Timestamp};

use crate::exchange::{address, number};

pub fn push(words: &mut Vec<u32>, cache: &Cache, output: Output) {
    words.extend_from_slice(&match output {
        Output::Fetch { entry, fetch } => [0, entry.0, fetch.0, 0],
        Output::Abort { entry, fetch } => [1, entry.0, fetch.0, 0],
        Output::Publish { entry, value, error, state } => {
            let flags = value as u32
                | (error as u32) << 2
                | u32::from(state.fetching) << 4
                | u32::from(state.stale) << 5;
            [2, entry.0, flags, 0]
        }
        Output::Settle { entry, ok } => [3, entry.0, ok.into(), 0],
        Output::Collect { entry } => [4, entry.0, 0, 0],
        Output::Settled { call } => [5, call.0, 0, 0],
        Output::Send { call } => [11, call.0, 0, 0],
        Output::Patch { entry, call, patch } => [16 + patch, entry.0, call.0, 0],
        Output::Unpatch { entry, call } => [12, entry.0, call.0, 0],
        Output::Invalidated { source, share } => {
            let list = cache.invalidated();
            [6, source as u32 | u32::from(share) << 3, address(list), number(list.len())]
        }
        Output::Share => {
            let word = cache.shared();
            [7, 0, address(word), number(word.len())]
        }
        Output::Identity => [8, 1, 0, 0],
        Output::Outdated => [8, 0, 0, 0],
        Output::Malformed { header, position } => [9, header.into(), number(position), 0],
    });
}

pub fn push_timer(words: &mut Vec<u32>, delay: Option<Timestamp>) {
    // A timer of JavaScript cannot wait longer, and goes off at once if it is to. Too early, it is set again.
    let delay = delay.map(|delay| delay.min(0x7fff_ffff) as u32);
    words.extend_from_slice(&[10, delay.is_some().into(), delay.unwrap_or(0), 0]);
}
