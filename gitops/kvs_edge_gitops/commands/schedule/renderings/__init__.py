"""A week as text and as an HTML page."""
