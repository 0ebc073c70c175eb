"""Pages about the service itself: its problems and rules, the licence of what it shows, how accessible it is."""
