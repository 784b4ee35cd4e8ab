"""Statistics against published and R-computed values, each with its provenance."""
