"""What must hold for every study one can think of."""
