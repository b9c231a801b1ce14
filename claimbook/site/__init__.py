"""The site: building it, and what Sphinx shows of the notebooks."""
