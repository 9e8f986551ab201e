"""Settings: whence they come, what goes before what, and what is said of those that cannot be used."""

from __future__ import annotations

from dataclasses import astuple, replace
from datetime import time
from pathlib import Path

import pytest

from adapters import config as module
from adapters.config import (
    KEYS,
    PACKAGE,
    Config,
    ConfigProblem,
    RuleFolders,
    TemplateFolders,
    find_config,
    read_config,
)
from adapters.config_shape import ConfigShape
from adapters.rule_files import read_library
from engine.rulebook.yaml_source import Path as KeyPath
from engine.rulebook.yaml_source import read_yaml
from messaging.channels import KINDS
from messaging.channels.allowed import Live
from messaging.prices import Prices
from workflows.settings import Settings


def _written(folder: Path, text: str = "") -> Path:
    file = folder / "config.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def _refusal(folder: Path, text: str = "", **environ: str) -> str:
    _written(folder, text)
    with pytest.raises(ConfigProblem) as refused:
        read_config(environ, folder)
    return str(refused.value)


def test_the_shipped_file_says_what_a_fresh_install_has() -> None:
    """config.yaml names every key, and each with the value that it has when left out."""
    tree = read_yaml("config.yaml", (PACKAGE / "config.yaml").read_text(encoding="utf-8"))
    assert all(key in tree.places for key in KEYS)
    assert ConfigShape.model_validate(tree.data) == ConfigShape()
    assert read_config({}, PACKAGE).settings == Settings()


def test_every_key_of_the_shipped_file_is_explained() -> None:
    """Each key has a comment above it, or above the block that it opens."""
    lines = (PACKAGE / "config.yaml").read_text(encoding="utf-8").splitlines()
    tree = read_yaml("config.yaml", "\n".join(lines))
    blocks = ("rules", "templates", "channels", "fuse", "going_live")
    keys: list[KeyPath] = [*(key for key in KEYS if key[0] not in blocks[:3]), *((name,) for name in blocks)]
    bare = [key for key in keys if not lines[tree.places[key][0] - 2].lstrip().startswith("#")]
    assert bare == []


def test_a_file_that_says_nothing_keeps_its_data_beside_itself(tmp_path: Path) -> None:
    """Left-out keys: store and outbox beside the file, rules those that came with Firstbell."""
    file = _written(tmp_path)
    rules = RuleFolders(
        *(PACKAGE / "rules" / name for name in ("england", "trust", "schools", "authorities"))
    )
    store = f"sqlite:///{tmp_path}/firstbell.db"
    own = TemplateFolders(tmp_path / "templates" / "trust", tmp_path / "templates" / "schools")
    outbox = tmp_path / "outbox"
    folders = dict.fromkeys(KINDS, "folder")
    config = read_config({}, tmp_path)
    expected = Config(
        file, store, rules, own, folders, Live("nobody"), config.providers, outbox, "", Settings(), Prices(),
        0, time(8, 40), {},
    )  # fmt: skip
    assert config == expected
    assert {name: settings["base_address"] for name, settings in config.providers.items()} == {
        "twilio": "https://api.twilio.com",
        "sendgrid": "https://api.sendgrid.com",
        "govuk_notify": "https://api.notifications.service.gov.uk",
    }


def test_flag_goes_before_variable_and_variable_before_file(tmp_path: Path) -> None:
    """Of the three that set one key the later wins; `given` tells which did."""
    _written(tmp_path, 'school_day_ends: "16:00"\nfuse: {floor: 1, times_norm: 4, last_runs: 9}\n')
    environ = {"FIRSTBELL_FUSE_FLOOR": "2", "FIRSTBELL_FUSE_TIMES_NORM": "5", "FIRSTBELL_FUSE_AFTER_RUNS": ""}
    config = read_config(environ, tmp_path, flags={"fuse.times_norm": "6"})
    assert config.settings == Settings(
        time(16, 0), fuse_times_norm=6, fuse_after_runs=5, fuse_last_runs=9, fuse_floor=2
    )
    assert config.given == {
        "fuse.floor": "FIRSTBELL_FUSE_FLOOR",
        "fuse.times_norm": "--fuse-times-norm",
    }


def test_paths_start_where_they_were_written(tmp_path: Path) -> None:
    """A relative path in the file starts at the file's folder, one in a variable or flag where one works."""
    home, desk = tmp_path / "home", tmp_path / "desk"
    for folder in (home / "packs", desk):
        folder.mkdir(parents=True)
    file = _written(
        home, "store: sqlite:///a.db\noutbox_folder: out\nrules: {trust: packs, national: packs}\n"
    )
    config = read_config({}, desk, file)
    assert (config.store, config.outbox_folder) == (f"sqlite:///{home}/a.db", home / "out")
    assert config.rules.trust == home / "packs"
    environ = {"FIRSTBELL_STORE": "sqlite:///b.db", "FIRSTBELL_CONFIG": str(file)}
    assert read_config(environ, desk).store == f"sqlite:///{desk}/b.db"
    flags = {"store": "sqlite:////c/d.db"}
    assert read_config(environ, desk, flags=flags).store == "sqlite:////c/d.db"


