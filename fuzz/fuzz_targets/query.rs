#![no_main]

#[allow(dead_code)] // Each target runs one function of it.
#[path = "../harness.rs"]
mod harness;

libfuzzer_sys::fuzz_target!(|data: &[u8]| harness::query(data));
