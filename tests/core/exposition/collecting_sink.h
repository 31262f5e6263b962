// CollectingSink: writes down what a parser hands out, one line for each entry.
// Used from one thread at a time.
#pragma once

#include "core/base/number.h"
#include "core/exposition/parser.h"

#include <QByteArray>
#include <QByteArrayList>

namespace fleetglass::exposition {

class CollectingSink : public Sink
{
public:
    QByteArrayList lines;
    size_t stopAfter = SIZE_MAX;

    void metadata(const MetadataEntry& entry) override
    {
        constexpr const char* kWords[] = { "help", "type", "unit" };
        lines << QByteArray(kWords[static_cast<size_t>(entry.kind)]) + ' ' + text(entry.family)
                + ' ' + text(entry.text);
    }

    bool sample(const ParsedSample& sample, const SeriesSource& source) override
    {
        QByteArray line = text(source.labels().toString()) + ' ';
        if (sample.histogram)
            line += "histogram count " + text(formatFloat(sample.histogram->count));
        else
            line += text(formatFloat(sample.value));
        if (sample.timestampMs)
            line += " @" + QByteArray::number(static_cast<qlonglong>(*sample.timestampMs));
        if (sample.startTimestampMs != 0)
            line += " since " + QByteArray::number(static_cast<qlonglong>(sample.startTimestampMs));
        for (const Exemplar& exemplar : sample.exemplars)
            line += " # " + text(exemplar.labels.toString()) + ' '
                + text(formatFloat(exemplar.value));
        lines << line;
        return static_cast<size_t>(lines.size()) < stopAfter;
    }

    static QByteArray text(std::string_view view)
    {
        return { view.data(), static_cast<qsizetype>(view.size()) };
    }
};

} // namespace fleetglass::exposition
