"""Tests, from the quickest to the slowest: unit, property, reference, integration, browser, load."""
