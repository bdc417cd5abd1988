"""Promises about seconds: a minute takes six, so that a busy machine does not make one of a moment."""

import pytest


@pytest.fixture(scope="module")
def time_scale() -> float:
    return 10.0
