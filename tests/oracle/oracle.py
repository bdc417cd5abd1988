"""The real Quartz as something to ask: a JVM that runs Oracle.java on Debian's libquartz2-java.

What it takes: ``apt-get install -y --no-install-recommends openjdk-17-jdk-headless libquartz2-java``
"""

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

JARS = (Path("/usr/share/java/quartz2.jar"), Path("/usr/share/java/slf4j-api.jar"))
_SOURCE = Path(__file__).with_name("Oracle.java")
BREAKS = "breaks"
"""The answer where Quartz finds no end, or runs out of memory (which of the two comes first is a matter of luck)."""
_BROKEN = (3, 4)


class Oracle:
    """Client of the JVM that asks in batches, and restarts the JVM after a crash."""

    def __init__(self, jars: Sequence[Path] = JARS) -> None:
        self._jars = jars

    def ask(self, questions: Sequence[Sequence[object]]) -> Iterator[str]:
        """One answer a question, in order. Texts are escaped here."""
        lines = ["\t".join(escape(str(part)) for part in question) for question in questions]
        while lines:
            answers = self._run(lines)
            yield from answers
            lines = lines[len(answers) :]

    def speed(self, *question: object, texts: Sequence[str]) -> int:
        """Operations a second of a warm JVM; the question as in Oracle.java."""
        (rate,) = self._run(["\t".join(map(str, ("speed", *question))), *map(escape, texts), ""])
        return int(rate)

    def _run(self, lines: Sequence[str]) -> list[str]:
        options = ["-Xmx256m", "-XX:+ExitOnOutOfMemoryError", "-cp", ":".join(map(str, self._jars))]
        done = subprocess.run(
            ["java", *options, str(_SOURCE)],
            input="\n".join([*lines, ""]),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode in _BROKEN:
            answered = done.stdout.splitlines()
            return [*(line for line in answered if not line.startswith("Terminating due to")), BREAKS]
        if done.returncode:
            raise RuntimeError(f"the oracle ended with {done.returncode}: {done.stderr}")
        return done.stdout.splitlines()


def escape(text: str) -> str:
    """Everything but printable ASCII as UTF-16 units."""
    return "".join(
        character if " " <= character <= "~" and character != "\\" else _units(character) for character in text
    )


def _units(character: str) -> str:
    encoded = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{encoded[at : at + 2].hex()}" for at in range(0, len(encoded), 2))
