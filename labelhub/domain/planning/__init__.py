"""The capacity plan: how long a team takes inside the limits, by simulation with the real rules."""
