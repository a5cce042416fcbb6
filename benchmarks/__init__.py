"""Side by side with peers: how fast Layerwise trains and how smooth its window is."""
