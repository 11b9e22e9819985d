// SPDX-License-Identifier: Apache-2.0

public import ConsentModel
import Glibc

/// Where a reader gets its bytes: one piece after another, so that a file of any size is read in constant memory.
public struct ByteSource {
    private let nextPiece: () throws(ModelError) -> [UInt8]?

    /// The bytes of `next`, called until it returns `nil`. A piece may have any length, also none.
    public init(next: @escaping () throws(ModelError) -> [UInt8]?) {
        nextPiece = next
    }

    /// These bytes, in pieces of `pieceSize`.
    ///
    /// - Parameter pieceSize: at least 1; smaller values count as 1.
    public init(_ bytes: [UInt8], pieceSize: Int = .max) {
        var offset = 0
        let size = max(pieceSize, 1)
        self.init { () throws(ModelError) -> [UInt8]? in
            guard offset < bytes.count else { return nil }
            let end = bytes.count - offset > size ? offset + size : bytes.count
            defer { offset = end }
            return offset == 0 && end == bytes.count ? bytes : Array(bytes[offset..<end])
        }
    }

    /// The bytes of the file at `path`, in pieces of a megabyte.
    ///
    /// - Throws: `file-unreadable`, here or when a piece is read.
    public init(path: String) throws(ModelError) {
        let file = OpenFile(fopen(path, "rbe"))
        guard file.handle != nil else {
            throw ModelError("file-unreadable", "the file cannot be opened: \(String(cString: strerror(errno)))", file: path)
        }
        self.init { () throws(ModelError) -> [UInt8]? in
            try file.read(path: path)
        }
    }

    /// The first `count` bytes or more (fewer if there are no more), and a source that begins with them again.
    func peek(_ count: Int) throws(ModelError) -> (prefix: [UInt8], source: ByteSource) {
        var prefix: [UInt8] = []
        while prefix.count < count, let piece = try nextPiece() { prefix += piece }
        var isFirst = true
        let rest = nextPiece
        let source = ByteSource { [prefix] () throws(ModelError) -> [UInt8]? in
            defer { isFirst = false }
            return isFirst ? prefix : try rest()
        }
        return (prefix, source)
    }

    /// The next piece; `nil` at the end.
    func next() throws(ModelError) -> [UInt8]? {
        try nextPiece()
    }
}

/// An open file, closed when the last reader of it goes.
private final class OpenFile {
    let handle: UnsafeMutablePointer<FILE>?

    init(_ handle: UnsafeMutablePointer<FILE>?) {
        self.handle = handle
    }

    deinit {
        if let handle { fclose(handle) }
    }

    func read(path: String) throws(ModelError) -> [UInt8]? {
        guard let handle else { return nil }
        let size = 1 << 20
        let piece = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = fread(buffer.baseAddress, 1, size, handle)
        }
        if piece.isEmpty && ferror(handle) != 0 {
            throw ModelError("file-unreadable", "the file cannot be read", file: path, hint: "is it a folder, or on a failing disk?")
        }
        return piece.isEmpty ? nil : piece
    }
}
