"""Where to listen: settled before anything is made, so that a taken port is one clear line."""

import socket

import click


def listenable(host: str, port: int) -> int:
    """Return *port*, or a free one for 0.

    Raises:
        click.ClickException: nobody may listen there, mostly because another program does.

    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family) as probe:
            found: int = probe.getsockname()[1]
            return found
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on port {port} of {host}: {error.strerror};"
            " name another with --port (0 takes a free one)"
        ) from error
