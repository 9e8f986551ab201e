"""The week's pack: each pupil's band now and a week ago, and the same pack however late it is made."""

from __future__ import annotations

from engine.bands import BANDS
from engine.instants import read_instant
from tests.workflows.story import Story, changed, pupil, with_duties
from workflows.week_pack import WeekPack, week_packs

MONDAY, FRIDAY = "2025-11-10", "2025-11-14T16:00"
UPNS = tuple(f"P{number}" for number in range(1, 8))


def _pack(story: Story, at: str = FRIDAY, known_at: str = "") -> WeekPack:
    (pack,) = week_packs(story.store, with_duties(), read_instant(at), read_instant(known_at or at))
    return pack


def _week(story: Story, **told: str) -> Story:
    """Seven pupils through the week after 20 school days; P7 came this Wednesday, P6 left last Friday."""
    left, came = {"left_on": _day("2025-11-07")}, {"admitted_on": _day("2025-11-12")}
    pupils = [pupil(upn, fsm=upn in {"P1", "P2"}) for upn in UPNS[:5]]
    story.opens(
        *pupils, pupil("P6", **left), pupil("P7", **came), before={"P1": "II", "P2": "II", "P3": "I/"}
    )
    for day in range(10, 15):
        tokens = {upn: words.split()[day - 10] for upn, words in told.items()}
        story.register(f"2025-11-{day}T15:30", f"2025-11-{day}", **tokens)
    return story


def _day(text: str) -> object:
    return read_instant(text).date()


def test_each_pupil_stands_in_a_band_now_and_a_week_ago(story: Story) -> None:
    """Two of 40 is five percent a week ago; three more of 50 is ten now, none more is four."""
    pack = _pack(_week(story, P1="II I/ // // //", P4="II II II II II"))
    stands = {each.upn: (each.band, each.week_ago, each.absent, each.possible) for each in pack.pupils}
    assert stands == {
        "P1": (2, 1, 5, 50),
        "P2": (0, 1, 2, 50),
        "P3": (0, 0, 1, 50),
        "P4": (4, 0, 10, 50),
        "P5": (0, 0, 0, 50),
    }
    assert [(each.upn, each.moved) for each in pack.risen] == [("P4", 4), ("P1", 1)]
    assert [(each.upn, each.moved) for each in pack.fallen] == [("P2", -1)]
    assert pack.in_band == (3, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0)
    assert pack.in_band_week_ago == (4, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0), "P6 was on roll then"
    assert (sum(pack.in_band), pack.too_few) == (5, 1), "P7 has had six sessions"
    for number in range(len(BANDS)):
        assert pack.in_band[number] == sum(each.band == number for each in pack.pupils)


def test_a_mark_that_was_not_taken_may_matter(story: Story) -> None:
    """P2 had two of 40: one blank more leaves open whether four or six percent."""
    pack = _pack(_week(story, P2="// // // // -/"))
    assert [each.upn for each in pack.pupils if each.doubtful] == ["P2"]
    assert pack.doubtful == 1


def test_the_same_instants_give_the_same_pack(story: Story) -> None:
    """A correction a week later changes what is known since, and not what was known then."""
    _week(story, P1="II I/ // // //")
    before = _pack(story)
    story.corrects("2025-11-20T10:00", "P1", MONDAY, "//")
    assert _pack(story) == before
    after = _pack(story, known_at="2025-11-20T11:00")
    assert [(each.upn, each.absent) for each in after.pupils if each.upn == "P1"] == [("P1", 3)]


def test_groups_too_small_are_left_out(story: Story) -> None:
    """Two eligible pupils among six: neither they nor the four others are told."""
    pack = _pack(_week(story))
    tables = {cohort.by: cells for cohort, cells in pack.cohorts}
    assert [cell.hidden for cell in tables["fsm"]] == [True, True]
    assert [cell.hidden for cell in tables["year_group"]] == [False]
    assert (pack.fewest, pack.everybody.pupils, pack.everybody.sessions[0]) == (6, 6, (0, 56))


def test_without_a_number_in_the_packs_ten_is_the_fewest(story: Story) -> None:
    """A trust that takes the threshold away does not take the care away."""
    _week(story)
    files = changed(with_duties(), "cohorts.yaml", "smallest_cohort:", "least:")
    (pack,) = week_packs(story.store, files, read_instant(FRIDAY), story.now)
    assert (pack.fewest, pack.everybody.hidden) == (10, True)
