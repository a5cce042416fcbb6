"""The computations of the labs: small experiments on one idea each, independent of any run."""
