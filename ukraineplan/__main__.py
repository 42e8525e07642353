"""``python -m ukraineplan`` is the command line."""

import sys

from ukraineplan.cli import main

if __name__ == "__main__":
    sys.exit(main())
