"""How a question finds concepts of one version: what is looked up, how it is weighed, what is marked and suggested."""
