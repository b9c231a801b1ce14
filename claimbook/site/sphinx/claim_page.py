"""The page of a claim: the answer first, and the notebook below it, folded by section.

The notebook stays what it is, a working from top to bottom. When it has the result of its claim,
its sections are put in another order, its title becomes what came out, and the answer is written
from the payloads of its outputs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.writers.html5 import HTML5Translator

from claimbook.base.paths import Project
from claimbook.data import registry
from claimbook.notebook import html
from claimbook.notebook.charts import number_line
from claimbook.notebook.payloads import amount, complete
from claimbook.site import answer
from claimbook.site.sphinx import late, records

PACKAGE = "claimbook.site"

# Widths in pixels at which number lines are drawn: for a phone and for a wider page.
NARROW, WIDE = 340, 700

_LEFT_OUT = "what-this-leaves-out"
# Sections of a notebook that stand together in a fold; whatever else it has is its working.
_FOLDS = {
    "working-readings": ("the-claim", "how-it-can-be-read"),
    "working-inputs": ("inputs", "sources"),
    "working-firmness": ("sensitivity",),
}


class Block(late.Late):
    """A piece of the answer; `name` says which."""


class Fold(nodes.General, nodes.Element):  # type: ignore[misc]
    """Sections behind a line that says what is in them."""


def connect(app: Sphinx) -> None:
    """Rearrange claim pages as soon as they are read, and write their answers with the others."""
    app.add_node(Fold, html=(_open, _close))
    # Before titles and contents are collected.
    app.connect("doctree-read", _arrange, priority=300)
    app.connect("doctree-resolved", late.resolver(Block, _render))
    app.connect("doctree-resolved", _add_crumb)


def has_answer(env: BuildEnvironment, docname: str) -> bool:
    """Whether a page shows the result of a claim."""
    found = records.look(env, docname)
    return bool(found.claim and found.verdict)


def place(app: Sphinx, slug: str, article: str) -> tuple[int, int] | None:
    """Place of a statement within its article, from 1, and how many the article has.

    None on a site of notebooks whose data are not there.
    """
    project = Project(Path(app.env.srcdir, app.config.claimbook_root).resolve())
    if not project.articles.is_file():
        return None
    statements = registry.load(project).articles[article].statements
    return statements.index(slug) + 1, len(statements)


def _arrange(app: Sphinx, doctree: nodes.document) -> None:
    env = app.env
    if not has_answer(env, env.docname):
        return
    page = records.look(env, env.docname)
    top = next(iter(doctree.findall(nodes.section)))
    assert page.verdict is not None
    headline = page.verdict["headline"]["en"]
    top[0].children = []
    top[0] += nodes.Text(headline)
    rest = top.children[1:]
    by_name = {
        nodes.make_id(node[0].astext()): node for node in rest if isinstance(node, nodes.section)
    }
    picture = _picture(rest)
    left_out = by_name.get(_LEFT_OUT)
    working = _section("the-working", "The working")
    taken = [left_out]
    for name, sections in _FOLDS.items():
        inner = [by_name[section] for section in sections if section in by_name]
        taken += inner
        if inner:
            working += _fold(name, _summary(name, page), inner)
    notebook = [node for node in rest if node not in taken]
    working += _fold("working-notebook", "The notebook, cell by cell, with its code", notebook)
    top.children = [top[0]]
    top += [Block(name=name) for name in ("answer", "minute", "readings", "whatif")]
    if picture is not None:
        top += _section("the-picture", "The picture", picture)
    if left_out is not None:
        top += left_out
    top += [Block(name="known"), working, Block(name="foot"), Block(name="cards")]


def _picture(rest: Sequence[nodes.Node]) -> nodes.Node | None:
    """The first chart made for the claim, taken out of its cell."""
    for child in rest:
        for node in child.findall(late.Late):
            payload = node.get("payload", {})
            if payload.get("kind") == "figure" and not payload.get("of_readings"):
                node.parent.remove(node)
                found: nodes.Node = node
                return found
    return None


def _section(name: str, title: str, *inner: nodes.Node) -> nodes.section:
    return nodes.section("", nodes.title("", title), *inner, ids=[name], names=[name])


def _fold(name: str, summary: str, inner: Sequence[nodes.Node]) -> Fold:
    return Fold("", *inner, ids=[name], summary=summary)


def _summary(name: str, page: records.Page) -> str:
    """What is inside a fold, with how much of it."""
    assert page.verdict is not None
    parts = page.verdict["result"]["parts"]
    counted = sum(len(answer.counted(part)) for part in parts)
    told = sum(len(answer.witnesses(part)) for part in parts)
    others = sum(len(answer.context(part)) for part in parts)
    match name:
        case "working-readings":
            found = [f"{counted} reading{'s' if counted != 1 else ''}"] * bool(counted)
            found += [f"{told} witness{'es' if told != 1 else ''}"] * bool(told)
            words = f"How it can be read: {', '.join(found)}" if found else "How it can be read"
            return f"{words}, {others} for comparison" if others else words
        case "working-inputs" if page.inputs:
            numbers, tables = len(page.inputs["inputs"]), len(page.inputs["tables"])
            words = f"Inputs and sources: {numbers} number{'s' if numbers != 1 else ''}"
            return f"{words}, {tables} table{'s' if tables != 1 else ''}" if tables else words
        case "working-firmness":
            if not any(map(answer.computed, parts)):
                return "How firm it is"
            return "How firm it is: break-even of every input"
    return "Inputs and sources"


def _open(translator: HTML5Translator, node: Fold) -> None:
    translator.body.append(
        translator.starttag(node, "details", CLASS="cb-fold")
        + f"<summary>{translator.encode(node['summary'])}</summary>\n"
    )


def _close(translator: HTML5Translator, node: Fold) -> None:
    translator.body.append("</details>\n")


def _add_crumb(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the line on article and place above the title."""
    if not has_answer(app.env, docname):
        return
    top = next(iter(doctree.findall(nodes.section)))
    top.insert(0, late.raw(_written(app, docname, "crumb")))


