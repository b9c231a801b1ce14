"""Editors say of the files in `data/` what the loader says, from schemas made of the models."""

import json
import re
from pathlib import PurePosixPath, PureWindowsPath
from typing import ClassVar

import pytest
import yaml
from jsonschema import Draft7Validator
from pydantic import TypeAdapter

from claimbook.base.faults import DataError
from claimbook.base.paths import Project
from claimbook.data import schemas
from claimbook.data.models import Unit
from claimbook.data.registry import load
from places import CASES, ROOT

WRITTEN = yaml.safe_load((CASES / "schemas.yml").read_text(encoding="utf-8"))
FILES = sorted((ROOT / "data").rglob("*.yml"))


class Editor(yaml.SafeLoader):
    """Reads scalars as YAML 1.2 has them, and so do editors: days are texts, `yes` is a word."""

    yaml_implicit_resolvers: ClassVar = {}


for tag, pattern, first in (
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("bool", r"^(?:true|false)$", list("tf")),
    ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
    ("float", r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$", list("-+.0123456789")),
):
    Editor.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)


def kind(path):
    """The schema of a file: by its name, or that of its folder."""
    return path.stem if path.parent.name == "data" else path.parent.name


def underlined(path, loader=Editor):
    """What an editor would underline in a file, from the schema as it is stored."""
    schema = json.loads((ROOT / "schemas" / f"{kind(path)}.json").read_text(encoding="utf-8"))
    content = yaml.load(path.read_text(encoding="utf-8"), loader)
    return [error.message for error in Draft7Validator(schema).iter_errors(content)]


def spoil(project, case):
    path = project.root / case["in"]
    text = path.read_text(encoding="utf-8")
    assert text.count(case["find"]) == 1, "the case no longer fits the small project"
    path.write_text(text.replace(case["find"], case["put"]), encoding="utf-8")
    return path


def test_the_stored_schemas_are_those_of_the_models(book):
    stored = {path: path.read_text(encoding="utf-8") for path in book.schemas.iterdir()}
    assert stored == schemas.texts(book), "after a change of the models: make schemas"


@pytest.mark.parametrize("path", sorted((ROOT / "schemas").iterdir()), ids=lambda p: p.stem)
def test_a_schema_is_one_of_the_dialect_that_editors_know(path):
    schema = json.loads(path.read_text(encoding="utf-8"))
    assert schema["$schema"] == Draft7Validator.META_SCHEMA["$schema"]
    Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_editor_underlines_nothing_in_the_data(path):
    assert underlined(path) == []
    assert underlined(path, yaml.BaseLoader) == [], "with every scalar in quotes"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_of_the_data_begins_with_the_place_of_its_schema(book, path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == schemas.reference(book, path)
    place = path.parent / first.partition("$schema=")[2]
    assert place.resolve() == ROOT / "schemas" / f"{kind(path)}.json"
    assert place.is_file()


@pytest.mark.parametrize("case", WRITTEN, ids=lambda case: case["name"])
def test_editor_and_loader_agree(small, case):
    path = spoil(small, case)
    try:
        load(small)
    except DataError as error:
        accepted, faults = False, str(error)
    else:
        accepted, faults = True, ""
    assert accepted == case["fits"], faults
    assert (underlined(path) == []) == case["fits"], underlined(path)


@pytest.mark.parametrize(
    "text",
    ["USD", "USD / megatoken", "USD/token", "1 / hour", "hour ** 2", "1 * 1 / hour", "GPU * 1",
     "dimensionless", "1", "USD 2", "usd", "USD ** 10", "USD // hour", "USDUSD", "1 / 1"],
)  # fmt: skip
def test_the_form_of_units_is_what_the_loader_takes(text):
    schema = TypeAdapter(Unit).json_schema()
    try:
        TypeAdapter(Unit).validate_python(text)
        accepted = True
    except ValueError:
        accepted = False
    assert Draft7Validator(schema).is_valid(text) == accepted


def test_every_field_is_described(book):
    for text in schemas.texts(book).values():
        made = json.loads(text)
        for name, model in [("", made), *made["definitions"].items()]:
            for field, schema in model.get("properties", {}).items():
                assert schema.get("description", "").endswith("."), f"{name}.{field}"


@pytest.mark.parametrize("root", [PurePosixPath("/book"), PureWindowsPath("C:/book")], ids=str)
def test_a_project_elsewhere_refers_to_its_own_schemas_with_forward_slashes(root):
    project = Project(root)
    assert schemas.reference(project, project.articles).endswith("$schema=../schemas/articles.json")
    assert schemas.reference(project, project.claim("new")).endswith(
        "$schema=../../schemas/claims.json"
    )
