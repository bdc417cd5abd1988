"""A snapshot as text, as JSON and on a terminal's screen."""
