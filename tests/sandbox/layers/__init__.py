"""Layers before a sandbox's services (World.layer): AWS as it is on a bad day, for every service, moto's too."""
