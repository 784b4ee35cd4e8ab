"""Readers and writers of other systems' formats; reading stores nothing and names every fault."""
