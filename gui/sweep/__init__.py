"""The sweep window: what to vary, the running jobs, and the results."""
