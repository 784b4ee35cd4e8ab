"""Use cases, each against both databases."""
