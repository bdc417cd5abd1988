"""`kvs-edge schedule`: a week of recording, uploading and footage at risk."""
