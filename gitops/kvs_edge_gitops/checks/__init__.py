"""Checks that commands share, without output: files, secrets, hubs and the fleet."""
