"""A document that is followed as it stands: its files are written, its commands run, its output compared.

A code block is

- a file, where the line before it ends with the file's path in backquotes and a colon. It is written; if it is there
  already, it has to be what the document shows;
- `diff`: a change, which is applied;
- `console`: commands, each behind `$ `, and what they print. `...` stands for what is different each time.

What the document does on GitHub (push, pull request, merge, run a workflow) is done on the stand-in. The commands that
install are left out, and so are those of `LEFT_OUT`.
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
    # Once in an account: the tests' local AWS has it from its beginning.
    "npx cdk bootstrap aws://123456789012/eu-west-1",
    'npx cdk deploy --app "python access.py"',
    # Nobody's repository is made.
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
    """Somebody at a terminal, with the document beside it.

    Attributes:
        jobs: What came of each job when it ran last.
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
        """Do what a section says; or write its files, and run none of its commands."""
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
        # What is shown tells whether it ended well; drift and status say so in words.
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
    """Each command with what it prints; a backslash at a line's end goes on with the next."""
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
