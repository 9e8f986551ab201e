"""Every message that a slip in a rule can bring, and what becomes of the rest.

Each row is one slip in an otherwise good pack: what is replaced, by what, and the words that must
appear, the place first.
"""

from __future__ import annotations

import pytest

from tests.engine.rulebook.trial import PACK, ids, messages, read

RATE = "        - absence_rate: {over: year to date, at_least: tenth}\n"
MESSAGE = "      - message: {template: hello, channel: sms, purpose: letters}\n"
TASK = "      - task: {do: ring, by: office, due: 2 school days}\n"


def test_the_pack_that_is_broken_below_is_sound() -> None:
    """Before a slip there is nothing to say, and both rules stand."""
    book = read(PACK)
    assert (messages(book), ids(book)) == ("", ["sound", "trial"])


RULE_SLIPS = [
    # keys and values
    (
        "    ladder: rate",
        "    laddr: rate",
        ["a.yaml:30:5: unknown key 'laddr'; did you mean 'ladder'?; keys allowed here: title, because"],
    ),
    ("    autonomy: approve\n", "", ["a.yaml:23:3: the key 'autonomy' is missing"]),
    (
        "autonomy: approve",
        "autonomy: aprove",
        ["a.yaml:31:5: autonomy: 'aprove' is not one of: send, approve, propose; did you mean 'approve'?"],
    ),
    ("ladder: rate", "stage: two", ["a.yaml:30:5: stage: 'two' is not a whole number"]),
    ("ladder: rate", "stage: 0", ["a.yaml:30:5: stage: ", "0 is too small: 1 is the least"]),
    ("ladder: rate", "stage: 10", ["a.yaml:30:5: stage: ", "10 is too large: 9 is the most"]),
    ("ladder: rate", "ladder: [rate]", ["a.yaml:30:5: ladder: text is expected here"]),
    (
        "ladder: rate",
        "in_force: {fromm: 2024-08-19}",
        ["a.yaml:30:16: unknown key 'fromm'; did you mean 'from'?; keys allowed here: from, until"],
    ),
    (
        "ladder: rate",
        "in_force: {from: 19/08/2024}",
        ["a.yaml:30:16: from: '19/08/2024' is not a date; write it as 2025-09-08"],
    ),
    (
        "ladder: rate",
        "applies_to: {phases: [nursery]}",
        ["a.yaml:30:", "'nursery' is not one of: primary, secondary, special, all-through, pru"],
    ),
    (
        "ladder: rate",
        "episode: weekly",
        ["a.yaml:30:5: episode: 'weekly' is not one of: session, day, run of absence"],
    ),
    ("channel: sms", "channel: pigeon", ["a.yaml:34:", "channel: 'pigeon' is not one of: sms"]),
    (
        "purpose: letters",
        "purpose: letters, urgent: maybe",
        ["a.yaml:34:", "urgent: 'maybe' is neither true nor false"],
    ),
    (
        "purpose: letters",
        "purpose: letters, good_fro: same day",
        ["a.yaml:34:", "unknown key 'good_fro'; did you mean 'good_for'?"],
    ),
    (
        "  trial:\n    title: Trial\n",
        "  trial:\n    title: Trial\n    title: Again\n",
        ["a.yaml:25:5: the key 'title' stands twice, first in line 24; keep one of the two"],
    ),
    ("    ladder: rate", "    ? [a, b]\n    : rate", ["a.yaml:23:3: a key must be a single word or phrase"]),
    # conditions
    (
        "absence_rate: {over",
        "absense_rate: {over",
        [
            "a.yaml:29:11: there is no measure 'absense_rate'; did you mean 'absence_rate'?",
            "measures are: absence_change, absence_rate, age_of_oldest",
        ],
    ),
    (
        RATE,
        "        - absence_rate\n",
        [
            "a.yaml:29:",
            "absence_rate stands alone; write 'absence_rate: {...}'",
        ],
    ),
    (
        "      all:\n        - possible_sessions: {over: year to date, at_least: 20}\n" + RATE,
        "      all: []\n",
        ["a.yaml:27:7: all needs a list of conditions (lines that begin with '- ')"],
    ),
    (
        RATE,
        "        - absence_rate: 10\n",
        ["a.yaml:29:11: absence_rate needs a mapping such as {at_least: 10}"],
    ),
    (
        RATE,
        "        - missing_marks: {over: today, at_least: 1}\n",
        ["a.yaml:29:11: missing_marks speaks of a class, this rule of a pupil"],
    ),
    (
        "over: year to date, at_least: tenth",
        "over: year to date, at_lest: tenth",
        [
            "a.yaml:29:46: unknown key 'at_lest'; did you mean 'at_least'?",
            "absence_rate takes: over, at_least, above",
            "a.yaml:29:11: absence_rate is compared with nothing",
            "add one of: at_least, above, at_most, below, exactly",
        ],
    ),
    (
        "{over: year to date, at_least: tenth}",
        "{at_least: tenth}",
        ["a.yaml:29:11: absence_rate needs the key 'over'"],
    ),
    (
        "{over: year to date, at_least: tenth}",
        "{over: last year, at_least: tenth}",
        [
            "a.yaml:29:26: 'last year' is not a window",
            "last 5 school days, last 4 school weeks, the 4 school weeks before the last 4, year to date",
        ],
    ),
    (
        "at_least: tenth",
        "at_least: tenht",
        ["a.yaml:29:46: there is no threshold 'tenht'; did you mean 'tenth'?; thresholds are: few, tenth"],
    ),
    ("at_least: tenth", "at_least: few", ["a.yaml:29:46: 'few' is in school days, absence_rate in percent"]),
    (
        "at_least: tenth",
        "at_least: 7.125",
        ["a.yaml:29:46: '7.125' must be a number of 0 or more with at most two decimals"],
    ),
    ("at_least: tenth", "at_least: -1", ["a.yaml:29:46: '-1' must be a number of 0 or more"]),
    ("at_least: tenth", "at_least: Infinity", ["a.yaml:29:46: 'Infinity' must be a number of 0 or more"]),
    (
        "at_least: tenth",
        "at_least: 1e999999999",
        ["a.yaml:29:46: '1e999999999' must be a number of 0 or more"],
    ),
    ("at_least: tenth", "at_least: [tenth]", ["a.yaml:29:46: there is no threshold ['tenth']"]),
    (
        RATE,
        RATE + "        - coded_sessions: {over: today, codes: [N, QQ], at_least: 1}\n",
        [
            "a.yaml:30:41: 'QQ' is no attendance code",
            "write a list of codes such as [G, N], or one of: present",
        ],
    ),
    (
        RATE,
        RATE + "        - coded_sessions: {over: today, codes: unexplaned, at_least: 1}\n",
        ["'unexplaned' is no attendance code; did you mean 'unexplained'?"],
    ),
    (
        RATE,
        RATE + "        - coded_sessions: {over: today, codes: [], at_least: 1}\n",
        ["a.yaml:30:41: the list of codes is empty: it would count nothing"],
    ),
    (
        RATE,
        RATE + "        - consecutive_absent_days: {codes: [I], exactly: 63}\n",
        ["a.yaml:30:49: runs are counted up to 62 days"],
    ),
    (RATE, RATE + "        - not: {not: [N]}\n", ["a.yaml:30:17: a condition is one line"]),
    (
        "      all:\n        - possible_sessions: {over: year to date, at_least: 20}\n",
        "      all:\n",
        [
            "a.yaml:26:5: a percentage of very few sessions says nothing: there is no guard",
            "add '- possible_sessions: {over: ..., at_least: 20}' under all, over the same window",
        ],
    ),
    (
        "possible_sessions: {over: year to date, at_least",
        "possible_sessions: {over: year to date, below",
        ["there is no guard"],
    ),
    (
        "possible_sessions: {over: year to date",
        "possible_sessions: {over: last 4 school weeks",
        ["there is no guard"],
    ),
    ("      all:\n", "      any:\n", ["there is no guard"]),
    (
        "    ladder: rate",
        "    clears_when: {absence_rate: {over: today}}",
        ["a.yaml:30:19: absence_rate is compared with nothing"],
    ),
    # steps, episodes and sentences that do not fit
    (
        "due: 2 school days",
        "due: soonish",
        [
            "a.yaml:33:38: 'soonish' is not a due time",
            "write one like: 15 minutes after close, 20 minutes later, end of that school day, same day, 5",
        ],
    ),
    ("purpose: letters", "purpose: letters, good_for: ever", ["a.yaml:34:", "'ever' is not a time"]),
    (
        "purpose: letters",
        "purpose: letters, unless_last_mark: [present, ZZ]",
        ["a.yaml:34:", "'ZZ' is no attendance code"],
    ),
    (
        TASK,
        TASK.replace("task:", "task: &t", 1)
        + "        message: {template: hello, channel: sms, purpose: letters}\n",
        ["a.yaml:33:9: a step is either a task or a message"],
    ),
    (TASK, "      - {}\n", ["a step is either a task or a message"]),
    (MESSAGE, MESSAGE * 2, ["a.yaml:32:5: a rule sends at most one message"]),
    (TASK + MESSAGE, "      []\n", ["a.yaml:32:5: then: ", "at least one is needed here"]),
    (
        "ladder: rate",
        "subject: class",
        ["a.yaml:32:5: a rule about a class has no family to write to; give it tasks only"],
    ),
    (
        "ladder: rate",
        "episode: until cleared",
        ["a.yaml:30:5: 'until cleared' needs clears_when, or its case would never end"],
    ),
    (
        "ladder: rate",
        "episode: run of absence",
        ["a.yaml:30:5: 'run of absence' needs one of these measures in when: consecutive_absent_days"],
    ),
    (
        "ladder: rate",
        "episode: spell of absence",
        ["a.yaml:30:5: 'spell of absence' needs a measure with codes in when"],
    ),
    (
        "ladder: rate",
        "time_anchored: true",
        ["a.yaml:30:5: a time_anchored rule needs tasks that are due at a minute; write due: 15 minutes"],
    ),
    (
        "absence_rate: {over: year to date, at_least: tenth}",
        "mark_awaited: {until: tenth, at_least: 1}",
        [
            "a.yaml:29:26: 'tenth' is no such threshold; name a threshold in minutes after close: none yet",
        ],
    ),
    (
        "absence_rate: {over: year to date, at_least: tenth}",
        "weekday_sessions: {over: year to date, codes: [N], on: monday, at_least: 1}",
        ["'monday' is not a weekday; did you mean 'Monday'?"],
    ),
    (
        "absence_rate: {over: year to date, at_least: tenth}",
        "absence_change: {over: year to date, at_least: 5}",
        ["there is no window before 'year to date': use last n school days or weeks"],
    ),
    (
        "absence_rate: {over: year to date, at_least: tenth}",
        "absence_change: {over: last 4 school weeks, at_least: 5.001}",
        ["'5.001' must be a number with at most two decimals"],
    ),
    (
        "ladder: rate",
        "applies_to: {years: [7, 99]}",
        ["a.yaml:30:29: item 2: '99' is not one of: N1, N2, R, 1, 2,", "14; did you mean '9'?"],
    ),
    (
        "ladder: rate",
        "rollout: [{cohort: {years: [Year 7]}, from: 2025-09-09}]",
        ["a.yaml:30:", "'Year 7' is not one of: N1, N2, R, 1"],
    ),
    (
        "at_least: tenth",
        "at_least: 108",
        ["a.yaml:29:46: 108 percent cannot be reached: a share goes from 0 to 100"],
    ),
    (
        "absence_rate: {over: year to date, at_least: tenth}",
        "absence_change: {over: last 4 school weeks, below: -100.5}",
        ["-100.5 percentage points cannot be reached"],
    ),
    (
        "ladder: rate",
        "at_most: 120 percent of roll",
        ["a.yaml:30:5: '120 percent of roll' is more than everybody, so it caps nothing"],
    ),
    (
        "ladder: rate",
        "at_most: many",
        ["a.yaml:30:5: 'many' is not a cap; write '40' or '5 percent of roll'"],
    ),
    (
        "{absence_rate.percent} %",
        "{age_of_oldest.numerator}",
        ["a.yaml:25:5: because names 'age_of_oldest', which when does not measure"],
    ),
    (
        "{absence_rate.percent} %",
        "{absence_rat.percent}",
        ["because names 'absence_rat', which when does not measure; did you mean 'absence_rate'?"],
    ),
    (
        "{absence_rate.percent} %",
        "{absence_rate.precent}",
        [
            "a.yaml:25:5: because names 'precent' of absence_rate; did you mean 'percent'?",
            "fields are: numerator, denominator",
        ],
    ),
    (
        "{absence_rate.percent} %",
        "{absence_rate}",
        [
            "a.yaml:25:5: because has a brace that is not part of {measure.field}",
            "write one such as {absence_rate.numerator}",
        ],
    ),
    (
        "ladder: rate",
        "waits_for: sund",
        ["a.yaml:23:3: waits_for names the rule 'sund', which is not there; did you mean 'sound'?"],
    ),
    (
        "ladder: rate",
        "waits_for: trial",
        ["a.yaml:23:3: it would wait for ever: trial waits for trial; take one waits_for out"],
    ),
    (
        "ladder: rate",
        "ladder: sound\n    stage: 1",
        ["a.yaml:23:3: stage 1 of ladder 'sound' is taken by sound (a.yaml:16)"],
    ),
    (
        "ladder: rate",
        "ladder: sound\n    stage: 2\n    episode: school year",
        [
            "a.yaml:23:3: ladder 'sound' has episode 'day' for a pupil at a.yaml:16",
            "here 'school year' for a pupil; a ladder's cases all stand on one kind of ground",
        ],
    ),
]


