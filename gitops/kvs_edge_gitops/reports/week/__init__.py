"""A week of recording, uploading and footage at risk: its model, its simulation and its drawing."""
