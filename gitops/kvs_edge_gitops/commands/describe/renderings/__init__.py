"""Described streams as text and as JSON."""
