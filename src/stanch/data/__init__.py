"""Packaged source snapshots: files only. `stanch.sources.packaged` knows what lies where; readers read them."""
