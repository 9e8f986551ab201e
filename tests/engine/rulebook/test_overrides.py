"""What a lower layer may say otherwise about a rule, and that the law says no."""

from __future__ import annotations

from datetime import date

import pytest

from engine.former import alike
from engine.rulebook.layered import Changed
from engine.rulebook.model import Autonomy, Cap
from engine.rulebook.rulebook import Source, read_rulebook
from tests.engine import shipped
from tests.engine.rulebook.trial import PACK, ids, messages, read

BY = "    changed_by: {who: A. Okafor, why: agreed, review: 2026-07-01}\n"
LAW = PACK.replace(
    "    title: Sound\n", "    title: Sound\n    source: Attendance Act 2030\n    ladder: first\n"
)


def override(more: str, name: str = "trial", by: str = BY) -> str:
    """A pack of a lower layer that says one thing otherwise about a rule."""
    return f"pack: below\noverrides:\n  {name}:\n{by}    {more}\n"


def test_what_is_said_otherwise_is_in_force_and_the_rest_stays() -> None:
    """Each key takes the place of the one above; keys and tasks that are not named are as they were."""
    more = (
        "autonomy: propose\n    at_most: 5 percent of roll\n    in_force: {from: 2026-01-05}\n"
        "    applies_to: {unless_flagged: [bereavement, carer]}\n"
        "    tasks: {ring: {by: dsl, due: same day, script: Kindly., minutes: 4}}"
    )
    above = PACK.replace("    ladder: rate\n", "    ladder: rate\n    applies_to: {years: [7, 8]}\n")
    before, book = read(above), read(above, ("trust", override(more)))
    assert messages(book) == ""
    rule, old = book.rule("trial"), before.rule("trial")
    assert (rule.autonomy, rule.at_most) == (Autonomy.PROPOSE, Cap(5, percent_of_roll=True))
    assert (rule.in_force_from, rule.applies_to.years) == (date(2026, 1, 5), ("7", "8"))
    assert rule.applies_to.unless_flagged == ("bereavement", "carer")
    (task,) = rule.tasks
    assert (task.do, task.by, task.due.words, task.script, task.minutes) == (
        "ring",
        "dsl",
        "same day",
        "Kindly.",
        4,
    )
    assert (rule.when, rule.message, rule.place, rule.pack) == (old.when, old.message, old.place, "trial")
    (said,) = rule.overrides
    assert said.said == (
        *("autonomy: propose", "at_most: 5 percent of roll", "in_force: from 2026-01-05"),
        *("applies_to: unless_flagged bereavement, carer", "by of ring: dsl", "due of ring: same day"),
        *("script of ring: other words", "minutes of ring: 4"),
    )
    assert (said.layer, str(said.place)) == ("trust", "trust.yaml:3")
    assert said.changed == Changed("A. Okafor", "agreed", date(2026, 7, 1))
    assert book.rule("sound") == before.rule("sound")


def test_the_school_speaks_after_the_trust() -> None:
    """Both overrides hold, the narrower layer last; one that brings nothing new leaves the meaning alone."""
    trust, school = override("autonomy: propose"), override("at_most: 40")
    rule = read(PACK, ("trust", trust), ("school", school)).rule("trial")
    assert (rule.autonomy, rule.at_most) == (Autonomy.PROPOSE, Cap(40))
    assert [each.layer for each in rule.overrides] == ["trust", "school"]
    same = read(PACK, ("trust", override("autonomy: approve"))).rule("trial")
    assert alike([same], [read(PACK).rule("trial")])


def test_a_rule_can_be_turned_off_and_is_remembered() -> None:
    """It is in force no more; who turned it off is there to be shown. `off: false` is nothing said."""
    book = read(PACK, ("school", override("off: true")))
    assert (messages(book), ids(book)) == ("", ["sound"])
    (off,) = book.off
    assert (off.id, off.overrides[-1].changed.who) == ("trial", "A. Okafor")
    assert "nothing is changed of trial" in messages(read(PACK, ("school", override("off: false"))))


