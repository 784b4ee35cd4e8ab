"""What a panelist sees and does."""
