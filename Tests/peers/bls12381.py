# SPDX-License-Identifier: Apache-2.0
"""BLS12-381 G1 of arkworks (PyPI py_arkworks_bls12381) as a peer of the tests.

One request per line on standard input, one answer per line on standard output; bytes are hexadecimal, `-` is a refusal.

decode ENCODING           the encoding that the library writes for what it read
combine A B P Q           a G + b P + Q; scalars are 32 bytes, big-endian
sum S1 P1 S2 P2 ...       the sum of the products
hash MESSAGE TAG          BLS12381G1_XMD:SHA-256_SSWU_RO_ (an empty message is written as _)
"""

import sys

from py_arkworks_bls12381 import G1Point, Scalar


def point(text):
    return G1Point.from_compressed_bytes(bytes.fromhex(text))


def scalar(text):
    return Scalar.from_be_bytes(bytes.fromhex(text))


def answer(words):
    operation, arguments = words[0], words[1:]
    if operation == "decode":
        result = point(arguments[0])
    elif operation == "combine":
        a, b, p, q = arguments
        result = G1Point() * scalar(a) + point(p) * scalar(b) + point(q)
    elif operation == "sum":
        points = [point(text) for text in arguments[1::2]]
        result = G1Point.multiexp_unchecked(points, [scalar(text) for text in arguments[0::2]])
    elif operation == "hash":
        message = b"" if arguments[0] == "_" else bytes.fromhex(arguments[0])
        result = G1Point.hash_to_curve(message, bytes.fromhex(arguments[1]))
    else:
        raise SystemExit(f"unknown request {operation}")
    return bytes(result.to_compressed_bytes()).hex()


def main():
    lines = []
    for line in sys.stdin:
        try:
            lines.append(answer(line.split()))
        except (ValueError, TypeError):
            lines.append("-")
    sys.stdout.write("".join(text + "\n" for text in lines))


if __name__ == "__main__":
    main()
