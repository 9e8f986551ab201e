"""Decisions the slow way: each subject alone, in plain Python, by the reference; nothing is shared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from engine import codes
from engine.codes import CODE_SETS
from engine.decide import Standing
from engine.explain import counted_sessions
from engine.grounds import OpenCase, ground
from engine.inference.facts import NOT_YET, Candidate, Facts, Stand, Voice
from engine.inference.reference import infer
from engine.instants import Instants, local
from engine.match import Judge, Judgement
from engine.measures.runs import latest_spell
from engine.reasons import Circumstance, Outcome, Reason, Result
from engine.rulebook.model import Episode, Rule, clauses
from engine.rulebook.rulebook import Rulebook
from engine.snapshot import Snapshot
from engine.truth import TRUE

Said = tuple[str, str, Outcome, tuple[Reason, ...], Voice, str]
"""Subject, rule, outcome, reasons, voice, ground."""


def decided_one_by_one(
    snapshot: Snapshot,
    rulebook: Rulebook,
    as_of: datetime,
    standing: Mapping[str, Standing],
    blown: tuple[str, ...],
) -> tuple[list[Said], set[str]]:
    """What follows for everybody, and the cases that are over."""
    said: list[Said] = []
    over: set[str] = set()
    for kind in ("pupil", "class", "school"):
        judge = Judge(snapshot, Instants.of([as_of]))
        rules = [rule for rule in rulebook.rules if rule.subject == kind]
        names = {
            "pupil": list(snapshot.register.upns),
            "class": [f"class:{name}" for name in snapshot.classes],
            "school": [f"school:{snapshot.facts.school.school_id}"],
        }[kind]
        for row, name in enumerate(names):
            judgements = [judge.judge(rule) for rule in rules]
            stands = standing.get(name, Standing())
            ended = _ended(judge, judgements, row, stands.cases)
            over |= ended
            said += _said(judge, judgements, row, name, stands, ended, blown)
    return said, over


def _said(
    judge: Judge,
    judgements: list[Judgement],
    row: int,
    name: str,
    standing: Standing,
    ended: set[str],
    blown: tuple[str, ...],
) -> list[Said]:
    live = [case for case in standing.cases if case.case_id not in ended]
    asked = [each for each in judgements if each.result(row) in {Result.MATCHED, Result.UNKNOWN}]
    grounds = {
        each.rule.id: _ground(judge, each, row, live) if each.result(row) is Result.MATCHED else ""
        for each in asked
    }
    on = {each.rule.on_ladder: grounds[each.rule.id] for each in asked if grounds[each.rule.id]}
    pupil = ":" not in name
    silent = {each.rule.id: pupil and _on_site(judge, each.rule, row) for each in asked}
    cases = {case.ladder: case for case in standing.cases if on.get(case.ladder) == case.anchor}
    still = {case.case_id for case in live if case.open}
    facts = Facts(
        circumstances=_circumstances(judge, row) if pupil and any(grounds.values()) else (),
        stands=tuple(Stand(case.ladder, case.stage, case.owed) for case in cases.values()),
        open_rules=tuple(rule for rule, case in standing.open_rules if case in still),
        blown=tuple(rule for rule in blown if rule in grounds),
        spoken=standing.spoken,
        candidates=tuple(
            Candidate(
                rule=each.rule.id,
                ladder=each.rule.on_ladder,
                stage=each.rule.stage,
                truth=each.result(row),
                autonomy=each.rule.autonomy.value,
                waits_for=each.rule.waits_for,
                not_yet=_not_yet(judge, each, row, cases.get(each.rule.on_ladder))
                if grounds[each.rule.id]
                else (),
                message=0 if silent[each.rule.id] else _precedence(each.rule),
            )
            for each in asked
        ),
    )
    answers = {answer.rule: answer for answer in infer(facts)}
    out: list[Said] = []
    for each in asked:
        answer = answers[each.rule.id]
        stopped = silent[each.rule.id] and answer.outcome in {Outcome.ACT, Outcome.PROPOSE}
        reasons = (*answer.reasons, Reason.ON_SITE) if stopped else answer.reasons
        out.append((name, each.rule.id, answer.outcome, reasons, answer.voice, grounds[each.rule.id]))
    return out


def _ended(judge: Judge, judgements: list[Judgement], row: int, cases: tuple[OpenCase, ...]) -> set[str]:
    on: dict[str, list[Judgement]] = {}
    for each in judgements:
        if each.weighed:
            on.setdefault(each.rule.on_ladder, []).append(each)
    as_of = judge.instants.moments[0]
    return {
        case.case_id
        for case in cases
        if case.open and case.opened_at <= as_of and case.ladder in on
        if _is_over(judge, on[case.ladder], row, case)
    }


def _is_over(judge: Judge, on_ladder: list[Judgement], row: int, case: OpenCase) -> bool:
    """Whether the ground of an open case is over, by the episode of the first rule on its ladder."""
    first, moment = on_ladder[0], judge.instants.moments[0]
    today, calendar, episode = local(moment).date(), judge.snapshot.calendar, first.rule.episode
    if episode in {Episode.SESSION, Episode.DAY}:
        return case.anchor[:10] < today.isoformat() and local(case.opened_at).date() < today
    if episode in {Episode.SCHOOL_YEAR, Episode.TERM, Episode.HALF_TERM}:
        return case.anchor != _season(judge, episode, today)
    if episode is Episode.UNTIL_CLEARED:
        return not case.undecided and all(judge.cleared(each.rule)[row, 0] for each in on_ladder)
    if episode is Episode.SPELL:
        [codes_of, *_] = [clause.asked for clause in clauses(first.rule.when) if clause.asked.codes]
        closed = int(codes_of.over.latest(calendar, judge.instants)[0])
        spell = latest_spell(judge.snapshot, codes_of.codes, row, closed)
        return spell is None or not spell[1] or calendar.name(spell[0])[0] != case.anchor
    if any(weighed.measured.missing[row, 0] for weighed in first.weighed):
        return False
    return ground(judge, first, row) != case.anchor


def _ground(judge: Judge, judgement: Judgement, row: int, live: list[OpenCase]) -> str:
    rule, today = judgement.rule, local(judge.instants.moments[0]).date()
    if rule.episode in {Episode.SCHOOL_YEAR, Episode.TERM, Episode.HALF_TERM}:
        return _season(judge, rule.episode, today)
    open_cases = [case.anchor for case in live if case.open and case.ladder == rule.on_ladder]
    if rule.episode is Episode.UNTIL_CLEARED and open_cases:
        return open_cases[-1]
    return ground(judge, judgement, row) or today.isoformat()


def _season(judge: Judge, episode: Episode, today: date) -> str:
    """The school year, or the term or half-term that began last, by its name."""
    begun = [term for term in judge.snapshot.facts.terms if term.starts <= today]
    if episode is Episode.SCHOOL_YEAR or not begun:
        return judge.snapshot.calendar.year_of(today)
    last = max(begun, key=lambda term: term.starts)
    return f"{last.year} {last.term}" + (f" {last.half_term}" if episode is Episode.HALF_TERM else "")


def _not_yet(judge: Judge, judgement: Judgement, row: int, case: OpenCase | None) -> tuple[Reason, ...]:
    """Why a rule that holds may not act yet: what it requires, the stage before, words nobody has read."""
    found = {each.reason for each in judgement.before if each.truth[row, 0] != TRUE}
    after, calendar = judgement.rule.after, judge.snapshot.calendar
    if after:
        today = local(judge.instants.moments[0]).date()
        done = [on for stage, on in (case.done if case else ()) if stage == after.stage]
        if not any(after.done_for.after(calendar, on) <= today for on in done):
            found.add(Reason.STAGE_BEFORE)
    if case and case.unread and case.stage < judgement.rule.stage:
        found.add(Reason.REPLY_UNREAD)
    return tuple(reason for reason in NOT_YET if reason in found)


def _precedence(rule: Rule) -> int:
    if rule.message is None:
        return 0
    return rule.stage + 1 + (100 if rule.message.urgent else 0)


def _on_site(judge: Judge, rule: Rule, row: int) -> bool:
    calendar = judge.snapshot.calendar
    today = local(judge.instants.moments[0]).date().isoformat()
    closed = [at for at in range(calendar.day.size) if calendar.closes[at] <= judge.instants.seconds[0]]
    if rule.message is None or not closed or calendar.name(closed[-1])[0] != today:
        return False
    code = codes.code_of(int(judge.snapshot.register.marks[row, closed[-1]]))
    return code in rule.message.unless_last_mark


def _circumstances(judge: Judge, row: int) -> tuple[Circumstance, ...]:
    pupil, today = judge.snapshot.people[row], local(judge.instants.moments[0]).date()
    flags = {flag.strip().lower() for flag in pupil.flags}
    taken = _codes_of_the_year(judge, row)
    absent = sum(code in CODE_SETS["absence"] for _, code in taken)
    health = sum(code in CODE_SETS["health or exclusion"] for _, code in taken)
    weeks = sorted({day - (day - 1) % 7 for day in judge.snapshot.calendar.day.tolist()})
    begun = [monday for monday in weeks if monday <= today.toordinal()][-4:]
    held = any(
        event.kind == "hold"
        and event.upn == pupil.upn
        and (event.from_ or event.on) <= today
        and (event.until is None or today <= event.until)
        for event in judge.snapshot.facts.events
    )
    stands = {
        Circumstance.HOLD: held,
        Circumstance.SOCIAL_WORKER: pupil.social_worker,
        Circumstance.LOOKED_AFTER: pupil.looked_after,
        Circumstance.BEREAVED: bool(flags & {"bereaved", "bereavement"}),
        Circumstance.MEDICAL: pupil.medical or "medical" in flags,
        Circumstance.PART_TIME: any(day >= begun[0] and code == "C2" for day, code in _taken(judge, row)),
        Circumstance.HEALTH_ABSENCE: 2 * health > absent,
    }
    return tuple(circumstance for circumstance in Circumstance if stands[circumstance])


def _taken(judge: Judge, row: int) -> list[tuple[int, str]]:
    """The day and code of each session that has closed."""
    calendar, marks = judge.snapshot.calendar, judge.snapshot.register.marks[row]
    closed = [at for at in range(calendar.day.size) if calendar.closes[at] <= judge.instants.seconds[0]]
    return [(int(calendar.day[at]), codes.code_of(int(marks[at]))) for at in closed]


def _codes_of_the_year(judge: Judge, row: int) -> list[tuple[int, str]]:
    calendar, today = judge.snapshot.calendar, local(judge.instants.moments[0]).date()
    of_year = [
        int(day)
        for day, number in zip(calendar.day, calendar.year_no, strict=True)
        if calendar.years[number] == calendar.year_of(today)
    ]
    return [(day, code) for day, code in _taken(judge, row) if of_year and day >= of_year[0]]


def first_session(judge: Judge, judgement: Judgement, row: int) -> int | None:
    """The session that due times refer to, walked to."""
    sessions = counted_sessions(judgement, row).tolist()
    if not sessions:
        return None
    if judgement.rule.episode is Episode.SESSION:
        return int(sessions[-1])
    day = judge.snapshot.calendar.day
    return int(next(at for at in sessions if day[at] == day[sessions[-1]]))
