"""`python -m sbctl`."""

from sbctl.main import main

main()
