"""The use case "deliver": hand over what may leave, each message judged again at that moment.

Look up, claim, commit; then for each: begin, commit, send, commit. Several senders on one store share the
work and the patience of the providers; whatever dies at whatever moment, nothing leaves twice and nothing is
lost.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.snapshot import Snapshot
from messaging.channels.channel import Channel
from messaging.layers import of_school
from workflows.claiming import Asked, Claiming
from workflows.drafting import Templates
from workflows.handing_over import HandingOver, Later, Stop
from workflows.library import Library
from workflows.looking_up import LookingUp
from workflows.ports import Clock, Store, Unit
from workflows.settings import Settings
from workflows.values import Message, MessageState

_PATIENCE = timedelta(seconds=20)
"""How long one sender waits for its turn; what takes longer goes back into the queue for that time."""


def _sender() -> str:
    return f"w-{secrets.token_hex(4)}"


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of each message touched, by id, in the order handled."""

    messages: tuple[Message, ...]

    def of(self, state: MessageState) -> list[Message]:
        """Those that ended in a state."""
        return [message for message in self.messages if message.state is state]


@dataclass(slots=True)
class Deliver:
    """The use case with everything it needs; call `deliver`.

    `channels` is the way to send each kind of message, other kinds are left alone; `pause` waits for a
    provider's next place (None: what would have to wait stays in the queue); `worker` is this sender's name,
    another one for each; once `stopping` says so nothing more is handed over.
    """

    store: Store
    library: Library
    channels: Mapping[str, Channel]
    clock: Clock
    settings: Settings = field(default_factory=Settings)
    templates: Templates = field(default_factory=dict)
    pause: Callable[[timedelta], None] | None = None
    worker: str = field(default_factory=_sender)
    stopping: Callable[[], bool] = bool
    _seen: dict[str, tuple[int, datetime, Snapshot]] = field(default_factory=dict)

    def deliver(self, as_of: datetime | None = None, only: Sequence[str] = ()) -> Delivered:
        """Send what is queued (only these ids, if any are named) as of an instant (default now).

        What is too late is dropped, never delayed. A channel that reaches nobody is a rehearsal: there it
        is late only as of an instant that was given, so that a day of the past can be gone through.
        What has expired or lost its ground is taken back with the reason; what the marks now leave
        open stays queued. So does, until another day, all but the most pressing message about a pupil
        (semantics 19), and what is more than a family should get in a day or a week, or comes at a bad
        hour: each says so. Brothers and sisters of whom the same is to be said share one message. Run
        twice, or by several at once, it sends nothing twice: how fresh another sender's claim is, the clock
        says, whatever the instant.
        """
        now = as_of or self.clock()
        timed = as_of is not None or any(channel.real for channel in self.channels.values())
        done: dict[str, Message] = {}
        with self.store.reading() as unit:
            schools = {school_id: unit.school_name(school_id) for school_id in unit.school_ids()}
        for school_id, school in schools.items():
            looking_up = LookingUp(self.store, self.channels, self.clock, self.settings)
            for message in looking_up.settle(school_id, school, now):
                done[message.message_id] = message
            self._send_all(school_id, school, Asked(now, frozenset(only), timed, self.clock()), done)
        return Delivered(tuple(done.values()))

    def _send_all(self, school_id: str, school: str, asked: Asked, done: dict[str, Message]) -> None:
        """Claim and hand over, a few at a time, until nothing is left that may leave now."""
        words = of_school(self.templates, school_id)
        claiming = Claiming(
            *(school_id, self.library, self.channels, words, self.settings, self.worker), self._snapshot
        )
        handing_over = HandingOver(self.store, self.channels, self.clock, self.settings)
        tried: set[str] = set()
        while True:
            with self.store.transaction() as unit:
                claimed = claiming.claim(unit, asked.at(self.clock()), frozenset(tried))
            if not claimed.looked_at:
                return
            tried |= {message.message_id for message in claimed.looked_at}
            done |= {message.message_id: message for message in claimed.looked_at}
            stale = False
            for group in claimed.groups:
                if self.stopping():
                    begun: tuple[Message, ...] | Later | Stop = Stop.LOST
                else:
                    begun = Stop.LEARNT if stale else self._begun(handing_over, group, claimed.learnt)
                if isinstance(begun, tuple):
                    now = handing_over.send(begun, school, asked.now)
                elif isinstance(begun, Later):
                    now = handing_over.let_go(group, begun.why, self.clock() + begun.wait)
                else:
                    now = handing_over.let_go(group)
                if begun is Stop.LEARNT:
                    stale = True  # and so is whatever was claimed with it
                    tried -= {message.message_id for message in group}
                done |= {message.message_id: message for message in now}
            if self.stopping():
                return

    def _begun(
        self, handing_over: HandingOver, group: Sequence[Message], learnt: tuple[int, ...]
    ) -> tuple[Message, ...] | Later | Stop:
        """Begin, once its provider has a place; where that takes too long, leave it for later."""
        waited = timedelta()
        while isinstance(begun := handing_over.begin(group, learnt), Later):
            waited += begun.wait
            if waited > _PATIENCE or self.pause is None:
                return begun
            self.pause(begun.wait)
        return begun

    def _snapshot(self, unit: Unit, school_id: str, clock: datetime) -> Snapshot:
        """The school as it stands, built again only once something came in."""
        _, batch, _ = unit.version(school_id)
        last = unit.last_import(school_id)
        kept = self._seen.get(school_id)
        if kept is not None and kept[0] == batch and (last is None or last <= kept[1]):
            return kept[2]
        snapshot = Snapshot.build(unit.facts(school_id, clock))
        self._seen[school_id] = (batch, clock, snapshot)
        return snapshot
