"""Handlers that create, update and delete the resources of a stack, one per resource type."""
