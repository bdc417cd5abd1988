"""A campaign of random stack lifecycles in virtual time, against the real handlers."""
