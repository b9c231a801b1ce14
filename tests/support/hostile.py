"""A project with a hostile text in every free text of its data, its notebooks and its charts."""

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import nbformat
import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from claimbook.base.paths import Project
from claimbook.data import models, table_models
from places import CASES, ROOT

WRITTEN = yaml.safe_load((CASES / "hostile.yml").read_text("utf-8"))
SHOWN = WRITTEN["shown"]
MARK = "hacked"  # stands in every hostile text


def _grouped(texts: Iterable[str], most: int) -> list[list[str]]:
    """The texts in groups of at most so many words, since a notebook for each would take long."""
    groups: list[list[str]] = [[]]
    for text in texts:
        if len(" ".join([*groups[-1], text]).split()) > most:
            groups.append([])
        groups[-1].append(text)
    return groups


# Each makes a claim with all that it rests on. A quote has the name of its field before the texts.
GROUPS = _grouped(SHOWN.values(), models.MAX_QUOTE_WORDS - 1)
TEXTS = [" ".join(group) for group in GROUPS]

_ANY = "any (text) of any length, with <signs>: 5 %"
# Texts whose form other checks give them: keys of other files, numbers, words of the rule.
FORMED = {
    ("Citation", "source"),
    ("Link", "title"),
    ("Part", "stated"),
    ("Part", "comparator"),
    ("Resource", "digest"),
    ("Column", "name"),  # hostile too, in columns of their own that no reading asks for
}

# What no page shows: only editors of the tables see it, and a part's name in Vietnamese nobody.
UNSHOWN = {
    "ClaimFile.parts.label.vi",
    "Package.title",
    "Resource.content.columns.title",
    "Resource.content.columns.description",
}

_KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}

_PAGES = ["claims/apples-half-price", *(f"claims/hostile-{n}" for n in range(len(GROUPS)))]
_CONTENTS = {
    "format": "jb-book",
    "root": "book/index",
    "parts": [{"chapters": [{"file": f"book/{name}"} for name in (*_PAGES, "sources")]}],
}
PAGES = ("index", "sources", *_PAGES)
_INDEX = "# Orchard\n\n```{counts}\n```\n\n```{strips}\n```\n"
_INDEX += "\n```{scoreboard}\n```\n\n```{findings}\n```\n"
_ARTICLES = "".join(
    f"\n```{{article}} paper{end}\n```\n" for end in ("", *(f"-{n}" for n in range(len(GROUPS))))
)
_VIETNAMESE = "\n```{findings}\n:lang: vi\n```\n"
_SOURCES = "# Sources\n\n```{bibliography}\n:all:\n```\n"


def free_texts(model: type[BaseModel]) -> Iterator[str]:
    """Fields of a model that take any text."""
    for name, field in model.model_fields.items():
        if field.annotation is str and (model.__name__, name) not in FORMED:
            with suppress(ValidationError):
                TypeAdapter(Annotated[str, field]).validate_python(_ANY)
                yield name


