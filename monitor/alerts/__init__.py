"""Rules, warnings and their life, digests, mails, and the service that sends them in time."""
