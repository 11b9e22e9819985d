# SPDX-License-Identifier: Apache-2.0
"""Modular groups by Python's own integers: the peer of Tests/GroupsTests/SafePrime.

primes: prints every group of RFC 3526 and RFC 7919 from the formula of its RFC, with pi and e computed here.
check:  reads `modulus p` and then lines `operation operands result`, and prints how many results are wrong.
"""
import sys

MODP = {1536: 741804, 2048: 124476, 3072: 1690314, 4096: 240904, 6144: 929484, 8192: 4743158}
FFDHE = {2048: 560316, 3072: 2625351, 4096: 5736041, 6144: 15705020, 8192: 10965728}
GUARD = 64


def arctan_inverse(x, unit):
    """unit * arctan(1/x), the terms truncated."""
    term, total, n, sign = unit // x, 0, 1, 1
    while term:
        total += sign * (term // n)
        term //= x * x
        n += 2
        sign = -sign
    return total


def pi(bits):
    """floor(2^bits pi), by Machin's formula."""
    unit = 1 << (bits + GUARD)
    return (16 * arctan_inverse(5, unit) - 4 * arctan_inverse(239, unit)) >> GUARD


def e(bits):
    """floor(2^bits e), by the series of inverse factorials."""
    term, total, n = 1 << (bits + GUARD), 0, 1
    while term:
        total += term
        term //= n
        n += 1
    return total >> GUARD


def print_primes():
    for name, constant, offsets in (("modp", pi, MODP), ("ffdhe", e, FFDHE)):
        for n, offset in offsets.items():
            p = 2**n - 2 ** (n - 64) - 1 + 2**64 * (constant(n - 130) + offset)
            print(f"{name}{n} {p:x}")


def jacobi(a, n):
    result = 1
    a %= n
    while a:
        while a % 2 == 0:
            a //= 2
            if n % 8 in (3, 5):
                result = -result
        a, n = n, a
        if a % 4 == 3 and n % 4 == 3:
            result = -result
        a %= n
    return result if n == 1 else 0


def check():
    lines = sys.stdin.read().split("\n")
    p = int(lines[0].split()[1], 16)
    q = (p - 1) // 2
    size, scalar_size = (p.bit_length() + 7) // 8, (q.bit_length() + 7) // 8

    def integers(text, size):
        data = bytes.fromhex(text)
        assert len(data) % size == 0
        return [int.from_bytes(data[i : i + size], "big") for i in range(0, len(data), size)]

    def expected(kind, operands):
        if kind == "product":
            a, b = (int(x, 16) for x in operands)
            return (a * b % p).to_bytes(size, "big").hex()
        if kind == "inverse":
            return pow(int(operands[0], 16), -1, p).to_bytes(size, "big").hex()
        if kind == "uniform":
            root = 1 + int.from_bytes(bytes.fromhex(operands[0]), "little") % q
            return (root * root % p).to_bytes(size, "big").hex()
        if kind == "member":
            x = int(operands[0], 16)
            return "yes" if 1 <= x < p and jacobi(x, p) == 1 else "no"
        if kind in ("sum", "vartime-sum", "fixed-sum"):
            total = 1
            points, scalars = integers(operands[0], size), integers(operands[1], scalar_size)
            assert len(points) == len(scalars)
            for base, exponent in zip(points, scalars):
                total = total * pow(base, exponent, p) % p
            return total.to_bytes(size, "big").hex()
        if kind == "scalar-wide":
            value = int.from_bytes(bytes.fromhex(operands[0]), "little")
        else:
            values = [int(x, 16) for x in operands]
            value = {
                "scalar-add": lambda a, b: a + b,
                "scalar-subtract": lambda a, b: a - b,
                "scalar-multiply": lambda a, b: a * b,
                "scalar-inverse": lambda a: pow(a, -1, q),
            }[kind](*values)
        return (value % q).to_bytes(scalar_size, "big").hex()

    wrong = 0
    for line in lines[1:]:
        kind, *operands, result = line.split()
        if expected(kind, operands) != result:
            wrong += 1
            print("wrong:", line[:200])
    print(f"{len(lines) - 1} cases, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["primes"]:
        print_primes()
    elif sys.argv[1:] == ["check"]:
        sys.exit(check())
    else:
        sys.exit(__doc__)
