"""Limits as people set them: tightened at once, loosened slowly by two yeses (W-5, L-20, S-15)."""
