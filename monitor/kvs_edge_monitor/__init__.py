"""Lambda function that watches streams: reads their health, and reports metrics and changes."""