def _render(app: Sphinx, node: late.Late, docname: str) -> list[nodes.Node]:
    return late.raw(_written(app, docname, node["name"]))


def _written(app: Sphinx, docname: str, name: str) -> str:
    page = records.look(app.env, docname)
    assert page.verdict is not None
    assert page.claim is not None
    verdict = complete(page.verdict)
    result = verdict["result"]
    context: dict[str, Any] = {
        "p": verdict,
        "c": page.claim,
        "cards": _cards(page),
        "site": late.site(app, docname),
    }

    def link(target: str) -> str:
        return app.builder.get_relative_uri(docname, target) if target in app.env.all_docs else ""

    lines = {part["id"]: _line(part) for part in result["parts"]}
    match name:
        case "crumb":
            context["place"] = place(app, result["claim"], page.claim["article"]["id"])
        case "answer":
            context |= {
                "why": answer.why(result),
                "line": lines[answer.deciding(result)["id"]],
                "part": answer.deciding(result),
                "told": answer.first_witnesses(answer.deciding(result)),
                "first_sentence": answer.first_sentence,
            }
        case "minute":
            names = {item["id"]: item["short"]["en"] for item in _inputs(page)}
            context |= {
                "fits": answer.by_outcome(result, "consistent"),
                "misses": answer.by_outcome(result, "not consistent"),
                "undecided": answer.by_outcome(result, "undecided"),
                "flips": answer.flips(page.sensitivities.values(), names),
                "has_sensitivity": bool(page.sensitivities),
                "said": answer.said(result),
                "turning": answer.turning(page.sensitivities.values()),
                "counting": any(
                    row["counted"] for part in result["parts"] for row in answer.witnesses(part)
                ),
                "reasons": answer.reasons(result),
                "most": answer.MOST_NAMED,
            }
        case "readings":
            decisive = answer.deciding(result)["id"]
            context |= {
                "decisive": decisive,
                "title": "Every reading"
                if any(map(answer.computed, result["parts"]))
                else "Evidence",
                "tables": {table["id"]: table for table in (page.inputs or {}).get("tables", [])},
                "lines": {key: line for key, line in lines.items() if line and key != decisive},
            }
        case "known":
            empty: dict[str, Any] = {"inputs": [], "tables": []}
            sources = page.sources["sources"] if page.sources else []
            context |= {
                "s": answer.support(page.inputs or empty, sources, result),
                "method": link(app.config.claimbook_method),
            }
        case "foot":
            context |= _foot(app, docname, page, link)
        case "whatif":
            return html.render_whatif(verdict["whatif"])
    return html.render_template(f"{name}.html", PACKAGE, **context)


