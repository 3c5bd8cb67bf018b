//! The folders of the user in which programs keep their files.

use std::path::PathBuf;

fn folder(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Returns where programs keep what they remember between runs.
pub fn state_folder() -> Option<PathBuf> {
    if cfg!(windows) {
        return folder("LOCALAPPDATA");
    }
    own_folder("XDG_STATE_HOME", ".local/state")
}

/// Returns where programs look for their configuration.
pub fn config_folder() -> Option<PathBuf> {
    if cfg!(windows) {
        return folder("APPDATA");
    }
    own_folder("XDG_CONFIG_HOME", ".config")
}

/// Returns the folder that a variable names, else the usual one at home.
fn own_folder(variable: &str, at_home: &str) -> Option<PathBuf> {
    let home = || folder("HOME");
    if cfg!(target_os = "macos") {
        return folder(variable).or_else(|| home().map(|home| home.join("Library/Application Support")));
    }
    folder(variable).or_else(|| home().map(|home| home.join(at_home)))
}
