"""The check of declared cameras: their secrets, and what answers at the address in them."""
