"""The edge service as a part of moto 5.2.5's kinesisvideo: adapters, no rules."""
