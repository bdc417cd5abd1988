"""What makes, changes and removes the resources of a stack: one handler for each resource type."""
