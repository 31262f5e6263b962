#include "tests/conformance/corpus.h"

#include "core/base/number.h"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

namespace fleetglass::conformance {

void Report::pass(std::string_view)
{
    ++m_passed;
}

void Report::fail(std::string_view id, std::string_view expected, std::string_view got)
{
    ++m_failed;
    std::cout << "FAIL " << id << "\n  expected: " << expected << "\n  got:      " << got << '\n';
}

void Report::skip(std::string_view id, std::string_view why)
{
    ++m_skipped;
    std::cout << "SKIP " << id << ": " << why << '\n';
}

void Report::wording(std::string_view id, std::string_view expected, std::string_view got)
{
    ++m_wordingDiffers;
    if (m_showWording)
        std::cout << "WORDING " << id << "\n  expected: " << expected << "\n  got:      " << got
                  << '\n';
}

void compareWording(
    Report& report, std::string_view id, std::string_view expected, std::string_view got)
{
    if (got.find(expected) == std::string_view::npos)
        report.wording(id, expected, got);
    else
        ++report.m_wordingPassed;
}

void Report::printSummary() const
{
    if (m_wordingPassed + m_wordingDiffers > 0)
        std::printf("wording: %d as upstream, %d differ\n", m_wordingPassed, m_wordingDiffers);
    std::printf("%d passed, %d failed, %d skipped\n", m_passed, m_failed, m_skipped);
}

std::map<std::string, Runner>& corpora()
{
    static std::map<std::string, Runner> all;
    return all;
}

void forEachCase(
    const std::filesystem::path& file, const std::function<void(const nlohmann::json&)>& f)
{
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) {
        if (!line.empty())
            f(nlohmann::json::parse(line));
    }
}

std::string textOf(const nlohmann::json& value)
{
    if (value.is_object() && value.contains("$b64"))
        return decodeBase64(value["$b64"].get<std::string>());
    return value.is_string() ? value.get<std::string>() : std::string();
}

double numberOf(const nlohmann::json& value)
{
    if (value.is_string())
        return parseFloat(value.get<std::string>()).value_or(0);
    return value.get<double>();
}

std::string decodeBase64(std::string_view text)
{
    constexpr std::string_view kAlphabet
        = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    unsigned buffer = 0;
    int bits = 0;
    for (const char c : text) {
        const size_t digit = kAlphabet.find(c);
        if (digit == std::string_view::npos)
            break;
        buffer = (buffer << 6U) | static_cast<unsigned>(digit);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>((buffer >> static_cast<unsigned>(bits)) & 0xFFU);
        }
    }
    return bytes;
}

std::string readFile(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

} // namespace fleetglass::conformance
