"""The only place that knows concrete classes: settings in, use cases out."""

from __future__ import annotations

import os
import time
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from adapters.side_by_side import SideBySide
    from adapters.store import SqlStore
    from messaging.channels.channel import Channel
    from messaging.faults import Fault
    from messaging.layers import Layered
    from messaging.templates import Template
    from workflows.acting import Acting
    from workflows.approving import Approving
    from workflows.deliver import Deliver
    from workflows.library import Library
    from workflows.ports import Clock
    from workflows.recall_list import RecallList
    from workflows.replies import Replies
    from workflows.run_day import RunDay
    from workflows.run_school import RunSchool
    from workflows.staffing import Staffing
    from workflows.wishes import Families


def now() -> datetime:
    """The clock of the machine, in UTC: the one place where it is read."""
    return datetime.now(UTC)


def _present() -> datetime:
    """The same, found anew each time: a test that puts another clock in its place means all of us."""
    return now()


def _wrong(template: Template, english: Template | None) -> Iterable[Fault]:
    """What is wrong with a wording of a trust or school: the checks are imported where there is one."""
    from messaging.lint import faults

    return faults(template, english)


@dataclass
class Service:
    """Firstbell put together from its settings; each part is made when it is first asked for."""

    config: Config
    clock: Clock = _present
    rules: Library | None = None
    """Rules to go by; None: those in the files."""

    @cached_property
    def store(self) -> SqlStore:
        """The store that the settings name; StoreProblem where there is none."""
        from adapters.store import open_store
        from engine.codes import table_hash

        return open_store(self.config.store, codes_hash=table_hash())

    @cached_property
    def library(self) -> Library:
        """Every rule file, or the rules that were given."""
        from adapters.rule_files import read_library

        if self.rules is not None:
            return self.rules
        return read_library(*astuple(self.config.rules))

    @property
    def calendars(self) -> Path:
        """The folder of the calendars that rule tests name: beside the national packs."""
        return self.config.rules.national.parent / "calendars"

    @cached_property
    def templates(self) -> Layered:
        """Every template: those shipped, the trust's, each school's."""
        from messaging.layers import read_layers

        return read_layers(self.config.templates.trust, self.config.templates.schools, _wrong)

    @cached_property
    def approving(self) -> Approving:
        """The use cases of wordings in other languages."""
        from workflows.approving import Approving

        return Approving(self.store, self.templates, self.clock)

    @cached_property
    def channels(self) -> dict[str, Channel]:
        """The channel that each kind of message leaves by; a folder unless the settings say otherwise.

        ConfigProblem where one of them cannot send: nothing but sending needs them.
        """
        from adapters.channels import channels

        return channels(self.config, os.environ)

    @cached_property
    def run_school(self) -> RunSchool:
        """One school's part of the use case "run"."""
        from engine.inference.agree import Inference
        from workflows.run_school import RunSchool

        return RunSchool(
            self.store, self.library, Inference.here(), self.templates, self.config.settings, self.clock
        )

    @cached_property
    def run_day(self) -> RunDay:
        """The use case "run"."""
        from workflows.run_day import RunDay

        many = None if self.workers == 1 else lambda schools, asked: self.side_by_side(schools, asked)
        return RunDay(self.run_school, many)

    @property
    def workers(self) -> int:
        """How many processes judge the schools of a trust."""
        return self.config.workers or os.cpu_count() or 1

    @cached_property
    def side_by_side(self) -> SideBySide:
        """Those processes; they begin when they are first needed."""
        from adapters.side_by_side import SideBySide

        return SideBySide(self.config, self.workers, self.library)

    @cached_property
    def acting(self) -> Acting:
        """The use cases of what people do about tasks."""
        from workflows.acting import Acting

        return Acting(self.store, self.library, self.config.settings, self.clock)

    @cached_property
    def recall_list(self) -> RecallList:
        """The use cases of what left and turned out to be wrong."""
        from workflows.recall_list import RecallList

        return RecallList(self.store, self.library, self.templates, self.clock)

    @cached_property
    def staffing(self) -> Staffing:
        """The use cases of who is out, and who is there."""
        from workflows.staffing import Staffing

        return Staffing(self.store, self.clock, self.config.settings.school_day_ends)

    @cached_property
    def families(self) -> Families:
        """The use cases of what families say about how they are written to."""
        from workflows.wishes import Families

        return Families(self.store, self.clock)

    @cached_property
    def replies(self) -> Replies:
        """The use case "replies": what families wrote back."""
        from workflows.replies import Replies

        return Replies(self.store, self.clock, self.config.settings)

    @cached_property
    def deliver(self) -> Deliver:
        """The use case "deliver", by the channels that reach people, if there are any."""
        from messaging.channels import that_reach

        return self.deliver_by(that_reach(self.channels))

    def deliver_by(self, channels: Mapping[str, Channel]) -> Deliver:
        """The same by other channels than the standing ones, such as a print run."""
        from workflows.deliver import Deliver

        return Deliver(
            self.store,
            self.library,
            channels,
            self.clock,
            self.config.settings,
            self.templates,
            pause=lambda wait: time.sleep(wait.total_seconds()),
        )

    @property
    def store_folder(self) -> Path:
        """Where the store stands, and the quarantine beside it."""
        from adapters.store.connect import file_of

        return file_of(self.config.store).parent

    def ready(self) -> bool:
        """Create the store where there is none; True where it was created."""
        from adapters.store import upgrade
        from adapters.store.connect import file_of

        there = file_of(self.config.store).exists()
        upgrade(self.config.store)
        return not there

    def close(self) -> None:
        """Let go of the store, if it was opened, and of the workers, if there are any."""
        if workers := self.__dict__.get("side_by_side"):
            workers.close()
        if "store" in self.__dict__:
            self.store.close()
