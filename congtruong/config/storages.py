"""Where uploaded files live when a setting asks for S3-compatible storage."""

from typing import Any


def s3_storage(*, bucket: str, endpoint: str, region: str, access_key: str, secret_key: str) -> dict[str, Any]:
    """The entry of `STORAGES` for a private bucket; what is empty is left to the library (roles, Amazon)."""
    # Only where the setting is used: the library takes a second to load.
    from botocore.config import Config  # noqa: PLC0415

    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint or None,
            "region_name": region or None,
            "access_key": access_key or None,
            "secret_key": secret_key or None,
            "default_acl": None,
            # Keys are random: nothing is ever written over, and asking first would cost a request per file.
            "file_overwrite": True,
            "client_config": Config(
                s3={"addressing_style": "path"},
                signature_version="s3v4",
                connect_timeout=5,
                read_timeout=60,
                retries={"total_max_attempts": 3, "mode": "standard"},
                # Checksums in trailers are Amazon's own; other servers refuse them.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        },
    }
