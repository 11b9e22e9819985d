#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second verifier of point proofs, single (`*.zkp`) and in bundles of the kind `points`, written from docs/protocol.md sections 9, 10
and 12 (P) and docs/formats.md (F) alone.

Usage: point_verifier.py POLICY FILE... --at UNIXTIME [--trace]
Prints a line for each file. Exit status: 0 all hold, 1 one does not, 2 one is malformed. Every file ends with its first failure, named by its
code (P 4.3, 12.5).
"""
import argparse, functools, hashlib, json, struct, sys
from independent_verifier import (
    VERSION, BundleFile, Malformed, ORDER, Refused, canonical_json, check, check_counts, check_entries, check_header, check_ledgers,
    decode_point, demand, derive_session, encode_point, generator, hashes, IDENTITY, integer, leaf_hash, linear_combination, lp, members_of,
    read_note, read_policy, strict_json, Transcript, unbase64, wide)
from range_proofs import canonical_scalar, check_range, is_sum, proof_width

FORM = f"point/{VERSION}"


# ---- P 12.1 and 12.2: what is proved --------------------------------------------------------------------------

def range_clauses(part):
    """P 12.1: (attribute, min, max or None) in schema order, and the number of bits: the policy's own ranges and those of `in_force`."""
    bounds = dict(part.ranges)
    for name, low, high in (("not_before", 0, part.in_force[0]), ("expires", part.in_force[-1], None)) if part.in_force else ():
        demand(part.schema.attributes.get(name, {}).get("unit") == "day", f"proof-kind: in_force without {name} of unit day")
        demand(name not in part.revealed and all(name not in own.constants for _, own in part.alternatives), f"proof-kind: {name}")
        if name in part.constants:
            demand(low <= part.constants[name] and (high is None or part.constants[name] <= high), f"proof-kind: {name}")
            continue
        own_low, own_high = bounds.get(name, (low, high))
        highs = [h for h in (own_high, high) if h is not None]
        bounds[name] = max(low, own_low), min(highs) if highs else None
        demand(not highs or bounds[name][0] <= bounds[name][1], f"proof-kind: range of {name} is empty")
    clauses = [(a, *bounds[a]) for a in part.schema.attributes if a in bounds]
    demand(all(high is None or high - low < 2**part.bits for _, low, high in clauses), "proof-kind: range_bits")
    demand(sum(1 + (high is not None) for _, _, high in clauses) <= 64, "proof-kind: too many claims")
    return clauses


class Relation:
    """P 12.2, of one branch: elements from index 1, equations over them, and its form as a text of bytes."""

    def __init__(self, part, branch, ranges):
        schema = part.schema
        clauses = [*branch.constants, *part.revealed, *part.links]
        hidden = [a for a in schema.attributes if a not in clauses]
        tail = [schema.attribute_base[a] for a in hidden] + [
            schema.flag_base[f] for f in schema.flags if f not in branch.required + branch.forbidden]
        constants = [a for a in schema.attributes if a in branch.constants]
        required = [f for f in schema.flags if f in branch.required]
        self.fixed = [schema.data_record, schema.data_subject, schema.blinding, *(schema.attribute_base[a] for a in part.links), *tail,
                      *(schema.attribute_base[a] for a in constants), *(schema.flag_base[f] for f in required),
                      *([generator("range", "value")] if ranges else [])]
        self.encoded = b"".join(map(encode_point, self.fixed))
        self.scalars = 3 + len(tail) + 1 + len(ranges)
        own = len(self.fixed) + 1                              # the index of D
        subtracted = 4 + len(part.links) + len(tail)
        slots = [("record", "subject").index(a) for a in part.links] + list(range(3, 3 + len(tail) + 1))
        bases = [*range(4, subtracted), 3]
        self.equations = [
            ([(own, 1)], [(0, 1), (1, 2), (2, 3)]),
            ([(own + 1, 1), *((subtracted + i, -branch.constants[a]) for i, a in enumerate(constants)),
              *((subtracted + len(constants) + i, -1) for i in range(len(required)))], list(zip(slots, bases)))]
        for j, (a, _, _) in enumerate(ranges):
            self.equations.append(([(own + 2 + j, 1)], [(3 + hidden.index(a), own - 1), (3 + len(tail) + 1 + j, 3)]))

    def serialised(self, own):
        """SerializeLinearRelation of the drafts, with the encodings of the row's own elements."""
        out = struct.pack("<I", len(self.equations))
        for image, terms in self.equations:
            out += struct.pack("<I", len(image)) + b"".join(struct.pack("<I", e) + scalar_bytes(c) for e, c in image)
            out += struct.pack("<I", len(terms)) + b"".join(struct.pack("<II", s, e) + scalar_bytes(1) for s, e in terms)
        return out + self.encoded + b"".join(own)

    def check(self, own, announcements, challenge, responses):
        """(6) of P 9, for every equation."""
        elements = [*self.fixed, *own]
        for (image, terms), t in zip(self.equations, announcements):
            value = linear_combination([(k, elements[e - 1]) for e, k in image])
            check(encode_point(value) != bytes(32), "proof", "an image is the identity")
            check(is_sum([*((responses[s], elements[e - 1]) for s, e in terms), (-1, t), (-challenge, value)]), "proof", "an equation")


