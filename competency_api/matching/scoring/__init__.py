"""From words to concepts: the labels of a version by their words, how well they match, and which come first."""
