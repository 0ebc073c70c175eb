"""The changes that a proposal is made of. Pure: what they are, how they are read, and what they make of a content."""
