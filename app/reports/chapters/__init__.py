"""The chapters of the report: each takes the facts and a language, and says what its pages show."""
