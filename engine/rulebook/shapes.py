"""The shape of a rule pack: which keys there are, and of what type. Anything else is a mistake."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from engine.reasons import Reason
from engine.records import YearGroup
from engine.rulebook.typed import Shape


def _listed(value: object) -> object:
    """A single word where a list is allowed stands for a list of one."""
    return [value] if isinstance(value, str) else value


Words = Annotated[list[str], BeforeValidator(_listed)]
Years = Annotated[list[YearGroup], BeforeValidator(_listed)]
EVERY_RULE = "every rule of this pack"


def _none_of_them(value: object) -> object:
    """`tasks: none` is an empty list of them."""
    return [] if value == "none" else value


def _of_every_rule(value: object) -> object:
    """`expect: nothing` is said of every rule of the pack."""
    return {EVERY_RULE: value} if value == "nothing" else value


class ChangedBy(Shape):
    """Who set a value, why, and when it is to be looked at again."""

    who: str
    why: str
    review: date | None = None


class ThresholdShape(Shape):
    """A named number; `values` maps `always` or a first day to the number in force from then."""

    title: str
    unit: Literal[
        "percent",
        "percentage points",
        "sessions",
        "school days",
        "days",
        "lessons",
        "spells",
        "marks",
        "pupils",
        "events",
        "weekdays",
        "notices",
        "minutes after close",
    ]
    values: dict[str, Decimal] = Field(min_length=1)
    bounds: tuple[Decimal, Decimal] | None = None
    locked: bool = False
    source: str = ""
    changed_by: ChangedBy | None = None


Column = Literal[
    "year_group", "sex", "fsm", "sen", "eal", "ethnicity", "looked_after", "social_worker", "young_carer"
]
"""The columns of pupils.csv that split pupils into groups."""


class AppliesToShape(Shape):
    """Whom a rule speaks of: who has one of `flagged`, and what the columns of pupils.csv say of them."""

    years: Years = []
    phases: list[Literal["primary", "secondary", "special", "all-through", "pru"]] = []
    unless_flagged: Words = []
    flagged: Words = []
    where: dict[Column, Words] = {}
    where_not: dict[Column, Words] = {}


class ReachShape(Shape):
    """Whom one wave of a rollout reaches."""

    years: Years = Field(min_length=1)


class WaveShape(Shape):
    """One wave of a rollout: whom it reaches (everybody, if nothing is said), and from when."""

    cohort: ReachShape | None = None
    since: date = Field(alias="from")


class InForceShape(Shape):
    """From which day, and until which day, a rule is in force; both inside."""

    since: date | None = Field(default=None, alias="from")
    until: date | None = None


class TaskShape(Shape):
    """Work for a person."""

    do: str
    by: str
    due: str
    script: str = ""
    minutes: int = Field(default=10, ge=1, le=480)
    shared_among: list[str] = []


class AfterShape(Shape):
    """The lower stage that must be done first, and for how long."""

    stage: int = Field(ge=1, le=8)
    done_for: str


class RequirementShape(Shape):
    """One thing that must be so before a rule acts; `when` is read by engine/rulebook/conditions.py."""

    title: str = Field(min_length=1)
    when: object
    task: TaskShape | None = None


class LadderShape(Shape):
    """What becomes of open cases when the rules of a ladder change."""

    open_cases: Literal["judge again", "finish under the old", "never skip a stage"]


class MeaningShape(Shape):
    """A condition with a name that rules may use; `when` is read by engine/rulebook/conditions.py."""

    title: str
    when: object
    subject: Literal["pupil", "class", "school"] = "pupil"
    source: str = ""


class CodeSetShape(Shape):
    """A name for several codes: a list of them, or of other sets by their names."""

    title: str
    codes: Words
    source: str = ""


class TriageShape(Shape):
    """One way a task can end, and the task that it opens, if any."""

    title: str
    note: Literal["required", "optional"] = "optional"
    decide: bool = False
    task: TaskShape | None = None
    source: str = ""


class DutyShape(Shape):
    """Work that comes round by the calendar, whatever the register says."""

    title: str
    comes: str
    task: TaskShape
    if_late: Literal["do", "miss"] = "do"
    names: dict[Literal["lowest attendance", "plans standing still"], str] = Field(default={}, max_length=1)
    each: TaskShape | None = None
    proposes: dict[Literal["standing still", "not engaging"], str] = {}
    phases: list[Literal["primary", "secondary", "special", "all-through", "pru"]] = []
    source: str = ""


class RunShape(Shape):
    """When the rules are judged by the clock, and what becomes of a time that was slept through."""

    comes: str
    if_late: Literal["run latest", "run each", "skip"] = "run latest"


class CohortShape(Shape):
    """Groups of pupils that are looked at side by side; `groups` names what the values of `by` stand for."""

    title: str
    by: Column
    groups: dict[str, Words] = {}


class MessageShape(Shape):
    """A message to the family."""

    template: str
    channel: Literal["sms", "email", "letter"]
    purpose: Literal["absence", "letters", "praise", "statutory"]
    urgent: bool = False
    unless_last_mark: Words = []
    good_for: str = ""


class StepShape(Shape):
    """One step: a task or a message."""

    task: TaskShape | None = None
    message: MessageShape | None = None


class RuleShape(Shape):
    """One rule; `when` and `clears_when` are read by engine/rulebook/conditions.py."""

    title: str
    because: str
    when: object
    then: list[StepShape] = Field(min_length=1)
    autonomy: Literal["send", "approve", "propose"]
    subject: Literal["pupil", "class", "school"] = "pupil"
    ladder: str = ""
    stage: int | None = Field(default=None, ge=1, le=9)
    episode: Literal[
        "session",
        "day",
        "run of absence",
        "run of absence by month",
        "spell of absence",
        "oldest session",
        "school year",
        "term",
        "half-term",
        "until cleared",
    ] = "day"
    time_anchored: bool = False
    waits_for: str = ""
    clears_when: object = None
    after: AfterShape | None = None
    hold_for: str = ""
    rearm: str = ""
    grace: str = ""
    requires: list[RequirementShape] = []
    review_after: str = ""
    applies_to: AppliesToShape = AppliesToShape()
    in_force: InForceShape = InForceShape()
    rollout: list[WaveShape] = []
    at_most: str = ""
    source: str = ""
    locked: bool = False
    may_change: (
        list[
            Literal["off", "autonomy", "at_most", "in_force", "applies_to", "by", "due", "script", "minutes"]
        ]
        | None
    ) = None


class TaskOverrideShape(Shape):
    """What a lower layer says otherwise about one task of a rule, which is named by its `do`."""

    by: str = ""
    due: str = ""
    script: str = ""
    minutes: int = Field(default=10, ge=1, le=480)


class OverrideShape(Shape):
    """What a lower layer says otherwise about a rule; what it leaves out stays as it is above."""

    off: bool = False
    autonomy: Literal["send", "approve", "propose"] = "propose"
    at_most: str = ""
    in_force: InForceShape = InForceShape()
    applies_to: AppliesToShape = AppliesToShape()
    tasks: dict[str, TaskOverrideShape] = {}
    locked: bool = False
    changed_by: ChangedBy


class PupilShape(Shape):
    """What a test says of its pupil; what is left out is ordinary."""

    year_group: YearGroup = "8"
    form: str = "8A"
    date_of_birth: date | Literal["unknown"] = date(2013, 5, 1)
    admitted_on: date = date(2024, 9, 1)
    left_on: date | None = None
    flags: Words = []
    social_worker: bool = False
    looked_after: bool = False
    medical: bool = False
    young_carer: bool = False
    sex: str = ""
    fsm: bool = False
    sen: str = ""
    eal: bool = False
    ethnicity: str = ""


class EventShape(Shape):
    """A line of a test pupil's history."""

    kind: str
    on: date
    since: date | None = Field(default=None, alias="from")
    until: date | None = None
    contact_id: str = ""
    outcome: str = ""


