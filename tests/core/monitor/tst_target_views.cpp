// Goal: the window shows how far a scrape came, and never that something passed which was not
// reached.
#include "core/monitor/target_views.h"

#include <QTest>

using namespace fleetglass;
using view::Phase;
using view::PhaseState;

namespace {

scrape::TargetDetail detailOf(std::optional<scrape::ScrapeFailure> failure, int attempts = 1)
{
    auto target = std::make_shared<scrape::Target>();
    target->url = "https://web:1/metrics?key=secret";
    target->shownUrl = "https://web:1/metrics?key=******";
    auto status = std::make_shared<scrape::TargetStatus>();
    status->target = target;
    status->job = std::make_shared<scrape::JobOptions>();
    status->attempts = attempts;
    status->failure = std::move(failure);
    scrape::TargetDetail detail;
    detail.status = status;
    detail.exchange.times = { std::chrono::milliseconds(1), std::chrono::milliseconds(2),
        std::chrono::milliseconds(3), std::chrono::milliseconds(4), std::chrono::milliseconds(5),
        std::chrono::milliseconds(15) };
    detail.parseMs = 6;
    detail.storeMs = 7;
    return detail;
}

scrape::ScrapeFailure failureIn(scrape::Phase phase)
{
    scrape::ScrapeFailure failure;
    failure.phase = phase;
    failure.message = "why";
    return failure;
}

// "PPF---": passed, failed, not reached.
std::string pattern(const view::TargetDetailView& view)
{
    std::string text;
    for (const auto& phase : view.phases)
        text += phase.state == PhaseState::Passed ? 'P'
            : phase.state == PhaseState::Failed   ? 'F'
                                                  : '-';
    return text;
}

} // namespace

class TestTargetViews : public QObject
{
    Q_OBJECT

private slots:
    void phasesPassUntilTheOneThatFailed_data()
    {
        QTest::addColumn<int>("phase");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, scrape::Phase phase, const char* expected) {
            QTest::newRow(name) << static_cast<int>(phase) << QString::fromLatin1(expected);
        };
        row("dns", scrape::Phase::Dns, "F-----");
        row("tcp", scrape::Phase::Tcp, "PF----");
        row("tls", scrape::Phase::Tls, "PPF---");
        row("http", scrape::Phase::Http, "PPPF--");
        row("body", scrape::Phase::Body, "PPPF--");
        row("parse", scrape::Phase::Parse, "PPPPF-");
        row("limits", scrape::Phase::Limits, "PPPPPF");
        row("could not begin", scrape::Phase::None, "------");
    }
    void phasesPassUntilTheOneThatFailed()
    {
        QFETCH(int, phase);
        QFETCH(QString, expected);
        const auto failure = failureIn(static_cast<scrape::Phase>(phase));
        const auto view = monitor::targetDetailView(detailOf(failure), {});
        QCOMPARE(QString::fromStdString(pattern(view)), expected);
        for (const auto& one : view.phases) {
            if (one.state == PhaseState::Failed)
                QCOMPARE(one.detail, std::string("why"));
            if (one.state == PhaseState::NotReached)
                QCOMPARE(one.durationMs, 0.0);
        }
    }

    void aGoodScrapePassesEverywhere()
    {
        const auto view = monitor::targetDetailView(detailOf(std::nullopt), {});
        QCOMPARE(pattern(view), std::string("PPPPPP"));
        QCOMPARE(view.phases[3].durationMs, 9.0); // Request and body.
        QCOMPARE(view.totalMs, 15.0);
    }

    void beforeTheFirstScrapeNothingIsReached()
    {
        const auto view = monitor::targetDetailView(detailOf(std::nullopt, 0), {});
        QCOMPARE(pattern(view), std::string("------"));
    }

    void anHttpsTargetIsNeverCalledPlain()
    {
        const auto view = monitor::targetDetailView(detailOf(failureIn(scrape::Phase::Tcp)), {});
        QCOMPARE(view.phases[2].phase, Phase::Tls);
        QCOMPARE(view.phases[2].detail, std::string());
    }

    void theViewHoldsTheMaskedUrlAndTheFailure()
    {
        auto failure = failureIn(scrape::Phase::Tls);
        failure.hint = "do this";
        const auto detail = detailOf(failure);
        const auto view = monitor::targetView(*detail.status);
        QCOMPARE(view.url, std::string("https://web:1/metrics?key=******"));
        QCOMPARE(view.phase, Phase::Tls);
        QCOMPARE(view.error, std::string("why"));
        QCOMPARE(view.hint, std::string("do this"));
        QCOMPARE(view.samplesScraped, int64_t(-1));
        QVERIFY(view.attemptsRecent);
    }

    void theFaultyLineBelongsToTheLastBody()
    {
        auto failure = failureIn(scrape::Phase::Parse);
        failure.line = 4;
        failure.column = 9;
        auto detail = detailOf(failure);
        detail.lastBody = scrape::KeptBody { 5, false,
            std::make_shared<const std::string>(std::string(300 * 1024, 'x')), 300 * 1024, "" };
        const auto view = monitor::targetDetailView(detail, {});
        QCOMPARE(view.body.errorLine, 4);
        QCOMPARE(view.body.errorColumn, 9);
        QCOMPARE(view.body.text.size(), size_t(256 * 1024));
        QCOMPARE(view.body.bytes, int64_t(300 * 1024));
        QCOMPARE(view.lastGoodBody.errorLine, 0);
    }
};

QTEST_GUILESS_MAIN(TestTargetViews)
#include "tst_target_views.moc"
