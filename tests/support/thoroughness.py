"""Share of the cases that the tests of all cases try: a fraction in `make test`, each one in `make campaign`."""

import os

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci")
"""The profile of Hypothesis: ci has the same few examples each time, search has thousands of new ones."""

IS_CAMPAIGN = PROFILE == "search"
"""True if a test tries each case of a product, instead of a fraction of it."""
