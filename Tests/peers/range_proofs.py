# SPDX-License-Identifier: Apache-2.0
"""Range proofs, written from docs/protocol.md section 10 (P) alone: aggregated Bulletproofs over ristretto255."""
import struct
from independent_verifier import (
    IDENTITY, ORDER, Transcript, check, decode_point, encode_point, generator, linear_combination, lp, same_point, wide)

GROUP_OVERHEAD = 48                                            # bytes squeezed for a scalar: Ns + 16


def canonical_scalar(encoding, what):
    """P 1: 32 little-endian bytes below the order."""
    value = int.from_bytes(encoding, "little")
    check(len(encoding) == 32 and value < ORDER, "proof", f"{what} is not a canonical scalar")
    return value


def is_sum(terms):
    """Whether sum of scalar * point is the identity."""
    return same_point(linear_combination(terms), IDENTITY)


def proof_width(bits, count):
    """P 10.2: bytes of a proof of `count` (a power of two) values."""
    return 32 * (4 + 2 * ((bits * count).bit_length() - 1) + 5)


def check_range(session, surrounding, bits, base, blinding, claims, proof):
    """P 10.4, of the elements `claims`, as many as a power of two."""
    count, width = len(claims), bits * len(claims)
    rounds = width.bit_length() - 1
    check(len(proof) == proof_width(bits, count), "proof", "length of the range proof")
    encoded = [encode_point(claim) for claim in claims]
    check(all(e != bytes(32) for e in encoded), "proof", "a claim is the identity")
    parts = [proof[i:i + 32] for i in range(0, len(proof), 32)]
    a, s, t1, t2 = (decode_point(part, "proof", what) for part, what in zip(parts, ("A", "S", "T_1", "T_2")))
    t_x, tau_x, mu = (canonical_scalar(part, what) for part, what in zip(parts[4:], ("t_x", "tau_x", "mu")))
    crosses = [decode_point(part, "proof", f"{'LR'[i % 2]}_{i // 2}") for i, part in enumerate(parts[7:7 + 2 * rounds])]
    last_a, last_b = (canonical_scalar(part, what) for part, what in zip(parts[7 + 2 * rounds:], "ab"))

    # P 10.2
    transcript = Transcript(session)
    transcript.absorb(lp(surrounding) + struct.pack("<II", bits, count) + encode_point(base) + encode_point(blinding) + b"".join(encoded))
    transcript.absorb(parts[0] + parts[1])
    squeezed = transcript.squeeze(2 * GROUP_OVERHEAD)
    y, z = wide(squeezed[:GROUP_OVERHEAD]), wide(squeezed[GROUP_OVERHEAD:])
    transcript.absorb(parts[2] + parts[3])
    x = wide(transcript.squeeze(GROUP_OVERHEAD))
    transcript.absorb(parts[4] + parts[5] + parts[6])
    w = wide(transcript.squeeze(GROUP_OVERHEAD))
    u = []
    for r in range(rounds):
        transcript.absorb(parts[7 + 2 * r] + parts[8 + 2 * r])
        u.append(wide(transcript.squeeze(GROUP_OVERHEAD)))
    check(y and all(u), "proof", "a challenge is zero")

    # (R1)
    powers = [pow(y, i, ORDER) for i in range(width)]
    delta = (z - z * z) * sum(powers) - z**3 * (2**bits - 1) * sum(pow(z, j, ORDER) for j in range(count))
    check(is_sum([(t_x - delta, base), (tau_x, blinding), (-x, t1), (-x * x, t2),
                  *((-pow(z, 2 + j, ORDER), claim) for j, claim in enumerate(claims))]), "proof", "equation (R1), range")
    # (R2)
    terms = [(1, a), (x, s), (-mu, blinding), (w * (t_x - last_a * last_b), generator("range", "product"))]
    inverses = [pow(c, -1, ORDER) for c in u]
    for r in range(rounds):
        terms += [(u[r] * u[r], crosses[2 * r]), (inverses[r] * inverses[r], crosses[2 * r + 1])]
    y_inverse = pow(y, -1, ORDER)
    for i in range(width):
        up = down = 1                                          # s_i and its inverse
        for r in range(rounds):
            bit = i >> (rounds - 1 - r) & 1
            up, down = up * (u if bit else inverses)[r] % ORDER, down * (inverses if bit else u)[r] % ORDER
        shrunk = pow(y_inverse, i, ORDER)
        terms += [(-z - last_a * up, generator("range", "left", struct.pack("<I", i))),
                  (z + pow(z, 2 + i // bits, ORDER) * 2**(i % bits) * shrunk - last_b * shrunk * down,
                   generator("range", "right", struct.pack("<I", i)))]
    check(is_sum(terms), "proof", "equation (R2), range")
