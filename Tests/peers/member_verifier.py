#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second verifier of unlinkable point proofs, bundles of the kind `members`, written from docs/protocol.md sections 11 and 14 (P) and
docs/formats.md (F) alone.

Usage: member_verifier.py POLICY BUNDLE... --at UNIXTIME [--trace]
Prints a line for each file. Exit status: 0 all hold, 1 one does not, 2 one is malformed. Every file ends with its first failure, named by its
code (P 4.3, 14.5).
"""
import hashlib, struct, sys
from independent_verifier import (
    VERSION, BundleFile, ORDER, Refused, check, check_header, check_ledger, decode_point, demand, derive_session, encode_point, generator,
    is_consent, le64, lp, members_of, Transcript, wide)
from point_verifier import PointStatement, ranges_layout, read_ranges, run
from range_proofs import canonical_scalar, is_sum

FORM = f"member/{VERSION}"


class MembersBundle(BundleFile):
    """F: a bundle of the kind `members`, whose rows name no entry."""

    def read_metadata(self, value):
        (self.context, self.n, form, self.holder, kind, ledgers, leaves, schema, statement, suite, version) = members_of(
            value, "bundle metadata", context=str, data_points=int, form=str, holder=str, kind=str, ledgers=list, range=dict, schema=str,
            statement=str, suite=str, version=int)
        self.read_statement((form, kind), (FORM, "members"), statement, [schema], suite, version)
        self.count, self.first = members_of(leaves, "range", count=int, first=int)
        demand(1 <= self.n <= 2**32 and len(ledgers) == 1 and 1 <= self.count <= 65_536 and self.first < 2**53, "N, ledgers or range")
        self.read_ledgers(ledgers)

    def read_tensors(self, policy):
        n, (numbered, texts) = self.n, self.revealed_layout(policy, self.n)
        self.read_columns([
            *numbered, ("data_points", "U8", [n, 32]), ("elements", "U8", [n, 32]), ("entries", "U8", [self.count, 118]),
            ("inclusion.0", "U8", [None, 32]), ("revocations.0", "U8", [None, 34]), *texts, ("sigma", "U8", [n, None]),
            *ranges_layout(self), ("membership", "U8", [n, None])])
        self.read_evidence(policy)
        self.elements, self.sigma, self.membership = map(self.rows_of, ("elements", "sigma", "membership"))
        self.range_commitments, self.range_proofs = read_ranges(self)

    def check_columns(self):
        """No row names an entry."""


class MemberSet:
    """P 14.3 and 11.1: the members that the verifier collects, their shape and digest."""

    def __init__(self, bundle, policy, revoked):
        members, seen = {}, set()                              # encoding and element, by order
        for entry, leaf in zip(bundle.entries, bundle.leaves):
            if not is_consent(entry) or entry[6:22] != policy.schema.digest[:16] or leaf in revoked or leaf in seen:
                continue
            seen.add(leaf)
            try:
                members[len(members)] = entry[22:54], decode_point(entry[22:54], "set", "K")
            except Refused:
                continue
        self.encoded, self.points = ([pair[i] for pair in members.values()] for i in (0, 1))
        check(self.points, "set", "no member")
        self.digits = 1
        while 4**self.digits < len(self.points):
            self.digits += 1
        blocks = [hashlib.shake_128(lp("zkconsent/v1/membership/block") + b"".join(self.encoded[b:b + 128])).digest(32)
                  for b in range(0, len(self.encoded), 128)]
        self.digest = hashlib.shake_128(lp("zkconsent/v1/membership/set", "ristretto255") + struct.pack("<I", len(self.points))
                                        + b"".join(blocks)).digest(32)
        self.width = 32 * (7 + 4 * self.digits)

    def check_member(self, session, surrounding, blinding, element, proof):
        """P 11.4: the element with the encoding `element` is a member less a multiple of `blinding`."""
        m, count = self.digits, len(self.points)
        point = decode_point(element, "proof", "K'")
        parts = [proof[i:i + 32] for i in range(0, len(proof), 32)]
        a, b, c, d, *q = (decode_point(part, "proof", "an announcement") for part in parts[:4 + m])
        scalars = [canonical_scalar(part, "a response") for part in parts[4 + m:]]
        z_a, z_c, z = scalars[3 * m:]
        transcript = Transcript(session)
        transcript.absorb(lp(surrounding) + self.digest + encode_point(blinding) + element + b"".join(parts[:4 + m]))
        x = wide(transcript.squeeze(48))
        f = []
        for j in range(m):
            own = scalars[3 * j:3 * j + 3]
            f.append([(x - sum(own)) % ORDER, *own])
        base = generator("membership", "blinding")
        digits = [(f[j][i], generator("membership", "digit", struct.pack("<I", j), struct.pack("<I", i)))
                  for j in range(m) for i in range(4)]
        check(is_sum([(x, b), (1, a), (-z_a, base), *((-v, g) for v, g in digits)]), "proof", "equation (M1)")
        check(is_sum([(x, c), (1, d), (-z_c, base), *((-v * (x - v), g) for v, g in digits)]), "proof", "equation (M2)")
        places = [1]
        for j in range(m):                                     # digit j of a place is worth 4^j
            places = [p * v % ORDER for v in f[j] for p in places]
        weights = places[:count - 1]
        weights.append(pow(x, m, ORDER) - sum(weights))
        check(is_sum([*zip(weights, self.points), (-pow(x, m, ORDER), point), (-z, blinding),
                      *((-pow(x, k, ORDER), q_k) for k, q_k in enumerate(q))]), "proof", "equation (M3)")


def verify_members(data, policy, now, trace):
    """P 14.5."""
    statement = PointStatement(policy)
    demand("record" in policy.links and not policy.one_to_one and not policy.counts_consents, "proof-kind")
    bundle = MembersBundle(data, policy)
    check_header(bundle, policy)
    mine = [(bundle.first + i, leaf) for i, leaf in enumerate(bundle.leaves)]
    _, _, revoked = check_ledger(bundle, 0, mine, policy, now)
    members = MemberSet(bundle, policy, revoked)
    trace.update(members=len(members.points), set=members.digest.hex())
    for row in zip(bundle.sigma, bundle.range_commitments, bundle.range_proofs):
        statement.check_widths(*row)
    check(all(len(proof) == members.width for proof in bundle.membership), "set", "width of the membership parts")
    origin = bundle.ledgers[0][2]
    session = derive_session(lp(                               # P 14.2
        f"zkconsent/v1/member-{statement.flavour}-with-sigma-proofs_Shake128_ristretto255", policy.statement_digest, policy.schema.digest,
        bundle.holder, bundle.context, origin, le64(bundle.first) + le64(bundle.count), members.digest))
    membership = derive_session(b"zkconsent/v1/member-membership/ristretto255")
    for i, element in enumerate(bundle.elements):
        revealed = {a: policy.schema.scalar(a, values[i]) for a, values in bundle.revealed.items()}
        own = statement.check_row(session, bundle.data_points[i], decode_point(element, "proof", "K'"), revealed, bundle.sigma[i],
                                  bundle.range_commitments[i], bundle.range_proofs[i], trace)
        surrounding = hashlib.shake_128(session + element + own + bundle.sigma[i] + bundle.range_proofs[i]).digest(32)
        members.check_member(membership, surrounding, policy.schema.blinding, element, bundle.membership[i])


if __name__ == "__main__":
    sys.exit(run(__doc__, verify_members))
