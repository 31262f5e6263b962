// What the shell strip, the status bar, the live button and the rail say.
#include "tests/support/sample_view.h"
#include "tests/support/theme_fixture.h"
#include "ui/widgets/live_button.h"
#include "ui/widgets/mode_rail.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/range_button.h"
#include "ui/widgets/shell_strip.h"
#include "ui/widgets/status_bar.h"
#include "ui/widgets/time_controller.h"

#include <QSignalSpy>
#include <QtTest>

using namespace fleetglass;
using namespace fleetglass::widgets;

namespace {

theme::Zone berlin()
{
    theme::Zone zone;
    zone.local = QTimeZone("Europe/Berlin");
    return zone;
}

} // namespace

class TestStrips : public QObject
{
    Q_OBJECT

private slots:
    void theShellStripNamesEveryOpenShell()
    {
        ShellStrip strip;
        strip.resize(1300, 28);
        strip.showSessions(support::sampleView()->sessions, support::kSampleNowMs, berlin());
        QCOMPARE(strip.spokenText(),
            QStringLiteral(
                "2 live shells; web-07 debug ops-anna from 10.0.4.7 since 14:32:05 (9 m); "
                "db-02 pg-fix unknown key from 10.0.9.23 since 14:38:20 (3 m); "
                "build-03 unknown, last seen open 14:29:50"));
        QCOMPARE(strip.hiddenCount(), 0);
        QCOMPARE(strip.accessibleName(), strip.spokenText());
    }

    void aNarrowStripSaysHowManyItHides()
    {
        ShellStrip strip;
        strip.resize(800, 28);
        strip.showSessions(support::sampleView()->sessions, support::kSampleNowMs, berlin());
        QCOMPARE(strip.hiddenCount(), 2);
    }

    void withoutShellsTheStripSaysSo()
    {
        ShellStrip strip;
        strip.showSessions(nullptr, support::kSampleNowMs, berlin());
        QCOMPARE(strip.spokenText(), QStringLiteral("no open shells"));
    }

    void aShellFromBeforeWatchingHasNoInventedStart()
    {
        auto sessions = support::sampleSessions(support::kSampleNowMs);
        sessions.resize(1);
        sessions[0].state = view::SessionState::OpenBeforeWatch;
        ShellStrip strip;
        strip.showSessions(std::make_shared<const std::vector<view::SessionView>>(sessions),
            support::kSampleNowMs, berlin());
        QVERIFY(strip.spokenText().contains(QStringLiteral("since before watching began")));
        QVERIFY(!strip.spokenText().contains(QStringLiteral("14:32")));
    }

    void aHostThatDoesNotAnswerHasNoDetectionWindow()
    {
        auto sessions = support::sampleSessions(support::kSampleNowMs);
        std::erase_if(sessions,
            [](const auto& session) { return session.state != view::SessionState::Unknown; });
        QVERIFY(!sessions.empty());
        sessions.resize(1);
        sessions[0].intervalMs = 10'000; // As it was when the host still answered.
        ShellStrip strip;
        strip.showSessions(std::make_shared<const std::vector<view::SessionView>>(sessions),
            support::kSampleNowMs, berlin());
        QVERIFY(strip.toolTip().contains(QStringLiteral("unknown")));
        QVERIFY(!strip.toolTip().contains(QStringLiteral("10 s")));
    }

    void aClickOnAShellLeadsToIt()
    {
        ShellStrip strip;
        strip.resize(1300, 28);
        strip.showSessions(support::sampleView()->sessions, support::kSampleNowMs, berlin());
        QSignalSpy activated(&strip, &ShellStrip::sessionActivated);
        QTest::mouseClick(&strip, Qt::LeftButton, {}, QPoint(200, 14));
        QCOMPARE(activated.takeFirst().at(0).toULongLong(), 1ULL);
    }

    void theStatusBarCountsWithWords()
    {
        StatusBar bar;
        bar.showView(*support::sampleView(), berlin());
        QCOMPARE(bar.spokenText(),
            QStringLiteral("41 up, 3 down, 1 unknown, 8 firing, 2 pending, 2 shells, 1 unknown, "
                           "26.4k series, 1.76k samples/s, 233 missed scrapes in 1 h"));
        bar.showView(*support::emptyView(), berlin());
        QCOMPARE(bar.spokenText(), QStringLiteral("no targets, no rules, no open shells"));
    }

    void theLiveButtonSaysHowFarTheViewIsBehind()
    {
        TimeController time;
        time.setNow(support::kSampleNowMs);
        LiveButton button(time);
        QCOMPARE(button.spokenText(), QStringLiteral("not watching"));
        button.setSource(LiveButton::Source::Live);
        QCOMPARE(button.spokenText(), QStringLiteral("LIVE 1 s"));
        button.click();
        time.setNow(support::kSampleNowMs + 120'000);
        QCOMPARE(button.spokenText(), QStringLiteral("Paused, 2 m behind Go live"));
        button.click();
        QVERIFY(time.isLive());
        button.setSource(LiveButton::Source::Archive);
        QCOMPARE(button.spokenText(), QStringLiteral("not live"));
    }

    void theRangeButtonTakesWhatIsTypedOrSaysWhyNot()
    {
        TimeController time;
        time.setZone(berlin());
        time.setNow(support::kSampleNowMs);
        RangeButton button(time);
        QVERIFY(button.take(QStringLiteral("2h30m")));
        QCOMPARE(button.text(), QStringLiteral("Last 2 h 30 m"));
        QCOMPARE(button.recent(), QStringList { QStringLiteral("2h30m") });
        QVERIFY(!button.take(QStringLiteral("soon")));
        QVERIFY(button.text() == QStringLiteral("Last 2 h 30 m"));
        for (int i = 1; i < 20; ++i)
            QVERIFY(button.take(QStringLiteral("%1m").arg(i)));
        QCOMPARE(button.recent().size(), 8);
    }

    void theRailLeadsToItsModes()
    {
        ModeRail rail;
        rail.addMode(theme::Glyph::Overview, QStringLiteral("Overview"));
        rail.addMode(theme::Glyph::Alerts, QStringLiteral("Alerts"));
        rail.resize(rail.sizeHint());
        QSignalSpy activated(&rail, &ModeRail::activated);
        QTest::mouseClick(&rail, Qt::LeftButton, {}, QPoint(30, 70));
        QCOMPARE(activated.takeFirst().at(0).toInt(), 1);
        QTest::keyClick(&rail, Qt::Key_Down);
        QCOMPARE(activated.takeFirst().at(0).toInt(), 1);
    }

    void labelsNeverReadMarkup()
    {
        PlainLabel label(QStringLiteral("<b>bold</b>\nnext"));
        QCOMPARE(label.textFormat(), Qt::PlainText);
        QCOMPARE(label.text(), QStringLiteral("<b>bold</b> next"));
        label.setText(std::string_view("\xff\xfe broken"));
        QVERIFY(label.text().startsWith(QChar(0xFFFD)));
    }

    void labelsFollowTheTheme()
    {
        support::ThemeFixture themed;
        themed.theme.setChoice(theme::ThemeChoice::Light);
        PlainLabel label(QStringLiteral("x"), theme::Ink::Critical);
        label.show();
        themed.theme.setChoice(theme::ThemeChoice::Dark);
        QTRY_COMPARE(label.palette().color(QPalette::WindowText),
            theme::tokens(theme::Scheme::Dark).of(theme::State::Critical).text);
    }
};

QTEST_MAIN(TestStrips)
#include "tst_strips.moc"
