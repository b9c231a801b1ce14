"""A notebook with every section in its order, wired to its claim and its input."""

from typing import Any

from claimbook.authoring.checklist import PROMPT, SECTIONS
from claimbook.data.models import WORDED

READING = "first_reading"

_PROMPTS = {
    "The claim": "what the sentence is about, for somebody who knows nothing of it.",
    "How it can be read": "in which senses a fair reader can take the words. These are readings "
    "and count. A proxy measures something near, context only helps to understand.",
    "Inputs": "where the numbers come from, and what was not seen.",
    "Computation": "the formula in words.",
    "Verdict": f"what came out, in two or three sentences, with numbers as {{result}}`{READING}`.",
    "Charts": "what the charts show; one of them is made for this claim, with `claim.figure`.",
    "Sensitivity": "what would have to be different for another outcome.",
    "What this leaves out": "what the numbers do not cover, and what speaks against them.",
}
# What differs where a statement is in words.
_OF_WITNESSED = {
    "How it can be read": "in which senses the words can be taken, and who speaks of which.",
    "Inputs": "who could know it, who was found, and what was not seen.",
    "Computation": "which sources depend on each other, and why each has its rank.",
    "Charts": "what there is to look at: a table with Table, or a time line with claim.figure.",
    "Sensitivity": "which source would have to be wrong for another verdict.",
}
_OF_NOT_CHECKABLE = {
    "How it can be read": "why no evidence can decide it, and what arithmetic bears on it.",
    "Sensitivity": "what would have to be stated so that it could be checked.",
}
_CHART = "a chart or a table made for this claim, with claim.figure or Table."


def notebook_text(claim: str, name: str, kind: str) -> str:
    """The file of a notebook.

    Args:
        claim: slug of the claim.
        name: id of its input.
        kind: what the claim states; numbers and counts have a chart of their readings.
    """
    import nbformat

    new: Any = nbformat.v4
    writes: Any = nbformat.writes
    prompts = _PROMPTS | {"witnessed": _OF_WITNESSED, "not-checkable": _OF_NOT_CHECKABLE}.get(
        kind, {}
    )
    if kind in WORDED:
        prompts["Verdict"] = "what came out, in two or three sentences."
    cells = [new.new_markdown_cell("# Title of the claim")]
    codes = _codes(claim, name, kind)
    for section in SECTIONS:
        prompt = f"\n\n{PROMPT}{prompts[section]}" if section in prompts else ""
        cells.append(new.new_markdown_cell(f"## {section}{prompt}"))
        if section in codes:
            tags = {"tags": ["chart"]} if section == "Charts" else {}
            cells.append(new.new_code_cell(codes[section], metadata=tags))
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number:02}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = new.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    text: str = writes(notebook)
    return text.rstrip("\n") + "\n"


def _codes(claim: str, name: str, kind: str) -> dict[str, str]:
    """The code of each section that has any."""
    if kind == "witnessed":
        return {
            "The claim": f'from claimbook import Claim\n\nclaim = Claim("{claim}")\nclaim',
            "Inputs": "claim.witnesses()",
            "Verdict": "claim.verdict()",
            "Charts": f"# {PROMPT}{_CHART}",
            "Sensitivity": "claim.sensitivity()",
            "Sources": "claim.sources()",
        }
    role, fields = ("context", "why unit") if kind == "not-checkable" else ("reading", "primary")
    given = "".join(f'    {field}="",\n' for field in fields.split())
    return {
        "The claim": f'from claimbook import Claim\n\nclaim = Claim("{claim}")\nclaim',
        "Inputs": "claim.inputs()",
        "Computation": f'@claim.{role}(\n    "",\n{given})\ndef {READING}({name}):\n    return ...',
        "Verdict": "claim.verdict()",
        "Charts": "claim.chart()" if kind in ("number", "count") else f"# {PROMPT}{_CHART}",
        "Sensitivity": "claim.sensitivity()",
        "Sources": "claim.sources()",
    }
