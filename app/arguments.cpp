#include "app/arguments.h"

#include <algorithm>
#include <iostream>

namespace fleetglass::app {

Result<Arguments> Arguments::parse(
    const std::vector<std::string>& words, const std::vector<FlagSpec>& known)
{
    Arguments result;
    bool flagsEnded = false;
    for (size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (flagsEnded || word.size() < 2 || word.rfind("--", 0) != 0) {
            result.m_words.push_back(word);
            continue;
        }
        if (word == "--") {
            flagsEnded = true;
            continue;
        }
        const size_t equals = word.find('=');
        const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
        const auto spec = std::find_if(
            known.begin(), known.end(), [&](const FlagSpec& flag) { return flag.name == name; });
        if (spec == known.end())
            return failure("unknown flag --" + name);
        if (equals != std::string::npos) {
            if (!spec->takesValue && word.substr(equals + 1) != "true"
                && word.substr(equals + 1) != "false")
                return failure("flag --" + name + " takes no value");
            if (word.substr(equals + 1) == "false" && !spec->takesValue)
                continue;
            result.m_flags[name].push_back(word.substr(equals + 1));
        } else if (!spec->takesValue) {
            result.m_flags[name].emplace_back();
        } else if (i + 1 < words.size()) {
            result.m_flags[name].push_back(words[++i]);
        } else {
            return failure("flag --" + name + " needs a value");
        }
    }
    return result;
}

std::optional<std::string> Arguments::value(const std::string& flag) const
{
    const auto found = m_flags.find(flag);
    if (found == m_flags.end())
        return std::nullopt;
    return found->second.back();
}

std::vector<std::string> Arguments::values(const std::string& flag) const
{
    const auto found = m_flags.find(flag);
    return found == m_flags.end() ? std::vector<std::string>() : found->second;
}

std::string Arguments::valueOr(const std::string& flag, const std::string& otherwise) const
{
    return value(flag).value_or(otherwise);
}

Result<Millis> Arguments::durationOr(const std::string& flag, Millis otherwise) const
{
    const auto text = value(flag);
    if (!text)
        return otherwise;
    const auto duration = parseDuration(*text);
    if (!duration)
        return failure(
            "--" + flag + ": " + duration.error().message + "; write it as 20s, 5m or 1h30m");
    return *duration;
}

int usageError(const std::string& message)
{
    std::cerr << "fleetglass: " << message << "\nTry 'fleetglass --help'.\n";
    return kExitUsage;
}

int badInput(const std::string& message)
{
    std::cerr << "fleetglass: " << message << '\n';
    return kExitBad;
}

} // namespace fleetglass::app
