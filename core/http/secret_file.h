// Secrets as they are needed: given in place, or read from a file each time, because files are
// rotated. Thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/http/client_options.h"

#include <string>
#include <string_view>

namespace fleetglass::http {

// White space at both ends is cut. Only regular files of at most 64 KiB; the message names the file
// and what it is for.
Result<Secret> readSecret(const SecretSource& source, std::string_view purpose);

// A whole regular file of at most `bytesMax`.
Result<std::string> readSmallFile(
    const std::string& path, std::string_view purpose, size_t bytesMax);

} // namespace fleetglass::http
