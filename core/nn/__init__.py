"""The mathematics of a network; knows nothing of data sets, files or threads."""
