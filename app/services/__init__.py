"""One function per use case; each owns one transaction and returns facts."""
