"""The check of a fleet: the health of each stream."""
