"""DuckDB over the store: the same reads as polars, handed over as Arrow, then SQL.

Its SQLite extension is not part of the package (it is fetched over the network when asked for); where it was
tried it was the slower way to read. A day is four characters, met in a table of the pairs of marks.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from benchmarks import peer_sql as sql
from benchmarks.asked import PUPIL, TODAY, WEEKS_OF_A_NOTICE, Answers
from benchmarks.polars_rows import frame

DAYS = """
    create temp table days as
    with first as (select school_id, min(admitted_on) as first from pupils group by school_id),
    held as (
        select school_id, date::date as date, am = 1 as am, pm = 1 as pm
        from calendar join first using (school_id) where date >= first and (am = 1 or pm = 1)),
    weeks as (select distinct school_id, date_trunc('week', date)::date as monday from held),
    five as (
        select school_id, monday, (monday + weekday::int)::date as date
        from weeks cross join range(5) weekdays(weekday)),
    known as (
        select school_id, monday, date, coalesce(am, false) as am, coalesce(pm, false) as pm
        from five left join held using (school_id, date))
    select known.*, date >= starts::date as this_year,
        (row_number() over by_day - 1)::int as day,
        (sum((am or pm)::int) over by_day - 1)::int as school_day,
        (sum((am or pm)::int) over (partition by school_id))::int as school_days,
        (dense_rank() over (partition by school_id order by monday desc))::int as week_back
    from known join terms using (school_id)
    window by_day as (partition by school_id order by date)
