// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic

// The group law: complete formulas for curves of odd order. J. Renes, C. Costello, L. Batina, "Complete addition formulas for prime order
// elliptic curves", EUROCRYPT 2016 (eprint 2015/1060). The steps are the paper's, in its order; variables are t0 ... t4 and the result.

extension WeierstrassCurve {
    /// The variables of the formulas, with the operations of the field on them.
    private struct Registers {
        let field: WeierstrassFieldOperations
        let t0: MutableLimbs, t1: MutableLimbs, t2: MutableLimbs, t3: MutableLimbs, t4: MutableLimbs
        let x3: MutableLimbs, y3: MutableLimbs, z3: MutableLimbs

        @inline(__always)
        init(_ curve: WeierstrassCurve, _ w: Workspace) {
            let n = curve.n
            field = WeierstrassFieldOperations(field: curve.field, scratch: w.scratch)
            let v = w.variables
            (t0, t1, t2, t3, t4) = (v, v + n, v + 2 * n, v + 3 * n, v + 4 * n)
            (x3, y3, z3) = (v + 5 * n, v + 6 * n, v + 7 * n)
        }
    }

    /// `out = p + q`, any points; `out` may be `p` or `q`.
    @inline(__always)
    func add(_ out: MutableLimbs, _ p: Limbs, _ q: Limbs, _ w: Workspace) {
        switch a {
        case .minusThree: addMinusThree(out, p, q, w)
        case .zero: addZero(out, p, q, w)
        }
    }

    /// `out = 2 p`, any point; `out` may be `p`.
    @inline(__always)
    func double(_ out: MutableLimbs, _ p: Limbs, _ w: Workspace) {
        switch a {
        case .minusThree: doubleMinusThree(out, p, w)
        case .zero: doubleZero(out, p, w)
        }
    }

    /// `p = 2^count p`.
    @inline(__always)
    func double(_ p: MutableLimbs, times count: Int, _ w: Workspace) {
        for _ in 0..<count { double(p, p, w) }
    }

    /// `out = -p`; `out` may be `p`.
    func negate(_ out: MutableLimbs, _ p: Limbs) {
        out.update(from: p, count: n)
        field.negate(out + n, p + n)
        (out + 2 * n).update(from: p + 2 * n, count: n)
    }

    /// All ones if `p` is the identity, else 0.
    func identityMask(_ p: Limbs) -> UInt64 { field.zeroMask(p + 2 * n) }

    /// All ones if `p = q`, else 0: `X1 Z2 = X2 Z1` and `Y1 Z2 = Y2 Z1`. The identity satisfies the second with itself only.
    func equalMask(_ p: Limbs, _ q: Limbs, _ w: Workspace) -> UInt64 {
        let (u, v) = (w.variables, w.variables + n)
        field.multiply(u, p, q + 2 * n, w.scratch)
        field.multiply(v, q, p + 2 * n, w.scratch)
        let x = field.equalMask(u, v)
        field.multiply(u, p + n, q + 2 * n, w.scratch)
        field.multiply(v, q + n, p + 2 * n, w.scratch)
        return x & field.equalMask(u, v)
    }

    // MARK: a = -3

    /// Algorithm 4.
    private func addMinusThree(_ out: MutableLimbs, _ p: Limbs, _ q: Limbs, _ w: Workspace) {
        let r = Registers(self, w)
        let f = r.field
        let (t0, t1, t2, t3, t4, x3, y3, z3) = (r.t0, r.t1, r.t2, r.t3, r.t4, r.x3, r.y3, r.z3)
        let (x1, y1, z1) = (p, p + n, p + 2 * n)
        let (x2, y2, z2) = (q, q + n, q + 2 * n)
        let b = formulaConstant
        f.mul(t0, x1, x2)
        f.mul(t1, y1, y2)
        f.mul(t2, z1, z2)
        f.add(t3, x1, y1)
        f.add(t4, x2, y2)
        f.mul(t3, t3, t4)
        f.add(t4, t0, t1)
        f.sub(t3, t3, t4)
        f.add(t4, y1, z1)
        f.add(x3, y2, z2)
        f.mul(t4, t4, x3)
        f.add(x3, t1, t2)
        f.sub(t4, t4, x3)
        f.add(x3, x1, z1)
        f.add(y3, x2, z2)
        f.mul(x3, x3, y3)
        f.add(y3, t0, t2)
        f.sub(y3, x3, y3)
        f.mul(z3, b, t2)
        f.sub(x3, y3, z3)
        f.add(z3, x3, x3)
        f.add(x3, x3, z3)
        f.sub(z3, t1, x3)
        f.add(x3, t1, x3)
        f.mul(y3, b, y3)
        f.add(t1, t2, t2)
        f.add(t2, t1, t2)
        f.sub(y3, y3, t2)
        f.sub(y3, y3, t0)
        f.add(t1, y3, y3)
        f.add(y3, t1, y3)
        f.add(t1, t0, t0)
        f.add(t0, t1, t0)
        f.sub(t0, t0, t2)
        f.mul(t1, t4, y3)
        f.mul(t2, t0, y3)
        f.mul(y3, x3, z3)
        f.add(out + n, y3, t2)
        f.mul(x3, t3, x3)
        f.sub(out, x3, t1)
        f.mul(z3, t4, z3)
        f.mul(t1, t3, t0)
        f.add(out + 2 * n, z3, t1)
    }

