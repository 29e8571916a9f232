"""Preference pairs, absolute labels, splits and names of a release: rules without a database."""
