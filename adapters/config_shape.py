"""The keys that config.yaml may have, each with its type and the value of a fresh install."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, time
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from engine.rulebook.problems import nearest
from engine.rulebook.typed import Shape
from messaging.channels import CHANNELS
from messaging.channels.allowed import NOBODY, SEND_TO, listed
from messaging.prices import Prices
from workflows.settings import Settings, TwoPeople

_FRESH = Settings()
_USUAL = Prices()
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_PENCE = re.compile(r"\d{1,4}(?:\.\d{1,3})?", re.ASCII)
_ADDRESS = re.compile(r"[a-z][a-z0-9+]*://.+")
_WEB_ADDRESS = re.compile(
    r"(?:https://[^\s/@?#]+|http://(?:127\.0\.0\.1|localhost)(?::[0-9]{1,5})?)(?:/[^\s?#]*)?"
)
_LISTED = re.compile(r"\+44[0-9]{9,10}|[^@\s]+@[^@\s]+|[a-z]{1,2}[0-9][0-9a-z]?[0-9][a-z]{2}")


def _time_of_day(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not _TIME.fullmatch(value):
        raise _refused(f"{value!r} is not a time of day; write it as 15:30, in quotes")
    return time.fromisoformat(value)


def _days(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return tuple(date.fromisoformat(word) for word in value.split())
    except ValueError:
        raise _refused(
            f"{value!r} is not days with blanks between; write them as 2026-03-20 2026-05-27"
        ) from None


def _whole(least: int, most: int) -> Callable[[object], object]:
    def check(value: object) -> object:
        if isinstance(value, str) and not (
            value.isascii() and value.isdigit() and least <= int(value) <= most
        ):
            raise _refused(f"{value!r} is not a whole number from {least} to {most}")
        return value

    return check


def _pence(value: object) -> object:
    if isinstance(value, str) and not _PENCE.fullmatch(value):
        raise _refused(f"{value!r} is not a price in pence; write it as 2.33, without a sign")
    return value


def _address(value: object) -> object:
    if isinstance(value, str) and not _ADDRESS.fullmatch(value):
        raise _refused(
            f"{value!r} is no store address; write sqlite:/// and the file, sqlite:///firstbell.db"
        )
    return value


def _channel(kind: str) -> Callable[[object], object]:
    names = [name for name, way in CHANNELS.items() if kind in way.needs]

    def check(value: object) -> object:
        if isinstance(value, str) and value not in names:
            near = nearest(value, names)
            meant = f"; did you mean {near}" if near else ""
            raise _refused(f"{value!r} is no channel for {kind}{meant}; there are: {', '.join(names)}")
        return value

    return check


def _one_of(*words: str) -> Callable[[object], object]:
    def check(value: object) -> object:
        if isinstance(value, str) and value not in words:
            raise _refused(f"{value!r} is none of: {', '.join(words)}")
        return value

    return check


def _allow_list(value: object) -> object:
    """Kept as typed; a number that is not written as it is sent to would let nobody through, unnoticed."""
    if isinstance(value, str):
        for word in sorted(listed(value)):
            if not _LISTED.fullmatch(word):
                raise _refused(
                    f"{word!r} is no number such as +447911123456, no e-mail address and no postcode such as "
                    "SO141AA; write them with a blank between"
                )
    return value


def _web_address(value: object) -> object:
    if isinstance(value, str) and value and not _WEB_ADDRESS.fullmatch(value):
        raise _refused(
            "this is no web address such as https://api.twilio.com, without name, password or question mark; "
            "keys and messages are sent there, so it begins with https://"
        )
    return value


def _two_people(value: object) -> object:
    if isinstance(value, str) and value not in [*TwoPeople]:
        raise _refused(f"{value!r} does not say what two people approve: {', '.join(TwoPeople)} do")
    return TwoPeople(value) if isinstance(value, str) else value


def _refused(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("refused", "{sentence}", {"sentence": sentence})


Folder = Annotated[str, Field(min_length=1)]


class RulesShape(Shape):
    """The folder of each layer of rule packs."""

    national: Folder = "rules/england"
    trust: Folder = "rules/trust"
    schools: Folder = "rules/schools"
    authorities: Folder = "rules/authorities"


class TemplatesShape(Shape):
    """The folders of a trust's and of schools' own wordings."""

    trust: Folder = "templates/trust"
    schools: Folder = "templates/schools"


class ChannelsShape(Shape):
    """What each kind of message leaves by."""

    sms: Annotated[str, BeforeValidator(_channel("sms"))] = "folder"
    email: Annotated[str, BeforeValidator(_channel("email"))] = "folder"
    letter: Annotated[str, BeforeValidator(_channel("letter"))] = "folder"


class GoingLiveShape(Shape):
    """Whom real channels send to."""

    send_to: Annotated[str, BeforeValidator(_one_of(*SEND_TO))] = NOBODY
    allow_list: Annotated[str, BeforeValidator(_allow_list)] = ""


WebAddress = Annotated[str, BeforeValidator(_web_address), Field(min_length=1)]
PerMinute = Annotated[int, BeforeValidator(_whole(0, 100_000))]


class TwilioShape(Shape):
    """The account at Twilio; its token is read from the environment."""

    account_sid: str = ""
    sender: str = ""
    base_address: WebAddress = "https://api.twilio.com"
    per_minute: PerMinute = 60


class SendGridShape(Shape):
    """The account at SendGrid; its key is read from the environment."""

    from_address: str = ""
    from_name: str = ""
    reply_to: str = ""
    base_address: WebAddress = "https://api.sendgrid.com"
    per_minute: PerMinute = 600


class NotifyShape(Shape):
    """The account at GOV.UK Notify; its key is read from the environment."""

    sms_template: str = ""
    email_template: str = ""
    postage: Annotated[str, BeforeValidator(_one_of("first", "second", "economy"))] = "second"
    base_address: WebAddress = "https://api.notifications.service.gov.uk"
    per_minute: PerMinute = 1000


class FuseShape(Shape):
    """When a rule has matched so many more pupils than usual that a person must look first."""

    times_norm: Annotated[int, BeforeValidator(_whole(2, 100))] = _FRESH.fuse_times_norm
    after_runs: Annotated[int, BeforeValidator(_whole(1, 1000))] = _FRESH.fuse_after_runs
    last_runs: Annotated[int, BeforeValidator(_whole(1, 1000))] = _FRESH.fuse_last_runs
    floor: Annotated[int, BeforeValidator(_whole(0, 100_000))] = _FRESH.fuse_floor


Pence = Annotated[Decimal, BeforeValidator(_pence)]


class PricesShape(Shape):
    """What messages cost, in pence before VAT."""

    sms_part: Pence = _USUAL.sms_part
    letter: Pence = _USUAL.letter
    email: Pence = _USUAL.email


class FamilyBudgetShape(Shape):
    """How much a family may get in a day and a week."""

    day: Annotated[int, BeforeValidator(_whole(1, 20))] = _FRESH.family.day
    week: Annotated[int, BeforeValidator(_whole(1, 100))] = _FRESH.family.week
    routine_day: Annotated[int, BeforeValidator(_whole(0, 20))] = _FRESH.family.routine_day
    routine_week: Annotated[int, BeforeValidator(_whole(0, 100))] = _FRESH.family.routine_week


class DecentHoursShape(Shape):
    """When texts and e-mails may leave."""

    begin: Annotated[time, BeforeValidator(_time_of_day)] = _FRESH.hours.begin
    end: Annotated[time, BeforeValidator(_time_of_day)] = _FRESH.hours.end
    quiet_days: Annotated[tuple[date, ...], BeforeValidator(_days)] = ()


class ApprovalShape(Shape):
    """How many people must approve a message."""

    two_people: Annotated[TwoPeople, BeforeValidator(_two_people)] = _FRESH.two_people


class ConfigShape(Shape):
    """All of config.yaml; what is left out has the value given here."""

    store: Annotated[str, BeforeValidator(_address)] = "sqlite:///firstbell.db"
    rules: RulesShape = RulesShape()
    templates: TemplatesShape = TemplatesShape()
    channels: ChannelsShape = ChannelsShape()
    going_live: GoingLiveShape = GoingLiveShape()
    twilio: TwilioShape = TwilioShape()
    sendgrid: SendGridShape = SendGridShape()
    govuk_notify: NotifyShape = NotifyShape()
    outbox_folder: Folder = "outbox"
    public_address: Annotated[str, BeforeValidator(_web_address)] = ""
    school_day_ends: Annotated[time, BeforeValidator(_time_of_day)] = _FRESH.school_day_ends
    list_ready_by: Annotated[time, BeforeValidator(_time_of_day)] = time(8, 40)
    fuse: FuseShape = FuseShape()
    family_budget: FamilyBudgetShape = FamilyBudgetShape()
    decent_hours: DecentHoursShape = DecentHoursShape()
    approval: ApprovalShape = ApprovalShape()
    prices: PricesShape = PricesShape()
    workers: Annotated[int, BeforeValidator(_whole(0, 64))] = 0


def key_paths(shape: type[BaseModel] = ConfigShape) -> Iterator[tuple[str, ...]]:
    """Every key that holds a value, by its path.

    >>> list(key_paths())[:3]
    [('store',), ('rules', 'national'), ('rules', 'trust')]
    """
    for name, field in shape.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from ((name, *rest) for rest in key_paths(field.annotation))
        else:
            yield (name,)
