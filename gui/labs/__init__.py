"""The labs: panels for trying out one idea each; one file or folder per lab."""
