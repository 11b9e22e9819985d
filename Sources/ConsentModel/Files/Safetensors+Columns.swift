// SPDX-License-Identifier: Apache-2.0

extension Safetensors {
    /// Refuses tensors other than these, or in another order in the file.
    ///
    /// - Throws: `tensor-missing`, `tensor-unknown`, `tensor-order`, naming the tensor.
    func checkOrder(_ names: [String]) throws(ModelError) {
        for name in names where tensors[name] == nil {
            throw ModelError("tensor-missing", "the column \(name) is missing", file: file)
        }
        let known = Set(names)
        if let unknown = tensors.keys.filter({ !known.contains($0) }).min() {
            throw ModelError("tensor-unknown", "the column \(unknown) does not belong in this file", file: file)
        }
        var position = 8 + headerByteCount
        for name in names {
            guard let range = tensors[name]?.range, range.lowerBound == position else {
                throw ModelError("tensor-order", "the column \(name) is not in its place", file: file)
            }
            position = range.upperBound
        }
    }

    /// The column `name` of `count` integers.
    ///
    /// - Throws: `tensor-missing`, `tensor-shape`.
    func integers(_ name: String, count: Int) throws(ModelError) -> U64Column {
        let tensor = try tensor(name)
        guard tensor.type == .u64, tensor.shape == [count] else { throw wrongShape(tensor, "U64 [\(count)]") }
        return U64Column(storage: bytes, start: tensor.range.lowerBound, count: count)
    }

    /// The column `name` of rows of `rowByteCount` bytes, of `count` rows or any number.
    ///
    /// - Throws: `tensor-missing`, `tensor-shape`.
    func rows(_ name: String, count: Int? = nil, rowByteCount: Int) throws(ModelError) -> BytesColumn {
        let tensor = try tensor(name)
        guard tensor.type == .u8, tensor.shape.count == 2, tensor.shape[1] == rowByteCount, count ?? tensor.shape[0] == tensor.shape[0] else {
            throw wrongShape(tensor, "U8 [\(count.map(String.init) ?? "any"),\(rowByteCount)]")
        }
        return BytesColumn(storage: bytes, start: tensor.range.lowerBound, count: tensor.shape[0], rowByteCount: rowByteCount)
    }

    /// The column `name` of single bytes.
    ///
    /// - Throws: `tensor-missing`, `tensor-shape`.
    func text(_ name: String) throws(ModelError) -> BytesColumn {
        let tensor = try tensor(name)
        guard tensor.type == .u8, tensor.shape.count == 1 else { throw wrongShape(tensor, "U8 of one dimension") }
        return BytesColumn(storage: bytes, start: tensor.range.lowerBound, count: tensor.shape[0], rowByteCount: 1)
    }

    private func tensor(_ name: String) throws(ModelError) -> Tensor {
        guard let tensor = tensors[name] else { throw ModelError("tensor-missing", "the column \(name) is missing", file: file) }
        return tensor
    }

    private func wrongShape(_ tensor: Tensor, _ expected: String) -> ModelError {
        let found = "\(tensor.type.rawValue) [\(tensor.shape.map(String.init).joined(separator: ","))]"
        return ModelError("tensor-shape", "the column \(tensor.name) is \(found), expected \(expected)", file: file)
    }
}
