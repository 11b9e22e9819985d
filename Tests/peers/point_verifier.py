#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second verifier of single point proofs (`*.zkp`), written from docs/protocol.md section 12 (P) and docs/formats.md (F) alone: policies without
ranges and alternatives.

Usage: point_verifier.py FILE POLICY --at UNIXTIME [--trace]
Exit status: 0 holds, 1 does not hold, 2 malformed input.
"""
import argparse, json, struct, sys
from independent_verifier import (
    Malformed, ORDER, Refused, canonical_json, add, check, check_entries, check_header, check_ledgers, decode_point, demand, derive_session, encode_point,
    hashes, integer, leaf_hash, linear_combination, lp, members_of, read_policy, same_point, strict_json, Transcript, unbase64, VERSION, wide)


class Point:
    """F, point proof: as a bundle of one row."""

    def __init__(self, data, policy):
        value = strict_json(data[:-1], "file")
        demand(data == canonical_json(value) + b"\n", "canonical form")
        (self.context, data_point, entry, form, self.holder, kind, ledger, proof, revealed, schema, statement, suite, version) = members_of(
            value, "file", context=str, data_point=str, entry=str, form=str, holder=str, kind=str, ledger=dict, proof=dict, revealed=dict,
            schema=str, statement=str, suite=str, version=int)
        demand((form, kind, suite, version) == (f"point/{VERSION}", "point", "ristretto255", VERSION), "form, kind, suite or version")
        self.schema, self.statement, self.data_point = hashes([schema, statement, data_point], "digest")
        self.schemas = [self.schema]
        demand(len(policy.parts) == 1, "point proofs are of one schema")
        self.entries, self.e = [unbase64(entry, "entry")], 1
        demand(len(self.entries[0]) == 118, "entry")
        text, logged, origin, log = members_of(ledger, "ledger", inclusion=str, logged=(dict, type(None)), origin=str, revocations=dict)
        revocations_note, listed = members_of(log, "revocations", checkpoint=str, entries=str)
        listed = unbase64(listed, "entries") if listed else b""
        demand(len(listed) % 34 == 0, "entries")
        # C2SP tlog-proof
        head, separator, note = text.partition("\n\n")
        lines = head.split("\n")
        demand(separator and lines[0] == "c2sp.org/tlog-proof@v1" and lines[1].startswith("index "), "tlog-proof")
        self.entry_index, self.entry_ledger = [integer(lines[1][6:], 0, 2**63 - 1, "index")], [0]
        self.inclusion = [[unbase64(line, "hash") for line in lines[2:]]]
        demand(all(len(node) == 32 for node in self.inclusion[0]), "hash")
        self.leaves = [leaf_hash(self.entries[0])]
        self.revocations = [[listed[i:i + 34] for i in range(0, len(listed), 34)]]
        demand(not policy.in_force, "in_force: ranges are not checked here")
        self.ledgers, self.origin = [(note, logged, origin, revocations_note)], origin
        demand(sorted(revealed) == sorted(policy.revealed), "revealed")
        self.revealed = {a: policy.schema.constant(a, v if isinstance(v, str) else str(v))[1] for a, v in revealed.items()}
        ranges, commitments, sigma = members_of(proof, "proof", range=str, range_commitments=str, sigma=str)
        demand(ranges == commitments == "", "a range part that the policy does not give")
        self.sigma = unbase64(sigma, "sigma")


def point_tail(policy):
    """P 12.1: hidden attributes, hidden flags; `H` comes last and has its own index."""
    schema, clauses = policy.schema, [*policy.constants, *policy.revealed, *policy.links]
    return ([schema.attribute_base[a] for a in schema.attributes if a not in clauses]
            + [schema.flag_base[f] for f in schema.flags if f not in policy.required + policy.forbidden])


def check_point(point, policy, trace):
    schema, tail = policy.schema, point_tail(policy)
    data = decode_point(point.data_point, "proof", "D")
    consent = decode_point(point.entries[0][22:54], "proof", "K")
    if policy.revealed:                                        # (7)
        consent = add(consent, linear_combination([(-v, schema.attribute_base[a]) for a, v in point.revealed.items()]))
        check(encode_point(consent) != bytes(32), "proof", "K'' is the identity")
    links = [schema.attribute_base[a] for a in policy.links]
    constants = [a for a in schema.attributes if a in policy.constants]
    required = [f for f in schema.flags if f in policy.required]
    # P 12.2: elements from index 1, then equations
    elements = [schema.data_record, schema.data_subject, schema.blinding, *links, *tail,
                *(schema.attribute_base[a] for a in constants), *(schema.flag_base[f] for f in required), data, consent]
    d = len(elements) - 1
    first_constant = 4 + len(links) + len(tail)
    slots = [0 if a == "record" else 1 for a in policy.links] + list(range(3, 3 + len(tail) + 1))
    bases = list(range(4, first_constant)) + [3]
    equations = [
        ([(d, 1)], [(0, 1), (1, 2), (2, 3)]),
        ([(d + 1, 1)] + [(first_constant + i, -policy.constants[a]) for i, a in enumerate(constants)]
         + [(first_constant + len(constants) + i, -1) for i in range(len(required))], list(zip(slots, bases)))]
    scalars = 3 + len(tail) + 1

    def scalar(n):
        return (n % ORDER).to_bytes(32, "little")
    serialised = struct.pack("<I", len(equations))
    for image, terms in equations:
        serialised += struct.pack("<I", len(image)) + b"".join(struct.pack("<I", e) + scalar(c) for e, c in image)
        serialised += struct.pack("<I", len(terms)) + b"".join(struct.pack("<II", s, e) + scalar(1) for s, e in terms)
    serialised += b"".join(encode_point(e) for e in elements)
    session = derive_session(lp("zkconsent/v1/point-DSFS-with-sigma-proofs_Shake128_ristretto255", policy.statement_digest, schema.digest,
                                point.holder, point.context, point.origin))
    check(len(point.sigma) == 32 * (2 + scalars), "statement", "length of the proof")
    parts = [point.sigma[i:i + 32] for i in range(0, len(point.sigma), 32)]
    announcements = [decode_point(t, "proof", "an announcement") for t in parts[:2]]
    z = [int.from_bytes(part, "little") for part in parts[2:]]
    check(all(response < ORDER for response in z), "proof", "a response is not a canonical scalar")
    transcript = Transcript(session)
    transcript.absorb(serialised + parts[0] + parts[1])
    c = wide(transcript.squeeze(48))
    trace.update(session=session.hex(), challenge=scalar(c).hex())
    for (image, terms), t in zip(equations, announcements):
        value = linear_combination([(k, elements[e - 1]) for e, k in image])
        check(encode_point(value) != bytes(32), "proof", "an image is the identity")
        left = linear_combination([(z[s], elements[e - 1]) for s, e in terms])
        check(same_point(left, add(t, linear_combination([(c, value)]))), "proof", "an equation")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("policy")
    parser.add_argument("--at", type=int, required=True, metavar="UNIXTIME")
    parser.add_argument("--trace", action="store_true", help="print intermediate values as JSON")
    options = parser.parse_args()
    trace = {}
    try:
        with open(options.file, "rb") as file:
            data = file.read()
        policy = read_policy(options.policy)
        point = Point(data, policy)
        check_header(point, policy)
        check_entries(point, policy)
        check_ledgers(point, policy, options.at)
        check(policy.minimum <= 1, "too-few", "distinct consents")
        check_point(point, policy, trace)
    except (Malformed, OSError) as error:
        print(f"malformed: {error}")
        return 2
    except Refused as reason:
        print(f"does not hold: {reason}")
        return 1
    if options.trace:
        print(json.dumps(trace))
    print("holds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
