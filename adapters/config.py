"""The settings of one service: config.yaml, then FIRSTBELL_* variables, then flags; the later one wins.

Nothing is guessed: an unknown key or a value of the wrong kind is refused, by file, line and column or by
the name of the variable or flag. config.yaml itself explains every key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from adapters.config_shape import ConfigShape, key_paths
from adapters.text_file import read_text
from engine.rulebook.typed import Shape, shaped
from engine.rulebook.yaml_source import Data, Tree, read_yaml
from messaging.channels import CHANNELS
from messaging.channels.allowed import Live, listed
from messaging.prices import Prices
from workflows.settings import DecentHours, FamilyBudget, Settings

NAME: Final = "config.yaml"
PREFIX: Final = "FIRSTBELL_"
PACKAGE: Final = Path(__file__).resolve().parent.parent

Key = tuple[str, ...]
KEYS: Final[tuple[Key, ...]] = tuple(key_paths())

WEBHOOK_SECRETS: Final = ("SENDGRID_WEBHOOK_KEY", "NOTIFY_CALLBACK_TOKEN")
"""What posts of providers are verified by, beside the token of Twilio's channel."""

_SQLITE: Final = "sqlite:///"
_PASSWORD: Final = re.compile(r"://[^/@]*:[^/@]*@")
_MAY_COME: Final = {("rules", "authorities"): "rules/authorities", ("rules", "schools"): "rules/schools"}
_WORDINGS: Final = {("templates", "trust"): "templates/trust", ("templates", "schools"): "templates/schools"}
_RULES: Final = frozenset(key for key in KEYS if key[0] == "rules")


class ConfigProblem(Exception):  # noqa: N818  # a sentence for a person, not a name in a traceback
    """Settings that cannot be used: a line for each mistake, saying where it is and what to do."""


@dataclass(frozen=True, slots=True)
class RuleFolders:
    """Where the rule packs of each layer lie; absolute. `authorities` and `schools` may not be there."""

    national: Path
    trust: Path
    schools: Path
    authorities: Path


@dataclass(frozen=True, slots=True)
class TemplateFolders:
    """Where a trust and schools keep wordings of their own; absolute. Neither need be there."""

    trust: Path
    schools: Path


@dataclass(frozen=True, slots=True)
class Config:
    """The settings in force. Folders and a SQLite store's address are absolute, wherever they came from.

    `file` is the config.yaml that was read; `given` maps each key that something else set (`store`,
    `fuse.floor`) to what did (`FIRSTBELL_STORE`, `--store`). `channels` are by kind of message, `providers`
    their settings by channel. Secrets are not in here: whoever shows settings shows none.
    """

    file: Path
    store: str
    rules: RuleFolders
    templates: TemplateFolders
    channels: Mapping[str, str]
    live: Live
    providers: Mapping[str, Mapping[str, str]]
    outbox_folder: Path
    public_address: str
    settings: Settings
    prices: Prices
    workers: int
    list_ready_by: time
    given: Mapping[str, str]


def read_config(
    environ: Mapping[str, str],
    folder: Path,
    named: Path | None = None,
    flags: Mapping[str, str] | None = None,
) -> Config:
    """The settings in force for a command started in `folder` (absolute).

    `named` is the file of --config; `flags` maps keys (`store`, `fuse.floor`) to what was typed for them.
    An empty variable counts as none. Paths in the file start at its own folder, all others at `folder`.

    Raises:
        ConfigProblem: no file is found, or a setting cannot be used.
    """
    file = find_config(environ, folder, named)
    values = _from_file(file, folder)
    given: dict[str, str] = {}
    for origin, key, value in (*_variables(environ), *_flags(flags or {})):
        tree = Tree(origin)
        if shaped(tree, (), _nested({key: value}), ConfigShape) is None:
            raise ConfigProblem("\n".join(f"{origin}: {problem.what}" for problem in tree.problems))
        values[key] = _rooted(origin, key, value, folder)
        given[".".join(key)] = origin
    settled = ConfigShape.model_validate(_nested(values))
    return Config(
        file=file,
        store=settled.store,
        rules=RuleFolders(**{layer: Path(folder) for layer, folder in settled.rules}),
        templates=TemplateFolders(Path(settled.templates.trust), Path(settled.templates.schools)),
        channels=dict(settled.channels),
        live=Live(settled.going_live.send_to, listed(settled.going_live.allow_list)),
        providers={name: _settings(getattr(settled, name)) for name, way in CHANNELS.items() if way.real},
        outbox_folder=Path(settled.outbox_folder),
        public_address=settled.public_address,
        settings=Settings(
            school_day_ends=settled.school_day_ends,
            fuse_times_norm=settled.fuse.times_norm,
            fuse_after_runs=settled.fuse.after_runs,
            fuse_last_runs=settled.fuse.last_runs,
            fuse_floor=settled.fuse.floor,
            family=FamilyBudget(**dict(settled.family_budget)),
            hours=DecentHours(**dict(settled.decent_hours)),
            two_people=settled.approval.two_people,
        ),
        prices=Prices(settled.prices.sms_part, settled.prices.letter, settled.prices.email),
        workers=settled.workers,
        list_ready_by=settled.list_ready_by,
        given=given,
    )


