#include "core/labels/matcher.h"

#include <algorithm>

namespace fleetglass::labels {

std::string_view matchOperator(MatchType type)
{
    switch (type) {
    case MatchType::Equal:
        return "=";
    case MatchType::NotEqual:
        return "!=";
    case MatchType::Regex:
        return "=~";
    case MatchType::NotRegex:
        return "!~";
    }
    return "=";
}

Matcher::Matcher(MatchType type, std::string name, std::string value)
    : m_type(type)
    , m_name(std::move(name))
    , m_value(std::move(value))
{
}

Matcher Matcher::equal(std::string name, std::string value)
{
    return { MatchType::Equal, std::move(name), std::move(value) };
}

Result<Matcher> Matcher::create(MatchType type, std::string name, std::string value)
{
    Matcher matcher(type, std::move(name), std::move(value));
    if (type == MatchType::Regex || type == MatchType::NotRegex) {
        auto compiled = regex::Regex::compileAnchored(matcher.m_value);
        if (!compiled)
            return failure(compiled.error());
        matcher.m_regex = std::move(*compiled);
    }
    return matcher;
}

bool Matcher::matches(std::string_view value) const
{
    switch (m_type) {
    case MatchType::Equal:
        return value == m_value;
    case MatchType::NotEqual:
        return value != m_value;
    case MatchType::Regex:
        return m_regex->matches(value);
    case MatchType::NotRegex:
        return !m_regex->matches(value);
    }
    return false;
}

std::span<const std::string> Matcher::literals() const
{
    return m_regex ? std::span(m_regex->literals()) : std::span<const std::string>();
}

std::string Matcher::toString() const
{
    std::string text = isLegacyLabelName(m_name) ? m_name : quote(m_name);
    text += matchOperator(m_type);
    return text += quote(m_value);
}

bool matchesAll(std::span<const Matcher> matchers, const Labels& labels)
{
    return std::all_of(matchers.begin(), matchers.end(),
        [&](const Matcher& matcher) { return matcher.matches(labels); });
}

} // namespace fleetglass::labels