class ExpectedTaskShape(Shape):
    """A task that a rule must make; what is left out is not looked at. `due` is a day, or a minute of it."""

    do: str = ""
    by: str = ""
    due: str = ""


class ExpectShape(Shape):
    """What a rule must say and make; what is left out is not looked at.

    The result `nothing` asks for no task and no message, whatever the rule says. `tasks` are all of them, in
    their order, `message` the template of the text to the family, each `none` where there is to be none;
    `sent` how it leaves. `ground` is what the case stands on; `case` what becomes of the one that the test
    says is open (`done`).
    """

    result: Literal["matched", "not_matched", "unknown", "not_applicable", "nothing"]
    short_by: Decimal | None = None
    outcome: Literal["act", "propose", "hold", "suppress", "unknown", "none"] | None = None
    stage: int | None = None
    tasks: Annotated[list[ExpectedTaskShape], BeforeValidator(_none_of_them)] | None = None
    message: str | None = None
    sent: Literal["at once", "when approved"] | None = None
    ground: str | None = None
    case: Literal["stays open", "closes"] | None = None
    reasons: list[Reason] | None = None


class TestShape(Shape):
    """One test of a pack: marks and a day in, results out.

    `corrected` are marks that were put right after `marks`. `done` are the stages of a ladder whose work is
    done already, each with its day; `closed` is the day on which the last case of a ladder closed.
    `expect: nothing` is of every rule of the pack.
    """

    name: str
    as_of: str
    calendar: str
    marks: dict[date, str]
    corrected: dict[date, str] = {}
    present_otherwise: bool = True
    pupil: PupilShape = PupilShape()
    history: list[EventShape] = []
    done: dict[str, dict[int, date]] = {}
    closed: dict[str, date] = {}
    expect: Annotated[dict[str, object], BeforeValidator(_of_every_rule), Field(min_length=1)]


class NeedShape(Shape):
    """A question that a pack asks of the school; the tests of the pack go by `for_tests`."""

    ask: str = Field(min_length=1)
    for_tests: str = Field(min_length=1)


class PackShape(Shape):
    """One rule file."""

    pack: str
    title: str = ""
    thresholds: dict[str, object] = {}
    meanings: dict[str, object] = {}
    ladders: dict[str, object] = {}
    rules: dict[str, object] = {}
    triage: dict[str, object] = {}
    duties: dict[str, object] = {}
    runs: dict[str, object] = {}
    cohorts: dict[str, object] = {}
    code_sets: dict[str, object] = {}
    overrides: dict[str, object] = {}
    schools: Words = []
    needs: dict[str, object] = {}
    answers: dict[str, str] = {}
    tests: list[object] = []
