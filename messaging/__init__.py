"""Words and ways to send them: recipients, templates, render, channels."""
