"""Reading the text of a course: words with their places, what is asked of learners, how much is asked of them."""
