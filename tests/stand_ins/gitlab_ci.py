"""GitLab's runner and its notes API, as far as the example's pipeline needs them."""

import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from conditions import value
from site_copy import Ended, Site

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
_ALWAYS: Mapping[str, str] = {"CI": "true", "CI_DEFAULT_BRANCH": "main", "CI_PROJECT_ID": "42", "CI_JOB_ID": "1"}
_NOT_JOBS = {"workflow", "stages", "variables", "default"}
_NOTES = re.compile(r"/api/v4/projects/42/merge_requests/7/notes(?:/(\d+))?(?:\?per_page=(\d+)&page=(\d+))?")


class GitLab:
    """Project on GitLab: the notes of its merge request, and its runner."""

    def __init__(self, site: Site, api: str, notes: list[dict[str, Any]]) -> None:
        self.site = site
        self.notes = notes
        self._api = api
        self._at_git("git init --quiet --bare ../origin.git && git init --quiet && git remote add origin ../origin.git")
        self._push()

    def on(self, event: Mapping[str, str], passed: Sequence[str] = ()) -> dict[str, Ended]:
        """Run the jobs of the pipeline for an event, stage by stage; some may count as passed already.

        The result omits jobs that did not run.
        """
        document = yaml.safe_load((self.site.folder / ".gitlab-ci.yml").read_text("utf-8"))
        known = {**_ALWAYS, **event}
        if not _rules_let(document["workflow"], known):
            return {}
        jobs = {name: _extended(document, name) for name in document if name not in _NOT_JOBS and name[0] != "."}
        if event is MERGED:
            self._push("edge")
        outcomes: dict[str, Ended] = {}
        for name, job in sorted(jobs.items(), key=lambda item: document["stages"].index(item[1]["stage"])):
            if _rules_let(job, known) and all(ended.code == 0 for ended in outcomes.values()):
                outcomes[name] = Ended(0, "") if name in passed else self._run(document, job, known)
        return outcomes

    def _run(self, document: Any, job: Any, known: Mapping[str, str]) -> Ended:
        given = {**document["variables"], **job.get("variables", {})}
        variables = {name: _expanded(text, given) for name, text in given.items()}
        tokens = dict.fromkeys(job.get("id_tokens", {}), "token" * 8)
        script = "\n".join([*job.get("before_script", ()), *job["script"]])
        self._at_git("git worktree remove --force .before || true")  # each job has a checkout of its own
        own = {"CI_API_V4_URL": self._api, "KVS_EDGE_NOTES_TOKEN": TOKEN}
        return self.site.run(script, {**self.site.variables, **known, **own, **variables, **tokens})

    def _push(self, *files: str) -> None:
        """Update the target branch with the merge."""
        who = "-c user.name=Somebody -c user.email=somebody@example.com"
        self._at_git(f"git add {' '.join(files) or '.gitignore'} && git {who} commit --quiet --message Merged")
        self._at_git("git push --quiet origin HEAD:refs/heads/main")

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


def _extended(document: Any, name: str) -> Any:
    """Return a job merged with its `extends`: mappings are merged, everything else is replaced."""
    job = document[name]
    return _merged(_extended(document, job["extends"]), job) if "extends" in job else job


def _merged(base: Any, own: Any) -> Any:
    if not (isinstance(base, Mapping) and isinstance(own, Mapping)):
        return own
    both = {key: _merged(base[key], own[key]) for key in base.keys() & own.keys()}
    return {**base, **own, **both}


def _rules_let(what: Any, known: Mapping[str, str]) -> bool:
    """Return True if one of the rules holds; each is a condition only."""
    assert all(set(rule) == {"if"} for rule in what["rules"])
    return any(value(rule["if"], lambda name: known.get(name[1:])) for rule in what["rules"])


def _expanded(text: str, given: Mapping[str, str]) -> str:
    return given[text[1:]] if text[:1] == "$" else text


def report(site: Site, job: str = "validate") -> Any:
    """Return the code quality report of a job."""
    document = yaml.safe_load((site.folder / ".gitlab-ci.yml").read_text("utf-8"))
    return json.loads((Path(site.folder) / document[job]["artifacts"]["reports"]["codequality"]).read_text("utf-8"))
