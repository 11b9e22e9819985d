// SPDX-License-Identifier: Apache-2.0

/// Suggestions for mistyped names.
public enum Nearest {
    /// The candidate with the smallest edit distance (insert, delete, replace, transpose neighbours; letter case costs nothing), the first
    /// of equals, if the distance is small for its length. Among more than 1,000 candidates, and for texts of more than 256 bytes, there is none: they may be
    /// somebody's attempt to cost time.
    public static func name(to text: String, among candidates: [String]) -> String? {
        guard candidates.count <= 1000, text.utf8.count <= byteCountLimit else { return nil }
        let limit = max(1, min(text.count, 64) / 3)
        var best: (name: String, distance: Int)?
        for candidate in candidates where candidate.utf8.count <= byteCountLimit {
            let distance = distance(text.lowercased(), candidate.lowercased())
            if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// `did you mean X?`, or the list of candidates if they are few, or nothing.
    public static func hint(_ text: String, among candidates: [String]) -> String? {
        if let name = name(to: text, among: candidates) { return "did you mean \(name)?" }
        return candidates.isEmpty || candidates.count > 12 ? nil : "known: \(candidates.joined(separator: ", "))"
    }

    private static let byteCountLimit = 256

    /// The optimal string alignment distance.
    static func distance(_ a: String, _ b: String) -> Int {
        let a = Array(a), b = Array(b)
        var twoBack = [Int](repeating: 0, count: b.count + 1)
        var previous = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            row.reserveCapacity(b.count + 1)
            for j in 0..<b.count {
                var best = min(row[j] + 1, previous[j + 1] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, twoBack[j - 1] + 1) }
                row.append(best)
            }
            twoBack = previous
            previous = row
        }
        return previous[b.count]
    }
}
