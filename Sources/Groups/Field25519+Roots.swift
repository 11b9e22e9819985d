// SPDX-License-Identifier: Apache-2.0

// Powers: inverses and square roots. Exponents are constants, so everything is constant time.

extension Field25519 {
    /// `a^(2^count)`.
    @inline(never)
    package func squared(times count: Int) -> Field25519 {
        var r = self
        for _ in 0..<count { r = r.squared() }
        return r
    }

    /// `a^(2^250 - 1)` and `a^11`, which both exponents below start from.
    private func powers() -> (ones250: Field25519, eleven: Field25519) {
        let two = squared()
        let nine = two.squared(times: 2) * self
        let eleven = nine * two
        let ones5 = eleven.squared() * nine
        let ones10 = ones5.squared(times: 5) * ones5
        let ones20 = ones10.squared(times: 10) * ones10
        let ones40 = ones20.squared(times: 20) * ones20
        let ones50 = ones40.squared(times: 10) * ones10
        let ones100 = ones50.squared(times: 50) * ones50
        let ones200 = ones100.squared(times: 100) * ones100
        return (ones200.squared(times: 50) * ones50, eleven)
    }

    /// `1 / a`, or 0 for 0: `a^(p - 2)`, `p - 2 = 2^255 - 21`.
    package func inverted() -> Field25519 {
        let (ones250, eleven) = powers()
        return ones250.squared(times: 5) * eleven
    }

    /// `a^((p - 5) / 8)`, exponent `2^252 - 3`.
    package func raisedForRoot() -> Field25519 { powers().ones250.squared(times: 2) * self }

    /// SQRT_RATIO_M1 of RFC 9496, 4.2: the non-negative root `r` of `u/v` and all ones, or of `i u/v` and zero if `u/v` is not a square.
    ///
    /// `v = 0` gives 0, with all ones only if `u = 0`.
    package static func sqrtRatioM1(_ u: Field25519, _ v: Field25519) -> (wasSquare: UInt64, root: Field25519) {
        let v3 = v.squared() * v
        let v7 = v3.squared() * v
        let r = u * v3 * (u * v7).raisedForRoot()
        let check = v * r.squared()
        let minusU = u.negated()
        let correct = equalMask(check, u)
        let flipped = equalMask(check, minusU)
        let flippedI = equalMask(check, minusU * sqrtM1)
        return (correct | flipped, select(r, r * sqrtM1, flipped | flippedI).absolute())
    }

    /// Replaces every element by its inverse, 0 by 0: one inversion and three multiplications each (Montgomery).
    ///
    /// - Parameter scratch: room for `count` elements.
    package static func invert(_ elements: UnsafeMutablePointer<Field25519>, count: Int, scratch: UnsafeMutablePointer<Field25519>) {
        var product = Field25519.one
        for i in 0..<count {
            scratch[i] = product
            product = product * select(elements[i], one, elements[i].isZeroMask)
        }
        var inverse = product.inverted()
        for i in (0..<count).reversed() {
            let isZero = elements[i].isZeroMask
            let element = select(elements[i], one, isZero)
            elements[i] = select(inverse * scratch[i], zero, isZero)
            inverse = inverse * element
        }
    }

    // MARK: Constants of RFC 9496, 4.1, derived by `Tests/GroupsTests/Field25519Tests.swift`

    /// The curve constant `d = -121665/121666`.
    package static let d = Field25519(0x75eb_4dca_1359_78a3, 0x0070_0a4d_4141_d8ab, 0x8cc7_4079_7779_e898, 0x5203_6cee_2b6f_fe73)
    /// `2d`.
    package static let twoD = Field25519(0xebd6_9b94_26b2_f159, 0x00e0_149a_8283_b156, 0x198e_80f2_eef3_d130, 0x2406_d9dc_56df_fce7)
    /// `i`, the non-negative root of -1.
    package static let sqrtM1 = Field25519(0xc4ee_1b27_4a0e_a0b0, 0x2f43_1806_ad2f_e478, 0x2b4d_0099_3dfb_d7a7, 0x2b83_2480_4fc1_df0b)
    /// `sqrt(-d - 1)`, the root that RFC 9496 gives.
    package static let sqrtADMinusOne = Field25519(0x7e97_f6a0_497b_2e1b, 0xaf9d_8e0c_1b78_54bd, 0x0f3c_fcc9_31f5_d1fd, 0x3769_31bf_2b83_48ac)
    /// `1 / sqrt(-1 - d)`, the root that RFC 9496 gives.
    package static let invSqrtAMinusD = Field25519(0x99c8_fdaa_805d_40ea, 0x9d2f_1617_5a41_72be, 0x16c2_7b91_fe01_d840, 0x786c_8905_cfaf_fca2)
    /// `1 - d^2`.
    package static let oneMinusDSquared = Field25519(0xe27c_09c1_945f_c176, 0x2c81_a138_cd5e_350f, 0x9994_abdd_be70_dfe4, 0x0290_72a8_b2b3_e0d7)
    /// `(d - 1)^2`.
    package static let dMinusOneSquared = Field25519(0x31ad_5aaa_44ed_4d20, 0xd29e_4a2c_b01e_1999, 0x4cdc_d32f_529b_4eeb, 0x5968_b37a_f66c_2241)
}