def scalar_bytes(n):
    return (n % ORDER).to_bytes(32, "little")


class PointStatement:
    """What is proved of every row: the relations of the branches and the range clauses, from the auditor's policy."""

    def __init__(self, policy):
        demand(len(policy.parts) == 1, "proof-kind: point proofs are of one schema")
        part = self.part = policy.parts[0]
        self.ranges = range_clauses(part)
        self.branches = [Relation(part, branch, self.ranges) for branch in part.branches()]
        self.is_disjunction = len(part.alternatives) > 0
        claims = sum(1 + (high is not None) for _, _, high in self.ranges)
        self.claims = 1 << (claims - 1).bit_length() if claims else 0
        self.flavour = "ORDSFS" if self.is_disjunction else "DSFS"
        self.sigma_width = 32 * sum(len(b.equations) + b.scalars + self.is_disjunction for b in self.branches)
        self.commitments_width = 32 * len(self.ranges)
        self.range_width = proof_width(part.bits, self.claims) if self.ranges else 0

    def check_widths(self, sigma, commitments, proof):
        """P 12.5, check 21."""
        found = len(sigma), len(commitments), len(proof)
        check(found == (self.sigma_width, self.commitments_width, self.range_width), "statement", "widths of the proof")

    def check_row(self, session, data_point, consent, revealed, sigma, commitments, proof, trace):
        """P 12.5, checks 22 to 25, of one row with the commitment `consent`: returns the encodings of D, K'' and the V_j."""
        data = decode_point(data_point, "proof", "D")
        values = [commitments[i:i + 32] for i in range(0, len(commitments), 32)]
        consent = linear_combination([(1, consent)] + [(-v, self.part.schema.attribute_base[a]) for a, v in revealed.items()])    # (7)
        check(encode_point(consent) != bytes(32), "proof", "K'' is the identity")
        own = [data_point, encode_point(consent), *values]
        elements = [data, consent, *(decode_point(v, "proof", "V") for v in values)]
        self.check_linear(session, own, elements, sigma, trace)
        if self.ranges:                                        # P 12.3
            surrounding = hashlib.shake_128(session + b"".join(own) + sigma).digest(32)
            base, blinding = generator("range", "value"), self.part.schema.blinding
            claims = []
            for (_, low, high), v in zip(self.ranges, elements[2:]):
                claims.append(linear_combination([(1, v), (-low, base)]))
                claims += [linear_combination([(high, base), (-1, v)])] if high is not None else []
            claims += [claims[-1]] * (self.claims - len(claims))
            session = derive_session(b"zkconsent/v1/point-range/ristretto255")
            check_range(session, surrounding, self.part.bits, base, blinding, claims, proof)
        return b"".join(own)

    def check_linear(self, session, own, elements, sigma, trace):
        """The batchable NARG string of the drafts, of a disjunction that of P 9."""
        statement = [branch.serialised(own) for branch in self.branches]
        if self.is_disjunction:
            statement = [struct.pack("<II", 0, len(statement)) + lp(*statement)]
        parts = [sigma[i:i + 32] for i in range(0, len(sigma), 32)]
        sent = sum(len(branch.equations) for branch in self.branches)
        announcements = [decode_point(part, "proof", "an announcement") for part in parts[:sent]]
        scalars = [canonical_scalar(part, "a response") for part in parts[sent:]]
        transcript = Transcript(session)
        transcript.absorb(statement[0] + b"".join(parts[:sent]))
        challenge = wide(transcript.squeeze(48))
        trace.setdefault("sessions", session.hex())
        trace["challenges"] = trace.get("challenges", "") + scalar_bytes(challenge).hex()
        challenges = [challenge]
        if self.is_disjunction:
            challenges, scalars = scalars[:len(self.branches)], scalars[len(self.branches):]
            check((sum(challenges) - challenge) % ORDER == 0, "proof", "equation (5), sub-challenges")
        for branch, c in zip(self.branches, challenges):
            branch.check(elements, announcements[:len(branch.equations)], c, scalars[:branch.scalars])
            announcements, scalars = announcements[len(branch.equations):], scalars[branch.scalars:]


