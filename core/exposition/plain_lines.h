// PlainLines: reads the lines that pages are full of, `name{label="value",...} 12.5` and
// `# HELP name text`, without a lexer. Whatever else a line may be, wrong ones included, is left to
// the parser of its format. Used from one thread at a time; views live as long as the body.
#pragma once

#include "core/exposition/page_window.h"
#include "core/exposition/parser.h"
#include "core/exposition/text_series.h"

#include <memory>
#include <string_view>

namespace fleetglass::exposition {

class PlainLines
{
public:
    struct Sample
    {
        std::string_view seriesText;
        double value = 0;
        size_t lineEnd = 0; // Where the line break is.
    };
    struct Metadata
    {
        bool isHelp = false; // Else it is a TYPE.
        std::string_view name;
        std::string_view text; // Valid UTF-8 that does not begin with a blank.
        bool isVerbatim = false; // Nothing in it can be escaped.
        size_t lineEnd = 0;
    };

    PlainLines(std::string_view body, const ParseOptions& options)
        : m_body(body)
        , m_limits(options.limits)
    {
    }

    // The line at `at`. What it names is put into `series`, checked; false where it is not plain,
    // with the series in disorder.
    bool readSample(size_t at, TextSeries& series, Sample& sample);
    bool readMetadata(size_t at, Metadata& metadata);

private:
    bool enter(size_t at);
    bool readLabels(size_t& at, size_t& mark, TextSeries& series) const;
    bool readLabel(size_t& at, size_t& mark, TextSeries& series) const;
    bool readValue(size_t at, size_t end, double& value) const;
    char byte(size_t at) const { return m_window[at]; }
    std::string_view slice(size_t from, size_t to) const { return { m_window + from, to - from }; }

    std::string_view m_body;
    const ParseLimits& m_limits;
    std::unique_ptr<PageWindow> m_structure; // Too large for the stack; made with the first line.
    const char* m_window = nullptr; // What m_structure speaks of; places are counted from here.
    size_t m_windowStart = 0;
    size_t m_windowEnd = 0;
    size_t m_mark = 0; // The first one that is not behind.
    mutable uint64_t m_names = 0; // Which label names the line may have had already.
};

} // namespace fleetglass::exposition
