"""Which operations moto has, read off its response classes, for the page of coverage. It may still trip over some of them.

Points touched, checked by tests/sandbox/test_front_moto_contact.py: the modules moto.<service>.responses, and BaseResponse.
"""

from __future__ import annotations

import importlib

from botocore import xform_name

from sbctl.sandbox.moto_bridge.allowed_operations import S3_BUCKETS, S3_OBJECTS
from sbctl.sandbox.wire import models

MODULES = {"lambda": "awslambda"}


def moto_operations(service: str) -> frozenset[str]:
    """The operations of a service for which moto has a method; of S3 those that are let through to it."""
    if service == "s3":
        return S3_BUCKETS | S3_OBJECTS
    from moto.core.responses import BaseResponse

    module = importlib.import_module(f"moto.{MODULES.get(service, service)}.responses")
    classes = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, BaseResponse)]
    has = {name for one in classes for name in dir(one)}
    return frozenset(name for name in models.operation_names(service) if xform_name(name) in has)
