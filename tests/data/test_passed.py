"""What passed validation is not checked again until something changes; what failed always is."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from claimbook.base.faults import DataError
from claimbook.base.paths import ROOT_VARIABLE
from claimbook.data import csv_tables, passed, registry
from claimbook.data.registry import validate

PAGE = "apples-half-price"
ALL = ["schemas", "cells", "notebook"]


@pytest.fixture
def checks(monkeypatch):
    """The slow checks that validation made, in their order."""
    made = []

    def listen(module, name, label):
        check = getattr(module, name)

        def heard(*arguments):
            made.append(label)
            return check(*arguments)

        monkeypatch.setattr(module, name, heard)

    listen(csv_tables, "schema_faults", "schemas")
    listen(csv_tables, "content_faults", "cells")
    listen(registry, "_wrong_notebook", "notebook")
    return made


def put(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_what_passed_is_not_checked_again(small, checks):
    validate(small)
    assert checks == ALL
    validate(small)
    assert checks == ALL


CHANGES = {
    "input": (lambda project: put(project.data / "inputs" / "prices.yml", "1.00", "1.25"), []),
    "notebook": (lambda project: put(project.notebook(PAGE), "List price", "Price"), ["notebook"]),
    "description of a table": (
        lambda project: put(project.data / "tables" / csv_tables.PACKAGE, "Year", "The year"),
        ["schemas", "cells"],
    ),
    "sources": (
        lambda project: put(
            project.data / "sources.bib", "@misc{harvest", "@misc{a, title={b}}\n@misc{harvest"
        ),
        ["cells"],
    ),
    "file beside the tables": (
        lambda project: (project.data / "tables" / "notes.txt").write_text("a"),
        ["schemas", "cells"],
    ),
    "new notebook": (
        lambda project: shutil.copy(project.notebook(PAGE), project.notebook("more")),
        [],
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_checked_and_nothing_else(small, checks, change):
    validate(small)
    edit, expected = CHANGES[change]
    edit(small)
    del checks[:]
    try:
        validate(small)
    except DataError:
        assert change == "new notebook"
    assert checks == expected


@pytest.mark.parametrize(
    ("name", "replacement"),
    [("package", lambda: "other code"), ("version", lambda name: f"another {name}")],
)
def test_everything_is_checked_by_other_code(small, checks, monkeypatch, name, replacement):
    validate(small)
    monkeypatch.setattr(passed.digests if name == "package" else passed, name, replacement)
    passed._judges.cache_clear()
    del checks[:]
    validate(small)
    passed._judges.cache_clear()
    assert checks == ALL


FAULTS = {
    "schemas": (
        csv_tables,
        "schema_faults",
        lambda folder, name: [registry.Fault(name, "", "", "a")],
    ),
    "cells": (csv_tables, "content_faults", lambda *arguments: [registry.Fault("b", "", "", "a")]),
    "notebook": (registry, "_wrong_notebook", lambda path: "a"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_reported_until_it_is_mended(small, monkeypatch, name):
    with monkeypatch.context() as patch:
        patch.setattr(*FAULTS[name])
        for _ in range(2):
            with pytest.raises(DataError, match="1 fault"):
                validate(small)
    assert not small.validated.exists()
    validate(small)


def test_a_fault_is_never_noted(tmp_path):
    fault = registry.Fault("a", "", "", "b")
    for _ in range(2):
        notes = passed.Passed(tmp_path / "notes.json")
        assert notes.faults(lambda: ["a"], lambda: [fault]) == [fault]
        notes.write()


def test_what_is_written_during_the_check_is_checked_the_next_time(small, checks, monkeypatch):
    path = small.notebook(PAGE)
    whole, check = path.read_bytes(), registry._wrong_notebook

    def late(path):
        message = check(path)
        path.write_text("garbage", encoding="utf-8")
        return message

    with monkeypatch.context() as patch:
        patch.setattr(registry, "_wrong_notebook", late)
        validate(small)
    with pytest.raises(DataError, match="expected a notebook, found"):
        validate(small)
    path.write_bytes(whole)
    del checks[:]
    validate(small)
    assert checks == ["notebook"]


DAMAGES = {
    "missing": lambda path: path.unlink(),
    "folder": lambda path: (path.unlink(), path.mkdir()),
    "empty": lambda path: path.write_text(""),
    "half-written": lambda path: path.write_text(path.read_text()[:40]),
    "bytes": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "list": lambda path: path.write_text("[]"),
    "text": lambda path: path.write_text('{"passed": "all"}'),
    "numbers": lambda path: path.write_text('{"passed": [1, null, ["a"], {}]}'),
    "number": lambda path: path.write_text('{"passed": 4}'),
    "fields": lambda path: path.write_text('{"passed": {"all": true}}'),
    "levels": lambda path: path.write_text("[" * 100_000),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_notes_mean_that_everything_is_checked(small, checks, damage):
    validate(small)
    DAMAGES[damage](small.validated)
    del checks[:]
    validate(small)
    assert checks == ALL


def test_notes_that_cannot_be_written_are_no_fault(small, checks):
    small.validated.parent.write_text("a file in place of the folder")
    validate(small)
    validate(small)
    assert checks == ALL * 2


def test_notes_are_replaced_as_a_whole_and_leave_no_draft(small, monkeypatch):
    validate(small)
    before = small.validated.read_text()
    put(small.notebook(PAGE), "List price", "Price")

    def full(self, target):
        raise OSError("no more room")

    with monkeypatch.context() as patch:
        patch.setattr(passed.Path, "replace", full)
        validate(small)
    assert small.validated.read_text() == before
    validate(small)
    assert small.validated.read_text() != before
    assert [path.name for path in small.validated.parent.iterdir()] == [small.validated.name]


def test_notes_on_former_content_are_dropped(small):
    def notes():
        return set(json.loads(small.validated.read_text(encoding="utf-8"))["passed"])

    validate(small)
    before = notes()
    put(small.notebook(PAGE), "List price", "Price")
    validate(small)
    assert (len(before - notes()), len(notes() - before)) == (1, 1)


SLOW = {"altair", "frictionless", "jsonschema", "nbformat"}


def test_an_unchanged_check_does_not_import_what_is_slow_to_import(small):
    code = (
        "import atexit, sys\nfrom claimbook.cli import main\n"
        f"atexit.register(lambda: print('slow:', *({SLOW} & sys.modules.keys())))\nmain()"
    )
    shown = [
        subprocess.run(
            [sys.executable, "-c", code, "check"],
            env=os.environ | {ROOT_VARIABLE: str(small.root)},
            capture_output=True,
            text=True,
            check=False,
        ).stdout.splitlines()[-1]
        for _ in range(2)
    ]
    assert "frictionless" in shown[0]
    assert shown[1] == "slow:"
