"""The computation graph lab: graphs drawn, typed or wired, walked forward and backward."""
