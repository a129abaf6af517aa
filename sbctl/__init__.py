"""sbctl: deploy, prove, rehearse and fail over an Amazon Connect contact centre across AWS regions."""

__version__ = "0.1.0"
