"""Self-contained HTML pages: markup, colours and the frame of a page."""