def test_the_file_is_looked_for_in_four_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--config, FIRSTBELL_CONFIG, the working directory, beside the package, in that order."""
    named, pointed, here, package = (tmp_path / name for name in ("named", "pointed", "here", "package"))
    for folder in (named, pointed, here, package):
        folder.mkdir()
        _written(folder)
    monkeypatch.setattr(module, "PACKAGE", package)
    environ = {"FIRSTBELL_CONFIG": "../pointed/config.yaml"}
    assert find_config(environ, here, named / "config.yaml").parent == named
    assert find_config(environ, here).resolve().parent == pointed
    assert find_config({}, here).parent == here
    (here / "config.yaml").unlink()
    assert find_config({}, here).parent == package
    (package / "config.yaml").unlink()
    with pytest.raises(ConfigProblem, match=r"no config\.yaml in .*here nor beside the package.*--config"):
        find_config({}, here)


@pytest.mark.parametrize(("environ", "named"), [({"FIRSTBELL_CONFIG": "x.yaml"}, None), ({}, Path("x.yaml"))])
def test_a_named_file_that_is_not_there_is_not_replaced(
    tmp_path: Path, environ: dict[str, str], named: Path | None
) -> None:
    """A misspelt path never falls back on other settings, and so on another store."""
    _written(tmp_path)
    with pytest.raises(ConfigProblem, match=r"(FIRSTBELL_CONFIG|--config): there is no file .*x\.yaml"):
        read_config(environ, tmp_path, named)


def test_an_installed_package_keeps_no_data_among_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the config.yaml of a wheel, rules come from the wheel; store and outbox are where one works."""
    package, desk = tmp_path / "site-packages", tmp_path / "desk"
    for folder in (*(package / "rules" / name for name in ("england", "trust")), desk):
        folder.mkdir(parents=True)
    (package / "config.yaml").write_bytes((PACKAGE / "config.yaml").read_bytes())
    monkeypatch.setattr(module, "PACKAGE", package)
    config = read_config({}, desk)
    assert config.store == f"sqlite:///{desk}/firstbell.db"
    assert config.rules.national == package / "rules/england"
    assert config.outbox_folder == desk / "outbox"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "stroe: sqlite:///a.db",
            "config.yaml:1:1: unknown key 'stroe'; did you mean 'store'?; keys allowed",
        ),
        ("fuse:\n  flor: 3", "config.yaml:2:3: unknown key 'flor'; did you mean 'floor'?"),
        ("fuse:\n  floor: ten", "config.yaml:2:3: floor: 'ten' is not a whole number from 0 to 100000"),
        ("fuse: {times_norm: 1}", "times_norm: '1' is not a whole number from 2 to 100"),
        ("fuse: {after_runs: ²}", "after_runs: '²' is not a whole number from 1 to 1000"),
        ("fuse:", "config.yaml:1:1: fuse: a mapping is expected here"),
        ("store: [a]", "config.yaml:1:1: store: text is expected here"),
        ("store: firstbell.db", "'firstbell.db' is no store address; write sqlite:/// and the file"),
        (
            "\nschool_day_ends: 930",
            "config.yaml:2:1: school_day_ends: '930' is not a time of day; write it as",
        ),
        ("school_day_ends: 24:00", "'24:00' is not a time of day"),
        ("channel: folder", "config.yaml:1:1: unknown key 'channel'; did you mean 'channels'?"),
        ("channels: {sms: foldr}", "'foldr' is no channel for sms; did you mean 'folder'?"),
        ("channels: {sms: sendgrid}", "'sendgrid' is no channel for sms; there are: folder, twilio, govuk_"),
        ("going_live: {send_to: all}", "send_to: 'all' is none of: nobody, listed, everybody"),
        ("going_live: {allow_list: 07911123456}", "'07911123456' is no number such as +447911123456"),
        ("twilio: {base_address: http://api.twilio.com}", "this is no web address such as https://"),
        ("govuk_notify: {postage: third}", "'third' is none of: first, second, economy"),
        ("twilio: {auth_token: x}", "unknown key 'auth_token'"),
        ('outbox_folder: ""', "config.yaml:1:1: outbox_folder: "),
        ("rules:\n  trust: rulse", "config.yaml:2:3: rules.trust: there is no folder"),
        ("rules:\n  schools: ruels/schools", "config.yaml:2:3: rules.schools: there is no folder"),
        ("store: a\nstore: b", "the key 'store' stands twice, first in line 1"),
        ("- store", "config.yaml:1:1: a mapping is expected here"),
    ],
)
def test_mistakes_are_named_where_they_stand(tmp_path: Path, text: str, said: str) -> None:
    """File, line and column, what is wrong, and what was probably meant."""
    assert said in _refusal(tmp_path, text)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    """One line for each mistake: nobody should have to try the file again for every one."""
    assert len(_refusal(tmp_path, "stroe: a\nfuse: {floor: ten}\ngoing_live: {send_to: x}").splitlines()) == 3


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("FIRSTBELL_STOR", "sqlite:///a.db", "FIRSTBELL_STOR is no setting; did you mean FIRSTBELL_STORE?"),
        ("FIRSTBELL_OUTBOX", "out", "did you mean FIRSTBELL_OUTBOX_FOLDER?"),
        ("FIRSTBELL_CONFG", "x", "did you mean FIRSTBELL_CONFIG?"),
        ("FIRSTBELL_CHANNEL", "folder", "did you mean FIRSTBELL_CHANNELS_"),
        ("FIRSTBELL_TWILIO_TOKEN", "x", "did you mean FIRSTBELL_TWILIO_AUTH_TOKEN?"),
        ("FIRSTBELL_FUSE_FLOOR", "ten", "FIRSTBELL_FUSE_FLOOR: floor: 'ten' is not a whole number"),
        ("FIRSTBELL_RULES_SCHOOLS", "no/where", "FIRSTBELL_RULES_SCHOOLS: rules.schools: there is no folder"),
        ("FIRSTBELL_RULES_SCHOOLS", "config.yaml", "rules.schools: there is no folder"),
        ("FIRSTBELL_TEMPLATES_TRUST", "no/where", "templates.trust: there is no folder"),
        ("FIRSTBELL_TEMPLATES_SCHOOLS", "config.yaml", "templates.schools: there is no folder"),
    ],
)
def test_variables_are_held_to_the_same(tmp_path: Path, name: str, value: str, said: str) -> None:
    """A misspelt or unusable variable is refused by its name: ignored, it would mean another store."""
    assert said in _refusal(tmp_path, **{name: value})


