// Goal: what PageRepeat says of a page is what parsing the page says. Method: pages are edited at
// random in every way we could think of; a page that was followed must parse to the old entries
// with the changed values, whatever else was true of it.
#include "core/exposition/page_repeat.h"
#include "tests/core/exposition/collecting_sink.h"

#include <QTest>
#include <cstring>
#include <random>

namespace fleetglass::exposition {

namespace {

// Everything a sink is told, and where the samples stand among it.
class NotingSink : public CollectingSink
{
public:
    explicit NotingSink(PageRepeat* repeat)
        : m_repeat(repeat)
    {
    }

    struct Entry
    {
        std::string series;
        uint64_t bits = 0;
        QByteArray rest; // Times, exemplars, histogram.
        int line = 0;
        friend bool operator==(const Entry&, const Entry&) = default;
    };
    std::vector<Entry> samples;
    QByteArrayList metadataLines;

    void metadata(const MetadataEntry& entry) override
    {
        CollectingSink::metadata(entry);
        metadataLines << lines.back() + QByteArray::number(entry.line);
    }

    bool sample(const ParsedSample& sample, const SeriesSource& source) override
    {
        if (m_repeat != nullptr)
            m_repeat->note(sample);
        Entry entry { std::string(sample.seriesText), 0, text(source.labels().toString()),
            sample.line };
        std::memcpy(&entry.bits, &sample.value, sizeof entry.bits);
        entry.rest += QByteArray::number(static_cast<qlonglong>(sample.timestampMs.value_or(-1)));
        for (const Exemplar& exemplar : sample.exemplars)
            entry.rest
                += text(exemplar.labels.toString()) + ' ' + text(formatFloat(exemplar.value));
        samples.push_back(std::move(entry));
        return true;
    }

private:
    PageRepeat* m_repeat;
};

struct Read
{
    NotingSink sink { nullptr };
    QByteArray outcome; // The error, or the stats.
};

Read readWhole(Format format, const std::string& page, PageRepeat* repeat)
{
    Read read { NotingSink(repeat), {} };
    if (repeat != nullptr)
        repeat->begin(page);
    const auto stats = parse(format, page, {}, read.sink);
    if (stats && repeat != nullptr)
        repeat->finish();
    else if (repeat != nullptr)
        repeat->forget();
    read.outcome = stats ? "samples " + QByteArray::number(qulonglong(stats->samples))
            + " exemplars " + QByteArray::number(qulonglong(stats->exemplars)) + " metadata "
            + QByteArray::number(qulonglong(stats->metadata))
                         : CollectingSink::text(stats.error().message);
    return read;
}

constexpr const char* kClassicPage = "# HELP http_requests_total Requests.\n"
                                     "# TYPE http_requests_total counter\n"
                                     "http_requests_total{code=\"200\",path=\"/\"} 1027\n"
                                     "http_requests_total{code=\"500\",path=\"/a b\"} 3\n"
                                     "# plain comment 12\n"
                                     "\n"
                                     "load1 0.25\n"
                                     "load5 1e-05\n"
                                     "big 8.1262e+06\n"
                                     "odd {a=\"x\", b = \"y\\\"z 5\"}  7\n"
                                     "own_time 3 1700000000000\n"
                                     "special NaN\n"
                                     "{\"quoted.name\",l=\"v\"} -4\n"
                                     "# TYPE rpc summary\n"
                                     "rpc{quantile=\"0.5\"} 12\n"
                                     "rpc_sum 100.125\n"
                                     "rpc_count 17 \n"
                                     "last 99\n";

constexpr const char* kOpenMetricsPage = "# TYPE a counter\n"
                                         "# HELP a Things 5.\n"
                                         "a_total{x=\"1\"} 10\n"
                                         "a_total{x=\"2\"} 11 1700000000.5\n"
                                         "a_total{x=\"3\"} 12 # {id=\"q\"} 1\n"
                                         "# TYPE h histogram\n"
                                         "h_bucket{le=\"0.5\"} 3\n"
                                         "h_bucket{le=\"+Inf\"} 7\n"
                                         "h_count 7\n"
                                         "h_sum 3.5\n"
                                         "# TYPE g gauge\n"
                                         "g -0.125\n"
                                         "# EOF\n";

class Editor
{
public:
    explicit Editor(unsigned seed)
        : m_random(seed)
    {
    }

    size_t below(size_t limit)
    {
        return std::uniform_int_distribution<size_t>(0, limit - 1)(m_random);
    }

