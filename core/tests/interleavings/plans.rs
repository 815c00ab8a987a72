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

    pub fn found(&self) -> &Found {
        self.found.get_or_init(|| explore(&self.plan)).as_ref().unwrap_or_else(|why| panic!("{why}"))
    }
}

/// With `EXPLORE=deep`, the larger number.
fn deep(usual: u8, deep: u8) -> u8 {
    if std::env::var("EXPLORE").is_ok_and(|text| text == "deep") { deep } else { usual }
}

const ONE: u8 = 0b01;
const OTHER: u8 = 0b10;

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

/// Requests and answers are lost, the server fails, a context is gone, and answers come to fetches that
/// were given up.
pub static LOSS: Explored = Explored::new(|| {
    let mutations =
        [Mutation::new(ONE, Transport::Body), Mutation::new(BOTH, Transport::BodyAndHeader)];
    let limits = Limits { losses: 1, failures: deep(0, 1), gone: deep(0, 1), late: deep(0, 1), ..Limits::default() };
    plan("loss", &mutations, limits)
});

/// Somebody logs in, in either tab, at any time, also before anybody knows who is there.
pub static IDENTITY: Explored = Explored::new(|| {
    let mutations =
        [Mutation::new(0, Transport::Body).login(), Mutation::new(ONE, Transport::Body)];
    let limits = Limits { losses: deep(0, 1), ..Limits::default() };
    Plan { identity: true, ..plan("identity", &mutations, limits) }
});

/// Tabs become visible, go offline and come back, and return from the back/forward cache, deaf to what
/// other tabs have told them in the meantime.
pub static TRIAL: Explored = Explored::new(|| {
    let n = |name: &str| std::env::var(name).map_or(0, |text| text.parse::<u8>().expect("a number"));
    let mut mutations = [
        Mutation::new(ONE, Transport::Body),
        Mutation::new(BOTH, Transport::Header),
        Mutation::new(BOTH, Transport::Body),
    ];
    if n("PA") > 0 {
        mutations[0] = mutations[0].patching(if n("PA") == 1 { ONE } else { BOTH });
        mutations[1] = mutations[1].patching(if n("PA") == 1 { ONE } else { BOTH });
        mutations[2] = mutations[2].patching(if n("PA") == 1 { ONE } else { BOTH });
    }
    if n("SC") > 0 {
        mutations = mutations.map(Mutation::scoped);
    }
    if n("RDR") > 0 {
        mutations[0].transport = Transport::Redirect;
    }
    if n("LOGIN") > 0 {
        mutations[0] = mutations[0].login();
    }
    let limits = Limits { losses: n("LO"), failures: n("FA"), gone: n("GO"), late: n("LA"), refusals: n("RS"), hidden: n("HI"), restored: n("RE"), outages: n("OU"), subscribes: n("SU"), unsubscribes: n("UN"), reads: n("RD"), give_ups: n("GI"), refetches: n("RF"), };
    Plan {
        subscribed: n("SB"),
        identity: n("ID") > 0,
        retries: n("RT").into(),
        cookie_store: n("CS") > 0,
        concurrency: if n("CC") > 0 { n("CC").into() } else { NEVER },
        horizon: if n("GC") == 1 { GC_TIME.into() } else if n("GC") == 2 { 60_000 } else { 0 },
        ..plan("trial", &mutations[..n("N").into()], limits)
    }
});

/// Tabs become visible, go offline and come back, and return from the back/forward cache, deaf to what
/// other tabs have told them in the meantime.
pub static DOUBT: Explored = Explored::new(|| {
    let mutations = [Mutation::new(ONE, Transport::Body), Mutation::new(BOTH, Transport::Header)];
    let limits = Limits { hidden: 1, restored: 1, outages: 1, ..Limits::default() };
    plan("doubt", &mutations, limits)
});

/// Mutations by redirects, whose cookies both tabs see once or more often, and by requests that the
/// page makes itself.
pub static REDIRECT: Explored = Explored::new(|| {
    let mutations = [
        Mutation::new(ONE, Transport::Redirect),
        Mutation::new(BOTH, Transport::Redirect),
        Mutation::new(OTHER, Transport::Seen),
    ];
    plan("redirect", &mutations, Limits::default())
});

/// Observers come and go, reads begin and are given up, entries are collected and made again.
pub static USE: Explored = Explored::new(|| {
    let mutations = [Mutation::new(ONE, Transport::Body)];
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
