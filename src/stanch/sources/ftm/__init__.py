"""FollowTheMoney JSON lines: any OpenSanctions dataset, and stanch's own packaged lists."""
