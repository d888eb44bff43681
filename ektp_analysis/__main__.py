"""``python -m ektp_analysis``."""

import sys

from ektp_analysis.cli import main

if __name__ == "__main__":
    sys.exit(main())
