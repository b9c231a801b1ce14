"""The YAML files of `data/`: files of entries, and files of one claim each."""

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from claimbook.base.faults import Fault
from claimbook.data import yaml_files
from claimbook.data.errors import describe, explain
from claimbook.data.models import ClaimEntry, ClaimFile, slug

Model = TypeVar("Model", bound=BaseModel)

SUFFIX = ".yml"


def list_files(folder: Path, name: str, what: str) -> tuple[list[Path], list[Fault]]:
    """The files of a folder, sorted.

    Args:
        folder: may be missing.
        name: how messages call it.
        what: what its files hold, in the plural.
    """
    if not folder.is_dir():
        return [], [Fault(name, "", "", f"expected a folder of {what}, found none")]
    paths = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    faults = [
        Fault(
            f"{name}/{path.name}",
            "",
            "",
            f"expected a file of {what} that ends in {SUFFIX}, found another",
        )
        for path in paths
        if path.suffix != SUFFIX
    ]
    if not paths:
        faults.append(Fault(name, "", "", f"expected a file that ends in {SUFFIX}, found none"))
    return [path for path in paths if path.suffix == SUFFIX], faults


def read_list(path: Path, name: str, model: type[Model]) -> tuple[dict[str, Model], list[Fault]]:
    """The entries of a file by their ids, without those at fault.

    Args:
        path: the file.
        name: how messages call it.
        model: what an entry must be; it has an `id`.
    """
    content, faults = _parse(path, name, "a list of entries")
    if faults:
        return {}, faults
    if not isinstance(content, list):
        return {}, [Fault(name, "", "", f"expected a list of entries, found {describe(content)}")]
    if not content:
        return {}, [Fault(name, "", "", "expected at least one entry, found none")]
    entries: dict[str, Model] = {}
    for number, raw in enumerate(content, 1):
        label = raw.get("id") if isinstance(raw, dict) else None
        if not (label and isinstance(label, str)):
            label = f"entry {number}"
        try:
            entry = model.model_validate(_without_gaps(raw))
        except ValidationError as error:
            faults += explain(error, name, label, raw, model)
            continue
        if label in entries:
            faults.append(Fault(name, label, "id", "duplicate id, already in this file"))
        entries[label] = entry
    return entries, faults


def read_claim(path: Path, name: str) -> tuple[ClaimEntry | None, list[Fault]]:
    """The claim of a file, unless it has faults.

    Args:
        path: the file, named after the slug of the claim.
        name: how messages call it.
    """
    content, faults = _parse(path, name, "the fields of a claim")
    if faults:
        return None, faults
    try:
        slug(path.stem)
    except ValueError as error:
        faults.append(Fault(name, "", "", f"the name of the file: {error}, found {path.stem!r}"))
    try:
        said = ClaimFile.model_validate(_without_gaps(content))
    except ValidationError as error:
        return None, faults + explain(error, name, "", content, ClaimFile)
    return (None, faults) if faults else (ClaimEntry(id=path.stem, **dict(said)), [])


def _parse(path: Path, name: str, expected: str) -> tuple[Any, list[Fault]]:
    """The content of a file, or the one fault because of which it has none."""
    try:
        return yaml_files.read(path, expected), []
    except ValueError as error:
        return None, [Fault(name, "", "", str(error))]


def _without_gaps(value: Any) -> Any:
    """Leave out empty fields, so that an empty field and a missing one are the same."""
    if isinstance(value, dict):
        return {key: _without_gaps(item) for key, item in value.items() if item != ""}
    if isinstance(value, list):
        return [_without_gaps(item) for item in value]
    return value
