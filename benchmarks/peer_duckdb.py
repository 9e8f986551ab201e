"""DuckDB over the store: the same reads as polars, handed over as Arrow, then SQL.

Its SQLite extension is not part of the package (it is fetched over the network when asked for); where it was
tried it was the slower way to read. A day is four characters, met in a table of the pairs of marks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import duckdb
import numpy as np
import polars as pl

from benchmarks import peer_sql as sql
from benchmarks.asked import PUPIL, TODAY, WEEKS_OF_A_CHANGE, WEEKS_OF_A_NOTICE, Answers
from benchmarks.polars_rows import frame

T = TypeVar("T")
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
MET = f"""
    select row, days.day, days.date, this_year, school_day, school_days, week_back,
        days.date between admitted_on and left_on as on_roll,
        days.date between of_age and until_age as aged,
        case when not days.am then 0 when on_roll then pair.am else {sql.PASSED} end as am,
        case when not days.pm then 0 when on_roll then pair.pm else {sql.PASSED} end as pm
    from {{people}} join days using (school_id) join pair on pair.cells = substr(marks, 1 + 4 * days.day, 4)
"""
WINDOWS = {
    "": "this_year",
    "late_": f"week_back <= {WEEKS_OF_A_CHANGE}",
    "early_": f"week_back between {WEEKS_OF_A_CHANGE + 1} and {2 * WEEKS_OF_A_CHANGE}",
}


def _count(flag: int) -> str:
    return f"((am & {flag} <> 0)::int + (pm & {flag} <> 0)::int)"


def _each(things: Iterable[tuple[str, T]], spelt: Callable[[str, T], str]) -> str:
    return ", ".join(spelt(name, thing) for name, thing in things)


def _latest(name: str, when: str) -> str:
    return f"coalesce(max(day) filter (where {when}), -1) as {name}"


def _summed(name: str, inside: str, number: str) -> str:
    return f"coalesce(sum({number}) filter (where {inside}), 0) as {name}"


ODD = f"""
    create temp table odd as
    with met as ({MET.format(people="people")} where substr(marks, 1 + 4 * days.day, 4) <> '{sql.PLAIN}')
    select *, {_count(sql.BLANK)} as blanks from met where (am | pm) & {sql.ODD} <> 0
"""
_SESSIONS = "am::int + pm::int"
HELD = f"""
    create temp table held as
    select school_id, {_each(WINDOWS.items(), lambda name, when: _summed(f"{name}held", when, _SESSIONS))}
    from days group by school_id
"""
_COUNTS = (
    f"week_back <= {WEEKS_OF_A_NOTICE} and aged "
    "and not coalesce(date between coalesce(first, date '0001-01-01') and last, false)"
)
_SUMS = (
    *(
        _summed(f"{window}{name}", inside, number)
        for window, inside in WINDOWS.items()
        for name, number in (
            ("absent", _count(sql.ABSENT)),
            ("blank", "blanks"),
            ("lost", _count(sql.PASSED | sql.BLANK)),
        )
    ),
    _summed("unexplained_today", f"date = '{TODAY}'", _count(sql.UNEXPLAINED)),
    _summed("blank_today", f"date = '{TODAY}'", "blanks"),
    _summed("towards_notice", _COUNTS, _count(sql.UNAUTHORISED)),
    _summed("towards_notice_blank", _COUNTS, "blanks"),
    _summed("ill", "this_year and aged", _count(sql.ILL)),
    _summed("ill_blank", "this_year and aged", "blanks"),
    _summed("older_blank", "school_day < oldest", "blanks"),
)
SUMS = f"""
    create temp table sums as
    with firsts as (
        select row, min(school_day) filter (where (am | pm) & {sql.UNEXPLAINED} <> 0) as n_day,
            min(school_day) filter (where blanks > 0) as blank_day,
            any_value(school_days) as begun, coalesce(n_day, begun - 1) as oldest
        from odd group by row)
    select row, coalesce(any_value(begun - n_day) - 1, 0) as age_of_n,
        coalesce(any_value(begun - blank_day) - 1, 0) as age_of_blank, {", ".join(_SUMS)}
    from odd join firsts using (row) join people using (row) group by row
