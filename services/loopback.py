"""Ports of this machine, looked at before a server is started on one."""

import socket

ADDRESS = "127.0.0.1"


def refusal(port: int) -> str:
    """Why nobody could listen on a port now; empty when somebody could."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            return error.strerror or str(error)
    return ""
