//! Layers between the library and the disk: one that fails, and one that forgets what was not synced.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use dateline::store::files::{Files, StoredFile, SystemFiles};

use crate::archive::Dice;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The call fails, as on a full disk.
    Full,
    /// Half of a write arrives, then it fails.
    Short,
    /// A sync fails.
    Sync,
}

impl Fault {
    /// Draws a fault.
    pub fn draw(dice: &mut Dice) -> Fault {
        [Fault::Full, Fault::Short, Fault::Sync][dice.roll(3) as usize]
    }
}

/// Files that fail from a call on, two times of three, until they are healed.
#[derive(Debug, Clone)]
pub struct Failing {
    plan: Arc<Mutex<Plan>>,
}

#[derive(Debug)]
struct Plan {
    fault: Option<Fault>,
    calls_left: u64,
    dice: Dice,
}

impl Failing {
    /// Returns files that do not fail yet.
    pub fn new(seed: u64) -> Failing {
        Failing { plan: Arc::new(Mutex::new(Plan { fault: None, calls_left: 0, dice: Dice(seed) })) }
    }

    /// Lets calls fail after some have worked.
    pub fn fail_after(&self, fault: Fault, calls: u64) {
        let mut plan = self.plan.lock().unwrap();
        (plan.fault, plan.calls_left) = (Some(fault), calls);
    }

    /// Lets everything work again.
    pub fn heal(&self) {
        self.plan.lock().unwrap().fault = None;
    }

    /// Returns the fault that strikes this call.
    fn strikes(&self, strikes: fn(Fault) -> bool) -> Option<Fault> {
        let mut plan = self.plan.lock().unwrap();
        let fault = plan.fault.filter(|&fault| strikes(fault))?;
        plan.calls_left = plan.calls_left.saturating_sub(1);
        // Some calls of a failing disk work, so that what follows a failure is met too.
        let is_over = plan.calls_left == 0 && plan.dice.roll(3) > 0;
        is_over.then_some(fault)
    }

    fn check(&self) -> io::Result<()> {
        self.strikes(|fault| fault != Fault::Sync).map_or(Ok(()), |_| Err(full()))
    }
}

fn full() -> io::Error {
    io::Error::from(io::ErrorKind::StorageFull)
}

#[derive(Debug)]
struct FailingFile {
    inner: Box<dyn StoredFile>,
    files: Failing,
}

