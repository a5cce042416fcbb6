"""The lab of computation graphs: drawn, typed or wired, walked forward and back."""