def _line(part: Mapping[str, Any]) -> dict[str, str] | None:
    if not answer.counted(part):
        return None
    return {
        "wide": number_line.draw(part, WIDE),
        "narrow": number_line.draw(part, NARROW),
    }


def _inputs(page: records.Page) -> list[Mapping[str, Any]]:
    return list(page.inputs["inputs"]) if page.inputs else []


def _cards(page: records.Page) -> dict[str, dict[str, Any]]:
    """What opens behind the numbers of the answer: inputs with their source, facts with a sum."""
    assert page.verdict is not None
    result = page.verdict["result"]
    inputs = {item["id"]: item for item in _inputs(page)}
    cards: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(_referred(result)):
        if name in inputs:
            item = complete({"kind": "inputs", "inputs": [inputs[name]]})["inputs"][0]
            cards[name] = {
                "title": item["quantity"],
                "amount": amount(item),
                "as_of": item["as_of"],
                "later": item["known"] == "later",
                "citation": item["citations"][0] if item["citations"] else None,
                "more": len(item["citations"]) - 1,
                "terms": [],
                "line": True,
            }
        elif name in result["facts"]:
            sums = result["sums"].get(name)
            cards[name] = {
                "title": "computed from",
                "amount": result["facts"][name]["text"],
                "as_of": "",
                "later": False,
                "citation": None,
                "more": 0,
                "terms": sums["en"] if sums else [],
                "line": False,
            }
    return cards


def _referred(result: Mapping[str, Any]) -> Iterator[str]:
    """Inputs and facts that the sums of readings name, and those that these facts name."""
    readings = {reading["id"]: reading for part in result["parts"] for reading in part["readings"]}
    waiting = list(readings)
    while waiting:
        name = waiting.pop(0)
        terms = result["sums"].get(name, {}).get("en", [])
        for ref in (term["ref"] for term in terms if term["ref"]):
            if ref not in readings:
                yield ref
                if ref in result["facts"]:
                    waiting.append(ref)
        if name in readings and len(readings[name]["inputs"]) == 1:
            yield readings[name]["inputs"][0]


def _foot(
    app: Sphinx, docname: str, page: records.Page, link: Callable[[str], str]
) -> dict[str, Any]:
    assert page.verdict is not None
    assert page.claim is not None
    result = page.verdict["result"]
    slug = result["claim"]
    repository = app.config.claimbook_repository
    return {
        "slug": slug,
        "repository": repository,
        "site_title": app.config.html_title,
        "headline": page.verdict["headline"]["en"],
        "english": page.claim["english"],
        "verdict": result["verdict"],
        "rule": result["rule"],
        "report": f"{repository}/issues/new?template=correction.yml&claim={slug}"
        if repository
        else "",
        "notebook": f"{'../' * docname.count('/')}_sources/{docname}.ipynb",
        "data": slug,
        "corrections": link("book/corrections"),
        "vi": {
            "headline": page.verdict["headline"]["vi"],
            "verdict": html.verdict_view(result["verdict"])["vi"],
            "finding": page.verdict["finding"]["vi"],
            "flags": page.verdict["flags"],
            "witnesses": [row for part in result["parts"] for row in answer.witnesses(part)],
        },
    }
