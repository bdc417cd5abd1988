"""The expressions and the moments at which Quartz and kvs_edge_schedules are compared."""

import random
from collections.abc import Iterator
from pathlib import Path

_FOLDER = Path(__file__).parent
EVERYDAY = (_FOLDER / "everyday.txt").read_text(encoding="ascii").splitlines()
"""Expressions as people write them."""
FIELDS = ("seconds", "minutes", "hours", "day of month", "month", "day of week", "year")
_PLAIN = ("0", "30", "6", "*", "*", "?", "*")
_PLAIN_BY_WEEKDAY = ("0", "30", "6", "?", "*", "MON-FRI", "*")

WHOLE = [
    "",
    " ",
    "\t",
    "*",
    "* * * * *",
    "0 9 * * 1-5",
    "0 0 9 * *",
    "0 0 9 * * *",
    "0 0 9 ? * ?",
    "0 0 9 ? * ? *",
    "0 0 9 1 * 2",
    "0 0 9 L * 2",
    "0 0 9 L * *",
    "0 0 9 L * 6L",
    "0 0 9 15W * MON",
    "cron(0 9 * * ? *)",
    "cron(0 0 9 * * ? *)",
    "rate(5 minutes)",
    "rate(1 hour)",
    "at(2026-01-01T00:00:00)",
    "@daily",
    "@every 5m",
    "0 0 9 * * ? * *",
    "0 0 9 * * ? * MON",
    "0 0 9 * * ? 2027 2028 2029",
    "0 0 9 * * ? * and more text",
    "0 0 9 ? * MON \n",
    "  0 0 9 ? * MON-FRI  ",
    "\t0\t0\t9\t?\t*\tMON-FRI\t",
    "0  0   9 ?    * MON-FRI",
    "0 0 9 ? *\nMON-FRI",
    "0 0 9 ? * MON\n",
    "\n0 0 9 ? * MON",
    "0 0 9\n,10 ? * MON",
    "0 0 9,\n10 ? * MON",
    "0 0 \n ? * MON",
    "0 0 9 \n * MON",
    "0 0 9 \n * ?",
    "0 0 9 , * ?",
    "0 0 9 , * 98",
    "0 0 9 , * MON",
    "0 0 9 ? * ,",
    "0 0 9 ? , MON",
    "0 0 9 ? * MON ,",
    "0 , 9 ? * MON",
    "0 0 9 98 * MON",
    "0 0 9 98 * 98",
    "0 0 9 98 * ?",
    "0 0 9 ? * 98",
    "0 0 9 99 * 98",
    "0 0 9 99 * ?",
    "0 0 9 98/2 * 98",
    "0 0 9 98-70 * ?",
    "0 0 9 99-98 * MON",
    "0 0 9 99-120 * MON",
    "0 0 9 99-120 * ?",
    "0 0 9 99-120/5 * ?",
    "0 0 9 ? * 98#1",
    "0 0 9 1 * 98#1",
    "0 0 9 ?,5 * MON",
    "0 0 9 5,? * MON",
    "0 0 9 5,? * ?",
    "0 0 9 5 * ?,MON",
    "0 0 9 5 * MON,?",
    "0 0 9 5 * ?X",
    "0 0 9 ?X * MON",
    "0\xa00 9 ? * MON",
    "0 0 9 ? * MON\xa0",
    "0 0 9 ? * \xa0MON",
    "0\x000 9 ? * MON",
    "0 0 9 ? * MON\x00",
    "\x000 0 9 ? * MON",
    "\ufeff0 0 9 ? * MON",
    "0 0 9 ? * MON\u200b",
    "0 0 9 ? * \u2002MON",
    "\u0660 \u0660 \u0669 ? * MON",
    "\uff10 \uff10 \uff19 ? * \uff2d\uff2f\uff2e",
    "0 0 9 ? * \uff4don",
    "0 0 9 ? \ufb06J MON",
    "\U0001d7ce 0 9 ? * MON",
    "0 0 9 ? * \ud83d",
    "-1 0 9 ? * MON",
    "0 0 9 ? * MON-FRI-SUN",
    "0 0 9 1-5-7 * ?",
    "0,0,0 0,0 9,9 ? * 2,MON",
    "$ $ $ $ $ $",
    "? ? ? ? ? ?",
    "L L L L L L",
    "* * * L * ?",
    "* * * ? * L",
    "99 99 99 99 99 98",
    "99 99 99 98 99 99 99",
    "0 0 9 * * ? *" + " *" * 50,
    "0 0 9 ? * " + ",".join(["MON"] * 30),
    "0 " * 40,
]


