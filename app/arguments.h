// Arguments: a verb's flags and words. "--name value" and "--name=value" mean the same; "--" ends
// the flags. What a verb does not know is a usage error. Used from one thread at a time.
#pragma once

#include "core/base/duration.h"
#include "core/base/result.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fleetglass::app {

// The exit codes scripts rely on.
enum ExitCode
{
    kExitGood = 0,
    kExitBad = 1,
    kExitUsage = 2,
    kExitLint = 3
};

struct FlagSpec
{
    std::string name; // Without the dashes.
    bool takesValue = true;
};

class Arguments
{
public:
    // Fails on an unknown flag (naming the nearest) and on a missing value.
    static Result<Arguments> parse(
        const std::vector<std::string>& words, const std::vector<FlagSpec>& known);

    const std::vector<std::string>& words() const { return m_words; }
    bool has(const std::string& flag) const { return m_flags.contains(flag); }
    // The last one given.
    std::optional<std::string> value(const std::string& flag) const;
    std::vector<std::string> values(const std::string& flag) const;
    std::string valueOr(const std::string& flag, const std::string& otherwise) const;
    // Fails where the text is no duration ("60s", "1h").
    Result<Millis> durationOr(const std::string& flag, Millis otherwise) const;

private:
    std::vector<std::string> m_words;
    std::map<std::string, std::vector<std::string>> m_flags;
};

// Prints "fleetglass: MESSAGE" and where help is, and returns kExitUsage.
int usageError(const std::string& message);
// Prints "fleetglass: MESSAGE" and returns kExitBad.
int badInput(const std::string& message);

} // namespace fleetglass::app
