"""GitHub's command line, as far as the examples' workflows use it: on a file instead of GitHub.

It records each call, keeps comments and issues, evaluates --jq as gh does, and refuses calls without the job's
permission.
"""

import argparse
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import jq

STATE = Path(os.environ["GH_STAND_IN_STATE"])
PERMISSIONS = json.loads(os.environ["GH_STAND_IN_PERMISSIONS"])
BOT = {"login": "github-actions[bot]"}
PAGE = 30


def main() -> None:
    """Answer one call."""
    assert os.environ["GH_TOKEN"] == "github-token", "gh asks for a token"
    state = json.loads(STATE.read_text("utf-8"))
    state["calls"].append(sys.argv[1:])
    options = _parser().parse_args()
    answer = options.answer(options, state)
    STATE.write_text(json.dumps(state), "utf-8")
    for found in answer:
        print(found)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gh")
    commands = parser.add_subparsers(required=True)
    api = commands.add_parser("api")
    api.add_argument("path")
    api.add_argument("--paginate", action="store_true")
    api.add_argument("--silent", action="store_true")
    api.add_argument("--method", default="GET")
    api.add_argument("--field")
    api.add_argument("--jq", default=".")
    api.set_defaults(answer=_api)
    issues = commands.add_parser("issue").add_subparsers(required=True)
    listed = issues.add_parser("list")
    for option in ("--state", "--limit", "--json", "--jq"):
        listed.add_argument(option, required=True)
    listed.set_defaults(answer=_list)
    create = issues.add_parser("create")
    create.add_argument("--title", required=True)
    create.add_argument("--body-file", required=True)
    create.set_defaults(answer=_create)
    edit = issues.add_parser("edit")
    edit.add_argument("number", type=int)
    edit.add_argument("--body-file", required=True)
    edit.set_defaults(answer=_edit)
    close = issues.add_parser("close")
    close.add_argument("number", type=int)
    close.add_argument("--comment", required=True)
    close.set_defaults(answer=_close)
    return parser


def _api(options: argparse.Namespace, state: Any) -> list[str]:
    comments = state["comments"]
    if options.method == "GET":
        assert re.fullmatch(r"repos/my-org/edge-site/issues/\d+/comments", options.path)
        end = max(len(comments), 1) if options.paginate else PAGE
        pages = [comments[start : start + PAGE] for start in range(0, end, PAGE)]
        return [str(found) for page in pages for found in jq.compile(options.jq).input_value(page).all()]
    _may("pull-requests")
    name, _, file = options.field.partition("=@")
    assert name == "body"
    body = Path(file).read_text("utf-8")
    if options.method == "POST":
        assert re.fullmatch(r"repos/my-org/edge-site/issues/\d+/comments", options.path)
        comments.append({"id": 100 + len(comments), "user": BOT, "body": body})
    else:
        assert options.method == "PATCH"
        number = re.fullmatch(r"repos/my-org/edge-site/issues/comments/(\d+)", options.path)[1]
        next(comment for comment in comments if comment["id"] == int(number))["body"] = body
    return []


def _list(options: argparse.Namespace, state: Any) -> list[str]:
    assert options.state == "open"
    names = options.json.split(",")
    found = [{name: issue[name] for name in names} for issue in state["issues"] if issue["open"]]
    return [str(result) for result in jq.compile(options.jq).input_value(found[: int(options.limit)]).all()]


def _create(options: argparse.Namespace, state: Any) -> list[str]:
    _may("issues")
    body = Path(options.body_file).read_text("utf-8")
    number = 1 + len(state["issues"])
    state["issues"].append({"number": number, "title": options.title, "body": body, "open": True, "comments": []})
    return []


def _edit(options: argparse.Namespace, state: Any) -> list[str]:
    _may("issues")
    _issue(options, state)["body"] = Path(options.body_file).read_text("utf-8")
    return []


def _close(options: argparse.Namespace, state: Any) -> list[str]:
    _may("issues")
    issue = _issue(options, state)
    issue["open"] = False
    issue["comments"].append(options.comment)
    return []


def _issue(options: argparse.Namespace, state: Any) -> Any:
    return next(issue for issue in state["issues"] if issue["number"] == options.number)


def _may(permission: str) -> None:
    if PERMISSIONS.get(permission) != "write":
        sys.exit("HTTP 403: Resource not accessible by integration")


if __name__ == "__main__":
    main()
