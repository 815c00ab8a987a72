//! The worlds that are explored.

use crate::world::Plan;

/// Nothing happens.
const NOTHING: Plan = Plan {
    name: "",
    shows: &[1],
    arrivals: 1,
    departures: 0,
    requests: 4,
    own: 0,
    invalidations: 0,
    topics: &[1],
    headers: false,
    cookies: false,
    messages: false,
    echoes: 0,
    failures: 0,
    statuses: &[],
    drops: false,
    retries: 0,
    outages: 0,
    looks: 0,
    returns: 0,
};

/// Two fragments, one of which shows both contexts, and invalidations from everywhere.
pub const ORDER: Plan = Plan {
    name: "order",
    shows: &[1, 3],
    arrivals: 2,
    requests: 3,
    invalidations: 2,
    topics: &[1, 2],
    headers: true,
    messages: true,
    ..NOTHING
};

/// Redirects whose cookie has the id of their request, and what is heard twice.
pub const ECHO: Plan = Plan {
    name: "echo",
    requests: 3,
    invalidations: 3,
    headers: true,
    cookies: true,
    messages: true,
    echoes: 2,
    ..NOTHING
};

/// Fragments come and go while requests are under way.
pub const COMING: Plan = Plan {
    name: "coming and going",
    shows: &[1, 2],
    arrivals: 2,
    departures: 1,
    requests: 3,
    invalidations: 2,
    topics: &[1],
    headers: true,
    messages: true,
    ..NOTHING
};

/// The fragment's own requests, which nobody has asked for.
pub const OWN: Plan = Plan {
    name: "own requests",
    requests: 4,
    own: 3,
    invalidations: 3,
    headers: true,
    messages: true,
    failures: 1,
    statuses: &[422],
    ..NOTHING
};

/// Everything fails in every way.
pub const FAILURE: Plan = Plan {
    name: "failure",
    requests: 3,
    own: 1,
    invalidations: 2,
    messages: true,
    failures: 3,
    statuses: &[404, 503],
    drops: true,
    retries: 1,
    looks: 1,
    ..NOTHING
};

/// The network comes and goes, and the page, too.
pub const OUTAGE: Plan = Plan {
    name: "outage",
    requests: 3,
    invalidations: 1,
    messages: true,
    failures: 2,
    statuses: &[0],
    retries: 1,
    outages: 2,
    looks: 1,
    returns: 1,
    ..NOTHING
};

pub const ALL: [Plan; 6] = [ORDER, ECHO, COMING, OWN, FAILURE, OUTAGE];

/// A long life, in which all of that happens.
pub const LIFE: Plan = Plan {
    name: "life",
    shows: &[1, 2, 3],
    arrivals: 6,
    departures: 3,
    requests: 30,
    own: 5,
    invalidations: 12,
    topics: &[1, 2, 3],
    headers: true,
    cookies: true,
    messages: true,
    echoes: 4,
    failures: 8,
    statuses: &[0, 404, 503],
    drops: true,
    retries: 2,
    outages: 3,
    looks: 2,
    returns: 2,
};
