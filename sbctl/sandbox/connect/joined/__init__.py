"""What an instance is joined to: bots, sites that embed it, keys, applications, e-mail addresses."""
