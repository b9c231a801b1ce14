"""JSON Schemas of the YAML files in `data/`, for editors: completion, hints and red lines.

Made from the models, so that editors and the loader say the same as far as a schema can. What a
schema cannot say (that a source exists, that a range holds its value) the loader alone says.

The dialect is draft 7, which is the newest one that the usual language server for YAML knows.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from claimbook.base.paths import Project
from claimbook.data.models import WORDED, Article, ClaimFile, Day, Input, NumberOrRange, Part

DIALECT = "http://json-schema.org/draft-07/schema#"
# What a file holds, by its name or that of its folder.
FORMS: Mapping[str, Any] = {"articles": list[Article], "claims": ClaimFile, "inputs": list[Input]}

# YAML has numbers and truth values of its own where the loader reads text.
_SCALARS = ["string", "number", "boolean"]
_NOTHING: dict[str, Any] = {"enum": ["", None]}


def texts(project: Project) -> dict[Path, str]:
    """The text of every schema, by the file it belongs in."""
    return {
        project.schemas / f"{name}.json": json.dumps(make(form), indent=2, ensure_ascii=False)
        + "\n"
        for name, form in FORMS.items()
    }


def make(form: Any) -> dict[str, Any]:
    """The schema of a file that holds a model, or a list of them."""
    made = TypeAdapter(form).json_schema(
        schema_generator=_Generator, ref_template="#/definitions/{model}"
    )
    definitions = made.pop("$defs")
    some = {"minItems": 1} if made["type"] == "array" else {}
    return {"$schema": DIALECT, **made, **some, "definitions": definitions}


def reference(project: Project, path: Path) -> str:
    """The comment that makes editors use the schema of a file in `data/`."""
    folder = path.relative_to(project.data).parts[0]
    schema = project.schemas / f"{folder.removesuffix('.yml')}.json"
    up = "../" * (len(path.relative_to(project.root).parts) - 1)
    return f"# yaml-language-server: $schema={up}{project.relative(schema)}"


class _Generator(GenerateJsonSchema):
    """Schemas as an editor needs them: every scalar as YAML may write it, nothing but words."""

    schema_dialect = DIALECT

    def str_schema(self, schema: Any) -> JsonSchemaValue:
        """Any scalar: the loader reads it as text."""
        return {"type": list(_SCALARS)}

    def nullable_schema(self, schema: Any) -> JsonSchemaValue:
        """Without the nothing, which `default_schema` adds to whatever may be left out."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        """A field that may be left out, or left empty."""
        return _or_nothing(self.generate_inner(schema["schema"]))

    def model_schema(self, schema: Any) -> JsonSchemaValue:
        """Fields with the rules across them."""
        model = schema["cls"]
        made = super().model_schema(schema)
        if model in _RULES:
            made["allOf"] = _RULES[model]()
        return made

    def field_title_should_be_set(self, schema: Any) -> bool:
        """No titles: they would repeat the names."""
        return False


def _or_nothing(schema: JsonSchemaValue) -> JsonSchemaValue:
    if "$ref" in schema or schema.get("type") in ("array", "object"):
        return {"anyOf": [schema, _NOTHING]}
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    made = schema | {"type": [*types, "null"]}
    if "pattern" in made:
        made["pattern"] = f"^$|{made['pattern']}"
    if "enum" in made:
        made["enum"] = [*made["enum"], *_NOTHING["enum"]]
    return made


def _part_rules() -> list[dict[str, Any]]:
    numbers = _when("kind", "number", "count")
    tens = _ends_in_0("stated")
    whole = {
        "pattern": r"^-?[0-9]+(\.0+)?( to -?[0-9]+(\.0+)?)?$",
        "patternErrorMessage": "expected a whole number for a count",
        "multipleOf": 1,
    }
    others = _when("kind", "date", "yes-no", *WORDED)
    witnessed, unwitnessed = _either("kind", "witnessed")
    not_checkable, checkable = _either("kind", "not-checkable")
    return [
        _rule(numbers, _present("unit")),
        _rule(numbers, {"properties": {"stated": _form(NumberOrRange)}}),
        _rule({"allOf": [numbers, tens]}, _present("round_to")),
        _rule(
            _when("kind", "count"),
            {"properties": {"stated": whole}},
        ),
        _rule(others, _absent("unit", "round_to", "quote_says")),
        _rule(others, {"properties": {"comparator": {"enum": ["=", *_NOTHING["enum"]]}}}),
        _rule(_when("kind", "date"), {"properties": {"stated": _form(Day)}}),
        _rule(_when("kind", "yes-no"), {"properties": {"stated": {"enum": ["yes", "no"]}}}),
        _rule(_when("comparator", "most"), {"properties": {"unit": {"const": "percent"}}}),
        _rule(witnessed, _present("witnesses")),
        _rule(unwitnessed, _absent("witnesses", "unseen")),
        _rule(not_checkable, _present("reason")),
        _rule(checkable, _absent("reason")),
    ]


def _input_rules() -> list[dict[str, Any]]:
    rounded = _when("precision", "rounded")
    return [
        _rule({"allOf": [rounded, _ends_in_0("value")]}, _present("round_to")),
        _rule(_when("precision", "exact", "estimate"), _absent("round_to")),
        _rule(_when("precision", "estimate"), _present("low", "high")),
        _rule(_when("precision", "exact", "rounded"), _absent("low", "high")),
    ]


def _ends_in_0(name: str) -> dict[str, Any]:
    pattern = {"type": "string", "pattern": "(^| )-?(0|[1-9][0-9]*0)( |$)"}
    return {"required": [name], "properties": {name: pattern}}


_RULES = {Part: _part_rules, Input: _input_rules}


def _rule(condition: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    return {"if": condition, "then": then}


def _when(name: str, *values: str) -> dict[str, Any]:
    return {"required": [name], "properties": {name: {"enum": list(values)}}}


def _either(name: str, value: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """That a field has a value, and that it is there and has another."""
    has = _when(name, value)
    return has, {"required": [name], "not": has}


def _present(*names: str) -> dict[str, Any]:
    return {"required": list(names), "properties": {name: {"not": _NOTHING} for name in names}}


def _absent(*names: str) -> dict[str, Any]:
    return {"properties": dict.fromkeys(names, _NOTHING)}


def _form(annotation: Any) -> dict[str, Any]:
    return TypeAdapter(annotation).json_schema(schema_generator=_Generator)
