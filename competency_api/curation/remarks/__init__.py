"""Comments on concepts: what curators have to say of one without proposing anything yet."""
