"""A page in a real browser: what a person sees, at several widths, in light and in dark."""

import html
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

WIDE, NARROW = 1280, 400
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--enable-logging=stderr",
    "--virtual-time-budget=20000",
)


_AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_RUN_AXE = """
axe.run().then((found) => parent.postMessage({
  scheme: window.name,
  dark: matchMedia('(prefers-color-scheme: dark)').matches,
  violations: found.violations.map((rule) => [rule.id, rule.help, rule.nodes.slice(0, 3).map((node) => node.html)]),
  passes: found.passes.map((rule) => rule.id),
}, '*'));
"""
"""All rules of axe-core, its best practices included, in the frame of a page."""


class Browser:
    """A headless Chromium; in a pipeline (CI is set) a missing one fails the test, elsewhere it skips it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reports: dict[tuple[str, str, bool], Any] = {}
        found = next(filter(None, map(shutil.which, _PROGRAMS)), None)
        if found is None:
            reason = "no chromium is installed: apt-get install -y --no-install-recommends chromium"
            (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
        self._program = str(found)

    def reports(
        self, text: str, *, dark: bool = False, widths: tuple[int, ...] = (WIDE, NARROW)
    ) -> list[dict[str, Any]]:
        """Return one report per width from probe.html; no message may be on the console."""
        probe = Path(__file__).with_name("probe.html").read_text("utf-8")
        return self._report(probe.replace("WIDTHS;", f"{list(widths)};"), text, dark=dark)

    def accessibility(self, text: str) -> dict[str, dict[str, Any]]:
        """Return what axe-core finds in light and in dark: the ids of broken and of fulfilled rules.

        The page's policy forbids scripts, so it is taken out.
        """
        open_page = re.sub(r"<meta[^>]*Content-Security-Policy[^>]*>", "", text)
        assert open_page != text
        script = f'<script src="{_AXE.as_uri()}"></script><script>{_RUN_AXE}</script>'
        probe = Path(__file__).with_name("axe.html").read_text("utf-8")
        return self._report(probe, open_page.replace("</body>", f"{script}</body>"))

    def _report(self, probe: str, text: str, *, dark: bool = False) -> Any:
        """Return the report of a probe on a page; a browser that was asked before is not started again."""
        if (probe, text, dark) not in self._reports:
            self._reports[probe, text, dark] = self._measured(probe, text, dark=dark)
        return self._reports[probe, text, dark]

    def _measured(self, probe: str, text: str, *, dark: bool) -> Any:
        literal = json.dumps(text).replace("</", "<\\/").replace("<!--", "<\\!--")
        file = self._folder / "probe.html"
        file.write_text(probe.replace("PAGE;", f"{literal};"), "utf-8")
        dom, console = self.open(file, dark=dark)
        assert console == []
        report = re.search(r'<pre id="report">(.*?)</pre>', dom, re.DOTALL)
        assert report, dom[:500]
        return json.loads(html.unescape(report[1]))

    def open(self, file: Path, *, dark: bool = False) -> tuple[str, list[str]]:
        """Return the loaded document, and the messages on the console."""
        scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            options = [*_OPTIONS, scheme, f"--user-data-dir={profile}", "--window-size=1400,1700", "--dump-dom"]
            command = [self._program, *options, file.as_uri()]
            done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]
