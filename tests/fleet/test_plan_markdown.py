"""A plan as a comment, with any names and details, and within the size limit."""

import io
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from kvs_edge.configuration import Stream
from kvs_edge.observed import Absent, Found, StreamAbsent, SyncStatus
from kvs_edge_gitops.aws.stream_status import Job, StreamStatus
from kvs_edge_gitops.commands.plan.renderings import RENDERINGS
from kvs_edge_gitops.comparison.compare import compare
from kvs_edge_gitops.comparison.live_state import LiveState, key_of
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.reports.markdown import LIMIT, fence_for, prose
from kvs_edge_preflight.files import DeclaredStream, Located, Place
from kvs_edge_preflight.files.environment import Environment

REGION = "eu-west-1"
A, B = (f"arn:aws:iot:{REGION}:123456789012:thing/{name}" for name in ("hub-a", "hub-b"))
HOSTILE = [
    "`code` ``` fence",
    "a | b | c",
    "<script>alert(1)</script>",
    "</details><h1>free</h1>",
    "@somebody and #123",
    "[link](https://example.com) ![image](https://example.com/x.png)",
    "**bold** _emphasis_ ~~gone~~ $x$",
    "https://example.com/?a=1&b=2",
    "&lt; \\ back\\slash",
    "line\nbreak\r\n## heading",
    "<!-- kvs-edge plan -->",
    "bidi \u202e over",
]


def config(hub=A, **more):
    secret = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:dock-aBcDeF"
    source = {"MediaUriSecretArn": secret, "MediaUriType": "RTSP_URI"}
    return {"HubDeviceArn": hub, "RecorderConfig": {"MediaSourceConfig": source}, **more}


def declare(name, edge_config, file="edge/site.yaml", **facts):
    value = {"StreamName": name, "EdgeConfig": edge_config, **facts}
    entry = DeclaredStream(
        file=Path(file),
        path=("streams", 0),
        located=Located(value, Place(3, 5)),
        values=value,
        environment=Environment(REGION),
    )
    return ResolvedStream(entry, Stream(name), edge_config, REGION)


def comment(*pairs, unmanaged=()):
    """Return the comment on declared streams, each with its live state."""
    seen = {key_of(declared): one if isinstance(one, StreamStatus) else StreamStatus(one) for declared, one in pairs}
    hubs = {(REGION, A): unmanaged, (REGION, B): ()}
    output = io.StringIO()
    RENDERINGS["markdown"](compare([declared for declared, _ in pairs], LiveState(seen, hubs)), 0, output)
    return output.getvalue()


def there(edge_config, status=SyncStatus.IN_SYNC, **more):
    return Found(status, edge_config, updated="2026-01-05T00:00:00.000+00:00", **more)


def rendered(text):
    """As HTML, with tables, and links made of what looks like one."""
    return MarkdownIt("gfm-like", {"linkify": False}).enable("table").render(text)


MOVING = (declare("gate", config(B)), there(config()))


def test_it_starts_with_its_marker_and_the_summary():
    """A workflow finds its own comment by it."""
    text = comment((declare("dock", config()), there(config())))
    assert text.startswith("<!-- kvs-edge plan -->\n**kvs-edge plan**: 1 stream\\: 1 unchanged\n")
    assert "<strong>kvs-edge plan</strong>: 1 stream: 1 unchanged" in rendered(text)


def test_refusals_and_moves_stand_before_the_table_and_the_rest_is_folded():
    """Important rows are not folded."""
    text = comment(MOVING, (declare("yard", config()), Absent()), (declare("nobody", config()), StreamAbsent()))
    order = ["**The deployment would fail**", "**Moves to another hub**", "| file |", "<details><summary>"]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)
    assert "HubMoveForbidden" in text
    assert "up to 720 hours of recording" in text
    folded = text[text.index("<details>") :]
    assert "+ create yard" in folded
    assert "gate" not in folded