"""


def _ends(run: str, flag: int) -> str:
    """Whether a day ends a run: some mark of it is possible, and not of the run's codes."""
    ending = " or ".join(f"({h} & {sql.POSSIBLE} <> 0 and {h} & {flag} = 0)" for h in ("am", "pm"))
    return f"{_counts(run)} and ({ending})"


def _doubt(run: str) -> str:
    return f"{_counts(run)} and blanks > 0 and day > {run}_end"


def _counts(run: str) -> str:
    return "aged" if run in sql.OF_AGE else "true"


def _lengths(run: str, flag: int) -> str:
    """The shortest and the longest a run can be, and the blanks that make the difference."""
    inside = f"{_counts(run)} and day > {run}_end"
    return f"""
        count(*) filter (where {inside} and day > {run}_break and blanks = 0 and {_count(flag)} > 0)
            as {run}_shortest,
        count(*) filter (where {inside} and (blanks > 0 or {_count(flag)} > 0)) as {run}_longest,
        if({run}_longest > {run}_shortest, sum(blanks) filter (where {inside}), 0) as {run}_blank"""


STANDING = f"""
    create temp table standing as
    with last_day as (select school_id, max(day) filter (where am or pm) as last from days group by school_id)
    select people.* from people join last_day using (school_id)
    where substr(marks, 1 + 4 * last_day.last, 4) <> '{sql.PLAIN}' or until_age < '{TODAY}'
"""
RUNS = f"""
    create temp table runs as
    with met as ({MET.format(people="standing")}),
    days_ as (select *, {_count(sql.BLANK)} as blanks from met),
    ends as (
        select row, {_each(sql.RUNS.items(), lambda run, flag: _latest(f"{run}_end", _ends(run, flag)))}
        from days_ group by row),
    left_ as (
        select * from days_ join ends using (row)
        where day > least({", ".join(f"{run}_end" for run in sql.RUNS)})),
    breaks as (
        select row, {_each(sql.RUNS.items(), lambda run, _: _latest(f"{run}_break", _doubt(run)))}
        from left_ group by row)
    select row, {_each(sql.RUNS.items(), _lengths)}
    from left_ join breaks using (row) group by row
"""
_CHANGE = """
        late_absent * early_possible - early_absent * late_possible as change,
        late_absent * (early_possible + early_blank)
            - (early_absent + early_blank) * (late_possible + late_blank) as change_least,
        (late_absent + late_blank) * (early_possible + early_blank)
            - early_absent * (late_possible + late_blank) as change_most,
        late_possible * early_possible as change_of,
        (late_possible + late_blank) * (early_possible + early_blank) as change_of_whole"""
_LEAST = ", ".join(
    f"if(age_known, {name}{of}, 0) as {name}_least"
    for name, of in (("towards_notice", ""), ("ill", ""), *((run, "_shortest") for run in sorted(sql.OF_AGE)))
)
FOUND = f"""
    create temp table found as
    with whole as (
        select row, school_id, class, age_known, coalesce(columns(sums.* exclude (row)), 0),
            coalesce(columns(runs.* exclude (row)), 0), columns(held.* exclude (school_id))
        from people join held using (school_id) left join sums using (row) left join runs using (row)),
    possible as (
        select *, {_each(WINDOWS.items(), lambda name, _: f"{name}held - {name}lost as {name}possible")}
        from whole)
    select *, {_CHANGE}, {_LEAST},
        towards_notice + towards_notice_blank as towards_notice_most, ill + ill_blank as ill_most,
        greatest(age_of_n, age_of_blank) as age_of_n_most,
        if(age_of_blank > age_of_n, older_blank, 0) as age_of_n_blank
    from possible order by row
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
    """Every measure that the shipped packs ask for."""
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
        "create temp table pair as select one.cell || other.cell as cells, one.flag::usmallint as am, "
        "other.flag::usmallint as pm from flags one cross join flags other"
    )
    db.execute(
        "create temp table notice as "
        "select school_id, upn, "
        "min(try_cast(first::varchar as date)) as first, max(try_cast(last::varchar as date)) as last "
        "from notices group by all"
    )
    for statement in (DAYS, PEOPLE, ODD, HELD, SUMS, STANDING, RUNS, FOUND):
        db.execute(statement)
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
