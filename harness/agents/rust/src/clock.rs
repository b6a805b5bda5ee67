//! The clock that the harness uses too.

use rustix::time::{ClockId, clock_gettime};

/// `CLOCK_MONOTONIC` in nanoseconds.
pub fn now() -> i64 {
    let at = clock_gettime(ClockId::Monotonic);
    at.tv_sec * 1_000_000_000 + at.tv_nsec
}
