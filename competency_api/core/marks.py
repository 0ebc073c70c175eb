"""How the application tells the layer ahead of it that an answer is public, published and complete.

The mark is in the WSGI environment, since the two share nothing else. An answer without it is never kept.
"""

MARK = "competency.finished"
#: Every version in it was named exactly: its content holds for ever, its fields until something is withdrawn.
EXACT = "exact"
#: The answer holds until the next version is published.
CURRENT = "current"
#: The answer shows what people change, as courses, too: it holds for some seconds, and no longer than CURRENT.
PASSING = "passing"
#: How many seconds.
PASSING_SECONDS = 10
