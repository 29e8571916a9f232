"""Every page of LabelHub with made-up contexts, to be looked at and tested without the views."""
