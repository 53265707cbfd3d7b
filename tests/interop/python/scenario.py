"""What the scenarios of every Python client share: `BOOTSTRAP` names the cluster, and nothing is ever slept for."""

import os
import time
import unittest
import uuid

BOOTSTRAP = os.environ["BOOTSTRAP"]
TIMEOUT_SECONDS = 60


def unique(name):
    """A name that no other run of a scenario uses."""
    return f"{name}-{uuid.uuid4().hex[:8]}"


def wait_for(what, probe):
    """The first true value of `probe`, which is called again and again."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        value = probe()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {TIMEOUT_SECONDS} s")


class Scenario(unittest.TestCase):
    maxDiff = None
