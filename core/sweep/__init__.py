"""Many runs of one project with other hyperparameters: planned, made in parallel, summed up."""
