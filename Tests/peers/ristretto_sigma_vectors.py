#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes sigma-proofs_Shake128_ristretto255 vectors with the drafts' own reference implementation and a ristretto255 group of ours.

    python3 ristretto_sigma_vectors.py POC OUT

POC is the folder `poc` of github mmaker/draft-irtf-cfrg-sigma-protocols at the tag draft-irtf-cfrg-sigma-protocols-03; OUT is a folder for
the two JSON files. The group is written here from RFC 9496, independently of the Swift code: big integers, extended coordinates.
Scalars are little-endian. Records have the format of the drafts' vectors.
"""
import json
import sys

sys.path.insert(0, sys.argv[1])
import sigma_protocols as sigma  # noqa: E402
from fiat_shamir import EXTRA, DuplexSponge, decode_uint, derive_session_id  # noqa: E402
from groups import DeserializeError  # noqa: E402

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
SUITE = "sigma-proofs_Shake128_ristretto255"


def negative(x):
    return x % P & 1


def magnitude(x):
    x %= P
    return P - x if x & 1 else x


def sqrt_ratio(u, v):
    """RFC 9496, 4.2: whether u/v is a square, and the root."""
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * r * r % P
    correct, flipped, flipped_i = check == u % P, check == -u % P, check == -u * SQRT_M1 % P
    if flipped or flipped_i:
        r = r * SQRT_M1 % P
    return correct or flipped, magnitude(r)


INVSQRT_A_MINUS_D = sqrt_ratio(1, -1 - D)[1]


class Ristretto255:
    """The interface of the reference implementation's groups. A point is (x, y, z, t); None is the identity for its checks."""

    name, order, Ne, Ns = "ristretto255", Q, 32, 32
    neutral = (0, 1, 1, 0)

    def __init__(self):
        y = 4 * pow(5, P - 2, P) % P
        x = magnitude(sqrt_ratio(y * y - 1, D * y * y + 1)[1])
        self.gen = self.out((x, y, 1, x * y % P))

    def out(self, p):
        """The identity class has x y = 0."""
        return None if p[0] % P == 0 or p[1] % P == 0 else self.deserialize_element(self.encode(p))

    def generator(self):
        return self.gen

    def identity(self):
        return None

    @staticmethod
    def law(p, q):
        a = (p[1] - p[0]) * (q[1] - q[0])
        b = (p[1] + p[0]) * (q[1] + q[0])
        c, d = 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
        e, f, g, h = b - a, d - c, d + c, b + a
        return e * f % P, g * h % P, f * g % P, e * h % P

    def add(self, p, q):
        if p is None:
            return q
        if q is None:
            return p
        return self.out(self.law(p, q))

    def neg(self, p):
        return None if p is None else self.out((-p[0], p[1], p[2], -p[3]))

    def mul(self, k, p):
        if p is None:
            return None
        result, power = self.neutral, p
        while k:
            if k & 1:
                result = self.law(result, power)
            power = self.law(power, power)
            k >>= 1
        return self.out(result)

    def encode(self, p):
        x0, y0, z0, t0 = p
        u1, u2 = (z0 + y0) * (z0 - y0) % P, x0 * y0 % P
        _, root = sqrt_ratio(1, u1 * u2 * u2 % P)
        den1, den2 = root * u1 % P, root * u2 % P
        z_inv = den1 * den2 * t0 % P
        if negative(t0 * z_inv):
            x, y, den = y0 * SQRT_M1 % P, x0 * SQRT_M1 % P, den1 * INVSQRT_A_MINUS_D % P
        else:
            x, y, den = x0, y0, den2
        if negative(x * z_inv):
            y = -y
        return magnitude(den * (z0 - y)).to_bytes(32, "little")

    def deserialize_element(self, buf):
        s = int.from_bytes(buf, "little")
        if len(buf) != 32 or s >= P or s & 1 or s == 0:
            raise DeserializeError("not a canonical encoding, or the identity")
        ss = s * s % P
        u1, u2 = (1 - ss) % P, (1 + ss) % P
        v = (-D * u1 * u1 - u2 * u2) % P
        square, root = sqrt_ratio(1, v * u2 * u2 % P)
        x = magnitude(2 * s * root * u2)
        y = u1 * root * root * u2 * v % P
        t = x * y % P
        if not square or negative(t) or y == 0:
            raise DeserializeError("not a canonical encoding")
        return (x, y, 1, t)

    def serialize(self, elements):
        if any(p is None for p in elements):
            raise ValueError("the identity has no place in a message")
        return b"".join(self.encode(p) for p in elements)

    def deserialize(self, buf):
        if len(buf) % 32:
            raise DeserializeError("length")
        return [self.deserialize_element(buf[i:i + 32]) for i in range(0, len(buf), 32)]

    def scalar_serialize(self, scalars):
        return b"".join(s.to_bytes(32, "little") for s in scalars)

    def scalar_deserialize(self, buf):
        if len(buf) % 32:
            raise DeserializeError("length")
        scalars = [int.from_bytes(buf[i:i + 32], "little") for i in range(0, len(buf), 32)]
        if any(s >= Q for s in scalars):
            raise DeserializeError("not reduced")
        return scalars


