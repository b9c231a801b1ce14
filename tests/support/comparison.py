"""What a comparison of notebooks leaves out."""

# What may differ although nothing that counts has changed: formatting by altair, vl-convert and
# the templates, and the version of Python. All numbers stand in our own type, which is compared.
IGNORED = (
    "/metadata/language_info",
    "/cells/*/execution_count",
    "/cells/*/outputs/*/execution_count",
    "/cells/*/outputs/*/traceback",
    "/cells/*/outputs/*/data/text/html",
    "/cells/*/outputs/*/data/image/svg+xml",
    "/cells/*/outputs/*/data/application/vnd.vegalite.v6+json",
)
