// SPDX-License-Identifier: Apache-2.0
public import ConsentImport
public import ConsentModel

/// A file of records with its format: what a dataset is committed from and compared with.
public struct RecordFile: Sendable {
    /// Where it is.
    public let path: String
    /// How it is written.
    public let format: RecordFormat

    /// The file at `path`; its format is taken from its content unless it is given.
    ///
    /// - Throws: `file-not-found`, `file-permission`, `file-read`, and `file-not-regular` for a pipe, whatever its format: the file is opened for every pass
    ///   over it.
    public init(path: String, format: RecordFormat? = nil) throws(ModelError) {
        let prefix = try InputFile.prefix(path)
        self.path = path
        self.format = format ?? RecordFormat.detect(prefix)
    }

    /// Calls `body` with every record in the order of the file.
    func forEach(_ table: RecordTable, _ body: (Record) throws -> Void) throws {
        do {
            var reader = try RecordReader(try ByteSource(path: path), format: format, table: table)
            while let record = try reader.next() { try body(record) }
        } catch let error as ModelError {
            throw error.inFile(path)
        }
    }

    /// Calls `body` with the digests of all records in the order of the file, up to `batchSize` of 32 bytes at a time, until it returns `false`. Whether keys
    /// repeat is not checked.
    func forEachDigests(_ table: RecordTable, batchSize: Int, _ body: ([UInt8]) throws -> Bool) throws {
        do {
            var reader = try RecordReader(try ByteSource(path: path), format: format, table: table)
            while true {
                let digests = try reader.nextDigests(batchSize)
                if try digests.isEmpty || !body(digests) { return }
            }
        } catch let error as ModelError {
            throw error.inFile(path)
        }
    }
}
