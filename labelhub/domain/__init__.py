"""Rules over frozen values. Standard library only; no clock, no database, no framework."""
