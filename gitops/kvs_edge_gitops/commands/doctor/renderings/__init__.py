"""Checks in each format."""