    /// Algorithm 6.
    private func doubleMinusThree(_ out: MutableLimbs, _ p: Limbs, _ w: Workspace) {
        let r = Registers(self, w)
        let f = r.field
        let (t0, t1, t2, t3, x3, y3, z3) = (r.t0, r.t1, r.t2, r.t3, r.x3, r.y3, r.z3)
        let (x, y, z) = (p, p + n, p + 2 * n)
        let b = formulaConstant
        f.sqr(t0, x)
        f.sqr(t1, y)
        f.sqr(t2, z)
        f.mul(t3, x, y)
        f.add(t3, t3, t3)
        f.mul(z3, x, z)
        f.add(z3, z3, z3)
        f.mul(y3, b, t2)
        f.sub(y3, y3, z3)
        f.add(x3, y3, y3)
        f.add(y3, x3, y3)
        f.sub(x3, t1, y3)
        f.add(y3, t1, y3)
        f.mul(y3, x3, y3)
        f.mul(x3, x3, t3)
        f.add(t3, t2, t2)
        f.add(t2, t2, t3)
        f.mul(z3, b, z3)
        f.sub(z3, z3, t2)
        f.sub(z3, z3, t0)
        f.add(t3, z3, z3)
        f.add(z3, z3, t3)
        f.add(t3, t0, t0)
        f.add(t0, t3, t0)
        f.sub(t0, t0, t2)
        f.mul(t0, t0, z3)
        f.add(y3, y3, t0)
        f.mul(t0, y, z)
        f.add(t0, t0, t0)
        f.mul(z3, t0, z3)
        f.sub(out, x3, z3)
        f.mul(z3, t0, t1)
        f.add(z3, z3, z3)
        f.add(out + 2 * n, z3, z3)
        (out + n).update(from: y3, count: n)
    }

    // MARK: a = 0

    /// Algorithm 7.
    private func addZero(_ out: MutableLimbs, _ p: Limbs, _ q: Limbs, _ w: Workspace) {
        let r = Registers(self, w)
        let f = r.field
        let (t0, t1, t2, t3, t4, x3, y3, z3) = (r.t0, r.t1, r.t2, r.t3, r.t4, r.x3, r.y3, r.z3)
        let (x1, y1, z1) = (p, p + n, p + 2 * n)
        let (x2, y2, z2) = (q, q + n, q + 2 * n)
        let b3 = formulaConstant
        f.mul(t0, x1, x2)
        f.mul(t1, y1, y2)
        f.mul(t2, z1, z2)
        f.add(t3, x1, y1)
        f.add(t4, x2, y2)
        f.mul(t3, t3, t4)
        f.add(t4, t0, t1)
        f.sub(t3, t3, t4)
        f.add(t4, y1, z1)
        f.add(x3, y2, z2)
        f.mul(t4, t4, x3)
        f.add(x3, t1, t2)
        f.sub(t4, t4, x3)
        f.add(x3, x1, z1)
        f.add(y3, x2, z2)
        f.mul(x3, x3, y3)
        f.add(y3, t0, t2)
        f.sub(y3, x3, y3)
        f.add(x3, t0, t0)
        f.add(t0, x3, t0)
        f.mul(t2, b3, t2)
        f.add(z3, t1, t2)
        f.sub(t1, t1, t2)
        f.mul(y3, b3, y3)
        f.mul(x3, t4, y3)
        f.mul(t2, t3, t1)
        f.sub(out, t2, x3)
        f.mul(y3, y3, t0)
        f.mul(t1, t1, z3)
        f.add(out + n, t1, y3)
        f.mul(t0, t0, t3)
        f.mul(z3, z3, t4)
        f.add(out + 2 * n, z3, t0)
    }

    /// Algorithm 9.
    private func doubleZero(_ out: MutableLimbs, _ p: Limbs, _ w: Workspace) {
        let r = Registers(self, w)
        let f = r.field
        let (t0, t1, t2, x3, y3, z3) = (r.t0, r.t1, r.t2, r.x3, r.y3, r.z3)
        let (x, y, z) = (p, p + n, p + 2 * n)
        f.sqr(t0, y)
        f.add(z3, t0, t0)
        f.add(z3, z3, z3)
        f.add(z3, z3, z3)
        f.mul(t1, y, z)
        f.sqr(t2, z)
        f.mul(t2, formulaConstant, t2)
        f.mul(x3, t2, z3)
        f.add(y3, t0, t2)
        f.mul(z3, t1, z3)
        f.add(t1, t2, t2)
        f.add(t2, t1, t2)
        f.sub(t0, t0, t2)
        f.mul(y3, t0, y3)
        f.mul(t1, x, y)
        f.add(out + n, x3, y3)
        f.mul(x3, t0, t1)
        f.add(out, x3, x3)
        (out + 2 * n).update(from: z3, count: n)
    }
}
