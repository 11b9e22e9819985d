// SPDX-License-Identifier: Apache-2.0

private import CKernels

/// 1600 bits on the heap at a stable address, wiped and freed in `deinit`: provers absorb secrets.
///
/// Bytes are numbered as in FIPS 202: byte `i` is bits `8 (i mod 8) ..< 8 (i mod 8) + 8` of lane `i / 8`. The code reads and
/// writes lanes as raw bytes, which is the same thing on the little-endian machines that Swift supports.
struct KeccakState: ~Copyable, @unchecked Sendable {
    static let laneCount = 25
    private let lanes: UnsafeMutablePointer<UInt64>

    /// All lanes zero.
    init() {
        lanes = .allocate(capacity: Self.laneCount)
        lanes.initialize(repeating: 0, count: Self.laneCount)
    }

    deinit {
        zk_wipe(lanes, Self.laneCount * MemoryLayout<UInt64>.stride)
        lanes.deallocate()
    }

    /// Overwrites this state with another.
    mutating func assign(from other: borrowing KeccakState) {
        lanes.update(from: other.lanes, count: Self.laneCount)
    }

    /// Reads the lanes in place.
    func withLanes<Result>(_ body: (UnsafePointer<UInt64>) -> Result) -> Result {
        body(lanes)
    }

    /// Applies the last `rounds` rounds of Keccak-f[1600].
    mutating func permute(rounds: Int = 24) {
        keccakPermute(lanes, rounds: rounds)
    }

    /// XORs one byte into the state. Requires `offset < 200`.
    mutating func xor(_ byte: UInt8, at offset: Int) {
        lanes[offset / 8] ^= UInt64(byte) &<< UInt64(8 * (offset % 8))
    }

    /// XORs bytes into the state, starting at byte `offset`. Requires `offset + bytes.count <= 200`.
    mutating func xor(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        var index = 0
        var position = offset
        while index < bytes.count, position % 8 != 0 {
            xor(bytes[index], at: position)
            index += 1
            position += 1
        }
        while index + 8 <= bytes.count {
            lanes[position / 8] ^= bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            index += 8
            position += 8
        }
        while index < bytes.count {
            xor(bytes[index], at: position)
            index += 1
            position += 1
        }
    }

    /// XORs the state from byte `offset` on into `bytes`, and puts what they were, or what they are now, in its place: decryption and
    /// encryption of STROBE. Requires `offset + bytes.count <= 200`.
    mutating func exchange(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int, keepingOutput: Bool) {
        let state = UnsafeMutableRawPointer(lanes).assumingMemoryBound(to: UInt8.self) + offset
        for i in bytes.indices {
            let input = bytes[i]
            bytes[i] = input ^ state[i]
            state[i] = keepingOutput ? bytes[i] : input
        }
    }

    /// Copies the bytes from `offset` on. Requires `offset + out.count <= 200`.
    func copy(from offset: Int, into out: UnsafeMutableRawBufferPointer) {
        guard out.count > 0 else { return }
        out.copyMemory(from: UnsafeRawBufferPointer(start: UnsafeRawPointer(lanes) + offset, count: out.count))
    }
}
