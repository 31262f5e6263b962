#include "core/regex/regex.h"

#include <algorithm>
#include <re2/re2.h>

namespace fleetglass::regex {

namespace {

bool isAlternation(std::string_view pattern)
{
    return pattern.find('|') != std::string_view::npos
        && pattern.find_first_of("\\.+*?()[]{}^$") == std::string_view::npos;
}

// Go takes (?<name>...) as well as (?P<name>...); this RE2 knows only the second. Outside of
// classes and escapes nothing else begins with "(?<", as RE2 has no lookbehind.
std::string withNamedGroups(std::string_view pattern)
{
    std::string result;
    bool inClass = false;
    bool inLiteral = false; // Between \\Q and \\E.
    for (size_t i = 0; i < pattern.size(); ++i) {
        const auto rest = pattern.substr(i);
        if (inLiteral ? rest.starts_with("\\E") : rest.starts_with('\\')) {
            inLiteral = !inLiteral && rest.starts_with("\\Q");
            result += rest.substr(0, 2);
            ++i;
        } else if (!inLiteral && !inClass && rest.starts_with("(?<")) {
            result += "(?P<";
            i += 2;
        } else {
            // A ']' right after the '[' belongs to the class.
            const bool opened = i > 0 && pattern[i - 1] == '[';
            if (!inLiteral && (rest[0] == '[' || (rest[0] == ']' && !opened)))
                inClass = rest[0] == '[';
            result += rest[0];
        }
    }
    return result;
}

Result<std::shared_ptr<const re2::RE2>> compileProgram(
    std::string_view pattern, const std::string& wrapped)
{
    const size_t bytesMax = isAlternation(pattern) ? kAlternationBytesMax : kPatternBytesMax;
    if (pattern.size() > bytesMax)
        return failure("regular expression of " + std::to_string(pattern.size())
                + " bytes is longer than the limit of " + std::to_string(bytesMax),
            ErrorCode::Limit);
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kProgramBytesMax);
    auto program = std::make_shared<const re2::RE2>(withNamedGroups(wrapped), options);
    if (!program->ok())
        return failure(
            "error parsing regexp: " + program->error() + ": `" + std::string(pattern) + "`");
    return program;
}

bool isLiteral(std::string_view text)
{
    return text.find_first_of("\\.+*?()|[]{}^$") == std::string_view::npos;
}

// "a|b|c" with plain parts, the commonest pattern of dashboards.
std::vector<std::string> splitLiterals(std::string_view pattern)
{
    std::vector<std::string> parts;
    while (true) {
        const size_t bar = pattern.find('|');
        const auto part = pattern.substr(0, bar);
        if (!isLiteral(part))
            return {};
        parts.emplace_back(part);
        if (bar == std::string_view::npos)
            return parts;
        pattern.remove_prefix(bar + 1);
    }
}

bool isNameByte(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Reads the group name after a '$'; empty where the '$' is literal. Advances `rest` past it.
std::string_view takeGroupName(std::string_view& rest)
{
    const bool braced = !rest.empty() && rest[0] == '{';
    const size_t start = braced ? 1 : 0;
    size_t end = start;
    while (end < rest.size() && isNameByte(rest[end]))
        ++end;
    const bool closed = !braced || (end < rest.size() && rest[end] == '}');
    if (end == start || !closed)
        return {};
    const auto name = rest.substr(start, end - start);
    rest.remove_prefix(braced ? end + 1 : end);
    return name;
}

int groupIndex(const re2::RE2& program, std::string_view name)
{
    if (std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return name.size() > 6 ? -1 : std::stoi(std::string(name));
    const auto& groups = program.NamedCapturingGroups();
    const auto found = groups.find(std::string(name));
    return found == groups.end() ? -1 : found->second;
}

std::string fill(const re2::RE2& program, std::string_view replacement,
    const std::vector<re2::StringPiece>& groups)
{
    std::string text;
    while (!replacement.empty()) {
        const size_t dollar = replacement.find('$');
        text += replacement.substr(0, dollar);
        if (dollar == std::string_view::npos)
            break;
        replacement.remove_prefix(dollar + 1);
        if (!replacement.empty() && replacement[0] == '$') {
            text += '$';
            replacement.remove_prefix(1);
            continue;
        }
        const auto name = takeGroupName(replacement);
        if (name.empty()) {
            text += '$';
            continue;
        }
        const int index = groupIndex(program, name);
        if (index >= 0 && static_cast<size_t>(index) < groups.size())
            text.append(groups[static_cast<size_t>(index)].data()
                    ? groups[static_cast<size_t>(index)].data()
                    : "",
                groups[static_cast<size_t>(index)].size());
    }
    return text;
}

} // namespace

Regex::Regex(std::string pattern, std::shared_ptr<const re2::RE2> program)
    : m_pattern(std::move(pattern))
    , m_program(std::move(program))
{
}

Result<Regex> Regex::compileAnchored(std::string_view pattern)
{
    auto program = compileProgram(pattern, "^(?s:" + std::string(pattern) + ")$");
    if (!program)
        return failure(program.error());
    Regex regex(std::string(pattern), std::move(*program));
    regex.m_literals = splitLiterals(pattern);
    return regex;
}

Result<Regex> Regex::compile(std::string_view pattern)
{
    auto program = compileProgram(pattern, std::string(pattern));
    if (!program)
        return failure(program.error());
    return Regex(std::string(pattern), std::move(*program));
}

bool Regex::matches(std::string_view text) const
{
    if (!m_literals.empty())
        return std::find(m_literals.begin(), m_literals.end(), text) != m_literals.end();
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *m_program);
}

std::optional<std::string> Regex::expand(std::string_view text, std::string_view replacement) const
{
    std::vector<re2::StringPiece> groups(
        static_cast<size_t>(m_program->NumberOfCapturingGroups()) + 1);
    const re2::StringPiece input(text.data(), text.size());
    if (!m_program->Match(input, 0, input.size(), re2::RE2::UNANCHORED, groups.data(),
            static_cast<int>(groups.size())))
        return std::nullopt;
    return fill(*m_program, replacement, groups);
}

std::string Regex::replaceAll(std::string_view text, std::string_view replacement) const
{
    std::vector<re2::StringPiece> groups(
        static_cast<size_t>(m_program->NumberOfCapturingGroups()) + 1);
    const re2::StringPiece input(text.data(), text.size());
    std::string result;
    size_t copied = 0;
    size_t from = 0;
    while (from <= text.size()
        && m_program->Match(input, from, input.size(), re2::RE2::UNANCHORED, groups.data(),
            static_cast<int>(groups.size()))) {
        const auto start = static_cast<size_t>(groups[0].data() - text.data());
        const size_t end = start + groups[0].size();
        // An empty match right after a match does not count (Go's ReplaceAll).
        if (end > start || start != copied || copied == 0) {
            result += text.substr(copied, start - copied);
            result += fill(*m_program, replacement, groups);
            copied = end;
        }
        from = end > start ? end : end + 1;
    }
    return result.append(text.substr(copied));
}

} // namespace fleetglass::regex