class TestDRNG:
    """The seeded generator of the sigma draft's appendix."""

    def __init__(self, name, flavor=None):
        marker = {None: "", "batchable": "DSFS-", "compact": "CMPT-"}[flavor]
        self.sponge = DuplexSponge(derive_session_id(f"TestDRNG-SIGMA-PROOFS-{marker}{SUITE}-{name}".encode()))

    def random_scalar(self):
        return decode_uint(self.sponge.squeeze(32 + EXTRA), Q)


GROUP = Ristretto255()
assert GROUP.encode(GROUP.gen).hex() == "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"
assert GROUP.mul(Q, GROUP.gen) is None


def msm(scalars, points):
    acc = None
    for k, p in zip(scalars, points, strict=True):
        acc = GROUP.add(acc, GROUP.mul(k, p))
    return acc


def relation(elements, equations):
    return sigma.LinearRelation(GROUP, [GROUP.gen] + elements, [sigma.Equation(*e) for e in equations])


def relations():
    """Name -> instance, witness; scalars are drawn in the order in which each relation needs them."""
    g, q = GROUP.gen, Q
    rng = TestDRNG("discrete_logarithm")
    x = rng.random_scalar()
    yield "discrete_logarithm", relation([GROUP.mul(x, g)], [([(1, 1)], [(0, 0, 1)])]), [x]
    for name in ("dleq", "dleq_derived_element"):
        rng = TestDRNG(name)
        h, x = GROUP.mul(rng.random_scalar(), g), rng.random_scalar()
        yield name, relation(
            [GROUP.mul(x, g), h, GROUP.mul(x, h)], [([(1, 1)], [(0, 0, 1)]), ([(3, 1)], [(0, 2, 1)])]), [x]
    rng = TestDRNG("pedersen_commitment")
    h, w = GROUP.mul(rng.random_scalar(), g), [rng.random_scalar(), rng.random_scalar()]
    yield "pedersen_commitment", relation([h, msm(w, [g, h])], [([(2, 1)], [(0, 0, 1), (1, 1, 1)])]), w
    rng = TestDRNG("pedersen_commitment_dleq")
    b, w = [GROUP.mul(rng.random_scalar(), g) for _ in range(4)], [rng.random_scalar() for _ in range(2)]
    yield "pedersen_commitment_dleq", relation(
        [b[0], b[1], msm(w, b[:2]), b[2], b[3], msm(w, b[2:])],
        [([(3, 1)], [(0, 1, 1), (1, 2, 1)]), ([(6, 1)], [(0, 4, 1), (1, 5, 1)])]), w
    rng = TestDRNG("bbs_blind_commitment_computation")
    b, w = [GROUP.mul(rng.random_scalar(), g) for _ in range(4)], [rng.random_scalar() for _ in range(4)]
    yield "bbs_blind_commitment_computation", relation(
        b + [msm(w, b)], [([(5, 1)], [(i, i + 1, 1) for i in range(4)])]), w
    rng = TestDRNG("elgamal_decryption")
    x, r, m = rng.random_scalar(), rng.random_scalar(), rng.random_scalar()
    key, e0, message = GROUP.mul(x, g), GROUP.mul(r, g), GROUP.mul(m, g)
    e1 = GROUP.add(GROUP.mul(r, key), GROUP.neg(message))
    yield "elgamal_decryption", relation(
        [key, e0, e1, message], [([(1, 1)], [(0, 0, 1)]), ([(4, 1), (3, 1)], [(0, 2, 1)])]), [x]
    # Coefficients other than one, and zero: (q - 1), 2, 5 and 0; not a relation of the drafts' vectors.
    rng = TestDRNG("weighted_opening")
    h, r = GROUP.mul(rng.random_scalar(), g), rng.random_scalar()
    c = GROUP.add(GROUP.mul(7 * r % q, h), GROUP.mul(5, g))
    yield "weighted_opening", relation(
        [h, c], [([(2, 1), (0, q - 5)], [(0, 1, 2), (0, 1, 5), (0, 0, 0)])]), [r]


