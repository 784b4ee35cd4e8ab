"""Castalia: studies, people and rounds, from a protocol to a consensus report."""
