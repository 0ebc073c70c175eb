"""Published versions: stored once, never changed, loaded as a :class:`Taxonomy`, addressed and served.

The working state (the *draft*) lives here too: it is what publishing makes a version of. Nothing else moves.
"""
