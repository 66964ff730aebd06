"""The Consolidated Screening List of the United States (Commerce, State and Treasury)."""
