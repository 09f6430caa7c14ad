"""What a load needs: a model from measured costs, and a simulation that checks it. Pure."""
