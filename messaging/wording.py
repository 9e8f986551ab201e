"""Which wording a family gets: in its own language where a speaker has approved that, else in English."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from messaging.front_matter import STATUTORY
from messaging.languages import ENGLISH, language_code, language_name
from messaging.templates import Key, Template

_BY_A_PERSON = (STATUTORY, "letters")


def wording(
    templates: Mapping[Key, Template],
    approved_versions: Collection[str],
    name: str,
    channel: str,
    language: str,
) -> tuple[Template | None, str]:
    """The wording for a family, and a note where it is not in the language that they read.

    `approved_versions` are those that a translator said yes to; `language` is as the school wrote it. A
    translation counts while the English it translates is the present one. None where there is no English
    either: nothing is ever made up.
    """
    english = templates.get((name, channel, ENGLISH))
    code = language_code(language)
    if code == ENGLISH or english is None:
        return english, ""
    translated = templates.get((name, channel, code)) if code else None
    if translated is not None and is_usable(translated, english, approved_versions):
        return translated, ""
    note = f"{_why(code, language, translated, english)}: sent in English"
    if english.purpose in _BY_A_PERSON:
        note += "; arrange an interpreter or a translation"
    return english, note


def is_usable(template: Template, english: Template | None, approved_versions: Collection[str]) -> bool:
    """Whether a wording may go to families: English always, others while approved and up to date."""
    if template.language == ENGLISH:
        return True
    return (
        english is not None
        and template.translates == english.version
        and template.version in approved_versions
    )


def _why(code: str | None, language: str, translated: Template | None, english: Template) -> str:
    if code is None:
        return f"{language.strip()!r} is no language Firstbell knows"
    named = language_name(code)
    if translated is None:
        return f"no {named} wording"
    if translated.translates != english.version:
        return f"the {named} wording is of another English one"
    return f"no approved {named} wording"
