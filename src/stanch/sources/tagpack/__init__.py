"""GraphSense TagPacks: attribution tags of addresses in YAML."""
