//! Ctrl-C while something runs.
//!
//! The handler only sets flags. A first Ctrl-C asks the running query or import to stop; a second one within a second,
//! or one while nothing runs, ends the process.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use dateline::exec::CancelToken;

use crate::failure::Exit;

/// Two Ctrl-C within this time mean that the user wants out.
const TWICE_WITHIN: Duration = Duration::from_secs(1);

/// What the handler knows.
#[derive(Default)]
struct State {
    running: Option<CancelToken>,
    /// Whether another program has the terminal, which deals with Ctrl-C itself.
    ignored: bool,
    last: Option<Instant>,
}

static STATE: OnceLock<Mutex<State>> = OnceLock::new();

fn with_state<T>(act: impl FnOnce(&mut State) -> T) -> T {
    let state = STATE.get_or_init(Mutex::default);
    act(&mut state.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Installs the handler; where that fails, Ctrl-C ends the process as it does by default.
pub fn install() {
    let _ = ctrlc::set_handler(|| {
        let ends = with_state(|state| {
            let twice = state.last.is_some_and(|last| last.elapsed() < TWICE_WITHIN);
            state.last = Some(Instant::now());
            match &state.running {
                _ if state.ignored => false,
                Some(token) if !twice => {
                    token.cancel();
                    false
                }
                _ => true,
            }
        });
        if ends {
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
    });
}

/// Waits for a program that has the terminal and deals with Ctrl-C itself.
pub fn ignored<T>(wait: impl FnOnce() -> T) -> T {
    with_state(|state| state.ignored = true);
    let result = wait();
    with_state(|state| state.ignored = false);
    result
}

/// Runs `work` with a token that Ctrl-C cancels.
pub fn cancellable<T>(work: impl FnOnce(&CancelToken) -> T) -> T {
    let token = CancelToken::default();
    with_state(|state| state.running = Some(token.clone()));
    let result = work(&token);
    with_state(|state| state.running = None);
    result
}
