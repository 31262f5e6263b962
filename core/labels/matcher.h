// Matcher: one condition of a selector, name OP "value". Immutable; share freely.
#pragma once

#include "core/base/result.h"
#include "core/labels/labels.h"
#include "core/regex/regex.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fleetglass::labels {

enum class MatchType
{
    Equal, // =
    NotEqual, // !=
    Regex, // =~, anchored RE2
    NotRegex, // !~
};

std::string_view matchOperator(MatchType type);

class Matcher
{
public:
    // Fails where the pattern of =~ or !~ does not compile.
    static Result<Matcher> create(MatchType type, std::string name, std::string value);
    static Matcher equal(std::string name, std::string value);

    bool matches(std::string_view value) const;
    // A missing label matches as the empty text does.
    bool matches(const Labels& labels) const { return matches(labels.get(m_name)); }
    bool matchesEmpty() const { return matches(std::string_view()); }

    MatchType type() const { return m_type; }
    const std::string& name() const { return m_name; }
    const std::string& value() const { return m_value; }
    // For =~ and !~: the texts the pattern stands for, where it is a plain alternation.
    std::span<const std::string> literals() const;

    // job="a", "my.label"=~"x.*"
    std::string toString() const;

private:
    Matcher(MatchType type, std::string name, std::string value);

    MatchType m_type = MatchType::Equal;
    std::string m_name;
    std::string m_value;
    std::optional<regex::Regex> m_regex;
};

bool matchesAll(std::span<const Matcher> matchers, const Labels& labels);

} // namespace fleetglass::labels
