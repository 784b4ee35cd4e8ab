"""Catalogs in English, French, Dutch and German."""
