"""Codes of the errors that a plan finds beside those of the handler."""

FOOTAGE_LOST_IN_MOVE = "FootageLostInMove"
STREAM_EXISTS = "StreamExists"
STREAM_LOST = "StreamLost"
