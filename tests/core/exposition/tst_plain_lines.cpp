// Goal: a line read in the short way is what the lexer makes of it. Method: the same page is parsed
// once as it is and once in a form that no line of it is plain in, edited at random.
#include "core/exposition/page_window.h"
#include "core/exposition/plain_lines.h"
#include "core/exposition/text_token.h"
#include "tests/core/exposition/collecting_sink.h"

#include <QTest>
#include <random>

namespace fleetglass::exposition {

namespace {

QByteArray readPage(Format format, const std::string& page, const ParseOptions& options = {})
{
    CollectingSink sink;
    const auto stats = parse(format, page, options, sink);
    QByteArray text = sink.lines.join('\n');
    if (!stats)
        return text + "\nerror";
    return text + "\nsamples " + QByteArray::number(qulonglong(stats->samples)) + " metadata "
        + QByteArray::number(qulonglong(stats->metadata));
}

// Blanks before a line do not count in the old format, and make it a line that is not plain.
std::string indented(const std::string& page)
{
    std::string text = " ";
    for (const char c : page) {
        text += c;
        if (c == '\n')
            text += ' ';
    }
    return text;
}

constexpr const char* kPage = "# HELP http_requests_total Requests \"so\" far \\\\ here.\n"
                              "# TYPE http_requests_total counter\n"
                              "http_requests_total{code=\"200\",path=\"/\"} 1027\n"
                              "http_requests_total{code=\"500\",path=\"/a b\",} 3\n"
                              "job:load:mean5m 0.25\n"
                              "load5{} 1e-05\n"
                              "esc{a=\"x\\\"y\",b=\"\\\\\"} 8.1262e+06\n"
                              "utf{a=\"gr\xc3\xbc\xc3\x9f\"} +Inf\n"
                              "# TYPE rpc summary\n"
                              "rpc{quantile=\"0.5\"} 12\n"
                              "rpc_sum NaN\n"
                              "own_time 3 1700000000000\n"
                              "last 99\n";

constexpr const char* kGauges = "# TYPE a gauge\n"
                                "# HELP a Things.\n"
                                "a{x=\"1\"} 10\n"
                                "a{x=\"2\",} 11 1700000000.5\n"
                                "a{x=\"\\\"\"} 12 # {id=\"q\"} 1\n"
                                "# TYPE g:x gauge\n"
                                "g:x -0.125\n"
                                "# EOF\n";

std::string edited(std::string page, std::mt19937& random)
{
    const auto below
        = [&](size_t limit) { return std::uniform_int_distribution<size_t>(0, limit - 1)(random); };
    constexpr std::string_view kBytes = "0aZ_:\"{}=, \n\\\x80#+-.e\t\r/";
    for (size_t times = 1 + below(3); times > 0; --times) {
        const size_t at = below(page.size());
        const char byte = kBytes[below(kBytes.size())];
        if (below(3) == 0)
            page.erase(at, 1 + below(4));
        else if (below(2) == 0)
            page.insert(at, 1, byte);
        else
            page[at] = byte;
    }
    return page;
}

} // namespace

class PlainLinesTest : public QObject
{
    Q_OBJECT

private slots:
    void textIsReadAsTheLexerReadsIt();
    void openMetricsIsReadAsTheLexerReadsIt();
    void aPageLongerThanTheWindowIsReadWhole();
    void aLineLongerThanTheWindowIsLeftToTheParser();
    void marksAndNamesAreThoseOfASlowLook();
    void whatIsNotPlainIsRefused_data();
    void whatIsNotPlainIsRefused();
};

void PlainLinesTest::textIsReadAsTheLexerReadsIt()
{
    const unsigned seed = std::random_device()();
    qInfo("seed %u", seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 4'000; ++round) {
        const std::string page = round == 0 ? kPage : edited(kPage, random);
        QByteArray slow = readPage(Format::PrometheusText004, indented(page));
        const QByteArray fast = readPage(Format::PrometheusText004, page);
        slow.replace("\\n ", "\\n"); // A line break between quotes got its blank too.
        QVERIFY2(fast == slow, page.c_str());
    }
}

void PlainLinesTest::openMetricsIsReadAsTheLexerReadsIt()
{
    const unsigned seed = std::random_device()();
    qInfo("seed %u", seed);
    std::mt19937 random(seed);
    ParseOptions slow;
    slow.createdAsStartTimestamp = true; // Means nothing to gauges, and looks at every line.
    for (int round = 0; round < 4'000; ++round) {
        const std::string page = round == 0 ? kGauges : edited(kGauges, random);
        QVERIFY2(
            readPage(Format::OpenMetrics100, page) == readPage(Format::OpenMetrics100, page, slow),
            page.c_str());
    }
}

void PlainLinesTest::aPageLongerThanTheWindowIsReadWhole()
{
    std::string page;
    for (size_t i = 0; page.size() < 5 * PageWindow::kBytes; ++i)
        page += "# HELP metric_" + std::to_string(i) + " Help.\nmetric_" + std::to_string(i)
            + std::string(i % 3 == 0 ? "{a=\"b\",c=\"d\"} " : " ") + std::to_string(i) + '\n';
    QCOMPARE(readPage(Format::PrometheusText004, page),
        readPage(Format::PrometheusText004, indented(page)));
}

void PlainLinesTest::aLineLongerThanTheWindowIsLeftToTheParser()
{
    ParseOptions options;
    options.limits.valueBytesMax = 1 << 20;
    const std::string page
        = "a 1\nb{x=\"" + std::string(2 * PageWindow::kBytes, 'y') + "\"} 2\nc 3\n";
    PlainLines lines(page, options);
    const FamilyState family;
    TextSeries series(family, options);
    PlainLines::Sample sample;
    QVERIFY(lines.readSample(0, series, sample));
    QCOMPARE(sample.value, 1.0);
    QVERIFY(!lines.readSample(4, series, sample));
    QVERIFY(lines.readSample(page.size() - 4, series, sample));
    QCOMPARE(sample.value, 3.0);
    QVERIFY(readPage(Format::PrometheusText004, page, options).endsWith("samples 3 metadata 0"));
}

void PlainLinesTest::marksAndNamesAreThoseOfASlowLook()
{
    std::mt19937 random(7);
    const auto window = std::make_unique<PageWindow>();
    for (size_t size = 0; size < 300; ++size) {
        std::string bytes(size, '\0');
        for (char& c : bytes)
            c = static_cast<char>(random() % (size % 2 == 0 ? 128 : 256));
        window->scan(bytes);
        std::vector<size_t> marks;
        for (size_t i = 0; i < size; ++i) {
            if (bytes[i] == '"' || bytes[i] == '\\' || bytes[i] == '\n')
                marks.push_back(i);
        }
        QCOMPARE(window->markCount(), marks.size());
        for (size_t i = 0; i < marks.size(); ++i)
            QCOMPARE(window->mark(i), marks[i]);
        for (size_t at = 0; at < size; ++at) {
            size_t end = at;
            while (end < size && isOf(bytes[end], kNameStart | kDigit))
                ++end;
            QCOMPARE(window->nameEnd(at), end);
        }
        QCOMPARE(window->isAscii(), std::all_of(bytes.begin(), bytes.end(), [](char c) {
            return static_cast<unsigned char>(c) < 0x80;
        }));
    }
}

void PlainLinesTest::whatIsNotPlainIsRefused_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char* line :
        { " a 1\n", "a  1\n", "a 1 \n", "a 1", "a 1\r\n", "a 1 5\n", "a{ x=\"1\"} 1\n",
            "a{x=\"1\" } 1\n", "a{x =\"1\"} 1\n", "a{x= \"1\"} 1\n", "a{\"x\"=\"1\"} 1\n",
            "a{,} 1\n", "a{x=\"1\",,} 1\n", "a{x=\"1\",x=\"2\"} 1\n", "a{__name__=\"b\"} 1\n",
            "a{0x=\"1\"} 1\n", "a{x:y=\"1\"} 1\n", "a{x=\"\x80\"} 1\n", "a{x=\"\\\\\"} 1\n",
            "a{x=\"1\"y=\"2\"} 1\n", "{\"a\"} 1\n", "a{x=\"1\n\"} 1\n", "a x\n", "a \n", "a\n",
            "1a 1\n", "a{x=\"1\"}1\n", "a{x=\"1} 1\n", "a 1 # {b=\"c\"} 2\n", "\n", "# c\n" })
        QTest::newRow(line) << QByteArray(line);
}

void PlainLinesTest::whatIsNotPlainIsRefused()
{
    QFETCH(QByteArray, line);
    const std::string page = line.toStdString();
    const ParseOptions options;
    PlainLines lines(page, options);
    const FamilyState family;
    TextSeries series(family, options);
    PlainLines::Sample sample;
    QVERIFY(!lines.readSample(0, series, sample));
}

} // namespace fleetglass::exposition

QTEST_GUILESS_MAIN(fleetglass::exposition::PlainLinesTest)
#include "tst_plain_lines.moc"
