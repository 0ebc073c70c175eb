"""The working state, readable like a version by those who have a key: it changes, so nobody keeps its answers."""
