"""`kvs-edge doctor`: all checks of a site, with what to do next."""
