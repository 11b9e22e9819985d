// SPDX-License-Identifier: Apache-2.0

/// One kind of vector file: how it is recognised by its content and what is done with it.
struct VectorFormat: Sendable {
    /// The cases of a file.
    typealias Body = @Sendable (VectorFile, inout Cases) throws(CaseFailure) -> Void

    /// What is done with a file of the format.
    enum Treatment: Sendable {
        /// Its cases are run.
        case run(Body)
        /// It is not run, for this reason.
        case skip(String)
    }

    /// The format's name in reports.
    let name: String
    /// The document that defines what is tested, with its version.
    let standard: String
    /// Member names that only files of this kind have, separated by `|`: text that has one and is no JSON is a damaged file of this format.
    let marker: String
    /// Whether a file has this format, by its content.
    let recognises: @Sendable (VectorFile) -> Bool
    /// What is done with it.
    let treatment: Treatment

    /// A format whose cases are run.
    init(
        _ name: String, standard: String, marker: String = "", recognises: @escaping @Sendable (VectorFile) -> Bool, run: @escaping Body
    ) {
        self.name = name
        self.standard = standard
        self.marker = marker
        self.recognises = recognises
        treatment = .run(run)
    }

    /// A format that is recognised and skipped.
    init(_ name: String, standard: String, skipped reason: String, recognises: @escaping @Sendable (VectorFile) -> Bool) {
        self.name = name
        self.standard = standard
        marker = ""
        self.recognises = recognises
        treatment = .skip(reason)
    }

    /// A format of JSON records, each a case: a file is of it if its value is a list with such a record.
    init(
        _ name: String, standard: String, marker: String, records isRecord: @escaping @Sendable (VectorValue) -> Bool,
        case caseName: @escaping @Sendable (VectorValue) -> String?,
        check: @escaping @Sendable (VectorValue) throws(CaseFailure) -> Void
    ) {
        self.init(name, standard: standard, marker: marker) { file in
            file.records.contains(where: isRecord)
        } run: { (file, cases) throws(CaseFailure) in
            for (index, record) in file.records.enumerated() {
                cases.run(caseName(record) ?? "#\(index)") { () throws(CaseFailure) in
                    try require(isRecord(record), "not a record of this format")
                    try check(record)
                }
            }
        }
    }
}
