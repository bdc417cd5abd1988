"""Restarts in each format."""
