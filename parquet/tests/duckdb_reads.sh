#!/usr/bin/env bash
# Has DuckDB read what dateline-parquet writes; installs DuckDB from PyPI where it is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

python=target/parquet-python/bin/python
"$python" -c 'import duckdb, pytz' 2>/dev/null || {
    python3 -m venv target/parquet-python
    "$python" -m pip install --quiet 'duckdb>=1.4' pytz
}
cargo build --quiet
cargo build --quiet --locked --manifest-path parquet/Cargo.toml
"$python" parquet/tests/duckdb_reads.py target/debug/dateline parquet/target/debug/dateline-parquet examples/articles
