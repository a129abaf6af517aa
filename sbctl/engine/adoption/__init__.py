"""An existing contact centre taken over: what there is, as config and flow files that ask for exactly that."""
