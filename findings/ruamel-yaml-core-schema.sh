#!/usr/bin/env bash
# ruamel.yaml's YAML 1.2 reads plain text as numbers and dates, and one kind of number as text.
#
# Expected: ruamel.yaml reads YAML 1.2 by default. The core schema of YAML 1.2.2 (10.3.2) has decimal, octal (0o) and
# hexadecimal integers without underscores, no binary integers, and no timestamps; -.5e1 matches its float
# [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
#
# Happens: 1_000 is 1000, 0b11 is 3, 2026-01-01 is a date, and .5e1 and -.5e1 are text, although .5e+1 and -.5 are
# floats. A file that another reader of YAML 1.2 checked has other values here.
#
# With ruamel.yaml==0.19.1.
#
# Output seen:
#   1_000: 1000 (int), the core schema says text
#   0b11: 3 (int), the core schema says text
#   2026-01-01: 2026-01-01 (date), the core schema says text
#   .5e1: .5e1 (str), the core schema says a float
#   -.5e1: -.5e1 (str), the core schema says a float
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ruamel.yaml==0.19.1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from ruamel.yaml import YAML

EXPECTED = {"1_000": "text", "0b11": "text", "2026-01-01": "text", ".5e1": "a float", "-.5e1": "a float"}
seen = {}
for text, expected in EXPECTED.items():
    value = YAML(typ="safe", pure=True).load(f"%YAML 1.2\n---\nkey: {text}\n")["key"]
    seen[text] = type(value).__name__
    print(f"{text}: {value} ({seen[text]}), the core schema says {expected}")
assert seen == {"1_000": "int", "0b11": "int", "2026-01-01": "date", ".5e1": "str", "-.5e1": "str"}
PYTHON
