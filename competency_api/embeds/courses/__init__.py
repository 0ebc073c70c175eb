"""Courses inside other people's pages: what the form of courses is asked, and what it shows of each."""
