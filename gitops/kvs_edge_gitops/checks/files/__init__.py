"""The check of files: their faults, and the footage that their schedules lose."""
