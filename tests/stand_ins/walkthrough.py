"""Execution of a document as written: files are written, commands run, outputs compared.

A code block is

- a file, if the line before it ends with the file's path in backquotes and a colon. It is written; an existing file
  must equal the block;
- `diff`: a change, which is applied;
- `console`: commands, each after `$ `, and their output. `...` stands for variable text.

The steps on GitHub (push, pull request, merge, run a workflow) run on the stand-in. The commands that install are
omitted, and so are those of `LEFT_OUT`.
"""

import os
import re
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path

from github_actions import NIGHT, PULL_REQUEST, PUSH, GitHub, Outcome
from site_copy import INSTALLS, Ended, Site

LEFT_OUT = INSTALLS | {
    "npm install",
    "python3 -m venv .venv",
    ". .venv/bin/activate",
    # Once per account: the tests' local AWS has it from the start.
    "npx cdk bootstrap aws://123456789012/eu-west-1",
    'npx cdk deploy --app "python access.py"',
    # No repository is created.
    "gh repo create my-org/edge-site --private --source . --remote origin",
}
_BLOCK = re.compile(
    r"(?:^(?P<before>[^\n]*)\n\n?)?^(?P<fence>`{3,})(?P<language>[a-z]+)\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_PATH = re.compile(r"`([^`]+)`:$")
_GIT = {
    "GIT_AUTHOR_NAME": "Somebody",
    "GIT_AUTHOR_EMAIL": "somebody@example.com",
    "GIT_COMMITTER_NAME": "Somebody",
    "GIT_COMMITTER_EMAIL": "somebody@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


class Walkthrough:
    """Terminal session that follows the document.

    Attributes:
        jobs: Last result of each job.
    """

    def __init__(self, document: Path, site: Site, github: GitHub | None = None) -> None:
        self._text = document.read_text("utf-8")
        self.site = site
        self.github = github or GitHub(site)
        self.jobs: dict[str, Outcome] = {}
        self._platform: Mapping[str, Callable[[], None]] = {
            "git push": self._push,
            "gh pr create": lambda: self._ran(self.github.on(PULL_REQUEST, passed=["validate"])),
            "gh pr merge": self._merge,
            "gh workflow run drift.yml": lambda: self._ran(self.github.on(NIGHT, "drift.yml")),
        }

    def follow(self, title: str, *, files_alone: bool = False) -> None:
        """Follow a section; or write its files only, without its commands."""
        start = self._text.index(f"\n## {title}\n")
        end = self._text.find("\n## ", start + 1)
        blocks = list(_BLOCK.finditer(self._text[start : end if end > 0 else None]))
        assert blocks, f"{title} has nothing to do"
        for block in blocks:
            if not (files_alone and block["language"] == "console"):
                self._do(block["language"], block["text"], block["before"] or "")

    def _do(self, language: str, text: str, before: str) -> None:
        path = _PATH.search(before)
        if language == "console":
            for command, output in _commands(text):
                self._command(command, output)
        elif language == "diff":
            self._at_the_shell("git apply --unidiff-zero -", text)
        elif path:
            self._file(path[1], text)
        elif before == "The comment:":
            _compare("the comment", text, self.github.comments[-1]["body"])
        elif before == "The issue:":
            _compare("the issue", text, self.github.issues[-1]["body"])
        else:
            raise AssertionError(f"a block without a purpose, below {before!r}")

    def _file(self, name: str, text: str) -> None:
        path = self.site.folder / name
        if path.exists():
            _compare(name, text, path.read_text("utf-8"))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")

    def _command(self, command: str, output: str) -> None:
        if command in LEFT_OUT:
            assert not output
            return
        done = next((do for beginning, do in self._platform.items() if command.startswith(beginning)), None)
        if done:
            done()
        else:
            _compare(command, output, self._at_the_shell(command).output)

    def _at_the_shell(self, command: str, text: str = "") -> Ended:
        variables = {**self.site.variables, **self.site.aws.credentials, **_GIT}
        given = f"printf %s {shlex.quote(text)} | {command}" if text else command
        ended = self.site.run(given, variables)
        # The shown output tells if it succeeded; drift and status report it in words.
        assert ended.code in {0, 1, 2}, ended.output
        return ended

    def _push(self) -> None:
        branch = self._at_the_shell("git branch --show-current").output.strip()
        if branch == "main":
            self._ran(self.github.on(PUSH, passed=["validate"]))

    def _merge(self) -> None:
        branch = self._at_the_shell("git branch --show-current").output.strip()
        assert self._at_the_shell(f"git switch --quiet main && git merge --quiet --ff {branch}").code == 0
        self._ran(self.github.on(PUSH, passed=["validate"]))

    def _ran(self, jobs: Mapping[str, Outcome]) -> None:
        self.jobs.update({name: job for name, job in jobs.items() if not job.skipped})


def _commands(text: str) -> list[tuple[str, str]]:
    """Return each command with its output; a backslash at a line's end continues the command."""
    joined = text.replace("\\\n", "")
    found: list[tuple[str, list[str]]] = []
    for line in joined.splitlines():
        if line.startswith("$ "):
            found.append((" ".join(line[2:].split()) if "\\" not in line else line[2:], []))
        else:
            assert found, f"output before a command: {line!r}"
            found[-1][1].append(line)
    return [(command, "\n".join(lines)) for command, lines in found]


def _compare(what: str, shown: str, printed: str) -> None:
    pattern = ".*".join(map(re.escape, shown.strip().split("...")))
    assert re.fullmatch(pattern, printed.strip(), re.DOTALL), f"{what}\n--- shown\n{shown}\n--- printed\n{printed}"
