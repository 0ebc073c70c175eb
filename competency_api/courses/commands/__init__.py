"""The commands about courses: assembled from those of each part, and what they share."""
