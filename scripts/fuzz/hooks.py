"""Puts ids of what there is into half of the addresses that Schemathesis makes up."""

import json
import os
import zlib

import schemathesis

KNOWN = json.loads(os.environ["FUZZ_KNOWN"])


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """The same made-up address gets the same ids, so that a failure can be had again."""
    for name, value in (path_parameters or {}).items():
        known = KNOWN.get(name)
        chance = zlib.crc32(repr(value).encode())
        if known and chance % 2 == 0:
            path_parameters[name] = known[chance // 2 % len(known)]
    return path_parameters
