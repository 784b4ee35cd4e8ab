"""The only room that speaks SQL: tables, and queries named by the noun they ask about."""
