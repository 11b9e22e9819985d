// SPDX-License-Identifier: Apache-2.0
import Groups

/// Every case. A new group is one line here.
var allCases: [ProbeCase] {
    groupCases(Ristretto255.self) + ristrettoCases
        + arithmeticCases + secretsCases + transcriptCases + consentCases
}
