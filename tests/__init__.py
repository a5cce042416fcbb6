"""Tests of Layerwise: core without Qt, gui without a user, e2e through main()."""
