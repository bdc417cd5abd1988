"""Judged secrets in each format."""
