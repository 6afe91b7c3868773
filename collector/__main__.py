"""`python -m collector` is `trawl`."""

import sys

from collector.cli.main import main

sys.exit(main())