impl Files for Failing {
    fn create(&self, path: &Path) -> io::Result<Box<dyn StoredFile>> {
        self.check()?;
        Ok(Box::new(FailingFile { inner: SystemFiles.create(path)?, files: self.clone() }))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn StoredFile>> {
        self.check()?;
        Ok(Box::new(FailingFile { inner: SystemFiles.append(path)?, files: self.clone() }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.check()?;
        SystemFiles.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        SystemFiles.remove(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        match self.strikes(|fault| fault == Fault::Sync) {
            Some(_) => Err(io::Error::other("the folder could not be synced")),
            None => SystemFiles.sync_folder(path),
        }
    }
}

impl Write for FailingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.files.strikes(|fault| fault != Fault::Sync) {
            Some(Fault::Short) if bytes.len() > 1 => {
                self.inner.write_all(&bytes[..bytes.len() / 2])?;
                Err(full())
            }
            Some(_) => Err(full()),
            None => self.inner.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl StoredFile for FailingFile {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.files.check()?;
        self.inner.write_at(offset, bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        match self.files.strikes(|fault| fault == Fault::Sync) {
            Some(_) => Err(io::Error::other("the file could not be synced")),
            None => self.inner.sync(),
        }
    }

    fn cut(&mut self, bytes: u64) -> io::Result<()> {
        self.inner.cut(bytes)
    }
}

/// Files that remember what was durable, so that a power loss can be played.
#[derive(Clone)]
pub struct Forgetful {
    disk: Arc<Mutex<Disk>>,
}

impl fmt::Debug for Forgetful {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forgetful").finish_non_exhaustive()
    }
}

/// What would be there after a power loss. Files are told apart by number, since names move.
#[derive(Default)]
struct Disk {
    /// Names as they are.
    names: BTreeMap<PathBuf, u64>,
    /// Names as of the last sync of their folder.
    durable_names: BTreeMap<PathBuf, u64>,
    /// Bytes as of the last sync of the file, and as they are.
    bytes: BTreeMap<u64, (Vec<u8>, Vec<u8>)>,
    next: u64,
    /// Calls until the power goes; none for ever.
    calls_left: Option<u64>,
}

impl Disk {
    fn call(&mut self) -> io::Result<()> {
        match &mut self.calls_left {
            Some(0) => Err(io::Error::other("the power is gone")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl Forgetful {
    /// Returns a layer whose power goes after so many calls.
    pub fn new(calls: u64) -> Forgetful {
        let disk = Disk { calls_left: Some(calls), ..Disk::default() };
        Forgetful { disk: Arc::new(Mutex::new(disk)) }
    }

    /// Tells whether the power is gone.
    pub fn is_off(&self) -> bool {
        self.disk.lock().unwrap().calls_left == Some(0)
    }

    /// Writes what a power loss leaves of the files under `from` into `to`: of what was not synced, any part.
    pub fn leave(&self, from: &Path, to: &Path, dice: &mut Dice) {
        let disk = self.disk.lock().unwrap();
        let mut names = disk.durable_names.clone();
        let changed: Vec<&PathBuf> = disk.names.keys().chain(disk.durable_names.keys()).collect();
        for path in changed {
            let (now, before) = (disk.names.get(path), disk.durable_names.get(path));
            // Each unsynced change of a name may have reached the disk or not.
            if now != before && dice.roll(2) == 0 {
                match now {
                    Some(&number) => drop(names.insert(path.clone(), number)),
                    None => drop(names.remove(path)),
                }
            }
        }
        for (path, number) in names {
            let Ok(inside) = path.strip_prefix(from) else { continue };
            let Some((durable, now)) = disk.bytes.get(&number) else { continue };
            let target = to.join(inside);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::write(target, torn(durable, now, dice)).unwrap();
        }
    }
}

/// Bytes between those synced and those written: any sectors of the difference, and any length.
fn torn(durable: &[u8], now: &[u8], dice: &mut Dice) -> Vec<u8> {
    const SECTOR: usize = 512;
    if durable == now || dice.roll(3) == 0 {
        return durable.to_vec();
    }
    let length = match now.len() >= durable.len() {
        true => durable.len() + dice.roll((now.len() - durable.len()) as u64 + 1) as usize,
        false if dice.roll(2) == 0 => now.len(),
        false => durable.len(),
    };
    let mut bytes = durable.to_vec();
    bytes.resize(length, 0);
    for start in (0..length).step_by(SECTOR) {
        let stop = (start + SECTOR).min(length);
        if dice.roll(2) == 0
            && let Some(written) = now.get(start..stop)
        {
            bytes[start..stop].copy_from_slice(written);
        }
    }
    bytes
}

struct ForgetfulFile {
    inner: Box<dyn StoredFile>,
    disk: Arc<Mutex<Disk>>,
    number: u64,
}

impl fmt::Debug for ForgetfulFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForgetfulFile").field("number", &self.number).finish_non_exhaustive()
    }
}

impl Files for Forgetful {
    fn create(&self, path: &Path) -> io::Result<Box<dyn StoredFile>> {
        let mut disk = self.disk.lock().unwrap();
        disk.call()?;
        disk.next += 1;
        let number = disk.next;
        disk.names.insert(path.to_owned(), number);
        disk.bytes.insert(number, Default::default());
        Ok(Box::new(ForgetfulFile { inner: SystemFiles.create(path)?, disk: self.disk.clone(), number }))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn StoredFile>> {
        let mut disk = self.disk.lock().unwrap();
        disk.call()?;
        let inner = SystemFiles.append(path)?;
        let number = match disk.names.get(path) {
            Some(&number) => number,
            None => {
                let bytes = fs::read(path)?;
                disk.next += 1;
                let number = disk.next;
                disk.names.insert(path.to_owned(), number);
                disk.durable_names.insert(path.to_owned(), number);
                disk.bytes.insert(number, (bytes.clone(), bytes));
                number
            }
        };
        Ok(Box::new(ForgetfulFile { inner, disk: self.disk.clone(), number }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut disk = self.disk.lock().unwrap();
        disk.call()?;
        if let Some(number) = disk.names.remove(from) {
            disk.names.insert(to.to_owned(), number);
        }
        SystemFiles.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut disk = self.disk.lock().unwrap();
        disk.call()?;
        disk.names.remove(path);
        SystemFiles.remove(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        let mut disk = self.disk.lock().unwrap();
        disk.call()?;
        let inside = |name: &PathBuf| name.parent() == Some(path);
        let now: Vec<(PathBuf, u64)> = disk
            .names
            .iter()
            .filter(|(name, _)| inside(name))
            .map(|(name, number)| (name.clone(), *number))
            .collect();
        disk.durable_names.retain(|name, _| !inside(name));
        disk.durable_names.extend(now);
        SystemFiles.sync_folder(path)
    }
}

impl Write for ForgetfulFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut disk = self.disk.lock().unwrap();
        disk.call()?;
        let written = self.inner.write(bytes)?;
        if let Some((_, now)) = disk.bytes.get_mut(&self.number) {
            now.extend_from_slice(&bytes[..written]);
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl StoredFile for ForgetfulFile {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut disk = self.disk.lock().unwrap();
        disk.call()?;
        self.inner.write_at(offset, bytes)?;
        if let Some((_, now)) = disk.bytes.get_mut(&self.number) {
            let start = offset as usize;
            now[start..start + bytes.len()].copy_from_slice(bytes);
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut disk = self.disk.lock().unwrap();
        disk.call()?;
        self.inner.sync()?;
        if let Some((durable, now)) = disk.bytes.get_mut(&self.number) {
            durable.clone_from(now);
        }
        Ok(())
    }

    fn cut(&mut self, bytes: u64) -> io::Result<()> {
        let mut disk = self.disk.lock().unwrap();
        disk.call()?;
        self.inner.cut(bytes)?;
        if let Some((_, now)) = disk.bytes.get_mut(&self.number) {
            now.truncate(bytes as usize);
        }
        Ok(())
    }
}
