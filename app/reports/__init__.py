"""A stored analysis, rendered; nothing is computed here."""
