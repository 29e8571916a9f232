"""From bytes to rows: opening, unpacking and splitting files, always within bounds."""
