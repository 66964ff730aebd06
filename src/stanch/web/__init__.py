"""The workspace over HTTP, on this machine: an app factory over the same core that the command line calls."""

from stanch.web.app import create_app

__all__ = ["create_app"]