def test_the_table_has_a_row_a_file_and_one_for_all_that_is_left_alone():
    """So that a thousand sites that stay as they are take one line; a kind that there is none of has no column."""
    same = [(declare(f"s-{n}", config(), f"edge/site-{n}.yaml"), there(config())) for n in range(3)]
    text = comment(*same, (declare("yard", config(), "edge/yard.yaml"), Absent()))
    rows = [line for line in text.splitlines() if line.startswith("| ") and "file |" not in line]
    assert [re.sub(r"\s+", " ", row) for row in rows] == [
        "| edge/yard.yaml | 1 | |",
        "| 3 unchanged files | | 3 |",
    ]
    assert rendered(text).count("<tr>") == 3


@pytest.mark.parametrize("text", HOSTILE)
def test_prose_reads_as_it_was_written(text):
    """It becomes neither markup nor a mention."""
    shown = rendered(f"- {prose(text)}\n")
    assert re.fullmatch(r"<ul>\n<li>.*</li>\n</ul>\n", shown)
    assert not re.search(r"<(?!/?(ul|li)>|!-- -->)", shown)
    assert not re.search(r"[@#]\w", shown)
    assert shown.count("<!--") == text.count("@") + text.count("#")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_stays_one(text):
    """However many bars a file's name has."""
    shown = rendered(comment((declare("yard", config(), f"edge/{text}.yaml"), Absent())))
    assert shown.count("<tr>") == 2
    assert shown.count("<td") == 2


@pytest.mark.parametrize("details", HOSTILE)
def test_what_a_hub_says_stays_in_its_fold(details):
    """A details text neither ends the fence nor the fold."""
    failed = there(config(), SyncStatus.SYNC_FAILED, details=details)
    shown = rendered(comment((declare("dock", config()), failed), (declare("yard", config()), Absent())))
    assert shown.count("<details>") == shown.count("</details>") == shown.count("<pre>") == 1
    assert shown.index("yard") < shown.index("</code></pre>") < shown.index("</details>")
    assert "<script" not in shown
    assert "<h1>" not in shown


@pytest.mark.parametrize("details", HOSTILE)
def test_what_an_uploader_says_stays_in_its_line(details):
    """The text is in a list, outside of any fence."""
    declared, found = MOVING
    shown = rendered(comment((declared, StreamStatus(found, uploader=Job("USER_ERROR", details, None, None)))))
    assert "<script" not in shown
    assert "<a " not in shown
    assert "<img" not in shown
    assert not re.search(r"[@#]\w", shown)


def test_a_fence_is_longer_than_what_it_holds():
    """At least three."""
    assert fence_for("plain") == "```"
    assert fence_for("a ```` b ``") == "`````"


def test_a_comment_fits_and_says_what_is_left_out():
    """Whole entries go, the folded ones first; refusals and moves stay."""
    moves = [(declare(f"move-{n}", config(B), hub_move="FORBIDDEN"), there(config())) for n in range(16)]
    creates = [(declare(f"new-{n}", config(A), f"edge/site-{n % 40}.yaml"), Absent()) for n in range(2000)]
    text = comment(*creates, *moves)
    assert len(text.encode()) <= LIMIT
    assert text.count("**HubMoveForbidden**") == 16
    assert all(f"- move\\-{n} " in text or f"- move-{n} " in text for n in range(16))
    told = text.count("+ create new-")
    left_out = int(re.search(r"\n([\d,]+) more entries are omitted", text)[1].replace(",", ""))
    assert 0 < told < 2000
    assert told + left_out == 2000
    shown = rendered(text)
    assert shown.count("<details>") == shown.count("</details>") == shown.count("<pre>")


def test_a_comment_with_nothing_but_moves_fits_too():
    """The comment counts omitted entries."""
    text = comment(*((declare(f"move-{n}", config(B)), there(config())) for n in range(1000)))
    assert len(text.encode()) <= LIMIT
    assert re.search(r"more entries are omitted", text)


def test_what_is_in_no_file_is_folded_by_its_hub():
    """With the command that would end it."""
    text = comment((declare("dock", config()), there(config())), unmanaged=[there(config(), stream_name="old")])
    assert "<details><summary><code>on hub-a in eu-west-1, in no file: 1 unmanaged</code></summary>" in text
    assert "\n# unmanaged old" in text, "a line that begins with - is shown as removed"
