"""The Smart City Competency Framework as a service: a versioned taxonomy of concepts, in many languages."""

__version__ = "0.1.0"