    std::string value()
    {
        static const std::vector<std::string> kValues { "0", "1", "-1", "17", "1028", "0.5", "-0",
            "+3", "1e5", "1.5e+09", "2e-7", "NaN", "nan", "+Inf", "-Inf", "inf", "1e400", "-1e400",
            "123456789012345678901234567890", "0.1234567890123456789", "9007199254740993", ".5",
            "5.", "1_0", "0x10", "1e", "--1", "", " 4", "4 ", "4\r", "4 5", "4 1700000000001",
            "4 x", "4 # {a=\"b\"} 1", "1{", "7\t", "1e+06", "18446744073709551616", "5e-324",
            "99999999999999999999e-10", "4.35", "0.000001", "123456.789e3" };
        return kValues[below(kValues.size())];
    }

    // A page like this one, but for something.
    std::string edited(std::string page)
    {
        for (size_t times = 1 + below(2); times > 0; --times)
            editOnce(page);
        return page;
    }

private:
    void editOnce(std::string& page)
    {
        const auto [start, end] = someLine(page);
        const std::string line = page.substr(start, end - start);
        const size_t space = line.rfind(' ');
        switch (below(24)) {
        case 0: // A byte anywhere.
            if (!page.empty())
                page[below(page.size())] = "0a\"{}=, \n\\\x80#"[below(12)];
            break;
        case 1:
            page.erase(start, std::min(end + 1, page.size()) - start);
            break;
        case 2:
            page.insert(start, "inserted{a=\"b\"} " + value() + "\n");
            break;
        case 3:
            page.insert(start, line + "\n");
            break;
        case 4:
            page.resize(page.size() - std::min<size_t>(page.size(), below(3)));
            break;
        case 5:
            page.insert(end, "\r");
            break;
        case 6:
            page.insert(start, "# TYPE load1 gauge\n");
            break;
        case 7:
            page.insert(below(page.size() + 1), 1, "0a\" \n"[below(5)]);
            break;
        default: // What nearly always happens.
            if (space != std::string::npos)
                page.replace(start + space + 1, line.size() - space - 1, value());
        }
    }

    std::pair<size_t, size_t> someLine(const std::string& page)
    {
        const size_t at = below(page.size() + 1);
        const size_t start = at == 0 ? 0 : page.rfind('\n', at - 1) + 1;
        return { start, std::min(page.find('\n', start), page.size()) };
    }

