"""The commands, one package each: arguments and run in `command`, the model, and `renderings`."""
