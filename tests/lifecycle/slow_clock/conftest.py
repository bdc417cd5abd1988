"""Tests with limits in seconds: a minute takes six seconds, so that a busy machine does not exceed them."""

import pytest


@pytest.fixture(scope="module")
def time_scale() -> float:
    return 10.0
