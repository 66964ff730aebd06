"""The Specially Designated Nationals list of the US Treasury (OFAC)."""
