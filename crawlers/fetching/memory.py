"""The memory that a crawl has used: its own, not that of whoever started it."""

from pathlib import Path

from scrapy.extensions.memusage import MemoryUsage

_STATUS = Path("/proc/self/status")


class OwnMemory(MemoryUsage):
    """Scrapy's guard, by the peak of this program alone.

    The figure that Scrapy asks for (``ru_maxrss``) begins, on Linux, with that of the process
    which was replaced by this program, so that a large parent would end every crawl at once.
    """

    def get_virtual_size(self) -> int:
        """Peak of resident memory in bytes."""
        try:
            lines = _STATUS.read_text().splitlines()
        except OSError:  # No Linux.
            return super().get_virtual_size()
        [peak] = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
        return int(peak) * 1024
