"""Subjects of the checks: one module each, which turns a result into a check."""
