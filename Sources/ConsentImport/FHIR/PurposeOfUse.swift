// SPDX-License-Identifier: Apache-2.0

/// HL7's purposes of use, the codes below `PurposeOfUse` of `http://terminology.hl7.org/CodeSystem/v3-ActReason`, and the purposes of
/// the W3C Data Privacy Vocabulary that they are read as.
///
/// | HL7 | DPV | |
/// |---|---|---|
/// | HRESCH | ScientificResearch | "scientific investigations to obtain health care knowledge", by whomever |
/// | HMARKT | Marketing | |
/// | HQUALIMP | ImproveHealthcare | |
/// | FRAUD | FraudPreventionAndDetection | |
/// | HCOMPL | LegalCompliance | |
/// | TREAT | RequestedServiceProvision | not a flag of consent-v1 |
/// | HPAYMT | PaymentManagement | not a flag of consent-v1 |
///
/// All others have no DPV term that is not far broader (PUBHLTH is less than PublicBenefit, BIORCH less than ScientificResearch), so
/// nothing is granted for them: a consent for these purposes only is refused, and of others the part is reported as left out. A
/// deployment that reads a code differently writes the DPV coding into the consent beside it.
public enum PurposeOfUse {
    /// The code system.
    public static let system = "http://terminology.hl7.org/CodeSystem/v3-ActReason"

    /// The DPV purpose by code.
    public static let dpvPurposes = [
        "HRESCH": "ScientificResearch", "HMARKT": "Marketing", "HQUALIMP": "ImproveHealthcare", "FRAUD": "FraudPreventionAndDetection",
        "HCOMPL": "LegalCompliance", "TREAT": "RequestedServiceProvision", "HPAYMT": "PaymentManagement",
    ]

    /// The narrower codes of each code that has any (code system version 2018-08-12, as published with FHIR 4.0.1).
    package static let narrower: [String: [String]] = [
        "PurposeOfUse": ["HMARKT", "HOPERAT", "HPAYMT", "HRESCH", "PATRQT", "PUBHLTH", "TREAT"],
        "HOPERAT": [
            "CAREMGT", "DONAT", "FRAUD", "GOV", "HACCRED", "HCOMPL", "HDECD", "HDIRECT", "HDM", "HLEGAL", "HOUTCOMS", "HPRGRP", "HQUALIMP",
            "HSYSADMIN", "MEMADMIN", "MILCDM", "PATADMIN", "PATSFTY", "PERFMSR", "RECORDMGT", "SYSDEV", "TRAIN",
        ],
        "HSYSADMIN": ["LABELING", "METAMGT"],
        "SYSDEV": ["HTEST"],
        "HPAYMT": ["CLMATTCH", "COVAUTH", "COVERAGE", "REMITADV"],
        "COVERAGE": ["ELIGDTRM", "ELIGVER", "ENROLLM", "MILDCRG"],
        "HRESCH": ["BIORCH", "CLINTRCH", "DSRCH", "POARCH", "TRANSRCH"],
        "CLINTRCH": ["CLINTRCHNPC", "CLINTRCHPC", "PRECLINTRCH"],
        "PATRQT": ["FAMRQT", "PWATRNY", "SUPNWK"],
        "PUBHLTH": ["DISASTER", "THREAT"],
        "TREAT": ["CLINTRL", "COC", "ETREAT", "POPHLTH"],
        "ETREAT": ["BTG", "ERTREAT"],
    ]

    /// All codes.
    static let codes: Set<String> = closure("PurposeOfUse") { narrower[$0] ?? [] }

    /// Whether a use for one of the codes may be a use for the other: they are equal or one is narrower. A clinical trial (CLINTRL, below
    /// treatment) counts as research too.
    static func overlap(_ a: String, _ b: String) -> Bool {
        withNarrower(a).contains(b) || withNarrower(b).contains(a)
    }

    /// By code: the code and all narrower ones.
    private static let closures = Dictionary(
        uniqueKeysWithValues: codes.map { code in
            (code, closure(code) { (narrower[$0] ?? []) + ($0 == "HRESCH" ? ["CLINTRL"] : []) })
        })

    private static func withNarrower(_ code: String) -> Set<String> {
        closures[code] ?? [code]
    }
}

/// One purpose that a FHIR provision names.
enum FHIRPurpose: Hashable {
    /// A code of ``PurposeOfUse``.
    case hl7(String)
    /// A term of the DPV.
    case dpv(String)

    /// The purpose of a coding; `nil` if it is of neither vocabulary.
    init?(_ coding: FHIRCoding) {
        if coding.system == PurposeOfUse.system, PurposeOfUse.codes.contains(coding.code) {
            self = .hl7(coding.code)
        } else if FHIRCoding.dpvSystems.contains(coding.system), DPVPurposes.broader[coding.code] != nil {
            self = .dpv(coding.code)
        } else {
            return nil
        }
    }

    /// The code, for messages.
    var code: String {
        switch self {
        case .hl7(let code), .dpv(let code): code
        }
    }

    /// The DPV term of the flag that stands for the purpose.
    var flag: String? {
        switch self {
        case .hl7(let code): PurposeOfUse.dpvPurposes[code]
        case .dpv(let term): term
        }
    }

    /// What denying `denied` does to permitting this purpose.
    enum Effect {
        case keeps, removes, cannotTell
    }

    /// Within one vocabulary the hierarchy tells. Across vocabularies a purpose goes if the terms are related, and otherwise nobody can
    /// tell.
    func effect(ofDenying denied: FHIRPurpose) -> Effect {
        switch (self, denied) {
        case (.hl7(let a), .hl7(let b)): return PurposeOfUse.overlap(a, b) ? .removes : .keeps
        case (.dpv(let a), .dpv(let b)): return DPVPurposes.overlap(a, b) ? .removes : .keeps
        default:
            guard let a = flag else { return .keeps }  // nothing is granted for it anyway
            guard let b = denied.flag else { return .cannotTell }
            return DPVPurposes.areRelated(a, b) ? .removes : .cannotTell
        }
    }
}
