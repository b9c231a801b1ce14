extensions = ["myst_nb", "claimbook.site.sphinx"]
project = "Small"
html_theme = "basic"
nb_execution_mode = "off"
nb_execution_raise_on_error = True
claimbook_sources = "sources"
claimbook_description = "A small site."
exclude_patterns = ["_build"]
