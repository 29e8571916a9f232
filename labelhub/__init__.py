"""LabelHub: people rate the outputs of language models, and nobody is hurt or cheated."""

__version__ = "0.1.0"
