// Goal: what is printed parses back to the same tree. Method: fixed pairs for the canonical form,
// and random expressions from a seeded grammar (the seed is printed), each printed, parsed and
// printed again, on one line and on many.
#include "core/promql/parser.h"
#include "core/promql/prettifier.h"
#include "core/promql/printer.h"

#include <QtTest>
#include <random>

using namespace fleetglass::promql;

namespace {

class Generator
{
public:
    explicit Generator(uint32_t seed)
        : m_random(seed)
    {
    }

    std::string vector(int depth)
    {
        switch (pick(depth > 0 ? 9 : 1)) {
        case 0:
            return selector() + modifiers();
        case 1:
            return any({ "abs", "ceil", "sort", "histogram_sum" }) + "(" + vector(depth - 1) + ")";
        case 2:
            return any({ "rate", "increase", "max_over_time" }) + "(" + matrix(depth - 1) + ")";
        case 3:
            return any({ "sum", "avg by (a, \"b.c\") ", "max without () " }) + "("
                + vector(depth - 1) + ")";
        case 4:
            return any({ "topk", "quantile" }) + "(" + number() + ", " + vector(depth - 1)
                + ") by (x)";
        case 5:
            return "(" + vector(depth - 1) + ")";
        case 6:
            return any({ "-", "+" }) + "(" + vector(depth - 1) + ")";
        case 7:
            return vector(depth - 1)
                + any({ " + ", " ^ ", " > bool ", " unless ", " atan2 ", " </ " })
                + any({ "", "on (a) ", "ignoring () " }) + vector(depth - 1);
        default:
            return "label_replace(" + vector(depth - 1) + ", 'a', \"$1\\n\", `b`, \"(.*)\")";
        }
    }

private:
    unsigned pick(unsigned count) { return static_cast<unsigned>(m_random() % count); }
    std::string any(const std::vector<std::string>& choices)
    {
        return choices[pick(static_cast<unsigned>(choices.size()))];
    }
    std::string number()
    {
        return any({ "1", "0.25", "1e6", "-3", "Inf", "NaN", "0x1F", "5m", "1_000" });
    }
    std::string duration() { return any({ "5m", "1h30m", "90", "0.5", "400d", "2w" }); }
    std::string durationExpr()
    {
        return any({ "", "2 * ", "-1 + " })
            + any({ "step()", "range() / 2", "(5m)", "max_of(1m, step())", "(step() + 1) ^ 2" });
    }
    std::string span() { return pick(3) == 0 ? durationExpr() : duration(); }
    std::string selector()
    {
        return any({ "up", "job:up:sum", "sum", "on_call{a=\"b\"}", "{\"my.metric\", b!~\"x|y\"}",
            "{__name__=~\"a.*\", \"ü\"=\"\\\"\"}", "end", "fill", "step{range='1'}" });
    }
    std::string modifiers()
    {
        return any({ "", "", " @ 1.5", " @ end()" })
            + any(
                { "", "", " offset 5m", " offset -1h", " offset (2 * step())", " offset -step()" })
            + any({ "", "", "", " smoothed" });
    }
    std::string matrix(int depth)
    {
        if (pick(2) == 0)
            return selector() + "[" + span() + "]" + modifiers();
        const std::string suffix = any({ "", " @ start()", " offset 3m" });
        return "(" + vector(depth) + ")[" + span() + ":" + (pick(2) == 0 ? span() : "") + "]"
            + suffix;
    }

    std::mt19937 m_random;
};

QString printed(const std::string& query)
{
    const auto parsed = parseExpr(query, ParseOptions::everything());
    return QString::fromStdString(
        parsed.ok() ? print(*parsed.value) : describe(parsed.errors.front(), query));
}

} // namespace

class PrinterTest : public QObject
{
    Q_OBJECT

private slots:
    void printsTheCanonicalForm_data();
    void printsTheCanonicalForm();
    void whatIsPrintedParsesBack();
};

void PrinterTest::printsTheCanonicalForm_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* query, const char* text) {
        QTest::newRow(query) << QByteArray(query) << QString::fromUtf8(text);
    };
    row("sum(up)by(job)", "sum by (job) (up)");
    row("sum by()(up)", "sum(up)");
    row("sum without()(up)", "sum without () (up)");
    row("a+on()b", "a + on () b");
    row("a + ignoring() b", "a + b");
    row("a * on(x) group_left b", "a * on (x) group_left () b");
    row("a + fill_left(1e6) fill_right(1000000) b", "a + fill (1e+06) b");
    row("{c=\"d\", a='b'}", "{a=\"b\",c=\"d\"}");
    row("{\"up\"}", "{__name__=\"up\"}");
    row("up{\"job\"=\"a\"}", "up{job=\"a\"}");
    row("up[90s:]@end()", "up[1m30s:] @ end()");
    row("up offset -7d", "up offset -1w");
    row("up[0.0005]", "up[0.0005]");
    row("up @ 1", "up @ 1.000");
    row("-5m", "-5m");
    row("1e3", "1000");
    row("\"ü\\t\"", "\"ü\\t\"");
    row("info(up, {})", "info(up, {})");
    row("up[ ( 5m ) ]", "up[(5m)]");
    row("up offset (5m) @ 1 + 2", "(up @ 1.000 offset (5m)) + 2");
}

void PrinterTest::printsTheCanonicalForm()
{
    QFETCH(QByteArray, query);
    QTEST(printed(query.toStdString()), "text");
}

void PrinterTest::whatIsPrintedParsesBack()
{
    constexpr uint32_t kSeed = 20'240'817;
    qInfo("seed %u", kSeed);
    Generator generator(kSeed);
    int accepted = 0;
    for (int i = 0; i < 2000; ++i) {
        const std::string query = generator.vector(i % 5);
        const auto parsed = parseExpr(query, ParseOptions::everything());
        if (!parsed.ok())
            continue; // Some combinations are no queries: set operators with numbers, say.
        ++accepted;
        const std::string once = print(*parsed.value);
        QCOMPARE(printed(once), QString::fromStdString(once));
        const std::string pretty = prettify(*parsed.value, 20);
        QCOMPARE(printed(pretty), QString::fromStdString(once));
    }
    QVERIFY2(accepted > 1000, qPrintable(QString::number(accepted)));
}

QTEST_GUILESS_MAIN(PrinterTest)
#include "tst_printer.moc"
