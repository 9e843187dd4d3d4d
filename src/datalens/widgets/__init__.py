"""Floor 5: the Python halves of the views, mirrored by js/src/."""
