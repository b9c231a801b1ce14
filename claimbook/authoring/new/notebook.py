"""A notebook with every section in its order, wired to its claim and its input."""

from typing import Any

from claimbook.authoring.checklist import PROMPT, SECTIONS

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
    cells = [new.new_markdown_cell("# Title of the claim")]
    codes = _codes(claim, name, kind)
    for section in SECTIONS:
        prompt = f"\n\n{PROMPT}{_PROMPTS[section]}" if section in _PROMPTS else ""
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
    return {
        "The claim": f'from claimbook import Claim\n\nclaim = Claim("{claim}")\nclaim',
        "Inputs": "claim.inputs()",
        "Computation": f'@claim.reading(\n    "",\n    primary="",\n)\n'
        f"def {READING}({name}):\n    return ...",
        "Verdict": "claim.verdict()",
        "Charts": "claim.chart()" if kind in ("number", "count") else f"# {PROMPT}{_CHART}",
        "Sensitivity": "claim.sensitivity()",
        "Sources": "claim.sources()",
    }
