"""The parts of reports that several commands share."""
