// SPDX-License-Identifier: Apache-2.0
import Groups
import RangeProofs
import SigmaProofs
import Transcripts

extension FuzzTarget {
    /// Encodings of elements, statements and proofs.
    static let proofs = [
        FuzzTarget(name: "elements", summary: "elements and scalars of every group") { bytes in
            elements(Ristretto255.self, bytes)
            elements(P256.self, bytes)
            elements(Secp256k1.self, bytes)
            elements(BLS12381G1.self, bytes)
        },
        FuzzTarget(name: "linear-relation", summary: "serialised relations") { bytes in
            guard let relation = try? LinearRelation<Ristretto255>(parsing: bytes) else { return }
            require(relation.serialized == bytes, "a relation has two encodings")
        },
        FuzzTarget(name: "disjunction", summary: "serialised disjunctions") { bytes in
            guard let disjunction = try? Disjunction<Ristretto255>(parsing: bytes) else { return }
            require(disjunction.serialized == bytes, "a disjunction has two encodings")
        },
        FuzzTarget(name: "sigma", summary: "proofs of an opening; none can hold") { bytes in
            guard let relation = openingRelation else { fatalError("the relation is refused") }
            let session = SessionID(tag: "fuzz")
            if let proof = try? BatchableProof(parsing: bytes.span, for: relation) {
                require((try? proof.verify(relation, session: session)) == nil, "a proof of what nobody knows holds")
            }
            if let proof = try? CompactProof(parsing: bytes.span, for: relation) {
                require((try? proof.verify(relation, session: session)) == nil, "a proof of what nobody knows holds")
            }
        },
        FuzzTarget(name: "range", summary: "range proofs of a commitment nobody can open") { bytes in
            guard let parameters = rangeParameters else { fatalError("the parameters are refused") }
            guard let proof = try? RangeProof(parsing: bytes.span, for: parameters) else { return }
            let context = RangeContext(session: SessionID(tag: "fuzz"), statement: [])
            let commitment = Ristretto255.encode(points("commitment"))
            require(
                (try? proof.verify(parameters, commitments: commitment, context: context)) == nil,
                "a range proof of what nobody knows holds")
        },
    ]

    private static func elements<G: Group>(_ group: G.Type, _ bytes: [UInt8]) {
        let whole = Array(bytes.prefix(bytes.count / G.pointByteCount * G.pointByteCount))
        if let points = try? G.decode(canonical: whole.span) { require(G.encode(points) == whole, "an element has two encodings") }
        let width = G.Scalar.byteCount
        let scalarBytes = Array(bytes.prefix(bytes.count / width * width))
        let (scalars, refused) = G.Scalar.decodeEach(canonical: scalarBytes.span)
        for (index, scalar) in scalars.enumerated() where !refused.contains(index) {
            require(scalar.bytes == Array(scalarBytes[index * width..<(index + 1) * width]), "a scalar has two encodings")
        }
    }

    private static func points(_ label: String) -> [Ristretto255.Point] {
        var xof = SHAKE128()
        xof.absorb(Array(label.utf8))
        var reader = xof.finished()
        return Ristretto255.points(uniformBytes: reader.read(64).span)
    }

    private static let openingRelation = try? LinearRelation<Ristretto255>(
        elements: [Ristretto255.generator] + points("base") + points("image"),
        equations: [.init(image: [.init(element: 2)], terms: [.init(scalar: 0, element: 0), .init(scalar: 1, element: 1)])])

    private static let rangeParameters = try? RangeParameters<Ristretto255>(
        bits: 8, count: 1, valueBase: Ristretto255.generator, blindingBase: points("base")[0], generators: RangeGenerators())
}