@pytest.mark.parametrize(
    "needs",
    [
        "    waits_for: trial\n",
        "    ladder: rate\n    stage: 2\n    after: {stage: 1, done_for: 3 school weeks}\n    episode: day\n",
    ],
)
def test_a_rule_that_another_goes_by_cannot_be_turned_off_alone(needs: str) -> None:
    """The rule stays, and the message names who needs it; both together can go."""
    above = PACK.replace("    title: Sound\n", "    title: Sound\n" + needs).replace(
        "    ladder: rate\n    autonomy: approve", "    ladder: rate\n    stage: 1\n    autonomy: approve"
    )
    book = read(above, ("trust", override("off: true")))
    assert messages(book) == (
        "trust.yaml:5:5: trial cannot be turned off: sound (a.yaml:16) goes by it; "
        "turn off or take out sound too, or keep both"
    )
    assert (ids(book), book.rule("trial").overrides) == (["sound", "trial"], ())
    both = override("off: true") + "  sound:\n" + BY + "    off: true\n"
    assert (ids(read(above, ("trust", both))), messages(read(above, ("trust", both)))) == ([], "")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("off: true", "5:5: off in sound is set by Attendance Act 2030 (a.yaml:16)"),
        ("autonomy: propose", "5:5: autonomy in sound is set by Attendance Act 2030"),
        ("at_most: 3", "5:5: at_most in sound is set by Attendance Act 2030"),
        ("in_force: {until: 2025-09-01}", "5:5: in_force in sound is set by Attendance Act 2030"),
        ("applies_to: {years: [7]}", "5:5: applies_to in sound is set by Attendance Act 2030"),
        ("tasks: {look: {due: 9 school days}}", "5:20: due of look in sound is set by Attendance Act 2030"),
    ],
)
def test_a_rule_of_the_law_cannot_be_weakened(more: str, said: str) -> None:
    """Each way to make it speak of fewer, later or not at all is refused, and names the regulation."""
    book = read(LAW, ("trust", override(more, "sound")))
    assert (
        messages(book)
        == f"trust.yaml:{said}"
        + ("" if "(a.yaml:16)" in said else " (a.yaml:16)")
        + "; a lower layer may change: by, script, minutes"
    )
    assert book.rule("sound") == read(LAW).rule("sound")


def test_a_rule_of_the_law_leaves_its_work_to_the_school() -> None:
    """Who does it and the words to start with are the school's; `may_change` widens that, or narrows it."""
    work = override("tasks: {look: {by: dsl, script: Gently.}}", "sound")
    assert read(LAW, ("school", work)).rule("sound").tasks[0].by == "dsl"
    due = override("tasks: {look: {due: 1 school day}}", "sound")
    wider = LAW.replace("    ladder: first\n", "    ladder: first\n    may_change: [due]\n")
    assert read(wider, ("school", due)).rule("sound").tasks[0].due.words == "1 school day"
    assert "a lower layer may change: due" in messages(read(wider, ("school", work)))
    narrow = PACK.replace("    ladder: rate\n", "    ladder: rate\n    may_change: []\n")
    assert messages(read(narrow, ("trust", override("off: true")))) == (
        "trust.yaml:5:5: off in trial is fixed by a.yaml:23; a lower layer may change: nothing"
    )


def test_a_legal_threshold_without_bounds_leaves_no_choice() -> None:
    """A number that a regulation sets is not a school's to change, locked or not; a trust's own one is."""
    own = (
        "pack: below\nthresholds:\n  tenth:\n    title: T\n    unit: percent\n    values: {always: 12}\n" + BY
    )
    unlocked = PACK.replace("    locked: true\n", "")
    book = read(unlocked, ("school", own))
    assert messages(book) == (
        "school.yaml:3:3: tenth is set by Attendance Act 2031 (a.yaml:9), which leaves no choice; "
        "take this threshold out of the file"
    )
    assert book.thresholds == read(unlocked).thresholds
    theirs = own.replace("tenth", "eighth").replace(BY, "    source: Our policy\n")
    ours = own.replace("tenth", "eighth")
    assert messages(read(PACK, ("trust", theirs), ("school", ours))) == ""


def test_a_stage_above_a_rule_of_the_law_would_keep_it_from_acting() -> None:
    """Only the highest stage acts: a lower layer may not put one above the law's. Below it, it may."""
    above = LAW.replace("    ladder: first\n", "    ladder: first\n    stage: 2\n")
    own = (
        "pack: own\nrules:\n  own:\n    title: Own\n    because: own\n    autonomy: send\n    ladder: first\n"
        "    stage: 3\n    when: {late_sessions: {over: today, at_least: 1}}\n"
        "    then:\n      - task: {do: look, by: office, due: same day}\n"
    )
    book = read(above, ("school", own))
    assert messages(book) == (
        "school.yaml:3:3: stage 3 of ladder 'first' would keep sound (a.yaml:16) from acting, which "
        "Attendance Act 2030 asks for; give it a ladder of its own"
    )
    assert ids(book) == ["sound", "trial"]
    assert ids(read(above, ("school", own.replace("stage: 3", "stage: 1")))) == ["own", "sound", "trial"]


def test_a_rule_of_the_law_cannot_be_written_anew() -> None:
    """A rule of the same name below is refused, and the regulation named."""
    anew = "pack: own\nrules:\n" + LAW[LAW.index("  sound:") : LAW.index("  trial:")]
    assert "the rule 'sound' stands already in a.yaml:16 (Attendance Act 2030)" in messages(
        read(LAW, ("trust", anew))
    )


