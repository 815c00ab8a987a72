//! Whether and when a fetch that failed is tried again (protocol rule C11).

/// The first wait is at most this long, in milliseconds; each further one at most twice the last.
const BASE: u32 = 1_000;

/// No wait is longer than this but for what the server asks for.
const LIMIT: u32 = 30_000;

/// A server that asks for more than this is not waited for: whoever looks at the page is told.
pub(crate) const PATIENCE: u32 = 60_000;

/// Whether another attempt may end differently. 0 says that no answer came.
pub(crate) fn is_temporary(status: u32) -> bool {
    matches!(status, 0 | 408 | 425 | 429) || status >= 500
}

/// How long to wait after so many failures in a row (at least one): anything up to a limit that doubles
/// each time ("full jitter"), so that pages that failed together do not come back together.
pub(crate) fn delay(failures: u32, random: u32) -> u32 {
    let limit = LIMIT.min(BASE << (failures - 1).min(5));
    random % (limit + 1)
}

/// The next number of a series that looks random (xorshift32, Marsaglia 2003).
pub(crate) fn next(seed: u32) -> u32 {
    // A series that has come to zero would stay there.
    let mut next = seed | u32::from(seed == 0);
    next ^= next << 13;
    next ^= next >> 17;
    next ^ next << 5
}
