"""`python -m kvs_edge_gitops`, for environments without the script on the path."""

import sys

from kvs_edge_gitops.cli import main

if __name__ == "__main__":
    sys.exit(main())
