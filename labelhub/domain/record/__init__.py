"""The record of working conditions: events in salted chains."""
