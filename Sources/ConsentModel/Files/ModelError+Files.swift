// SPDX-License-Identifier: Apache-2.0
internal import Glibc

extension ModelError {
    /// An error about a file as a whole.
    static func files(_ code: String, _ message: String, _ path: String?, hint: String? = nil) -> ModelError {
        ModelError(code, message, file: path, hint: hint)
    }

    /// The error for a failed system call on `path`, with what to do next where that is known.
    ///
    /// Codes: `file-not-found`, `file-permission`, `file-exists`, `disk-full`, `file-not-regular`, otherwise `file-<verb>`.
    static func system(_ verb: String, _ number: Int32, _ path: String) -> ModelError {
        let reason = String(cString: strerror(number))
        let message = "cannot \(verb) the file: \(reason)"
        switch number {
        case ENOENT: return files("file-not-found", message, path, hint: "check the path; folders are not created")
        case EACCES, EPERM, EROFS: return files("file-permission", message, path, hint: "check the owner and the mode of the file and its folder")
        case EEXIST: return files("file-exists", message, path, hint: "use --force to overwrite it")
        case ENOSPC, EDQUOT, EFBIG:
            return files("disk-full", message, path, hint: "nothing was written; free some space or choose another folder")
        case EISDIR, ENOTDIR: return files("file-not-regular", message, path, hint: "name a file in an existing folder")
        default: return files("file-\(verb)", message, path)
        }
    }
}
