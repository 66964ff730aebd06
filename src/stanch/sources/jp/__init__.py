"""Japan's list of persons whose assets are frozen (Ministry of Finance)."""