@pytest.mark.parametrize("locking", ["    ladder: rate\n    locked: true\n", "    ladder: rate\n"])
def test_a_locked_rule_takes_no_override(locking: str) -> None:
    """Locked where it stands, or by the trust's override: the school's is refused, the rule as it was."""
    above = PACK.replace("    ladder: rate\n", locking)
    by_trust = override("locked: true") if locking.count("\n") == 1 else "pack: trust\n"
    book = read(above, ("trust", by_trust), ("school", override("autonomy: propose")))
    where = "a.yaml:23" if locking.count("\n") == 2 else "trust.yaml:3"
    assert messages(book) == f"school.yaml:3:3: trial is locked by {where}; take it out of overrides"
    assert book.rule("trial").autonomy is Autonomy.APPROVE


@pytest.mark.parametrize(
    ("pack", "said"),
    [
        (
            override("autonomy: propose", "trail"),
            "3:3: there is no rule 'trail' above; did you mean 'trial'?",
        ),
        (override("autonomy: sned"), "5:5: autonomy: 'sned' is not one of"),
        (override("autonomi: send"), "5:5: unknown key 'autonomi'; did you mean 'autonomy'?"),
        (override("autonomy: send", by=""), "3:3: the key 'changed_by' is missing"),
        (override("at_most: many"), "5:5: 'many' is not a cap; write '40' or '5 percent of roll'"),
        (override("applies_to: {year: [7]}"), "5:18: unknown key 'year'; did you mean 'years'?"),
        (
            override("tasks: {rin: {by: dsl}}"),
            "5:13: trial has no task 'rin'; did you mean 'ring'?; its tasks are: ring",
        ),
        (override("tasks: {ring: {due: soon}}"), "5:20: 'soon' is not a due time; write one like"),
        (override("tasks: {ring: {minutes: 0}}"), "5:20: minutes: "),
        (override("tasks: {}"), "3:3: nothing is changed of trial; give one of: off, autonomy"),
        ("pack: below\noverrides:\n  trial: off\n", "3:3: a mapping is expected here"),
    ],
)
def test_a_slip_in_an_override_leaves_the_rule_above_in_force(pack: str, said: str) -> None:
    """Each mistake is named where it stands; the rule goes on as the layer above has it."""
    book = read(PACK, ("trust", pack))
    assert f"trust.yaml:{said}" in messages(book)
    assert book.rules == read(PACK).rules


def test_two_overrides_of_one_layer_and_of_its_own_rules_are_refused() -> None:
    """A layer says a thing once, and changes its own rules where they stand."""
    sources = [
        Source("national", "a.yaml", PACK),
        Source("trust", "b.yaml", override("autonomy: propose")),
        Source("trust", "c.yaml", override("autonomy: send")),
        Source("national", "d.yaml", override("autonomy: send", "sound")),
        Source("school", "e.yaml", override("off: true", "sound")),
        Source("school", "f.yaml", override("off: true", "sound")),
    ]
    assert messages(read_rulebook(sources)).splitlines() == [
        "c.yaml:3:3: trial is changed already in b.yaml:3; keep one of the two",
        "d.yaml:3:3: sound stands in a pack of the same layer, a.yaml:16; change it there",
        "f.yaml:3:3: sound is off since e.yaml:3; take this out",
    ]


def test_an_override_of_a_broken_rule_says_nothing_more() -> None:
    """The mistake is told where it stands, once."""
    broken = PACK.replace("autonomy: approve", "autonomy: aprove")
    book = read(broken, ("trust", override("at_most: 40")))
    assert [problem.file for problem in book.problems] == ["a.yaml"]


def test_no_shipped_rule_of_the_law_can_be_turned_off() -> None:
    """Each of them is refused by its own regulation's name, and stands as it stood."""
    legal = [rule for rule in shipped.rulebook().rules if rule.law]
    everything = "".join(f"  {rule.id}:\n{BY}    off: true\n" for rule in legal)
    book = read_rulebook([*shipped.packs(), Source("school", "s.yaml", f"pack: s\noverrides:\n{everything}")])
    assert len(legal) >= 6
    assert {(each.rule, each.file) for each in book.problems} == {("", "s.yaml")}
    for rule in legal:
        assert f"off in {rule.id} is set by {rule.law} ({rule.place})" in messages(book)
        assert book.rule(rule.id) == rule


@pytest.mark.parametrize("value", ["0", "100"])
def test_no_shipped_number_of_the_law_can_be_moved_out_of_it(value: str) -> None:
    """None at all, or all there is: each is refused, with the source, and the number stays."""
    legal = [each for each in shipped.rulebook().thresholds if each.law]
    everything = "".join(
        f"  {each.name}:\n    title: T\n    unit: {each.unit}\n    values: {{always: {value}}}\n{BY}"
        for each in legal
    )
    book = read_rulebook([*shipped.packs(), Source("trust", "z.yaml", f"pack: z\nthresholds:\n{everything}")])
    assert len(legal) >= 9
    assert book.thresholds == shipped.rulebook().thresholds
    refused = [problem for problem in book.problems if problem.file == "z.yaml"]
    for each in legal:
        assert any(each.law in problem.what for problem in refused), each.name
