"""Who asks about a workshop, and what they may do in it."""