"""
PEOPLE = """
    create temp table people as
    with weeks as (
        select school_id, string_agg(distinct monday::varchar, ' ' order by monday::varchar) as all_weeks
        from days group by school_id),
    both_ as (
        select pupils.*, try_cast(born as date) as birthday, weeks, marks, all_weeks from pupils
        left join register using (school_id, upn) join weeks using (school_id)),
    gaps as (select * from both_ where weeks is distinct from all_weeks),
    have as (select school_id, upn, unnest(string_split(weeks, ' ')) as week,
        unnest(range(length(weeks) // 11 + 1)) as number, marks from gaps where weeks is not null),
    want as (select school_id, upn, unnest(string_split(all_weeks, ' ')) as week from gaps),
    filled as (
        select want.school_id, want.upn, string_agg(
            coalesce(substr(marks, 1 + 20 * number, 20), repeat(' ', 20)), '' order by week) as marks
        from want left join have using (school_id, upn, week) group by all),
    dense as (
        select * exclude (weeks, all_weeks) from both_ where weeks is not distinct from all_weeks
        union all by name
        select gaps.* exclude (weeks, all_weeks, marks), filled.marks
        from gaps join filled using (school_id, upn)),
    aged as (
        select *, birthday + interval 5 year as fifth, birthday + interval 16 year as sixteenth
        from dense),
    june as (
        select *, make_date(year(sixteenth) + (month(sixteenth) >= 9)::int, 6, 30) as june from aged)
    select (row_number() over (order by school_id, upn) - 1)::int as row, school_id, upn, class, marks,
        admitted_on::date as admitted_on, coalesce(try_cast(left_on as date), date '9999-01-01') as left_on,
        birthday is not null as age_known,
        coalesce(case when month(fifth) <= 3 then make_date(year(fifth), 3, 31)
            when month(fifth) <= 8 then make_date(year(fifth), 8, 31)
            else make_date(year(fifth), 12, 31) end, date '0001-01-01') as of_age,
        coalesce(june - ((isodow(june) + 2) % 7)::int, date '9999-01-01') as until_age,
        first, last
    from june left join notice using (school_id, upn)
"""
GRID = f"""
    create temp table grid as
    with met as (
        select row, date between admitted_on and left_on as on_roll,
            days.day, days.date, this_year, school_day, school_days, week_back,
            case when not days.am then 0 when on_roll then pair.am else {sql.OUT} end as am,
            case when not days.pm then 0 when on_roll then pair.pm else {sql.OUT} end as pm
        from people join days using (school_id) join pair on pair.cells = substr(marks, 1 + 4 * days.day, 4))
    select *, (am <> 0 and am & {sql.DAY | sql.PASSED | sql.BLANK | sql.OUT} = 0)
        or (pm <> 0 and pm & {sql.DAY | sql.PASSED | sql.BLANK | sql.OUT} = 0) as ends
    from met
"""


def _count(flag: int) -> str:
    return f"((am & {flag} <> 0)::int + (pm & {flag} <> 0)::int)"


ANSWERS = f"""
    with whole as (
        select row, sum(this_year::int * {_count(sql.POSSIBLE)}) as possible,
            coalesce(max(day) filter (where ends), -1) as last_end
        from grid group by row),
    odd as (
        select grid.*, last_end, {_count(sql.BLANK)} as blanks,
            not ends and {_count(sql.BLANK)} > 0 as doubtful,
            not ends and {_count(sql.BLANK)} = 0 and {_count(sql.DAY)} > 0 as coded,
            week_back <= {WEEKS_OF_A_NOTICE} and date between of_age and until_age
                and not coalesce(date between coalesce(first, date '0001-01-01') and last, false) as counts
        from grid join whole using (row) join people using (row)
        where (am | pm) & {0xFF ^ sql.POSSIBLE ^ sql.OUT} <> 0),
    firsts as (
        select row, coalesce(max(day) filter (where doubtful), -1) as last_break,
            coalesce(min(school_day) filter (where (am | pm) & {sql.UNEXPLAINED} <> 0),
                any_value(school_days) - 1) as oldest
        from odd group by row),
    sums as (
        select row,
            sum(this_year::int * {_count(sql.ABSENT)}) as absent,
            sum(this_year::int * blanks) as blank,
            sum((date = date '{TODAY}')::int * {_count(sql.UNEXPLAINED)}) as unexplained_today,
            sum((date = date '{TODAY}')::int * blanks) as blank_today,
            sum(counts::int * {_count(sql.UNAUTHORISED)}) as towards_notice,
            sum(counts::int * blanks) as notice_blank,
            count(*) filter (where coded and day > greatest(last_end, last_break)) as run_shortest,
            count(*) filter (where (coded or doubtful) and day > last_end) as run_longest,
            sum((day > last_end)::int * blanks) as run_blank,
            sum((school_day < oldest)::int * blanks) as older_blank,
            min(school_day) filter (where (am | pm) & {sql.UNEXPLAINED} <> 0) as school_day_n,
            min(school_day) filter (where (am | pm) & {sql.BLANK} <> 0) as school_day_blank,
            any_value(school_days) as begun
        from odd join firsts using (row) group by row),
    aged as (
        select *, coalesce(begun - school_day_n - 1, 0) as age_of_n,
            greatest(begun - school_day_n - 1, begun - school_day_blank - 1, 0) as age_of_n_most
        from people join whole using (row) left join sums using (row))
    select school_id, class, coalesce(absent, 0) as absent, possible, coalesce(blank, 0) as blank,
        coalesce(unexplained_today, 0) as unexplained_today, coalesce(blank_today, 0) as blank_today,
        coalesce(towards_notice, 0) as towards_notice,
        if(age_known, coalesce(towards_notice, 0), 0) as towards_notice_least,
        coalesce(towards_notice + notice_blank, 0) as towards_notice_most,
        coalesce(run_shortest, 0) as run_shortest, coalesce(run_longest, 0) as run_longest,
        if(run_longest > run_shortest, run_blank, 0) as run_blank,
        age_of_n, age_of_n_most, if(age_of_n_most > age_of_n, older_blank, 0) as age_of_n_blank
    from aged order by row
"""


def read(store: Path) -> None:
    """The register alone, as a table of DuckDB."""
    _given(store, register=sql.REGISTER).close()


def plain(store: Path) -> Answers:
    """Absent and possible sessions of the year."""
    db = _given(store, register=sql.REGISTER)
    found = db.execute(
        "select len(regexp_extract_all(marks, ?)) as absent, "
        "length(marks) // 2 - len(regexp_extract_all(marks, ?)) as possible "
        "from register order by school_id, upn",
        [sql.pattern(sql.ABSENT), sql.pattern(sql.NOT_POSSIBLE)],
    ).fetchnumpy()
    db.close()
    return {name: np.asarray(values, dtype=np.int64) for name, values in found.items()}


def measures(store: Path) -> Answers:
    """Every measure of the packs."""
    db = _given(
        store,
        register=sql.REGISTER,
        pupils=sql.PUPILS,
        calendar=sql.DAYS,
        terms=sql.TERMS,
        notices=sql.NOTICES,
    )
    flags = pl.DataFrame({"cell": list(sql.flags()), "flag": list(sql.flags().values())})
    db.register("flags", flags)
    db.execute(
        "create temp table pair as select one.cell || other.cell as cells, one.flag::utinyint as am, "
        "other.flag::utinyint as pm from flags one cross join flags other"
    )
    db.execute(
        "create temp table notice as "
        "select school_id, upn, "
        "min(try_cast(first::varchar as date)) as first, max(try_cast(last::varchar as date)) as last "
        "from notices group by all"
    )
    for statement in (DAYS, PEOPLE, GRID):
        db.execute(statement)
    db.execute(f"create temp table found as {ANSWERS}")
    rows = db.execute(f"select {', '.join(PUPIL)} from found").fetchnumpy()
    classes = db.execute(
        "select sum(blank) as class_blank from found group by school_id, class order by school_id, class"
    ).fetchnumpy()
    db.close()
    return {name: np.asarray(values, dtype=np.int64) for name, values in (rows | classes).items()}


def _given(store: Path, **queries: str) -> duckdb.DuckDBPyConnection:
    db = duckdb.connect()
    for name, query in queries.items():
        db.register(name, frame(store, query))
    return db