def find_config(environ: Mapping[str, str], folder: Path, named: Path | None = None) -> Path:
    """The config.yaml of --config, else of FIRSTBELL_CONFIG, else in `folder`, else beside the package.

    Raises:
        ConfigProblem: the file that was named is not there, or none is.
    """
    variable = f"{PREFIX}CONFIG"
    wanted = named or environ.get(variable)
    if wanted:
        file = folder / wanted
        if not file.is_file():
            raise ConfigProblem(f"{'--config' if named else variable}: there is no file {file}")
        return file
    for place in (folder, PACKAGE):
        if (place / NAME).is_file():
            return place / NAME
    raise ConfigProblem(f"there is no {NAME} in {folder} nor beside the package; name one with --config")


def _from_file(file: Path, folder: Path) -> dict[Key, str]:
    """Every key's value: the file's own, for keys left out the shipped one with the shipped rules."""
    installed = file.parent == PACKAGE and not (PACKAGE / "pyproject.toml").exists()
    home = folder if installed else file.parent  # what is kept among installed packages is lost with them
    tree = _tree(file)
    left_out = ConfigShape().model_dump(include={"store", "outbox_folder", "rules", "templates"})
    values = {
        key: _rooted(NAME, key, value, PACKAGE if key in _RULES else home) for key, value in _leaves(left_out)
    }
    for key, value in _leaves(tree.data):
        line, column = tree.place(key)
        origin = f"{file}:{line}:{column}"
        if _PASSWORD.search(value):
            raise ConfigProblem(
                f"{origin}: a password does not belong in this file; take the line out and give the whole "
                f"address as {_variable(key)} in the environment"
            )
        values[key] = _rooted(origin, key, value, file.parent if key in _RULES else home)
    return values


def _tree(file: Path) -> Tree:
    try:
        text = read_text(file)
    except OSError as error:
        raise ConfigProblem(f"{file}: it cannot be read: {error.strerror or error}") from error
    tree = read_yaml(str(file), text)
    if not tree.problems and tree.data is not None:
        shaped(tree, (), tree.data, ConfigShape)
    if tree.problems:
        raise ConfigProblem("\n".join(str(problem) for problem in tree.problems))
    return tree


def _variables(environ: Mapping[str, str]) -> Iterator[tuple[str, Key, str]]:
    """What the environment sets; a variable that looks like a misspelt key is refused, others are let be."""
    keys = {_variable(key).removeprefix(PREFIX): key for key in KEYS}
    others = ("CONFIG", *WEBHOOK_SECRETS, *(way.secret for way in CHANNELS.values() if way.real))
    for variable in sorted(name for name in environ if name.startswith(PREFIX)):
        name = variable.removeprefix(PREFIX)
        if name in keys and environ[variable]:
            yield variable, keys[name], environ[variable]
        elif name not in keys and name not in others:
            for near in get_close_matches(name, (*keys, *others), n=1):
                raise ConfigProblem(f"{variable} is no setting; did you mean {PREFIX}{near}?")


def _flags(flags: Mapping[str, str]) -> Iterator[tuple[str, Key, str]]:
    for name, value in flags.items():
        yield "--" + name.replace(".", "-").replace("_", "-"), tuple(name.split(".")), value


def _variable(key: Key) -> str:
    return PREFIX + "_".join(key).upper()


def _rooted(origin: str, key: Key, value: str, home: Path) -> str:
    """The value with its path, if it is one, made absolute from `home`."""
    if key == ("store",) and value.startswith(_SQLITE):
        return _SQLITE + str(home / value.removeprefix(_SQLITE))
    if key in _RULES:
        folder = home / value
        # It comes with the first pack that it is for; a parent that is not there is a slip.
        may_come = key in _MAY_COME and (folder.parent.is_dir() or value == _MAY_COME[key])
        if not folder.is_dir() and (folder.exists() or not may_come):
            raise ConfigProblem(
                f"{origin}: {'.'.join(key)}: there is no folder {folder}; write where the rule packs "
                "are, or leave the key out for those that came with Firstbell"
            )
        return str(folder)
    if key in _WORDINGS:
        folder = home / value
        # As with rules: the folder comes with the first wording, and a parent that is not there is a slip.
        may_come = folder.parent.is_dir() or value == _WORDINGS[key]
        if not folder.is_dir() and (folder.exists() or not may_come):
            raise ConfigProblem(
                f"{origin}: {'.'.join(key)}: there is no folder {folder}; write where the wordings are, or "
                "leave the key out while there are none"
            )
        return str(folder)
    return str(home / value) if key == ("outbox_folder",) else value


def _settings(shape: Shape) -> dict[str, str]:
    return {key: str(value) for key, value in shape}


def _leaves(data: Data, path: Key = ()) -> Iterator[tuple[Key, str]]:
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _leaves(value, (*path, name))
    elif data is not None:
        yield path, str(data)


def _nested(values: Mapping[Key, str]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in values.items():
        inner = out
        for name in key[:-1]:
            inner = inner.setdefault(name, {})
        inner[key[-1]] = value
    return out
