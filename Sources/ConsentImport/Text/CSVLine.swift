// SPDX-License-Identifier: Apache-2.0

/// Writes comma-separated values (RFC 4180) as ``CSVReader`` reads them.
public enum CSVLine {
    /// A line of these cells with its line end, UTF-8: quoted where they hold a comma, a quote or a line end.
    public static func encoded(_ cells: [String]) -> [UInt8] {
        var line: [UInt8] = []
        for (index, cell) in cells.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            append(cell.utf8, to: &line)
        }
        return line + [0x0d, 0x0a]
    }

    // By bytes: a quote before a combining character is no `Character` of its own.
    private static func append(_ cell: String.UTF8View, to line: inout [UInt8]) {
        let quote = UInt8(ascii: "\"")
        guard cell.contains(where: { $0 == quote || $0 == UInt8(ascii: ",") || $0 == 0x0d || $0 == 0x0a }) else {
            line += cell
            return
        }
        line.append(quote)
        for byte in cell {
            if byte == quote { line.append(quote) }
            line.append(byte)
        }
        line.append(quote)
    }
}
