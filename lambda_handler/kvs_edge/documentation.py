"""URLs of the documentation."""

DOCS_URL = "https://cdk-kvs-edge.readthedocs.io/en/stable"


def page_url(page: str, section: str = "") -> str:
    """Return the URL of a page, for example runbook, or of one of its sections by heading."""
    return f"{DOCS_URL}/{page}/" + (f"#{section.lower()}" if section else "")
