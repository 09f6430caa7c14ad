"""Everything that runs: bus, index, store, stages, workers, web and command line."""

import os

# A process computes on one core, and more cores take more processes: numpy's threads only wait for
# each other at the small products that are ours. It must be said before numpy is loaded, in every
# process of ours, Celery's own command too.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
