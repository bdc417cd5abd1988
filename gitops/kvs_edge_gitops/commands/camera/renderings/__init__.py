"""Checked cameras in each format."""
