"""GitHub's runner, as far as the examples' workflows need it.

It runs the scripts of steps unchanged. It supports the actions in the examples, with equivalent behavior.
"""

import json
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from conditions import value
from site_copy import Site

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
REPOSITORY = "my-org/edge-site"
PULL_REQUEST: Mapping[str, Any] = {
    "event_name": "pull_request",
    "event": {"pull_request": {"number": 7, "head": {"repo": {"full_name": REPOSITORY}}, "base": {"ref": "main"}}},
}
FORK: Mapping[str, Any] = {
    "event_name": "pull_request",
    "event": {"pull_request": {"number": 8, "head": {"repo": {"full_name": "somebody/edge-site"}}}},
}
PUSH: Mapping[str, Any] = {"event_name": "push", "event": {}}
NIGHT: Mapping[str, Any] = {"event_name": "schedule", "event": {}}


@dataclass
class Outcome:
    """Result of a job: if it ran, and the output of its steps."""

    code: int | None = None
    output: str = ""
    uploaded: list[Any] = field(default_factory=list)

    @property
    def skipped(self) -> bool:
        return self.code is None


class GitHub:
    """Repository on GitHub: its comments, its issues, and its runner."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._folder = site.folder.parent / "github"
        self._folder.mkdir()
        self.main = self._folder / "main"
        self.main.mkdir()
        self._state = self._folder / "state.json"
        self._state.write_text(json.dumps({"comments": [], "issues": [], "calls": []}))
        stand_in = self._folder / "gh"
        program = Path(__file__).with_name("gh_stand_in.py")
        stand_in.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(program))} "$@"\n')
        stand_in.chmod(0o755)

    @property
    def comments(self) -> list[dict[str, Any]]:
        return self._now("comments")

    @property
    def issues(self) -> list[dict[str, Any]]:
        return self._now("issues")

    @property
    def calls(self) -> list[list[str]]:
        """Arguments of each call of gh."""
        return self._now("calls")

    def comment(self, user: str, body: str) -> None:
        """Add a comment to the pull request."""
        state = json.loads(self._state.read_text())
        state["comments"].append({"id": 100 + len(state["comments"]), "user": {"login": user}, "body": body})
        self._state.write_text(json.dumps(state))

    def _now(self, name: str) -> Any:
        return json.loads(self._state.read_text())[name]

    def on(
        self, event: Mapping[str, Any], workflow: str = "edge.yml", passed: Sequence[str] = ()
    ) -> dict[str, Outcome]:
        """Run the jobs of a workflow for an event, each after its needs; some may count as passed already."""
        document = yaml.safe_load((self.site.folder / ".github/workflows" / workflow).read_text("utf-8"))
        assert event["event_name"] in document[True], "YAML takes the key `on` for a truth value"
        if event == PUSH:
            _copy(self.site.folder, self.main)
        outcomes: dict[str, Outcome] = {}
        for name, job in document["jobs"].items():
            if name in passed:
                outcomes[name] = Outcome(0)
                continue
            needed = [outcomes[job["needs"]]] if "needs" in job else []
            outcomes[name] = self._job(document, job, event, needed)
        return outcomes

    def _job(self, workflow: Any, job: Any, event: Mapping[str, Any], needed: Sequence[Outcome]) -> Outcome:
        context = {"github": {**event, "repository": REPOSITORY, "token": "github-token"}, "env": workflow["env"]}
        outcome = Outcome()
        if any(outcome.code != 0 for outcome in needed) or not _holds(job, context):
            return outcome
        outcome.code = 0
        runner = _Runner(self, job, context, outcome)
        for step in job["steps"]:
            if outcome.code == 0 and _holds(step, context):
                runner.step(step)
        return outcome

    def variables(self, permissions: Mapping[str, str], event_name: str) -> Mapping[str, str]:
        """Return GitHub's variables for every step."""
        variables = self.site.variables
        return {
            **variables,
            "PATH": f"{self._folder}:{variables['PATH']}",
            "CI": "true",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_EVENT_NAME": event_name,
            "GH_STAND_IN_STATE": str(self._state),
            "GH_STAND_IN_PERMISSIONS": json.dumps(permissions),
        }


class _Runner:
    def __init__(self, github: GitHub, job: Any, context: Mapping[str, Any], outcome: Outcome) -> None:
        self._github = github
        self._permissions = job["permissions"]
        self._context = context
        self._outcome = outcome
        given = github.variables(self._permissions, context["github"]["event_name"])
        self._variables = {**given, **context["env"]}
        self._actions: Mapping[str, Callable[[Mapping[str, str]], None]] = {
            "actions/checkout": self._checkout,
            "actions/setup-python": self._nothing,
            "actions/setup-node": self._nothing,
            "aws-actions/configure-aws-credentials": self._credentials,
            "github/codeql-action/upload-sarif": self._upload,
        }

    def step(self, step: Any) -> None:
        if "uses" in step:
            given = {name: self._filled(str(each)) for name, each in step.get("with", {}).items()}
            self._actions[step["uses"].partition("@")[0]](given)
            return
        variables = {name: self._filled(each) for name, each in step.get("env", {}).items()}
        assert "${{" not in step["run"], "an expression in a script is where code is injected"
        ended = self._github.site.run(step["run"], {**self._variables, **variables})
        self._outcome.code = ended.code
        self._outcome.output += ended.output

    def _checkout(self, given: Mapping[str, str]) -> None:
        """Keep the copy as the checkout; check out the pushed main beside it where requested."""
        if given.get("ref") == "main":
            _copy(self._github.main, self._github.site.folder / given["path"])

    def _nothing(self, given: Mapping[str, str]) -> None:
        """Do nothing: both languages are installed."""

    def _credentials(self, given: Mapping[str, str]) -> None:
        assert self._permissions["id-token"] == "write", "GitHub gives a token to no other job"
        self._variables.update(self._github.site.aws.role(given["role-to-assume"]), AWS_REGION=given["aws-region"])

    def _upload(self, given: Mapping[str, str]) -> None:
        assert self._permissions["security-events"] == "write", "GitHub takes findings from no other job"
        self._outcome.uploaded.append(json.loads((self._github.site.folder / given["sarif_file"]).read_text("utf-8")))

    def _filled(self, text: str) -> str:
        return _EXPRESSION.sub(lambda found: str(_value(found[1], self._context)), text)


def _copy(repository: Path, to: Path) -> None:
    """Copy a repository's declarations; everything else is the same on each branch."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir()
    if (repository / "edge").exists():
        shutil.copytree(repository / "edge", to / "edge")


def _holds(what: Any, context: Mapping[str, Any]) -> bool:
    return bool(_value(what["if"], context)) if "if" in what else True


def _value(expression: str, context: Mapping[str, Any]) -> object:
    def look_up(name: str) -> object:
        found: Any = context
        for part in name.split("."):
            found = found.get(part, "") if isinstance(found, Mapping) else ""
        return found

    return value(expression, look_up)
