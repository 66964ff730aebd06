"""The United Kingdom's sanctions lists."""
