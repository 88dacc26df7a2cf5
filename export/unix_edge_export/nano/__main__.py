"""`python -m unix_edge_export.nano`."""

from unix_edge.console import run

from .command import app

if __name__ == "__main__":
    run(lambda: app(prog_name="python -m unix_edge_export.nano"))
