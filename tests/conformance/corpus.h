// What a corpus of conformance cases is to the tool: a name, and a function that runs the cases of
// a folder and reports each. A file adds itself with a CorpusEntry at namespace scope.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace fleetglass::conformance {

// Collects verdicts and prints each failure as it comes. Used from one thread at a time.
class Report
{
public:
    void pass(std::string_view id);
    void fail(std::string_view id, std::string_view expected, std::string_view got);
    void skip(std::string_view id, std::string_view why);
    // A verdict that was right though its wording differs; counted apart, shown with --wording.
    void wording(std::string_view id, std::string_view expected, std::string_view got);

    int passed() const { return m_passed; }
    int failed() const { return m_failed; }
    void printSummary() const;
    void showWording(bool on) { m_showWording = on; }

private:
    int m_passed = 0;
    int m_failed = 0;
    int m_skipped = 0;
    int m_wordingPassed = 0;
    int m_wordingDiffers = 0;
    bool m_showWording = false;

    friend void compareWording(Report&, std::string_view, std::string_view, std::string_view);
};

// Counts whether `got` holds the `expected` text.
void compareWording(
    Report& report, std::string_view id, std::string_view expected, std::string_view got);

using Runner = std::function<void(const std::filesystem::path& folder, Report& report)>;

std::map<std::string, Runner>& corpora();

struct CorpusEntry
{
    CorpusEntry(const std::string& name, Runner runner) { corpora()[name] = std::move(runner); }
};

// Calls f(case) for each line of a JSON Lines file; a missing file has no cases.
void forEachCase(
    const std::filesystem::path& file, const std::function<void(const nlohmann::json&)>& f);

// A string of a case, or the bytes of its {"$b64": ...} form.
std::string textOf(const nlohmann::json& value);
// A number of a case, or "NaN", "+Inf", "-Inf".
double numberOf(const nlohmann::json& value);
std::string decodeBase64(std::string_view text);
std::string readFile(const std::filesystem::path& file);

} // namespace fleetglass::conformance
