"""The mathematics of a network; independent of data sets, files and threads."""
