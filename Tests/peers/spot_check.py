# SPDX-License-Identifier: Apache-2.0
"""Which rows a spot check opens (docs/protocol.md section 13), written from the document alone, with Python integers.

Reads a JSON list of [source, value, root in hex, N, k] on standard input, writes the lists of rows.
"""
import hashlib
import json
import struct
import sys


def lp(data):
    return struct.pack("<I", len(data)) + data


def rows(source, value, root, n, k):
    message = lp(b"zkconsent/v1/spot-check") + lp(source.encode()) + lp(value.encode()) + bytes.fromhex(root)
    seed = hashlib.sha256(message + n.to_bytes(8, "little") + k.to_bytes(8, "little")).digest()
    drawn, j = [], 0
    while len(drawn) < k:
        block = hashlib.sha256(lp(b"zkconsent/v1/spot-check/rows") + seed + (j // 4).to_bytes(8, "little")).digest()
        word = int.from_bytes(block[8 * (j % 4) : 8 * (j % 4) + 8], "little")
        j += 1
        if word < n * (2**64 // n) and word % n not in drawn:
            drawn.append(word % n)
    return sorted(drawn)


json.dump([rows(*request) for request in json.load(sys.stdin)], sys.stdout)