def test_no_folder_for_schools_is_no_rules_of_their_own(tmp_path: Path) -> None:
    """A trust begins without one: it is no mistake, and becomes the schools' own once it is there."""
    _written(tmp_path, "rules: {schools: own}")
    folders = read_config({}, tmp_path).rules
    assert folders.schools == tmp_path / "own"
    assert {file.school_id for file in read_library(*astuple(folders)).files} == {None}
    folders.schools.mkdir()
    (folders.schools / "S.yaml").write_text("pack: own\n", encoding="utf-8")
    assert "S" in {file.school_id for file in read_library(*astuple(folders)).files}


def test_other_programs_variables_are_let_be(tmp_path: Path) -> None:
    """A secret of a channel, or a name of somebody else's, is no setting and no mistake."""
    _written(tmp_path)
    environ = {
        "FIRSTBELL_TWILIO_AUTH_TOKEN": "x",
        "FIRSTBELL_SENDGRID_API_KEY": "x",
        "FIRSTBELL_NOTIFY_API_KEY": "x",
        "FIRSTBELL_DEBUG": "1",
        "STORE": "sqlite:///other.db",
        "HOME": "/",
    }
    assert read_config(environ, tmp_path) == read_config({}, tmp_path)


def test_a_password_does_not_stand_in_the_file_but_may_in_the_environment(tmp_path: Path) -> None:
    """The refusal names the variable to use, and never repeats the password."""
    address = "postgresql://bell:hunter2@db.school/firstbell"
    said = _refusal(tmp_path, f"store: {address}")
    assert "config.yaml:1:1: a password does not belong in this file" in said
    assert "FIRSTBELL_STORE" in said
    assert "hunter2" not in said
    assert "hunter2" not in _refusal(tmp_path, 'twilio: {base_address: "https://me:hunter2@api.twilio.com"}')
    _written(tmp_path)
    assert read_config({"FIRSTBELL_STORE": address}, tmp_path).store == address


def test_a_file_in_another_encoding_is_refused_and_a_bom_is_not(tmp_path: Path) -> None:
    """What Windows editors do: a byte order mark is read over, a code page is named as the trouble."""
    _written(tmp_path, "\ufefffuse: {floor: 3}")
    config = read_config({}, tmp_path)
    assert config.settings == replace(Settings(), fuse_floor=3)
    (tmp_path / "config.yaml").write_bytes("outbox_folder: café".encode("cp1252"))
    with pytest.raises(ConfigProblem, match=r"config\.yaml:1:19: the file is not UTF-8.*save it as UTF-8"):
        read_config({}, tmp_path)