def main(folder):
    valid, invalid = [], []
    proofs = {}
    for name, inst, witness in relations():
        assert sigma.validate_instance(inst) and sigma.linear_map(inst, witness) == sigma.image(inst), name
        for flavor, marker, prove, verify in (
                ("batchable", "DSFS", sigma.prove_batchable, sigma.verify_batchable),
                ("compact", "CMPT", sigma.prove_compact, sigma.verify_compact)):
            tag = f"{name}-{marker}-with-{SUITE}"
            narg = prove(tag.encode(), inst, witness, TestDRNG(name, flavor))
            assert verify(tag.encode(), inst, narg), name
            record = {
                "Id": f"sigma-protocols/ristretto255/{name}/{flavor}", "Function": "SigmaProof", "Ciphersuite": SUITE,
                "Relation": name, "Flavor": flavor, "Tag": tag, "SessionId": derive_session_id(tag.encode()).hex(),
                "Instance": sigma.serialize_linear_relation(inst).hex(), "Witness": GROUP.scalar_serialize(witness).hex(),
                "NargString": narg.hex(), "Expected": "accept",
            }
            valid.append(record)
            proofs[name, flavor] = record

    def reject(base, case, comment, **changes):
        record = proofs[base]
        fields = {k: record[k] for k in ("Ciphersuite", "Flavor", "Tag", "Instance", "NargString")} | changes
        inst_bytes, narg = bytes.fromhex(fields["Instance"]), bytes.fromhex(fields["NargString"])
        verify = sigma.verify_batchable if fields["Flavor"] == "batchable" else sigma.verify_compact
        try:
            accepted = verify(fields["Tag"].encode(), sigma.parse_statement(GROUP, inst_bytes), narg)
        except (sigma.SigmaError, DeserializeError):
            accepted = False
        assert not accepted, case
        invalid.append(
            {"Id": f"{record['Id']}/{case}", "BaseId": record["Id"], "Function": "SigmaProof"} | fields
            | {"Expected": "reject", "Comment": comment})

    b, c = ("discrete_logarithm", "batchable"), ("discrete_logarithm", "compact")
    narg = bytes.fromhex(proofs[b]["NargString"])
    small = bytes.fromhex(proofs[c]["NargString"])
    element = int.from_bytes(narg[:32], "little")
    reject(b, "A1", "Deserialization fails if bit 255 is set.", NargString=(narg[:31] + bytes([narg[31] | 128]) + narg[32:]).hex())
    reject(b, "A2", "Deserialization fails on a negative field element.", NargString=((P - element).to_bytes(32, "little") + narg[32:]).hex())
    reject(b, "A3", "Deserialization fails on a field element that is not reduced (s = p + 1, which stands for 1).",
           NargString=((P + 1).to_bytes(32, "little") + narg[32:]).hex())
    reject(b, "A4", "Deserialization fails on the identity.", NargString=(bytes(32) + narg[32:]).hex())
    response = int.from_bytes(narg[32:], "little")
    reject(b, "B1", "Deserialization fails if `response[0]` is set to order.", NargString=(narg[:32] + Q.to_bytes(32, "little")).hex())
    reject(c, "B2", "Deserialization fails if `challenge` is set to order + 1.", NargString=((Q + 1).to_bytes(32, "little") + small[32:]).hex())
    reject(b, "C1", "Verification fails if one trailing 0x00 byte is appended to a valid proof.", NargString=(narg + b"\0").hex())
    reject(c, "C2", "Verification fails if a valid proof is truncated by one byte.", NargString=small[:-1].hex())
    instance = bytes.fromhex(proofs[b]["Instance"])
    reject(b, "E3", "Instance validation fails if a statement element is the identity (check 8).",
           Instance=(instance[:-32] + bytes(32)).hex())
    reject(b, "F1b", "Verification fails under a different tag.", Tag=f"discrete_logarithm/wrong-session-DSFS-with-{SUITE}")
    reject(c, "F1b", "Verification fails under a different tag.", Tag=f"discrete_logarithm/wrong-session-CMPT-with-{SUITE}")
    reject(b, "F3", "Verification fails if a statement element is changed after proving.",
           Instance=(instance[:-32] + GROUP.encode(GROUP.mul(2, GROUP.gen))).hex())
    reject(b, "H2", "Verification fails if `response[0]` is replaced by a different scalar.",
           NargString=(narg[:32] + ((response + 1) % Q).to_bytes(32, "little")).hex())
    challenge = int.from_bytes(small[:32], "little")
    reject(c, "H3", "Verification fails if `challenge` is replaced by a different scalar.",
           NargString=(((challenge + 1) % Q).to_bytes(32, "little") + small[32:]).hex())
    for stem, records in ((SUITE, valid), (SUITE.replace("proofs_", "proofs-invalid_"), invalid)):
        with open(f"{folder}/{stem}.json", "w") as file:
            json.dump(records, file, indent=1)
            file.write("\n")
    print(len(valid), "accepted,", len(invalid), "rejected")


main(sys.argv[2])
