// SPDX-License-Identifier: Apache-2.0
public import ConsentModel

extension StoreError {
    /// The same refusal in the form of all errors for people.
    public var modelError: ModelError {
        ModelError(code, reason, file: file, hint: hint)
    }
}
