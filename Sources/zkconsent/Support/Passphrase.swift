// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import Glibc
internal import Secrets
internal import VerifyCommand

/// Where a passphrase comes from: a file, or the terminal without echo. Never an argument: those are visible to all users of the machine.
struct PassphraseOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Read the passphrase from this file (its only line) instead of asking for it.", valueName: "file"))
    var passphraseFile: String?

    /// The file that is read, if one is: no output may replace it.
    var files: [String] { passphraseFile.map { [$0] } ?? [] }

    /// The passphrase of something that exists.
    func passphrase(for what: String) throws -> SecretBytes {
        if let passphraseFile { return try Passphrase.read(file: passphraseFile) }
        return try Passphrase.ask("Passphrase of \(what): ")
    }

    /// The passphrase of something that is about to be made: asked twice.
    func newPassphrase(for what: String) throws -> SecretBytes {
        if let passphraseFile { return try Passphrase.read(file: passphraseFile) }
        let passphrase = try Passphrase.ask("New passphrase for \(what): ")
        let again = try Passphrase.ask("Again: ")
        guard Passphrase.areEqual(passphrase, again) else {
            throw ModelError("passphrase-mismatch", "the two passphrases differ; nothing was made", hint: "try again")
        }
        return passphrase
    }
}

/// Reading passphrases into wiped memory.
enum Passphrase {
    /// The longest passphrase in bytes.
    static let byteCountLimit = 1_024

    /// The passphrase in a file (a pipe is good too): its content without one line end.
    static func read(file: String) throws(ModelError) -> SecretBytes {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ModelError(
                "passphrase-file", "the passphrase file cannot be opened: \(String(cString: strerror(errno)))", file: file,
                hint: "check the path and the permissions")
        }
        defer { close(descriptor) }
        var buffer = SecretBytes(count: byteCountLimit + 2)
        var count = 0
        while count < byteCountLimit + 2 {
            let part = buffer.withMutableSpan { span in
                span.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress! + count, $0.count - count) }
            }
            if part < 0 && errno == EINTR { continue }
            guard part >= 0 else {
                throw ModelError("passphrase-file", "the passphrase file cannot be read: \(String(cString: strerror(errno)))", file: file)
            }
            if part == 0 { break }
            count += part
        }
        do {
            return try line(buffer, count)
        } catch {
            throw error.inFile(file)
        }
    }

    /// Asks on the terminal, without echo.
    static func ask(_ prompt: String) throws -> SecretBytes {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else {
            throw ModelError("passphrase-missing", "there is no terminal to ask for the passphrase", hint: "use --passphrase-file FILE")
        }
        defer { close(terminal) }
        var before = termios()
        guard tcgetattr(terminal, &before) == 0 else {
            throw ModelError("passphrase-missing", "the terminal cannot hide what is typed", hint: "use --passphrase-file FILE")
        }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(terminal, TCSAFLUSH, &silent)
        defer {
            tcsetattr(terminal, TCSAFLUSH, &before)
            show("\n", on: terminal)
        }
        show(prompt, on: terminal)
        return try Interrupt.finishing {
            var buffer = SecretBytes(count: byteCountLimit + 2)
            var count = 0
            while count < byteCountLimit + 2 {
                // A signal ends the waiting, whatever SA_RESTART says (signal(7)).
                var waiting = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
                _ = poll(&waiting, 1, -1)
                try Interrupt.check()
                let part = buffer.withMutableSpan { span in
                    span.withUnsafeMutableBytes { Glibc.read(terminal, $0.baseAddress! + count, $0.count - count) }
                }
                if part < 0 && errno == EINTR { continue }
                guard part > 0 else { break }
                count += part
                if buffer.withSpan({ $0[count - 1] }) == UInt8(ascii: "\n") { break }
            }
            return try line(buffer, count)
        }
    }

    /// Whether two passphrases are equal. Timing: depends on the lengths only.
    static func areEqual(_ left: borrowing SecretBytes, _ right: borrowing SecretBytes) -> Bool {
        guard left.count == right.count else { return false }
        return left.withSpan { left in
            right.withSpan { right in
                var difference: UInt8 = 0
                for index in left.indices { difference |= left[index] ^ right[index] }
                return difference == 0
            }
        }
    }

    /// The first `count` bytes without one line end.
    private static func line(_ buffer: borrowing SecretBytes, _ count: Int) throws(ModelError) -> SecretBytes {
        var count = count
        let isTooLong = count > byteCountLimit + 1
        let newline = UInt8(ascii: "\n")
        if count > 0, buffer.withSpan({ $0[count - 1] }) == newline { count -= 1 }
        if count > 0, buffer.withSpan({ $0[count - 1] }) == UInt8(ascii: "\r") { count -= 1 }
        guard !isTooLong, count <= byteCountLimit else {
            throw ModelError("passphrase-length", "the passphrase has more than \(byteCountLimit) bytes")
        }
        guard count > 0 else { throw ModelError("passphrase-length", "the passphrase is empty", hint: "choose a long one") }
        let isOneLine = buffer.withSpan { bytes in
            var isOneLine = true
            for index in 0..<count where bytes[index] == newline || bytes[index] == 0 { isOneLine = false }
            return isOneLine
        }
        guard isOneLine else { throw ModelError("passphrase-lines", "the passphrase is more than one line of text") }
        return buffer.withSpan { SecretBytes(copying: $0.extracting(0..<count)) }
    }

    private static func show(_ text: String, on terminal: Int32) {
        let bytes = Array(text.utf8)
        _ = write(terminal, bytes, bytes.count)
    }
}
