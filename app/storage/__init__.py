"""The only SQL: tables, and queries named by noun."""
