"""Shared test data and fixtures: `from support.declarations import media_secret`."""
