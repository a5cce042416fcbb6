"""One file a user's workflow, through main()."""
