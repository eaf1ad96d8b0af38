"""The running demo portal that the client tests talk to: its address, its accounts and their keys."""

import asyncio
import functools
import json
import os
import unittest

from connect.client import AsyncConnectClient, ConnectClient

BASE = os.environ["CAUSEWAY_URL"]
ENDPOINT = f"{BASE}/public/v1"

with open(os.environ["CAUSEWAY_DEMO"], encoding="utf-8") as file:
    DEMO = json.load(file)


def account(role):
    """The first account of the demo world with this role: vendor, distributor or reseller."""
    for candidate in DEMO["accounts"]:
        if candidate["role"] == role:
            return candidate
    raise LookupError(f"the demo world has no {role}")


def client(key=None, **options):
    """The synchronous client, for the first vendor unless a key is given."""
    return ConnectClient(key or account("vendor")["api_key"], endpoint=ENDPOINT, use_specs=False, **options)


def async_client(key=None, **options):
    """The asynchronous client, for the first vendor unless a key is given."""
    return AsyncConnectClient(key or account("vendor")["api_key"], endpoint=ENDPOINT, use_specs=False, **options)


class ClientTest(unittest.TestCase):
    """A test with a synchronous client of the first vendor."""

    def setUp(self):
        self.account = account("vendor")
        self.client = client()


# The asynchronous client keeps its connections for the whole process, so all tests have to share one loop.
LOOP = asyncio.new_event_loop()


def on_the_loop(test):
    """Makes a test out of an asynchronous method."""

    @functools.wraps(test)
    def run(self):
        LOOP.run_until_complete(test(self))

    return run


class AsyncClientTest(unittest.TestCase):
    """A test with an asynchronous client of the first vendor. Its methods are marked with `on_the_loop`."""

    def setUp(self):
        self.account = account("vendor")
        self.client = async_client()
