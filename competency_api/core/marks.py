"""How the application tells the layer ahead of it that an answer is public, published and complete.

The mark is in the WSGI environment, since the two share nothing else. An answer without it is never kept.
"""

MARK = "competency.finished"
#: The answer holds for ever: every version in it was named exactly.
EXACT = "exact"
#: The answer holds until the next version is published.
CURRENT = "current"