@pytest.mark.parametrize(
    ("good", "bad", "words"), RULE_SLIPS, ids=[bad.strip()[:60] for _, bad, _ in RULE_SLIPS]
)
def test_a_slip_in_a_rule_is_named_and_takes_only_that_rule_away(
    good: str, bad: str, words: list[str]
) -> None:
    """The message says where, what, what was meant and what to do; the other rule stands."""
    assert PACK.count(good) == 1 or good == MESSAGE
    book = read(PACK.replace(good, bad))
    for each in words:
        assert each in messages(book)
    assert ids(book) == ["sound"]
    assert {problem.rule for problem in book.problems} == {"trial"}
    assert not book.unusable_files


def test_a_name_taken_by_a_higher_layer_cannot_take_its_rule_away() -> None:
    """A school that reuses the name of a statutory rule loses its own copy, never the statutory one."""
    book = read(PACK, ("school", PACK[PACK.index("rules:") :].replace("rules:", "pack: mine\nrules:", 1)))
    said = "school.yaml:3:3: the rule 'sound' stands already in a.yaml:16; change its thresholds, say it"
    assert said in messages(book)
    assert [(rule.id, rule.place.file) for rule in book.rules] == [("sound", "a.yaml"), ("trial", "a.yaml")]


def test_rules_that_wait_for_each_other_are_refused() -> None:
    """Two rules that each wait for the other's call would lose both."""
    text = PACK.replace("    ladder: rate", "    waits_for: sound").replace(
        "    autonomy: send", "    autonomy: send\n    waits_for: trial"
    )
    book = read(text)
    assert "it would wait for ever: sound waits for trial waits for sound" in messages(book)
    assert "it would wait for ever: trial waits for sound waits for trial" in messages(book)
