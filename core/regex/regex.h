// Regex: an RE2 pattern with the shortcuts that make label matching cheap. The only place that
// knows RE2. Patterns follow Prometheus 3: RE2 syntax, "." matches a newline, UTF-8. Immutable
// after compile; share freely (matching is thread-safe).
#pragma once

#include "core/base/result.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace fleetglass::regex {

// RE2 is the only engine allowed for patterns from outside; these are its limits here.
inline constexpr size_t kPatternBytesMax = 4096;
// A plain alternation ("a|b|c") needs no program to match and may be as long as a query.
inline constexpr size_t kAlternationBytesMax = 64 * 1024;
inline constexpr int64_t kProgramBytesMax = 8 << 20;

class Regex
{
public:
    // Matches only whole texts: ^(?s:pattern)$.
    static Result<Regex> compileAnchored(std::string_view pattern);
    // Matches anywhere, Go's regexp.MustCompile.
    static Result<Regex> compile(std::string_view pattern);

    bool matches(std::string_view text) const;

    // The template with $1, ${1}, ${name}, $name and $$ filled from the first match; nothing when
    // the pattern does not match (Go's Regexp.Expand: a missing group is empty, the longest name
    // is taken).
    std::optional<std::string> expand(std::string_view text, std::string_view replacement) const;

    // Every match replaced by the filled template (Go's ReplaceAllString).
    std::string replaceAll(std::string_view text, std::string_view replacement) const;

    const std::string& pattern() const { return m_pattern; }
    // The texts that match, where the pattern is a plain alternation of literals ("a|b|c").
    const std::vector<std::string>& literals() const { return m_literals; }

private:
    Regex(std::string pattern, std::shared_ptr<const re2::RE2> program);

    std::string m_pattern;
    std::shared_ptr<const re2::RE2> m_program;
    std::vector<std::string> m_literals; // Empty: ask m_program.
};

} // namespace fleetglass::regex
