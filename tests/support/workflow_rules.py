"""What the workflows must keep to, as checks of one workflow's text."""

import re

import yaml

# Beside make, the two lines that hand the report on.
COMMANDS = re.compile(
    r'make (?P<target>[a-z]+)( [A-Z]+=[\w^"$/.-]+)*( \|\| test -f _build/review/report\.md)?'
    r'|head --bytes=1000000 _build/review/report\.md >> "\$GITHUB_STEP_SUMMARY"'
)
PINNED = re.compile(
    r"uses: (?P<action>\S+)@(?P<commit>[0-9a-f]{40}) +# (?P<tag>\S+)$", re.MULTILINE
)
TOKEN = re.compile(r"github\.token|secrets\b|_TOKEN\b")


def read(text):
    """A workflow as texts alone, so that `on` stays a word."""
    return yaml.load(text, Loader=yaml.BaseLoader)


def steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def faults(text, allowed, actions, targets):
    """What is wrong with a workflow, in words.

    `allowed` has its triggers, the permissions of its jobs and the steps with a token, `actions`
    the commits of each tag by action, `targets` the targets of the Makefile.
    """
    workflow = read(text)
    yield from of_workflow(workflow, allowed)
    yield from of_actions(text, workflow, actions)
    for step in steps(workflow):
        yield from of_step(step, targets)


def of_workflow(workflow, allowed):
    if sorted(workflow["on"]) != sorted(allowed["on"]):
        yield f"started by {sorted(workflow['on'])}"
    if workflow.get("permissions") != {}:
        yield "permissions for all jobs"
    if "concurrency" not in workflow:
        yield "no concurrency"
    with_token = [step for step in steps(workflow) if TOKEN.search(str(step))]
    outside = len(TOKEN.findall(str(workflow))) != sum(
        len(TOKEN.findall(str(step))) for step in with_token
    )
    granted = {name: job.get("permissions") for name, job in workflow["jobs"].items()}
    if granted != allowed["jobs"]:
        yield f"permissions {granted}"
    for job in workflow["jobs"].values():
        if "timeout-minutes" not in job:
            yield "no time limit"
        if job["runs-on"] != "ubuntu-24.04":
            yield f"runs on {job['runs-on']}"
    holders = [step["uses"].split("@")[0] if "uses" in step else step["run"] for step in with_token]
    if holders != allowed.get("tokens", []) or outside:
        yield f"a token for {holders}"


def of_actions(text, workflow, actions):
    pinned = [match.groupdict() for match in PINNED.finditer(text)]
    if len(pinned) != sum("uses" in step for step in steps(workflow)):
        yield "an action without commit and tag"
    for found in pinned:
        if actions.get(found["action"], {}).get(found["tag"]) != found["commit"]:
            yield f"{found['action']} at a commit that is not listed"


def of_step(step, targets):
    for line in step.get("run", "").splitlines():
        command = COMMANDS.fullmatch(line)
        if command is None:
            yield f"runs {line}"
        elif command["target"] and command["target"] not in targets:
            yield f"no target {command['target']}"
    given = step.get("with", {})
    if step.get("uses", "").startswith("actions/checkout@"):
        if given.get("persist-credentials") != "false":
            yield "a checkout that keeps its token"
        if given.get("ref") not in (None, "${{ github.event.repository.default_branch }}"):
            yield f"a checkout of {given['ref']}"
