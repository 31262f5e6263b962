// The script runner is a judge, so it is judged itself: what it must accept, refuse and say.
#include "tests/support/promqltest.h"

#include <QTest>

using namespace fleetglass;

namespace {

// What goes wrong first in a script; "" where nothing does.
std::string firstError(const std::string& script)
{
    std::string first;
    const auto broken
        = test::runPromqltest(script, test::promqltestOptions(), [&](const auto& outcome) {
              if (first.empty() && outcome.error)
                  first = *outcome.error;
          });
    return broken ? *broken : first;
}

} // namespace

class Promqltest : public QObject
{
    Q_OBJECT

private slots:
    void scriptIsJudged_data()
    {
        QTest::addColumn<std::string>("script");
        QTest::addColumn<std::string>("error");
        const std::string load = "load 1m\n  x{a=\"b\"} 1 2\n\n";
        const auto row = [](const char* name, const std::string& script, const std::string& error) {
            QTest::newRow(name) << script << error;
        };
        const std::string inEval = "error in eval x (line 4): ";
        row("right", load + "eval instant at 0 x\n  x{a=\"b\"} 1\n", "");
        row("wrong value", load + "eval instant at 0 x\n  x{a=\"b\"} 3\n",
            inEval + "expected 3 for {__name__=\"x\", a=\"b\"} but got 1");
        row("missing series", load + "eval instant at 0 x\n  x{a=\"b\"} 1\n  y 1\n",
            inEval + "expected metric {__name__=\"y\"} with 2: [1.000000] not found");
        row("extra series", load + "eval instant at 0 x\n",
            inEval + "unexpected metric {__name__=\"x\", a=\"b\"} in result, has value 1");
        row("must fail", load + "eval instant at 0 x\n  expect fail\n",
            "expected error evaluating query \"x\" (line 4) but got none");
        row("unwanted doubt",
            load + "eval instant at 1m30s rate(x[2m])\n  expect no_info\n  {a=\"b\"} 0.0125\n",
            "unexpected info annotations evaluating query \"rate(x[2m])\" (line 4): [PromQL info: "
            "metric "
            "might not be a counter, name does not end in _total/_sum/_count/_bucket: \"x\" "
            "(1:6)]");
        row("contradiction", "eval instant at 0 1\n  expect warn\n  expect no_warn\n  1\n",
            "error in eval 1 (line 3): invalid expect lines, warn and no_warn cannot be used "
            "together");
        row("unknown command", "sing\n", "error in line 1: invalid command \"sing\"");
        row("string", "eval instant at 0 \"a\"\n  expect string \"a\"\n", "");
    }

    void scriptIsJudged()
    {
        QFETCH(std::string, script);
        QFETCH(std::string, error);
        QVERIFY2(firstError(script) == error, firstError(script).c_str());
    }

    void startOffsetsRepeatAndStep()
    {
        const auto offsets = test::parseStartOffsets("-1m _x2 -30s+10sx1 0");
        QVERIFY(offsets);
        const std::vector<std::optional<int64_t>> expected { -60'000, {}, {}, -30'000, -20'000, 0 };
        QVERIFY(*offsets == expected);
        QVERIFY(!test::parseStartOffsets("soon"));
        QVERIFY(!test::parseStartOffsets("-1m+15s"));
    }
};

QTEST_GUILESS_MAIN(Promqltest)
#include "tst_promqltest.moc"
