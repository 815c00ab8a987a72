//! The worlds that are explored. Together they hold everything that may happen, each a part of it to
//! the end, since all of it at once would be too much for any machine.

use std::sync::{LazyLock, OnceLock};

use mizan_core::{GC_TIME, NEVER};

use crate::client::{BOTH, Mutation, Transport};
use crate::exploration::{Found, explore};
use crate::world::{Limits, Plan};

/// A world that is explored once, for all tests that look at it.
pub struct Explored {
    plan: LazyLock<Plan>,
    found: OnceLock<Result<Found, String>>,
}

impl Explored {
    const fn new(plan: fn() -> Plan) -> Self {
        Self { plan: LazyLock::new(plan), found: OnceLock::new() }
    }

    pub fn found(&self) -> &Result<Found, String> {
        self.found.get_or_init(|| explore(&self.plan))
    }
}

/// With `EXPLORE=deep`, the larger number.
fn deep(usual: u8, deep: u8) -> u8 {
    if std::env::var("EXPLORE").is_ok_and(|text| text == "deep") { deep } else { usual }
}

const ONE: u8 = 0b01;
const OTHER: u8 = 0b10;

/// No wait for another attempt is longer.
const MINUTE: u64 = 60_000;

fn plan(name: &'static str, mutations: &[Mutation], limits: Limits) -> Plan {
    Plan {
        name,
        mutations: mutations.to_vec(),
        subscribed: BOTH,
        horizon: 0,
        identity: false,
        no_cache: true,
        cookie_store: true,
        retries: 0,
        concurrency: NEVER,
        seed: 1,
        limits,
    }
}

/// The two mutations of most worlds: one key by the one transport, both by the other.
const TWO: [Mutation; 2] =
    [Mutation::new(ONE, Transport::Body), Mutation::new(BOTH, Transport::Header)];

/// Two keys, two tabs that show both, three mutations by all transports of a call, each sent by either
/// tab at any time, also before the first answer. Everything arrives, in any order.
pub static ORDER: Explored = Explored::new(|| {
    let mutations = [
        Mutation::new(ONE, Transport::Body),
        Mutation::new(OTHER, Transport::Header),
        Mutation::new(BOTH, Transport::BodyAndHeader),
    ];
    plan("order", &mutations, Limits::default())
});

/// Requests and answers are lost, calls are refused.
pub static LOSS: Explored = Explored::new(|| {
    let limits = Limits { losses: deep(1, 2), refusals: 1, ..Limits::default() };
    plan("loss", &TWO, limits)
});

/// Fetches fail, for good and for the time being, and answers come to fetches that were given up.
pub static FAILURE: Explored = Explored::new(|| {
    let limits = Limits { losses: 1, failures: 1, gone: 1, late: deep(1, 2), ..Limits::default() };
    Plan { subscribed: ONE, ..plan("failure", &TWO, limits) }
});

/// Fetches that have failed wait to be tried again.
pub static RETRY: Explored = Explored::new(|| {
    let limits = Limits { losses: deep(0, 1), failures: 1, ..Limits::default() };
    let retries = deep(1, 2).into();
    Plan { retries, horizon: MINUTE, ..plan("retry", &TWO, limits) }
});

/// Somebody logs in, in either tab, at any time, also before anybody knows who is there.
pub static IDENTITY: Explored = Explored::new(|| {
    let mutations = [
        Mutation::new(0, Transport::Body).login(),
        Mutation::new(ONE, Transport::Body).patching(BOTH),
    ];
    let limits = Limits { late: deep(0, 1), ..Limits::default() };
    Plan { identity: true, ..plan("identity", &mutations, limits) }
});

/// Two people log in, one after the other or at once, and an answer is lost: a tab that does not hear from
/// its server again has told the others what it did hear.
pub static LOGINS: Explored = Explored::new(|| {
    let mutations =
        [Mutation::new(0, Transport::Body).login(), Mutation::new(ONE, Transport::Header).login()];
    let limits = Limits { losses: 1, late: deep(1, 2), ..Limits::default() };
    Plan { identity: true, subscribed: ONE, ..plan("logins", &mutations, limits) }
});

/// Tabs are hidden and become visible.
pub static HIDDEN: Explored = Explored::new(|| {
    let limits = Limits { hidden: deep(1, 2), ..Limits::default() };
    plan("hidden", &TWO, limits)
});

/// Tabs return from the back/forward cache, deaf to what other tabs have told them in the meantime.
pub static RESTORED: Explored = Explored::new(|| {
    let limits = Limits { restored: 1, hidden: deep(0, 1), ..Limits::default() };
    plan("restored", &TWO, limits)
});

/// Tabs go offline and come back; what is on the wire is lost then, or is not.
pub static OUTAGE: Explored = Explored::new(|| {
    let limits = Limits { outages: 1, ..Limits::default() };
    Plan { retries: deep(0, 1).into(), horizon: MINUTE, ..plan("outage", &TWO, limits) }
});

/// Mutations by redirects, whose cookies both tabs see, once or more often, and tell each other of, and
/// one by a request that the page makes itself.
pub static REDIRECT: Explored = Explored::new(|| {
    let mutations = [
        Mutation::new(ONE, Transport::Redirect),
        Mutation::new(BOTH, Transport::Redirect),
        Mutation::new(OTHER, Transport::Seen),
    ];
    let mutations = &mutations[usize::from(deep(1, 0))..];
    Plan { cookie_store: false, ..plan("redirect", mutations, Limits::default()) }
});

/// Calls lay patches over values, follow each other, are refused and lost.
pub static PATCH: Explored = Explored::new(|| {
    let mutations = [
        Mutation::new(ONE, Transport::Body).patching(BOTH),
        Mutation::new(BOTH, Transport::Header).patching(ONE).scoped(),
        Mutation::new(OTHER, Transport::Body).patching(OTHER).scoped(),
    ];
    let limits = Limits { losses: 1, refusals: 1, ..Limits::default() };
    Plan { subscribed: deep(ONE, BOTH), ..plan("patch", &mutations, limits) }
});

/// One fetch at a time, so that others wait in line.
pub static QUEUE: Explored = Explored::new(|| {
    let mutations = [
        Mutation::new(ONE, Transport::Body),
        Mutation::new(OTHER, Transport::Header),
        Mutation::new(BOTH, Transport::BodyAndHeader),
    ];
    let limits = Limits { losses: deep(0, 1), ..Limits::default() };
    Plan { concurrency: 1, ..plan("queue", &mutations, limits) }
});

/// Observers come and go, reads begin and are given up, entries are collected and made again.
pub static USE: Explored = Explored::new(|| {
    let mutations = [Mutation::new(ONE, Transport::Body).patching(ONE)];
    let limits = Limits {
        subscribes: 2,
        unsubscribes: 2,
        reads: 1,
        give_ups: 1,
        refetches: deep(0, 1),
        late: deep(0, 1),
        ..Limits::default()
    };
    Plan { subscribed: 0, horizon: GC_TIME.into(), ..plan("use", &mutations, limits) }
});

/// Fetches in the default cache mode, which the browser answers with what it has stored.
pub static STORED: Explored = Explored::new(|| {
    let mutations = [Mutation::new(ONE, Transport::Body)];
    Plan { no_cache: false, ..plan("stored", &mutations, Limits::default()) }
});
