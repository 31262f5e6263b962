// TextSeries: one sample's name and labels as they stand on a text page, and the labels made of
// them when somebody asks. Used from one thread at a time; views live as long as the body.
#pragma once

#include "core/base/result.h"
#include "core/exposition/parser.h"
#include "core/labels/metadata.h"

#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::exposition {

// The family that the last HELP, TYPE or UNIT line named, as far as samples need to know it.
struct FamilyState
{
    std::string_view name;
    labels::MetricType type = labels::MetricType::Unknown;
    std::string_view unit;
};

// Whether a sample of that name may belong to the family: the name itself, or with one of the
// suffixes of its type.
bool isPartOfFamily(std::string_view sampleName, const FamilyState& family);

// `\"`, `\\` and `\n` undone; other escapes stay as they are (Prometheus' unreplace).
std::string unescapeLabelValue(std::string_view text);
// The same for HELP; the old format has no escaped quotes in it.
std::string unescapeHelp(std::string_view text, bool quotes);

// 1 -> "1.0", 0.25 -> "0.25": how le and quantile are kept.
std::string formatBound(double bound);

class TextSeries : public SeriesSource
{
public:
    struct RawLabel
    {
        std::string_view name; // Without quotes, still escaped.
        std::string_view value;
    };

    TextSeries(const FamilyState& family, const ParseOptions& options)
        : m_family(family)
        , m_options(options)
    {
    }

    void clear()
    {
        m_hasName = false;
        m_name = {};
        m_labels.clear();
    }
    bool hasName() const { return m_hasName; }
    void setName(std::string_view name)
    {
        m_hasName = true;
        m_name = name;
    }
    std::string_view name() const { return m_name; }
    // Checks the limits, the UTF-8 and that the name is new.
    Result<void> add(RawLabel label);
    // One that passes all of that already.
    void addChecked(RawLabel label) { m_labels.push_back(label); }
    Result<void> checkName() const;
    const std::vector<RawLabel>& rawLabels() const { return m_labels; }

    labels::Labels labels() const override;
    // The same without any change: of exemplars.
    labels::Labels plainLabels() const;

private:
    std::string valueOf(const RawLabel& label) const;

    const FamilyState& m_family;
    const ParseOptions& m_options;
    bool m_hasName = false;
    std::string_view m_name;
    std::vector<RawLabel> m_labels;
};

} // namespace fleetglass::exposition
