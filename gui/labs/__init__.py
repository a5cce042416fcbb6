"""The labs: panels in which one idea is tried by hand; one file or folder a lab."""
