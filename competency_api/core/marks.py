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
#: The other way round: tags that the asker has, for who can say "the same" without making the answer. The layer makes
#: answers whole, and tells that of all others itself.
KNOWN = "competency.if-none-match"
