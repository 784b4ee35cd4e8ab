"""Reports rendered from facts made in memory."""
