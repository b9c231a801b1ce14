extensions = ["myst_nb", "sphinxcontrib.bibtex", "claimbook.site.sphinx"]
html_theme = "basic"
bibtex_bibfiles = ["sources.bib"]
bibtex_default_style = "claimbook"
bibtex_reference_style = "author_year"
bibtex_cite_id = "source-{key}"
exclude_patterns = ["_build"]
