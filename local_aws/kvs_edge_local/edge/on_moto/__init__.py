"""Adapters of the edge service to moto 5.2.5's kinesisvideo; no rules."""
