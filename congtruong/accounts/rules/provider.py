"""The outside identity provider, of which there is at most one."""

PROVIDER_ID = "so"
