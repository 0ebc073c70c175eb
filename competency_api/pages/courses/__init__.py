"""The catalogue of courses as pages: the list with its filters, and a page for each public course."""
