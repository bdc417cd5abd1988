"""The file as JSON, which has no comments."""

import json
from collections.abc import Mapping
from typing import Any


def render(document: Mapping[str, Any]) -> str:
    """Return the document."""
    return json.dumps(document, indent=2) + "\n"
