"""From raw recordings to a training set."""