def inner_models(model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    """Fields of a model that hold other models, one or many."""
    for name, field in model.model_fields.items():
        for found in _members(field.annotation):
            if isinstance(found, type) and issubclass(found, BaseModel):
                yield name, found


def _members(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) in (tuple, list, Union, UnionType):
        for argument in get_args(annotation):
            yield from _members(argument)
    else:
        yield annotation


def fill(raw: dict[str, Any], model: type[BaseModel], text: str, path: str = "") -> dict[str, Any]:
    """An entry with a text, behind the name of its field, in every free text that it may have."""
    path = path or model.__name__
    filled = dict(raw)
    for name in free_texts(model):
        filled[name] = f"{path}.{name} {text}"
    for name, inner in inner_models(model):
        key = model.model_fields[name].alias or name
        if isinstance(raw.get(key), list):
            filled[key] = [
                fill(item, inner, text, f"{path}.{name}") if isinstance(item, dict) else item
                for item in raw[key]
            ]
        elif isinstance(raw.get(key), dict):
            filled[key] = fill(raw[key], inner, text, f"{path}.{name}")
    return filled


def texts_of(filled: Any) -> Iterator[str]:
    """The texts that `fill` wrote."""
    if isinstance(filled, dict):
        for value in filled.values():
            yield from texts_of(value)
    elif isinstance(filled, list):
        for value in filled:
            yield from texts_of(value)
    elif isinstance(filled, str) and filled[:1].isupper() and "." in filled.split(" ")[0]:
        yield filled


class Orchard:
    """The small project, grown: a claim, an input, an article, a source, a table for each group.

    Attributes:
        written: every text that was written into `data/`, as it has to be shown.
    """

    def __init__(self, root: Path) -> None:
        self.project = Project(Path(shutil.copytree(CASES / "small", root)))
        self.written: list[str] = []
        shutil.copy(ROOT / "_config.yml", root)
        shutil.copytree(ROOT / "book" / "_static", root / "book" / "_static")
        for name, text in (
            ("_toc.yml", yaml.safe_dump(_CONTENTS)),
            ("requirements.txt", "a-library==1.0\n"),
            ("book/index.md", _INDEX + _ARTICLES + _VIETNAMESE),
            ("book/sources.md", _SOURCES),
        ):
            (root / name).write_text(text, "utf-8")
        self._sources()
        self._articles_and_claims()
        self._inputs()
        self._table()
        self._first_notebook()
        for number, group in enumerate(GROUPS):
            self._notebook(number, group)

    def _read(self, name: str) -> Any:
        return yaml.load((self.project.data / name).read_text("utf-8"), yaml.BaseLoader)

    def _write(self, name: str, content: Any) -> None:
        self.written += texts_of(content)
        # JSON is YAML, and writes every letter in a way that YAML reads as it was.
        (self.project.data / name).write_text(json.dumps(content), "utf-8")

    def _sources(self) -> None:
        path = self.project.data / "sources.bib"
        for number, group in enumerate(GROUPS):
            text = " ".join(map(_within_braces, group))
            fields = {
                name: f"{{Source.{name} {text}}}"
                for name in ("title", "publisher", "note", "interest")
            }
            fields |= {
                "author": f"{{{{Source.author {text}}}}}",
                "url": "{" + WRITTEN["address"] + "}",
                "archive": "{" + WRITTEN["address"] + "}",
            }
            inner = ",\n".join(f"  {name} = {value}" for name, value in fields.items())
            with path.open("a", encoding="utf-8") as file:
                file.write(f"\n@misc{{hostile-{number},\n{inner}\n}}\n")

    def _articles_and_claims(self) -> None:
        (article,) = self._read("articles.yml")
        claim = self._read("claims/apples-half-price.yml")
        claim["flags"] = [
            {
                "flag": "missing-context",
                "note": {"en": "x", "vi": "x"},
                "citations": [{"source": "price-list", "kind": "primary"}],
            }
        ]
        articles = [article]
        for number, text in enumerate(TEXTS):
            slug, paper = f"hostile-{number}", f"paper-{number}"
            new = {**article, "id": paper, "url": WRITTEN["address"], "statements": [slug]}
            articles.append(fill(new, models.Article, text))
            filled = fill({**claim, "article": paper}, models.ClaimFile, text)
            self._write(f"claims/{slug}.yml", _findable(filled))
        self._write("articles.yml", articles)
        # The first claim has the text that ends an attribute, for the description of its page.
        first = _findable(fill(claim, models.ClaimFile, _harmless()))
        first["finding"]["en"] = f"Finding {SHOWN['attribute']}"
        self._write("claims/apples-half-price.yml", first)

    def _inputs(self) -> None:
        apple, pear = self._read("inputs/prices.yml")
        # Ranges take time to compute, and are shown as numbers are.
        pear = {key: pear[key] for key in pear if key not in ("low", "high")}
        pear["precision"] = "exact"
        entries = [apple, pear]
        for number, text in enumerate(TEXTS):
            cited = {"source": f"hostile-{number}", "kind": "secondary"}
            new = {**apple, "id": f"hostile_{number}", "citations": [cited]}
            new["short"] = {"en": f"{number}", "vi": f"{number}"}
            entries.append(fill(new, models.Input, text))
        self._write("inputs/prices.yml", entries)

    def _table(self) -> None:
        folder = self.project.data / "tables"
        package = json.loads((folder / "datapackage.json").read_text("utf-8"))
        rows = list(csv.reader((folder / "harvest.csv").read_text("utf-8").splitlines()))
        (resource,) = package["resources"]
        resources = []
        for number, text in enumerate(TEXTS):
            heading = f"Name {' '.join(text.split())}"
            copy = json.loads(json.dumps(resource))
            copy |= {"name": f"harvest-{number}", "path": f"harvest-{number}.csv"}
            copy["schema"]["fields"].append({"name": heading, "type": "string"})
            copy["only_context"] = [{"columns": ["baskets"]}]
            cell = f"Cell {' '.join(text.split())}"
            cells = [rows[0] + [heading], *([*row, cell] for row in rows[1:])]
            content = io.StringIO()
            csv.writer(content, lineterminator="\n").writerows(cells)
            (folder / copy["path"]).write_text(content.getvalue(), "utf-8")
            copy["hash"] = f"sha256:{hashlib.sha256(content.getvalue().encode()).hexdigest()}"
            self.written += [heading, cell]
            resources.append(fill(copy, table_models.Resource, text))
        package = fill(package, table_models.Package, SHOWN["script"])
        package["resources"] = [resource, *resources]
        self.written += texts_of(package)
        (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")

    def _first_notebook(self) -> None:
        notebook = nbformat.read(self.project.notebook("apples-half-price"), 4)
        code = "".join(
            f'@claim.context({text!r}, why="w")\n'
            f"def context_{number}(apple_price, pear_price):\n"
            "    return 1 - apple_price / pear_price\n\n"
            for number, text in enumerate(SHOWN.values())
        )
        notebook.cells.insert(3, nbformat.v4.new_code_cell(code))
        chart = nbformat.v4.new_code_cell("claim.chart()", metadata={"tags": ["chart"]})
        notebook.cells.append(chart)
        for cell in notebook.cells:
            cell.pop("outputs", None)
            if cell.cell_type == "code":
                cell.outputs = []
        nbformat.write(notebook, self.project.notebook("apples-half-price"))

    def _notebook(self, number: int, group: list[str]) -> None:
        text = TEXTS[number]
        code = _CLAIM.replace("NUMBER", str(number)).replace("TEXT", repr(text))
        chart = _CHART.replace("NUMBER", str(number)).replace("GROUP", repr(group))
        chart = chart.replace("UNBRACED", repr(_unbraced(text)))
        cells = [
            nbformat.v4.new_markdown_cell("# Hostile"),
            nbformat.v4.new_code_cell(code),
            nbformat.v4.new_code_cell(chart, metadata={"tags": ["chart"]}),
        ]
        self.written += [f"{name} {text}" for name in _IN_NOTEBOOK]
        self.written += [f"Fruit {one}" for one in group]
        self.written.append(f"Remark {_unbraced(text)}")
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": _KERNEL})
        nbformat.write(notebook, self.project.notebook(f"hostile-{number}"))


def _harmless() -> str:
    return "nothing"


def _within_braces(text: str) -> str:
    """A text that does not end the field of BibTeX it stands in, or turn the rest to a comment."""
    text = text.replace("%", "\\%")
    level = 0
    for letter in text:
        level += {"{": 1, "}": -1}.get(letter, 0)
        if level < 0:
            break
    return text if level == 0 else text.replace("{", "(").replace("}", ")")


def _unbraced(text: str) -> str:
    """A text for a place where braces are references and nothing else."""
    return text.replace("{", "(").replace("}", ")")


def _findable(claim: dict[str, Any]) -> dict[str, Any]:
    """A claim without braces in its finding and headline, which are short enough."""
    return claim | {
        field: {language: _short(_unbraced(text), most) for language, text in claim[field].items()}
        for field, most in (
            ("finding", models.MAX_FINDING_WORDS),
            ("headline", models.MAX_HEADLINE_WORDS),
        )
    }


def _short(text: str, most: int) -> str:
    """A text with all its letters in as many words as its field may have."""
    words = text.split()
    first, rest = words[: most - 1], words[most - 1 :]
    return " ".join([*first, *(["-".join(rest)] if rest else [])])


_IN_NOTEBOOK = (
    *("Reading", "Primary", "Context", "Why", "Check", "Detail"),
    *("Caption", "Note", "Chart"),
)

_CLAIM = """
import altair as alt
import pandas as pd

from claimbook import Claim
from claimbook.notebook.table import Table

text = TEXT
claim = Claim("hostile-NUMBER")
display(claim, claim.inputs("hostile_NUMBER", "harvest_NUMBER"))

@claim.reading(f"Reading {text}", primary=f"Primary {text}")
def list_price(hostile_NUMBER, pear_price):
    return 1 - hostile_NUMBER / pear_price

@claim.context(f"Context {text}", why=f"Why {text}")
def other(hostile_NUMBER, pear_price):
    return 1 - hostile_NUMBER / pear_price

@claim.check(f"Check {text}", detail=f"Detail {text}")
def direction(hostile_NUMBER):
    return hostile_NUMBER.magnitude > 0

display(claim.verdict(), claim.sources("harvest_NUMBER"))
display(claim.sensitivity())
display(Table(claim.table("harvest_NUMBER"), f"Caption {text}", note=f"Note {text}"))
""".strip()

_CHART = """
texts = GROUP
# In titles of axes and the like these are refused.
plain = " ".join(text.split()).replace("\\\\", "/")
# Names that code for tooltips is known to treat as more than names.
special = ["image", "title"]
rows = [{"fruit": f"Fruit {one}", "price": 1.0} | dict.fromkeys(special, one) for one in texts]
bars = (
    alt.Chart(pd.DataFrame(rows))
    .mark_bar()
    .encode(
        x=alt.X("price:Q", title=f"Axis {plain}"),
        y=alt.Y("fruit:N", title=f"Names {plain}"),
        color=alt.Color("fruit:N", title=f"Legend {plain}"),
        tooltip=[*special, alt.Tooltip("fruit:N", title=f"Heading {plain}")],
    )
    .properties(title=alt.Title(f"Chart {text}", subtitle=f"Below {text}"))
)
unbraced = UNBRACED
claim.figure(
    bars, alt=f"Words {unbraced}", sources=["hostile_NUMBER"], note=f"Remark {unbraced}"
)
""".strip()
