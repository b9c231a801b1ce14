"""A claim in words for the small project: what witnesses say, or what cannot be checked."""

import nbformat
import yaml

from growing import list_claim

SLUG = "shop-in-town"
SOURCES = ("mayor", "paper", "radio", "copy", "blog")
FILE = f"data/claims/{SLUG}.yml"
PRICE = {
    "id": "price",
    "label": {"en": "price of an apple", "vi": "giá một quả táo"},
    "kind": "number",
    "stated": "1",
    "unit": "USD",
    "about": "apple-price",
}
PRICE_CODE = 'claim.reading("listed", "Listed", "apple_price", part="price", primary="as listed")'


def row(source, says="supports", kind="secondary", **more):
    """A witness as the file of a claim has it."""
    words = {"en": f"The {source} says so.", "vi": f"{source} nói vậy."}
    written = {"source": source, "kind": kind, "says": says, "words": words, "known": "then"}
    return {name: value for name, value in (written | more).items() if value is not None}


def told(*rows, **more):
    """A witnessed part."""
    return {
        "id": "place",
        "label": {"en": "a shop in town", "vi": "cửa hàng trong phố"},
        "kind": "witnessed",
        "stated": "the shop is in town",
        "about": "shop-place",
        "witnesses": list(rows),
    } | more


def hoped(reason="prediction", **more):
    """A part that cannot be checked."""
    part = told(**more) | {"id": "hope", "kind": "not-checkable", "reason": reason}
    del part["witnesses"]
    return part


def write_claim(project, *parts, code="", settle="the land register"):
    """Write the claim, its sources and its notebook into the small project."""
    claim = {
        "article": "paper",
        "code": "T2",
        "quote": "the shop in town sells apples for 1 dollar",
        "english": "the shop in town sells apples for 1 dollar",
        "claimant": "the paper",
        "parts": list(parts),
        "title": {"en": "The shop is in town", "vi": "Cửa hàng ở trong phố"},
        "headline": {"en": "The shop is in town", "vi": "Cửa hàng ở trong phố"},
        "finding": {"en": "The shop is in town.", "vi": "Cửa hàng ở trong phố."},
        "settle": settle,
    }
    new = not project.claim(SLUG).exists()
    text = yaml.safe_dump(claim, allow_unicode=True, sort_keys=False)
    project.claim(SLUG).write_text(text, encoding="utf-8")
    if new:
        list_claim(project, SLUG)
        with (project.data / "sources.bib").open("a", encoding="utf-8") as file:
            for key in SOURCES:
                file.write(f"\n@misc{{{key},\n  title = {{{{The {key}}}}},\n}}\n")
    kinds = [part["kind"] for part in parts]
    shown = [f'claim.sensitivity("{part["id"]}")' for part in parts]
    shown = (["claim.witnesses()"] if "witnessed" in kinds else []) + ["claim.verdict()", *shown]
    cells = [f'from claimbook import Claim\n\nclaim = Claim("{SLUG}")\nclaim', code, *shown]
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# The shop is in town"),
            *(nbformat.v4.new_code_cell(cell) for cell in (*cells, "claim.sources()") if cell),
        ],
        metadata={"kernelspec": {"display_name": "P", "language": "python", "name": "python3"}},
    )
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    nbformat.write(notebook, project.notebook(SLUG))
    return project
