// SPDX-License-Identifier: Apache-2.0
import Groups
import RangeProofs
import SigmaProofs
import Transcripts

extension FuzzTarget {
    /// Encodings of elements, statements and proofs.
    static let proofs = [
        FuzzTarget(name: "elements", summary: "elements and scalars of every group") { bytes in
            let accepted = [
                elements(Ristretto255.self, bytes), elements(P256.self, bytes), elements(Secp256k1.self, bytes),
                elements(BLS12381G1.self, bytes),
            ]
            return accepted.contains(true)
        },
        FuzzTarget(name: "linear-relation", summary: "serialised relations") { bytes in
            guard let relation = try? LinearRelation<Ristretto255>(parsing: bytes) else { return false }
            require(relation.serialized == bytes, "a relation has two encodings")
            return true
        },
        FuzzTarget(name: "disjunction", summary: "serialised disjunctions") { bytes in
            guard let disjunction = try? Disjunction<Ristretto255>(parsing: bytes) else { return false }
            require(disjunction.serialized == bytes, "a disjunction has two encodings")
            return true
        },
        FuzzTarget(name: "sigma", summary: "proofs of an opening, and of one of two; none can hold") { bytes in
            guard let relation = openingRelation, let disjunction = openingDisjunction else { fatalError("the relation is refused") }
            let session = SessionID(tag: "fuzz")
            proofs(P256.self, bytes)
            proofs(Secp256k1.self, bytes)
            proofs(BLS12381G1.self, bytes)
            // The four kinds differ in length or in what they begin with: one input may be of two.
            let batchable = try? BatchableProof(parsing: bytes.span, for: relation)
            let compact = try? CompactProof(parsing: bytes.span, for: relation)
            let batchableOr = try? BatchableDisjunctiveProof(parsing: bytes.span, for: disjunction)
            let compactOr = try? CompactDisjunctiveProof(parsing: bytes.span, for: disjunction)
            let holds =
                (try? batchable?.verify(relation, session: session)) != nil || (try? compact?.verify(relation, session: session)) != nil
                || (try? batchableOr?.verify(disjunction, session: session)) != nil
                || (try? compactOr?.verify(disjunction, session: session)) != nil
            require(!holds, "a proof of what nobody knows holds")
            return batchable != nil || compact != nil || batchableOr != nil || compactOr != nil
        },
        FuzzTarget(name: "range", summary: "range proofs of a commitment nobody can open") { bytes in
            guard let parameters = rangeParameters else { fatalError("the parameters are refused") }
            guard let proof = try? RangeProof(parsing: bytes.span, for: parameters) else { return false }
            let context = RangeContext(session: SessionID(tag: "fuzz"), statement: [])
            let commitment = Ristretto255.encode(points("commitment"))
            require(
                (try? proof.verify(parameters, commitments: commitment, context: context)) == nil,
                "a range proof of what nobody knows holds")
            return true
        },
    ]

    private static func elements<G: Group>(_ group: G.Type, _ bytes: [UInt8]) -> Bool {
        let whole = Array(bytes.prefix(bytes.count / G.pointByteCount * G.pointByteCount))
        let points = try? G.decode(canonical: whole.span)
        if let points { require(G.encode(points) == whole, "an element has two encodings") }
        let width = G.Scalar.byteCount
        let scalarBytes = Array(bytes.prefix(bytes.count / width * width))
        let (scalars, refused) = G.Scalar.decodeEach(canonical: scalarBytes.span)
        for (index, scalar) in scalars.enumerated() where !refused.contains(index) {
            require(scalar.bytes == Array(scalarBytes[index * width..<(index + 1) * width]), "a scalar has two encodings")
        }
        return points?.isEmpty == false
    }

    /// Proofs over the groups that only `relation verify` reads.
    private static func proofs<G: Group>(_ group: G.Type, _ bytes: [UInt8]) {
        let (one, two) = (G.generator, G.add(G.generator, G.generator))
        guard let relation = opening(in: G.self, of: [one, two, G.add(one, two)]) else { fatalError("the relation is refused") }
        if let proof = try? BatchableProof(parsing: bytes.span, for: relation) {
            require(proof.bytes == bytes, "a proof has two encodings")
        }
        if let proof = try? CompactProof(parsing: bytes.span, for: relation) { require(proof.bytes == bytes, "a proof has two encodings") }
    }

    private static func points(_ label: String) -> [Ristretto255.Point] {
        var xof = SHAKE128()
        xof.absorb(Array(label.utf8))
        var reader = xof.finished()
        return Ristretto255.points(uniformBytes: reader.read(64).span)
    }

    private static let openingRelation = opening(of: points("image"))
    private static let openingDisjunction = try? Disjunction([points("image"), points("another image")].compactMap(opening))

    /// That a commitment has an opening which the prover knows.
    private static func opening(of image: [Ristretto255.Point]) -> LinearRelation<Ristretto255>? {
        opening(in: Ristretto255.self, of: [Ristretto255.generator] + points("base") + image)
    }

    private static func opening<G: Group>(in group: G.Type, of elements: [G.Point]) -> LinearRelation<G>? {
        try? LinearRelation(
            elements: elements,
            equations: [.init(image: [.init(element: 2)], terms: [.init(scalar: 0, element: 0), .init(scalar: 1, element: 1)])])
    }

    private static let rangeParameters = try? RangeParameters<Ristretto255>(
        bits: 8, count: 1, valueBase: Ristretto255.generator, blindingBase: points("base")[0], generators: RangeGenerators())
}
