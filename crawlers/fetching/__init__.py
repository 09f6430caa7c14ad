"""The one way to the network: the guard, the limits, and the manners of every request."""
