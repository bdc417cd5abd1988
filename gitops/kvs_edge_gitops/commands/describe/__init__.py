"""`kvs-edge describe`: all about single streams, declared and live."""
