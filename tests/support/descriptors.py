"""What this process has open, as the system tells it."""

from pathlib import Path


def open_files(folder: Path) -> list[Path]:
    """The files in a folder that this process has open; none are seen where ``/proc`` is not."""
    found = []
    for descriptor in Path("/proc/self/fd").glob("*"):
        try:
            found.append(descriptor.readlink())
        except FileNotFoundError:  # the one that listed the folder
            continue
    return [file for file in found if file.is_relative_to(folder)]
