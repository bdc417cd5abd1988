"""A GitLab runner (gitlab-ci-local, with the shell executor) and the notes API, for the example's pipeline.

The runner keeps its folder between pipelines, as GitLab's do.
"""

import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from site_copy import ROOT, Ended, Site

TOKEN = "notes-token"
MERGE_REQUEST: Mapping[str, str] = {
    "CI_PIPELINE_SOURCE": "merge_request_event",
    "CI_MERGE_REQUEST_IID": "7",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    "CI_MERGE_REQUEST_PROJECT_ID": "42",
    "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "42",
}
FORK: Mapping[str, str] = {**MERGE_REQUEST, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "77"}
MERGED: Mapping[str, str] = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main"}
NIGHT: Mapping[str, str] = {"CI_PIPELINE_SOURCE": "schedule", "CI_COMMIT_BRANCH": "main"}
_ALWAYS: Mapping[str, str] = {"CI_PROJECT_ID": "42", "CI_JOB_ID": "1"}
_NOTES = re.compile(r"/api/v4/projects/42/merge_requests/7/notes(?:/(\d+))?(?:\?per_page=(\d+)&page=(\d+))?")
_FINISHED = re.compile(r"^(?!pipeline )(\w+) +finished in .*?(?:(FAIL) (\d+))? *$", re.MULTILINE)
_PROGRAMS = ("npm", "pip", "rsync")
"""Installers whose packages are there already, and rsync, with which gitlab-ci-local copies files for containers."""


class GitLab:
    """Project on GitLab: the notes of its merge request, and its runner."""

    def __init__(self, site: Site, api: str, notes: list[dict[str, Any]]) -> None:
        self.site = site
        self.notes = notes
        self._api = api
        self._listed: dict[str, list[str]] = {}
        self._programs = site.folder.parent / "programs"
        self._programs.mkdir()
        for name in _PROGRAMS:
            program = self._programs / name
            program.write_text("#!/bin/sh\n")
            program.chmod(0o755)
        self._at_git("git init --quiet --bare ../origin.git && git init --quiet --initial-branch main")
        self._at_git("git remote add origin ../origin.git")
        self._push()

    def on(self, event: Mapping[str, str], passed: Sequence[str] = ()) -> dict[str, Ended]:
        """Run the pipeline for an event, without the jobs that count as passed already.

        The result omits jobs that did not run.
        """
        if event is MERGED:
            self._push("edge")
        given = {**_ALWAYS, **event, "CI_API_V4_URL": self._api}
        own = {"KVS_EDGE_NOTES_TOKEN": TOKEN, "AWS_TOKEN": "token" * 8}
        names = [name for name in self._jobs(given) if name not in passed] if passed else []
        command = [*self._command(given), *(f"--variable {name}={value}" for name, value in own.items())]
        pipeline = self._at(" ".join([*command, *names]))
        outcomes = dict.fromkeys(passed, Ended(0, ""))
        for name, failed, code in _FINISHED.findall(pipeline.output):
            log = (self.site.folder / f".gitlab-ci-local/output/{name}.log").read_text("utf-8")
            outcomes[name] = Ended(int(code) if failed else 0, log)
        assert any(ended.code for ended in outcomes.values()) == bool(pipeline.code), pipeline.output
        return outcomes

    def _jobs(self, given: Mapping[str, str]) -> list[str]:
        """Return the names of an event's jobs; a test changes nothing that they depend on."""
        command = " ".join([*self._command(given), "--list-csv"])
        if command not in self._listed:
            listed = self._at(command)
            assert listed.code == 0, listed.output
            self._listed[command] = re.findall(r"^(\w+);", listed.output, re.MULTILINE)[1:]
        return self._listed[command]

    def _command(self, given: Mapping[str, str]) -> list[str]:
        return [
            f"{ROOT}/node_modules/.bin/gitlab-ci-local --force-shell-executor --json-schema-validation=false",
            f"--ignore-predefined-vars {','.join(given)}",
            *(f"--variable {name}={value}" for name, value in given.items()),
        ]

    def _push(self, *files: str) -> None:
        """Update the target branch with the merge."""
        who = "-c user.name=Somebody -c user.email=somebody@example.com"
        self._at_git(f"git add {' '.join(files) or '.gitignore'} && git {who} commit --quiet --message Merged")
        self._at_git("git push --quiet origin HEAD:refs/heads/main")

    def _at(self, command: str) -> Ended:
        variables = self.site.variables
        path = f"{self._programs}:{variables['PATH']}"
        return self.site.run(command, {**variables, "PATH": path, "NO_COLOR": "1", "FORCE_COLOR": "0"})

    def _at_git(self, command: str) -> None:
        ended = self.site.run(command, self.site.variables)
        assert ended.code == 0, ended.output


@contextmanager
def gitlab(site: Site) -> Iterator[GitLab]:
    """Serve a GitLab on this machine."""
    notes: list[dict[str, Any]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Notes", (_Notes,), {"notes": notes}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield GitLab(site, f"http://127.0.0.1:{server.server_port}/api/v4", notes)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Notes(BaseHTTPRequestHandler):
    notes: list[dict[str, Any]]

    def do_GET(self) -> None:
        found = self._asked()
        size, page = int(found[2]), int(found[3])
        self._answer(200, self.notes[size * (page - 1) : size * page])

    def do_POST(self) -> None:
        self._asked()
        self.notes.append({"id": 300 + len(self.notes), "body": self._body()})
        self._answer(201, self.notes[-1])

    def do_PUT(self) -> None:
        number = int(self._asked()[1])
        note = next(note for note in self.notes if note["id"] == number)
        note["body"] = self._body()
        self._answer(200, note)

    def _asked(self) -> re.Match[str]:
        found = _NOTES.fullmatch(self.path)
        assert found, self.path
        assert self.headers["PRIVATE-TOKEN"] == TOKEN
        return found

    def _body(self) -> str:
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]

    def _answer(self, status: int, what: Any) -> None:
        text = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        """Log nothing: tests check the notes."""


def report(site: Site, job: str = "validate") -> Any:
    """Return the code quality report of a job."""
    document = yaml.safe_load((site.folder / ".gitlab-ci.yml").read_text("utf-8"))
    return json.loads((Path(site.folder) / document[job]["artifacts"]["reports"]["codequality"]).read_text("utf-8"))
