"""The word that stands for a region where AWS has none. Apart from addresses, whose models take a while to load."""

GLOBAL = "global"
