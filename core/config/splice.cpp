#include "core/config/splice.h"

#include "core/config/text_lines.h"
#include "core/config/yaml_reader.h"
#include "core/labels/labels.h"

#include <algorithm>

namespace fleetglass::config {

namespace {

// The lines of one item of a block list, and the column of its dash.
struct Span
{
    size_t firstLine = 0; // From 0.
    size_t endLine = 0;
    size_t indent = 0;
};

size_t indentOf(std::string_view line)
{
    return std::min(line.find_first_not_of(' '), line.size());
}

bool isBlank(std::string_view line)
{
    const std::string_view content = trimmedLine(line);
    return content.empty() || content.starts_with('#');
}

std::string jobNameOf(const YamlNode& item)
{
    const YamlEntry* name = item.find("job_name");
    return name ? name->value->text : std::string();
}

Result<Span> spanOf(const std::vector<std::string_view>& lines, const YamlNode& item)
{
    const auto first = static_cast<size_t>(item.position.line) - 1;
    if (first >= lines.size())
        return failure("this job has no line of its own; edit the file by hand");
    const size_t indent = indentOf(lines[first]);
    if (lines[first].substr(indent, 1) != "-" || !item.isMap())
        return failure("this job is not written as lines under a dash; edit the file by hand",
            ErrorCode::Invalid, item.position);
    size_t end = first + 1;
    while (end < lines.size() && (isBlank(lines[end]) || indentOf(lines[end]) > indent))
        ++end;
    // What stands between two jobs introduces the next one.
    while (end > first + 1 && isBlank(lines[end - 1]))
        --end;
    return Span { first, end, indent };
}

std::string indented(std::string_view jobText, size_t indent)
{
    std::string result;
    for (const std::string_view line : splitLines(jobText))
        result
            += (line.empty() ? std::string() : std::string(indent, ' ') + std::string(line)) + '\n';
    return result;
}

// The text with the lines from `first` to before `end` exchanged; all other bytes are as they were.
std::string assemble(std::string_view text, const std::vector<std::string_view>& lines,
    size_t first, size_t end, const std::string& middle)
{
    const auto offsetOf = [&](size_t line) {
        return line < lines.size() ? static_cast<size_t>(lines[line].data() - text.data())
                                   : text.size();
    };
    std::string result(text.substr(0, offsetOf(first)));
    if (!middle.empty() && !result.empty() && !result.ends_with('\n'))
        result += '\n';
    const bool carriageReturns = text.find("\r\n") != std::string_view::npos;
    for (const char c : middle)
        result += c == '\n' && carriageReturns ? std::string("\r\n") : std::string(1, c);
    return result + std::string(text.substr(offsetOf(end)));
}

const YamlNode* jobList(const YamlDocument& document)
{
    const YamlNode& root = *document.root;
    if (root.isSequence())
        return &root;
    const YamlEntry* entry = root.find("scrape_configs");
    return entry ? entry->value : nullptr;
}

// An edit that would not read back is worse than none.
Result<std::string> checked(std::string text, size_t jobsExpected)
{
    const Result<YamlDocument> document = readYaml(text);
    if (!document)
        return failure("the edited text would not be valid: " + document.error().message);
    const YamlNode* list = jobList(*document);
    if ((list ? list->items.size() : 0) != jobsExpected)
        return failure("this job cannot be edited in place; edit the file by hand");
    return text;
}

Result<std::string> splice(
    std::string_view text, std::string_view jobName, const std::string* replacement)
{
    const Result<YamlDocument> document = readYaml(text);
    if (!document)
        return failure(document.error());
    const YamlNode* list = jobList(*document);
    const auto& items = list ? list->items : document->root->items;
    const auto found = std::find_if(items.begin(), items.end(),
        [jobName](const YamlNode* item) { return jobNameOf(*item) == jobName; });
    if (list == nullptr || found == items.end())
        return failure("no job " + labels::quote(jobName) + " in this file", ErrorCode::NotFound);
    const std::vector<std::string_view> lines = splitLines(text);
    const Result<Span> span = spanOf(lines, **found);
    if (!span)
        return failure(span.error());
    const std::string middle = replacement ? indented(*replacement, span->indent) : std::string();
    return checked(assemble(text, lines, span->firstLine, span->endLine, middle),
        items.size() - (replacement ? 0 : 1));
}

// A text without jobs, or with an empty list.
Result<std::string> addFirstJob(std::string_view text, const std::vector<std::string_view>& lines,
    const YamlDocument& document, std::string_view jobText)
{
    const YamlEntry* entry = document.root->find("scrape_configs");
    if (entry == nullptr)
        return checked(assemble(text, lines, lines.size(), lines.size(),
                           "scrape_configs:\n" + indented(jobText, 2)),
            1);
    const auto line = static_cast<size_t>(entry->keyPosition.line) - 1;
    return checked(
        assemble(text, lines, line, line + 1, "scrape_configs:\n" + indented(jobText, 2)), 1);
}

} // namespace

Result<std::string> replaceJob(
    std::string_view text, std::string_view jobName, std::string_view jobText)
{
    const std::string replacement(jobText);
    return splice(text, jobName, &replacement);
}

Result<std::string> removeJob(std::string_view text, std::string_view jobName)
{
    return splice(text, jobName, nullptr);
}

Result<std::string> addJob(std::string_view text, std::string_view jobText)
{
    const Result<YamlDocument> document = readYaml(text);
    if (!document)
        return failure(document.error());
    const std::vector<std::string_view> lines = splitLines(text);
    const YamlNode* list = jobList(*document);
    if (list == nullptr || list->items.empty())
        return addFirstJob(text, lines, *document, jobText);
    const Result<Span> last = spanOf(lines, *list->items.back());
    if (!last)
        return failure(last.error());
    return checked(
        assemble(text, lines, last->endLine, last->endLine, indented(jobText, last->indent)),
        list->items.size() + 1);
}

} // namespace fleetglass::config
