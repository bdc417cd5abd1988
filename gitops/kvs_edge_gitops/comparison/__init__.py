"""The comparison of edge files with AWS: pure, without clock, network or rendering."""
