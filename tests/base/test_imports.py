"""What takes long to import, and in which processes it is left out."""

import subprocess
import sys

import pytest

ASK = "import sys, jsonschema; print(sys.modules.get('rfc3987_syntax', 'absent'))"


@pytest.mark.parametrize(
    ("program", "left_out"),
    [("import claimbook.cli", True), ("from claimbook import Claim", False)],
    ids=["a command", "a notebook"],
)
def test_commands_do_without_the_grammar_of_addresses_and_notebooks_keep_it(program, left_out):
    code = f"{program}\n{ASK}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip() == "None") == left_out
