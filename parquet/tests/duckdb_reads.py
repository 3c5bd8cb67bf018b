"""DuckDB reads what dateline-parquet writes, and finds in it what dateline prints as ndjson.

    python3 tests/duckdb_reads.py DATELINE DATELINE_PARQUET ARTICLES

The three are the two commands and a folder of articles. Needs the packages
`duckdb` and `pytz`, which DuckDB hands timestamps over with.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import duckdb

# Each is asked of both commands. Together they show every type that a column can have.
QUERIES = [
    "find * order by key",
    "find key, title, date, place, person, org, topic, deaths, quote order by key",
    'find key, title where text contains "president" with snippets, score order by key',
    'find key where mentions "Iraq" with extraction order by key',
    "find key where key = \"none\"",
    "count",
    "count by source as share order by count desc, source",
    "count by month where date in 2019 order by month",
    "top 20 person",
    'timeline by month where date in 2018..2019 compare mentions "Syria", mentions "Iraq"',
    "timeline by quarter where date in 2010..2020",
    "timeline by week where date in 2020-01",
    "top 20 pairs of person and place order by lift desc",
    "average deaths by country",
    "max deaths",
    "show 1",
    "describe",
]


def text_of_date(day, instant, precision):
    """Returns a date as ndjson prints it, from the three columns that it has in the file."""
    if precision is None:
        return None
    week = day.isocalendar()
    return {
        "year": lambda: f"{day.year:04}",
        "quarter": lambda: f"{day.year:04}-Q{(day.month + 2) // 3}",
        "month": lambda: f"{day.year:04}-{day.month:02}",
        "week": lambda: f"{week.year:04}-W{week.week:02}",
        "day": lambda: day.isoformat(),
        "minute": lambda: instant.strftime("%Y-%m-%dT%H:%MZ"),
        "second": lambda: instant.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }[precision]()


def whole(row, name):
    """Returns the value of a column as it stands in ndjson."""
    value = row[name]
    if name == "snippets":
        places = lambda extract: [[place["start"], place["end"]] for place in extract["matches"]]
        return [{**extract, "matches": places(extract)} for extract in value]
    if name == "extraction":
        return json.loads(value)
    if f"{name}_precision" not in row:
        return value
    instant, precision = row[f"{name}_time"], row[f"{name}_precision"]
    if isinstance(value, list):
        return [text_of_date(*parts) for parts in zip(value, instant, precision, strict=True)]
    return text_of_date(value, instant, precision)


def read(path):
    """Returns the rows of a file and the types of its columns, timestamps in UTC."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        relation = connection.sql(f"select * from '{path}'")
        names = relation.columns
        types = dict(zip(names, map(str, relation.types), strict=True))
        return [dict(zip(names, row, strict=True)) for row in relation.fetchall()], types


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\nends with {done.returncode}:\n{done.stderr}")
    return done.stdout


def main(dateline, dateline_parquet, articles):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="dateline-duckdb-"))
    database, file = folder / "news.db", folder / "answer.parquet"
    run(dateline, "import", "--quiet", "--no-config", database, articles)
    seen = set()
    for query in QUERIES:
        printed = run(dateline, "--no-config", "--quiet", "--format", "ndjson", database, query)
        expected = [json.loads(line) for line in printed.splitlines()]
        run(dateline_parquet, database, query, "--output", file)
        rows, types = read(file)
        seen |= set(types.values())
        assert len(rows) == len(expected), f"{query}: {len(rows)} rows, and {len(expected)} in ndjson"
        for row, want in zip(rows, expected, strict=True):
            got = {name: whole(row, name) for name in want}
            assert got == want, f"{query}\n  parquet {got}\n  ndjson  {want}"
        print(f"{len(rows):5} rows the same  {query}")
    for needed in ["BIGINT", "DOUBLE", "VARCHAR", "DATE", "BOOLEAN", "VARCHAR[]", "TIMESTAMP WITH TIME ZONE"]:
        assert needed in seen, f"no column was {needed}; there were {sorted(seen)}"
    run(dateline_parquet, database, "find place", "--output", file)
    top = json.loads(run(dateline, "--no-config", "--quiet", "--format", "ndjson", database, "top 1 place"))
    named = f"select count(*) from (select unnest(place) as place from '{file}') where place = $1"
    found = duckdb.execute(named, [top["value"]]).fetchone()
    assert found == (top["articles"],), f"{top} is {found} in Parquet"
    print(f"DuckDB {duckdb.__version__}: {len(QUERIES)} queries, the same rows; the most frequent place is {top['value']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
