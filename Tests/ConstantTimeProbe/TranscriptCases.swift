// SPDX-License-Identifier: Apache-2.0
import Secrets
import Transcripts

/// Keccak on secrets.
var transcriptCases: [ProbeCase] {
    [
        ProbeCase("SHAKE128/absorb, read") { evidence in
            let message = SecretBytes.random(count: 400)
            var xof = SHAKE128()
            message.withSpan { xof.absorb($0) }
            var reader = xof.finished()
            evidence.result(reader.read(200))
        },
        ProbeCase("DuplexSponge/absorb, squeeze") { evidence in
            let message = SecretBytes.random(count: 401)
            var sponge = DuplexSponge(SessionID(tag: "probe"))
            message.withSpan { sponge.absorb($0) }
            evidence.result(sponge.squeeze(3))
            evidence.result(sponge.squeeze(300))
        },
    ]
}
