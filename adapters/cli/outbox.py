"""`firstbell outbox`: look at what would leave, approve it, send it."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli import outbox_hands, recalls
from adapters.cli.asked import ByTheirIds, Json, Misasked, instant, note, print_json, service

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from messaging.channels.channel import Channel
    from workflows.deliver import Delivered
    from workflows.values import Message, MessageState

app = typer.Typer(
    cls=ByTheirIds,
    help="Messages: list, show, approve, hold, edit, send, recall.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

State = Annotated[str, typer.Option("--state", help="Only messages in this state.")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Message ids.")]


@app.command("list")
def list_(state: State = "", json: Json = False) -> None:
    """Every message and where it stands."""
    from adapters.cli.show_outbox import Known, show_outbox, with_cost

    states = _states(state)
    with service() as firstbell, firstbell.store.reading() as unit:
        messages = unit.messages(None, states)
        schools = {message.school_id for message in messages}
        pupils = {
            (school, pupil.upn): f"{pupil.first_name} {pupil.last_name}"
            for school in schools
            for pupil in unit.pupils(school)
        }
        staff = {who.staff_id: who.name for school in schools for who in unit.staff(school)}
        config = firstbell.config
    if json:
        print_json([with_cost(message, config.prices) for message in messages])
        return
    show_outbox(messages, Known(pupils, staff, config.prices, config.settings.two_people))


@app.command("show")
def show(message_id: Annotated[str, typer.Argument(metavar="ID")], json: Json = False) -> None:
    """One message in full: words, reason, template version, approval."""
    from adapters.cli.show_outbox import with_cost

    with service() as firstbell, firstbell.store.reading() as unit:
        found = unit.messages_named([message_id])
    if not found:
        raise Misasked(f"there is no message {message_id}; 'firstbell outbox list' shows them")
    document = with_cost(found[0], firstbell.config.prices)
    if json:
        print_json(document)
        return
    for key, value in document.items():
        if value not in (None, ""):
            sys.stdout.write(f"{key:<17}{value}\n")


@app.command("send")
def send(
    ids: Ids = None,
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="ISO", help="The moment of sending; default now.")
    ] = "",
    json: Json = False,
) -> None:
    """Hand over what may leave, each message judged again first."""
    from adapters.cli.show_outbox import with_cost
    from messaging.channels.allowed import NOBODY
    from workflows.values import MessageState

    with service() as firstbell:
        deliver = firstbell.deliver
        if as_of and firstbell.config.live.send_to != NOBODY:
            _refuse_to_ring(deliver.channels)
        done = deliver.deliver(instant(as_of) if as_of else None, tuple(ids or ()))
        where = firstbell.config.outbox_folder
        with firstbell.store.reading() as unit:
            there = unit.messages()
    _tell_of_named(ids or (), there, done)
    taken = (MessageState.CLAIMED, MessageState.SENDING)
    held = [message.claimed_at for message in there if message.state in taken and message.claimed_at]
    queued = [message for message in there if message.state is MessageState.QUEUED]
    _tell_unreached(Counter(each.channel for each in queued if each.channel not in deliver.channels))
    _tell_waiting(held, Counter(m.ended_because for m in done.messages if _put_off(m)))
    if json:
        print_json([with_cost(message, firstbell.config.prices) for message in done.messages])
        return
    for state in MessageState:
        messages = done.of(state)
        if messages:
            sys.stdout.write(f"{len(messages):>5} {state.value.replace('_', ' ')}\n")
    for message in done.of(MessageState.WITHDRAWN) + done.of(MessageState.EXPIRED):
        note(f"{message.message_id} {message.state.value}: {message.ended_because}")
    if not done.messages:
        sys.stdout.write("Nothing is queued.\n")
    elif done.of(MessageState.SENT) and not any(each.real for each in firstbell.channels.values()):
        sys.stdout.write(f"Nothing left this machine: the folder channel wrote to {where}\n")
    if stuck := {message.ended_because for message in done.messages if _stuck(message)}:
        for why in sorted(stuck):
            note(f"not sent: {why}")
        raise typer.Exit(1)


@app.command("channels")
def channels(json: Json = False) -> None:
    """How each kind of message leaves, to whom, and what is missing before it can."""
    import os

    from adapters.channels import standings
    from adapters.cli.show_channels import channel_fields, show_channels

    with service() as firstbell:
        found = standings(firstbell.config, os.environ)
    if json:
        print_json([channel_fields(each) for each in found])
        return
    show_channels(found)
    for lack in dict.fromkeys(line for each in found for line in each.lacks):
        note(lack)


def _tell_of_named(ids: Sequence[str], there: Sequence[Message], done: Delivered) -> None:
    """Say of those that were asked for by name what kept them."""
    states = {message.message_id: message.state.value for message in there}
    touched = {message.message_id for message in done.messages}
    for message_id in ids:
        if message_id not in states:
            raise Misasked(f"there is no message {message_id}; 'firstbell outbox list' shows them")
        if message_id not in touched:
            note(f"{message_id} was not sent: it is {states[message_id].replace('_', ' ')}")


def _refuse_to_ring(channels: Mapping[str, Channel]) -> None:
    """Not as of another time where somebody would be reached now; what is printed, a person posts."""
    if any(channel.real for kind, channel in channels.items() if kind != "letter"):
        raise Misasked(
            "--as-of is for rehearsals: here texts or e-mails really leave, and families get them now; leave "
            "it out"
        )


def _tell_unreached(waiting: Mapping[str, int]) -> None:
    """Say what is not sent because its kind reaches nobody, while another kind really leaves."""
    from adapters.cli.show_channels import KINDS

    for kind, number in waiting.items():
        paper = ", or print them: firstbell letters print" if kind == "letter" else ""
        note(f"{number} {KINDS[kind]} wait: set channels.{kind} to what really sends them{paper}")


def _tell_waiting(claims: list[datetime], put_off: Mapping[str, int]) -> None:
    """Say what waits for another time and why, and what is in another sender's hands: nobody else would."""
    from engine.instants import local
    from workflows.handing_over import LEASE

    for because, number in sorted(put_off.items()):
        note(f"{number} wait{'s' if number == 1 else ''}: {because}")
    if claims:
        since, free = local(min(claims)), local(max(claims) + LEASE)
        note(
            f"{len(claims)} left alone: a sender has had them since {since:%H:%M} and is not done. "
            f"If it was stopped, send again after {free:%H:%M}: what did not leave then leaves"
        )


def _stuck(message: Message) -> bool:
    """Whether the channel, not the register, kept a message from leaving."""
    because = message.ended_because
    return (
        message.state.value in {"queued", "failed_temporary", "failed_permanent", "unknown"}
        and bool(because)
        and not _put_off(message)
    )


def _put_off(message: Message) -> bool:
    """Whether it waits for another hour or day by what a family should get, not for want of a channel."""
    from workflows.voice import PUT_OFF

    return message.ended_because in PUT_OFF


def _states(word: str) -> tuple[MessageState, ...]:
    from workflows.values import MessageState

    if not word:
        return ()
    try:
        return (MessageState(word.replace(" ", "_")),)
    except ValueError as wrong:
        allowed = ", ".join(state.value for state in MessageState)
        raise Misasked(f"{word!r} is no state of a message; states: {allowed}") from wrong


app.command("approve")(outbox_hands.approve)
app.command("hold")(outbox_hands.hold)
app.command("edit")(outbox_hands.edit)
app.command("retry")(outbox_hands.retry)
app.command("settle")(outbox_hands.settle)
app.command("recall")(recalls.recall)