    std::mt19937 m_random;
};

} // namespace

class PageRepeatTest : public QObject
{
    Q_OBJECT

private slots:
    void whatIsFollowedParsesToTheSame_data();
    void whatIsFollowedParsesToTheSame();
    void changedValuesAreFollowed();
    void valuesThatGrowMoveWhatComesAfter();
    void anotherShapeIsNotFollowed_data();
    void anotherShapeIsNotFollowed();
    void isForgottenAfterAPageThatWasNotFollowed();
    void aPageThatDoesNotParseIsNeverFollowed();
};

void PageRepeatTest::whatIsFollowedParsesToTheSame_data()
{
    QTest::addColumn<int>("format");
    QTest::addColumn<QByteArray>("page");
    QTest::newRow("text") << static_cast<int>(Format::PrometheusText004)
                          << QByteArray(kClassicPage);
    QTest::newRow("OpenMetrics") << static_cast<int>(Format::OpenMetrics100)
                                 << QByteArray(kOpenMetricsPage);
}

void PageRepeatTest::whatIsFollowedParsesToTheSame()
{
    QFETCH(int, format);
    QFETCH(QByteArray, page);
    const unsigned seed = std::random_device()();
    qInfo("seed %u", seed);
    Editor editor(seed);
    int followed = 0;
    for (int round = 0; round < 4'000; ++round) {
        std::string last = page.toStdString();
        PageRepeat repeat;
        NotingSink known = readWhole(static_cast<Format>(format), last, &repeat).sink;
        for (int step = 0; step < 4; ++step) {
            const std::string next = editor.edited(last);
            std::vector<PageRepeat::Change> changes;
            if (!repeat.changesIn(last, next, changes))
                break;
            ++followed;
            const Read whole = readWhole(static_cast<Format>(format), next, nullptr);
            for (const auto& change : changes)
                std::memcpy(&known.samples[change.sample].bits, &change.value, sizeof(double));
            const bool same = whole.sink.samples == known.samples
                && whole.sink.metadataLines == known.metadataLines
                && whole.outcome.startsWith("samples ");
            if (!same)
                qInfo("from:\n%s\nto:\n%s\n%s", last.c_str(), next.c_str(),
                    whole.outcome.constData());
            QVERIFY(same);
            last = next;
        }
    }
    QVERIFY(followed > 200); // Else nothing was tested.
}

void PageRepeatTest::changedValuesAreFollowed()
{
    const std::string last = "a 1\nb{x=\"1\"} 2.5\n# c\nd 7\n";
    const std::string next = "a 1\nb{x=\"1\"} 3.5\n# c\nd NaN\n";
    PageRepeat repeat;
    readWhole(Format::PrometheusText004, last, &repeat);
    std::vector<PageRepeat::Change> changes;
    QVERIFY(repeat.changesIn(last, next, changes));
    QCOMPARE(changes.size(), size_t { 2 });
    QCOMPARE(changes[0], (PageRepeat::Change { 1, 3.5 }));
    QCOMPARE(changes[1].sample, 2U);
    QVERIFY(std::isnan(changes[1].value));
}

void PageRepeatTest::valuesThatGrowMoveWhatComesAfter()
{
    PageRepeat repeat;
    std::string last = "a 9\nb 9\nc 9\n";
    readWhole(Format::PrometheusText004, last, &repeat);
    for (const char* page : { "a 10\nb 9\nc 9\n", "a 10\nb 9\nc 1000\n", "a 1\nb 123\nc 1000\n" }) {
        const std::string next = page;
        std::vector<PageRepeat::Change> changes;
        QVERIFY(repeat.changesIn(last, next, changes));
        last = next;
    }
    std::vector<PageRepeat::Change> changes;
    QVERIFY(repeat.changesIn(last, "a 1\nb 123\nc 1001\n", changes));
    QCOMPARE(changes, (std::vector<PageRepeat::Change> { { 2, 1001 } }));
}

void PageRepeatTest::anotherShapeIsNotFollowed_data()
{
    QTest::addColumn<QByteArray>("next");
    QTest::newRow("another series") << QByteArray("# HELP a b\na{x=\"2\"} 1\nb 2\n");
    QTest::newRow("another help") << QByteArray("# HELP a c\na{x=\"1\"} 1\nb 2\n");
    QTest::newRow("a new line") << QByteArray("# HELP a b\na{x=\"1\"} 1\nc 3\nb 2\n");
    QTest::newRow("a line less") << QByteArray("# HELP a b\na{x=\"1\"} 1\n");
    QTest::newRow("a new line at the end") << QByteArray("# HELP a b\na{x=\"1\"} 1\nb 2\nc 3\n");
    QTest::newRow("a time of its own") << QByteArray("# HELP a b\na{x=\"1\"} 1 5\nb 2\n");
    QTest::newRow("carriage return") << QByteArray("# HELP a b\na{x=\"1\"} 1\r\nb 2\n");
    QTest::newRow("no value") << QByteArray("# HELP a b\na{x=\"1\"} \nb 2\n");
    QTest::newRow("no number") << QByteArray("# HELP a b\na{x=\"1\"} one\nb 2\n");
    QTest::newRow("cut off") << QByteArray("# HELP a b\na{x=\"1\"} 1\nb 3");
    QTest::newRow("nothing") << QByteArray();
}

void PageRepeatTest::anotherShapeIsNotFollowed()
{
    QFETCH(QByteArray, next);
    const std::string last = "# HELP a b\na{x=\"1\"} 1\nb 2\n";
    PageRepeat repeat;
    readWhole(Format::PrometheusText004, last, &repeat);
    std::vector<PageRepeat::Change> changes { { 5, 5 } };
    QVERIFY(!repeat.changesIn(last, next.toStdString(), changes));
    QVERIFY(changes.empty());
}

void PageRepeatTest::isForgottenAfterAPageThatWasNotFollowed()
{
    const std::string last = "a 1\n";
    PageRepeat repeat;
    readWhole(Format::PrometheusText004, last, &repeat);
    std::vector<PageRepeat::Change> changes;
    QVERIFY(repeat.isUsable());
    QVERIFY(!repeat.changesIn(last, "b 1\n", changes));
    QVERIFY(!repeat.isUsable());
    QVERIFY(!repeat.changesIn(last, last, changes));
}

void PageRepeatTest::aPageThatDoesNotParseIsNeverFollowed()
{
    const std::string last = "a 1\nb x\n";
    PageRepeat repeat;
    readWhole(Format::PrometheusText004, last, &repeat);
    std::vector<PageRepeat::Change> changes;
    QVERIFY(!repeat.changesIn(last, last, changes));
}

} // namespace fleetglass::exposition

QTEST_GUILESS_MAIN(fleetglass::exposition::PageRepeatTest)
#include "tst_page_repeat.moc"