# ---- Files (F) ------------------------------------------------------------------------------------------------

def read_ranges(bundle):
    """The columns of the range parts, empty rows without them."""
    return (bundle.rows_of(name) if name in bundle.tensors else [b""] * bundle.n for name in ("range_commitments", "range_proofs"))


def ranges_layout(bundle):
    """`range_commitments` and `range_proofs`, both or neither."""
    names = ("range_commitments", "range_proofs")
    return [(name, "U8", [bundle.n, None]) for name in names] if any(name in bundle.header for name in names) else []


class PointsBundle(BundleFile):
    """F: a bundle of the kind `points`."""

    def read_metadata(self, value):
        (self.context, self.n, self.e, form, self.holder, kind, ledgers, schema, statement, suite, version) = members_of(
            value, "bundle metadata", context=str, data_points=int, distinct_consents=int, form=str, holder=str, kind=str, ledgers=list,
            schema=str, statement=str, suite=str, version=int)
        self.read_statement((form, kind), (FORM, "points"), statement, [schema], suite, version)
        demand(1 <= self.e <= self.n <= 2**32, "N, E or the number of ledgers")
        self.read_ledgers(ledgers)

    def read_tensors(self, policy):
        self.read_columns(self.covering_layout(policy) + [("sigma", "U8", [self.n, None]), *ranges_layout(self)])
        self.read_covering(policy)
        self.sigma = self.rows_of("sigma")
        self.range_commitments, self.range_proofs = read_ranges(self)


class PointFile:
    """F, point proof: as a bundle of one row."""

    def __init__(self, data, policy):
        value = strict_json(data[:-1], "file")
        demand(data == canonical_json(value) + b"\n", "canonical form")
        (self.context, data_point, entry, form, self.holder, kind, ledger, proof, revealed, schema, statement, suite, version) = members_of(
            value, "file", context=str, data_point=str, entry=str, form=str, holder=str, kind=str, ledger=dict, proof=dict, revealed=dict,
            schema=str, statement=str, suite=str, version=int)
        demand((form, kind, suite, version) == (FORM, "point", "ristretto255", VERSION), "form, kind, suite or version")
        schema, self.statement, data_point = hashes([schema, statement, data_point], "digest")
        self.schemas, self.n, self.e, self.positions = [schema], 1, 1, [0]
        self.data_points, self.entries = [data_point], [unbase64(entry, "entry")]
        demand(len(self.entries[0]) == 118, "entry")
        text, logged, origin, log = members_of(ledger, "ledger", inclusion=str, logged=(dict, type(None)), origin=str, revocations=dict)
        if logged is not None:
            _, consistency = members_of(logged, "logged", checkpoint=str, consistency=list)
            logged["consistency"] = hashes(consistency, "logged: consistency")
        revocations_note, listed = members_of(log, "revocations", checkpoint=str, entries=str)
        listed = unbase64(listed, "entries") if listed else b""
        demand(len(listed) % 34 == 0, "entries")
        # C2SP tlog-proof
        head, separator, note = text.partition("\n\n")
        lines = head.split("\n")
        if lines[1:] and lines[1].startswith("extra "):        # not looked at
            unbase64(lines.pop(1)[6:], "extra")
        demand(separator and lines[0] == "c2sp.org/tlog-proof@v1" and len(lines) > 1 and lines[1].startswith("index "), "tlog-proof")
        size = read_note(note)[2]
        index, path = integer(lines[1][6:], 0, 2**63 - 1, "index"), [unbase64(line, "hash") for line in lines[2:]]
        demand(index < size and len(path) == path_length(index, size) and all(len(node) == 32 for node in path), "tlog-proof")
        self.entry_index, self.entry_ledger, self.inclusion = [index], [0], [path]
        self.leaves = [leaf_hash(self.entries[0])]
        self.revocations = [[listed[i:i + 34] for i in range(0, len(listed), 34)]]
        self.ledgers = [(note, logged, origin, revocations_note)]
        demand(sorted(revealed) == sorted(policy.revealed), "revealed")
        self.revealed = {a: [policy.schema.value(a, v)] for a, v in revealed.items()}
        demand(revealed == {a: policy.schema.written(a, v) for a, (v,) in self.revealed.items()}, "revealed: form")
        self.range_proofs, self.range_commitments, self.sigma = (
            [unbase64(text, "proof")] for text in members_of(proof, "proof", range=str, range_commitments=str, sigma=str))
        demand(self.sigma[0] and bool(self.range_proofs[0]) == bool(self.range_commitments[0]), "proof: an empty part")


