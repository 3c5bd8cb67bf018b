//! Time that a thread has computed, whatever else the machine does; for tests of linear time and for benches.

/// Returns the seconds that this thread has spent on a processor; none where the system does not tell.
pub fn on_processor() -> Option<f64> {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(statistics.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}
