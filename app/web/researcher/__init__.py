"""What a researcher sees and does."""
