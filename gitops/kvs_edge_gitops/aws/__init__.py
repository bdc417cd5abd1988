"""AWS as the commands ask it: its settings, its limits kept from this side, and its refusals as sentences."""
