"""Checks before a deployment: the edge files, the faults of a declaration, and the footage analysis.

Runs at synthesis and in the command line, never in Lambda. It needs PyYAML and jsonschema.
"""
