"""Needs and gaps of a hub in each format."""
