"""Shows untrusted text safely (safety-case.md, R9): Markdown or plain text to inert HTML."""