def _items() -> dict[int, list[str]]:
    """By the position of their field, the items of items.txt."""
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in (_FOLDER / "items.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), [])
        elif not line.startswith("# "):
            current.extend(line.split())
    return {position: [*sections["any field"], *sections.get(name, ())] for position, name in enumerate(FIELDS)}


_ITEMS = _items()


def corpus() -> list[str]:
    """Return the hand-written expressions, each once."""
    texts = [*EVERYDAY, *WHOLE]
    for position, items in _ITEMS.items():
        base = _PLAIN_BY_WEEKDAY if position == 5 else _PLAIN
        texts.extend(" ".join([*base[:position], item, *base[position + 1 :]]) for item in items)
    return list(dict.fromkeys(texts))


def generated(seed: int) -> Iterator[str]:
    """Expressions without end: most of them plain, some made of odd items, some of them damaged."""
    chance = random.Random(seed)
    while True:
        by_weekday = chance.random() < 0.5
        fields = [_plain_field(chance, position) for position in range(7)]
        fields[3 if by_weekday else 5] = "?"
        if chance.random() < 0.3:
            position = chance.randrange(7)
            fields[position] = chance.choice(_ITEMS[position])
        text = " ".join(fields[: chance.choice((6, 7, 7))])
        yield _damaged(chance, text) if chance.random() < 0.15 else text


_RANGES = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (1, 7), (2024, 2040))
_NAMES = {
    4: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    5: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
}


def _plain_field(chance: random.Random, position: int) -> str:
    lowest, highest = _RANGES[position]
    shape = chance.random()
    if shape < (0.85 if position == 6 else 0.35 if position in (3, 4, 5) else 0.12):
        return "*"
    if position == 3 and shape > 0.7:
        day, back = chance.randint(1, 31), chance.randint(0, 30)
        return chance.choice(["L", "LW", f"{day}W", f"L-{back}", f"L-{min(back, 27)}W"])
    if position == 5 and shape > 0.7:
        weekday = chance.choice([*_NAMES[5], *map(str, range(1, 8))])
        return weekday + chance.choice(["L", f"#{chance.randint(1, 5)}"])
    return ",".join(_plain_item(chance, position, lowest, highest) for _ in range(chance.choice((1, 1, 1, 2, 3))))


def _plain_item(chance: random.Random, position: int, lowest: int, highest: int) -> str:
    first, last = chance.randint(lowest, highest), chance.randint(lowest, highest)
    if position == 6:
        first, last = sorted((first, last))
    step = chance.randint(1, max(1, (highest - lowest) // 2))
    if position in _NAMES and chance.random() < 0.4:
        first_name, last_name = chance.choice(_NAMES[position]), chance.choice(_NAMES[position])
        return chance.choice([first_name, f"{first_name}-{last_name}", first_name.lower()])
    span = f"{first}-{last}"
    return chance.choice([f"{first}", f"{first}", span, f"{span}/{step}", f"{first}/{step}", f"*/{step}"])


_DAMAGE = "0123456789*?/,-LW# \t\nMONFRIX.\u0665\u00e9"


def _damaged(chance: random.Random, text: str) -> str:
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(_DAMAGE) + text[at + chance.randint(0, 2) :]
    return text
