"""``python -m checkedmath`` is the command ``checkedmath``."""

import sys

from checkedmath.command_line.commands import main

if __name__ == "__main__":
    sys.exit(main())
