"""Checks before a deployment: edge files, faults of a declaration, footage analysis.

Runs at synthesis and in the command line, never in Lambda. Needs PyYAML and jsonschema.
"""
