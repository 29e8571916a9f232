"""Queries, one file per noun; domain values out. Only the store sees tables."""
