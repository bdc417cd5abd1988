"""Create or update the note of the merge request: python note.py FILE.

The file's first line marks the note. The token in KVS_EDGE_NOTES_TOKEN needs the scope api.
"""

import json
import os
import sys
from pathlib import Path
from urllib.request import Request, urlopen

PAGE = 100


def ask(method: str, url: str, body: str | None = None) -> list | dict:
    """Send a request to GitLab's API and return the response."""
    headers = {"PRIVATE-TOKEN": os.environ["KVS_EDGE_NOTES_TOKEN"], "Content-Type": "application/json"}
    data = None if body is None else json.dumps({"body": body}).encode()
    with urlopen(Request(url, data, headers, method=method), timeout=30) as response:
        return json.load(response)


def ours(notes: str, marker: str) -> dict | None:
    """Return the existing note; None the first time."""
    for page in range(1, sys.maxsize):
        found = ask("GET", f"{notes}?per_page={PAGE}&page={page}")
        for note in found:
            if note["body"].startswith(marker):
                return note
        if len(found) < PAGE:
            return None
    return None


text = Path(sys.argv[1]).read_text("utf-8")
project = f"{os.environ['CI_API_V4_URL']}/projects/{os.environ['CI_PROJECT_ID']}"
notes = f"{project}/merge_requests/{os.environ['CI_MERGE_REQUEST_IID']}/notes"
note = ours(notes, text.partition("\n")[0])
if note is None:
    ask("POST", notes, text)
else:
    ask("PUT", f"{notes}/{note['id']}", text)
