"""`python -m stanch` is the same as `stanch`."""

from stanch.cli.main import main

main()
