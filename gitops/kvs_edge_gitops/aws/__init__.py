"""Access to AWS: settings, sessions, rate limits, retries and failures."""
