// TextSink: where an export goes, piece by piece, so that a large one never stands in memory whole.
// Used from one thread at a time.
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace fleetglass::snapshot {

class TextSink
{
public:
    virtual ~TextSink() = default;
    virtual Result<void> write(std::string_view text) = 0;
};

class StringSink : public TextSink
{
public:
    Result<void> write(std::string_view text) override
    {
        m_text += text;
        return {};
    }
    const std::string& text() const { return m_text; }

private:
    std::string m_text;
};

} // namespace fleetglass::snapshot
