"""What a process says of itself to supervisors, load balancers and Prometheus.

The answers are made in one place (``probes.py``), whoever gives them: the pages at their own
addresses, every other process that runs for long at the port of its metrics (``endpoint.py``).
"""
