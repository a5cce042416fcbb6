"""What the labs compute: small experiments on one idea each, apart from any run."""