def path_length(index, size):
    """The number of hashes of an audit path (RFC 6962 section 2.1.1)."""
    count = 0
    while size > 1:
        count += index % 2 == 1 or index + 1 < size
        index, size = index // 2, (size + 1) // 2
    return count


def check_points(bundle, policy, statement, trace):
    """P 12.5, checks 21 to 25."""
    for row in zip(bundle.sigma, bundle.range_commitments, bundle.range_proofs):
        statement.check_widths(*row)
    tag = f"zkconsent/v1/point-{statement.flavour}-with-sigma-proofs_Shake128_ristretto255"
    sessions = [derive_session(lp(tag, policy.statement_digest, policy.schema.digest, bundle.holder, bundle.context, origin))
                for _, _, origin, _ in bundle.ledgers]
    for i, j in enumerate(bundle.positions):
        encoding = bundle.entries[j][22:54]                    # K may be the identity where values are revealed
        consent = IDENTITY if policy.revealed and encoding == bytes(32) else decode_point(encoding, "proof", "K")
        revealed = {a: policy.schema.scalar(a, values[j]) for a, values in bundle.revealed.items()}
        statement.check_row(sessions[bundle.entry_ledger[j]], bundle.data_points[i], consent, revealed, bundle.sigma[i],
                            bundle.range_commitments[i], bundle.range_proofs[i], trace)


def verify_points(data, policy, now, trace):
    statement = PointStatement(policy)
    bundle = (PointFile if data[:1] == b"{" else PointsBundle)(data, policy)
    check_header(bundle, policy)
    check_entries(bundle, policy)
    check_ledgers(bundle, policy, now)
    check_counts(bundle, policy)
    check_points(bundle, policy, statement, trace)


def run(description, verify):
    """The command line of a verifier: `verify(data, policy, now, trace)`."""
    parser = argparse.ArgumentParser(description=description.split("\n")[0])
    parser.add_argument("policy")
    parser.add_argument("files", nargs="+", metavar="file")
    parser.add_argument("--at", type=int, required=True, metavar="UNIXTIME")
    parser.add_argument("--trace", action="store_true", help="print intermediate values as JSON")
    options, status = parser.parse_args(), 0
    for path in options.files:
        trace = {}
        try:
            with open(path, "rb") as file:
                data = file.read()
            verify(data, policy_of(options.policy), options.at, trace)
            print(json.dumps(trace) if options.trace else "holds")
        except (Malformed, OSError) as error:
            print("malformed:", " ".join(str(error).split()))
            status = 2
        except Refused as reason:
            print("does not hold:", " ".join(str(reason).split()))
            status = max(status, 1)
    return status


policy_of = functools.cache(read_policy)


if __name__ == "__main__":
    sys.exit(run(__doc__, verify_points))
