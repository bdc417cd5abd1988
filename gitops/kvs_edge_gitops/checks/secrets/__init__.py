"""The check of cameras' secrets, none of which is ever shown."""
