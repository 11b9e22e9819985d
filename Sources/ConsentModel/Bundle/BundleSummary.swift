// SPDX-License-Identifier: Apache-2.0

/// What a bundle says about itself, for people: read without a policy, nothing checked but the container and the header.
public struct BundleSummary: Sendable {
    /// The header.
    public let header: any BundleHeading
    /// The registration of a dataset; `nil` in bundles of point proofs.
    public let manifest: BundleHeader.ManifestEvidence?
    /// The tensors in the order of the file.
    public let columns: [Safetensors.Tensor]
    /// The names of the revealed attributes that the bundle has columns for, in the order of the columns.
    public let revealed: [String]
    /// The length of the file in bytes.
    public let byteCount: Int

    /// Reads the header and the list of columns.
    ///
    /// - Throws: Errors of ``Safetensors`` and of the header.
    public init(parsing bytes: [UInt8], file: String? = nil) throws(ModelError) {
        do {
            let container = try Safetensors(parsing: bytes, format: Bundle.format, file: file)
            switch ProofFileKind(of: bytes) {
            case .points: (header, manifest) = (try PointHeader(parsing: Bundle.headerText(of: container)), nil)
            case .members: (header, manifest) = (try MemberHeader(parsing: Bundle.headerText(of: container)), nil)
            case .dataset, .point:
                let found = try Bundle.header(of: container)
                (header, manifest) = (found, found.manifest)
            }
            columns = container.tensors.values.sorted {
                ($0.range.lowerBound, $0.range.upperBound, $0.name) < ($1.range.lowerBound, $1.range.upperBound, $1.name)
            }
            revealed = columns.compactMap { column in
                guard column.name.hasPrefix("revealed."), !column.name.hasSuffix(".bytes") else { return nil }
                let name = column.name.dropFirst("revealed.".count)
                return String(name.hasSuffix(".offsets") ? name.dropLast(".offsets".count) : name)
            }
            byteCount = bytes.count
        } catch {
            throw error.inFile(file)
        }
    }

    /// The range of leaf indices that unlinkable proofs are about; `nil` in bundles of other kinds.
    public var range: Range<UInt64>? { (header as? MemberHeader)?.range }

    /// The number of revocations that the bundle carries for a ledger; `nil` when it has no such column.
    public func revocationCount(ledger number: Int) -> Int? {
        columns.first { $0.name == "revocations.\(number)" }?.shape.first
    }
}
