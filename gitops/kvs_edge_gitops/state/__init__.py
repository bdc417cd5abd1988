"""The desired state (edge files), the live state (AWS) and the baseline (deployed files)."""
