// Goal: which rule dropped a series, what changed between any two scrapes, and what is permanently
// to be known of a target are a click away.
#include "tests/support/sample_port.h"
#include "tests/support/sample_view.h"
#include "tests/support/theme_fixture.h"
#include "ui/models/target_table_model.h"
#include "ui/pages/target_detail_pane.h"
#include "ui/pages/target_texts.h"
#include "ui/pages/target_verdict.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/raw_text_view.h"
#include "ui/widgets/search_field.h"

#include <QComboBox>
#include <QSignalSpy>
#include <QTest>
#include <QTimeZone>

using namespace fleetglass;
using namespace fleetglass::pages;

namespace {

constexpr int64_t kDayMs = 86'400'000;
const theme::Zone kZone { true, QTimeZone::utc() };

view::TargetView upTarget()
{
    view::TargetView target;
    target.id = 7;
    target.job = "push";
    target.instance = "web-01:443";
    target.url = "https://web-01:443/metrics";
    target.health = view::Health::Up;
    target.lastScrapeMs = support::kSampleNowMs;
    return target;
}

struct Stage
{
    support::ThemeFixture theme;
    TargetDetailPane pane;

    void show(const view::TargetView& target)
    {
        pane.resize(1500, 600);
        pane.QWidget::show();
        pane.show(std::make_shared<const view::TargetView>(target),
            std::make_shared<const view::TargetDetailView>(support::sampleDetail(target)),
            support::kSampleNowMs, kZone);
    }
    bool shows(const QString& chip)
    {
        const auto chips = pane.findChildren<widgets::Chip*>();
        return std::any_of(chips.begin(), chips.end(),
            [&](const auto* one) { return one->isVisible() && one->text().contains(chip); });
    }
    widgets::RawTextView* text(const char* name)
    {
        for (auto* one : pane.findChildren<widgets::RawTextView*>()) {
            if (one->accessibleName() == QLatin1String(name))
                return one;
        }
        return nullptr;
    }
    widgets::KeyButton* button(const QString& text)
    {
        for (auto* one : pane.findChildren<widgets::KeyButton*>()) {
            if (one->text() == text)
                return one;
        }
        return nullptr;
    }
};

QString allOf(const QVector<widgets::RawLine>& lines)
{
    QString text;
    for (const auto& line : lines)
        text += line.text + QLatin1Char('\n');
    return text;
}

} // namespace

class TestTargetDetailPane : public QObject
{
    Q_OBJECT
private slots:
    void theRuleThatDroppedASeriesIsNamed();
    void theTraceIsAskedForWithTheWordsTyped();
    void anyTwoScrapesCanBeCompared();
    void redirectsAndSchemesAreShown();
    void t2NotVerifiedIsAPermanentBadge();
    void t9ACertificateThatEndsSoonIsWarnedOf_data();
    void t9ACertificateThatEndsSoonIsWarnedOf();
    void h41HonoredLabelsAreABadge();
    void aPushgatewayGetsItsFix();
    void aPlainRequestToTlsGetsItsFix();
};

void TestTargetDetailPane::theRuleThatDroppedASeriesIsNamed()
{
    const auto lines = sampleTraceLines(support::sampleTrace(), {}, support::kSampleNowMs, kZone);
    const QString text = allOf(lines);
    QVERIFY2(text.contains(QStringLiteral("4 series, 3 stored, 1 dropped")), qPrintable(text));
    QVERIFY(text.contains(QStringLiteral("rule 1: action: drop, source_labels: [__name__], regex: "
                                         "go_.* - drops 1")));
    QVERIFY(text.contains(QStringLiteral("dropped by rule 1 (action: drop")));
    QVERIFY(text.contains(QStringLiteral("value \"go_goroutines\"")));
    QVERIFY(text.contains(QStringLiteral("error=\"0\"")));
    const auto dropped = std::find_if(lines.begin(), lines.end(),
        [](const auto& line) { return line.text == QLatin1String("go_goroutines"); });
    QVERIFY(dropped != lines.end());
    QCOMPARE(dropped->number, 9); // As on the page.
    QCOMPARE(dropped->mark, widgets::LineMark::Removed);
}

void TestTargetDetailPane::theTraceIsAskedForWithTheWordsTyped()
{
    Stage stage;
    QSignalSpy asked(&stage.pane, &TargetDetailPane::traceRequested);
    stage.show(upTarget());
    stage.pane.setTab(4);
    QCOMPARE(asked.size(), 1);
    auto* find = stage.pane.findChild<widgets::SearchField*>();
    find->setText(QStringLiteral("dropped"));
    emit find->returnPressed();
    QCOMPARE(asked.last().at(0).toString(), QStringLiteral("dropped"));
    stage.pane.setTrace(std::make_shared<const view::SampleTraceView>(support::sampleTrace()),
        QStringLiteral("dropped"));
    QVERIFY(support::saveScreen(stage.pane, QStringLiteral("target-trace")));
    QVERIFY(stage.text("text")->toPlainText().contains(QStringLiteral("4 series match")));
}

void TestTargetDetailPane::anyTwoScrapesCanBeCompared()
{
    Stage stage;
    stage.show(upTarget());
    stage.button(QStringLiteral("Show difference"))->click();
    const auto boxes = stage.pane.findChildren<QComboBox*>();
    QCOMPARE(boxes.size(), 2);
    QCOMPARE(boxes[0]->count(), 3);
    QVERIFY(boxes[0]->isVisible());
    auto* difference = stage.text("last good scrape");
    QCOMPARE(widgets::changedCount(difference->lines()), 0);
    boxes[0]->setCurrentIndex(2); // The oldest one.
    emit boxes[0]->activated(2);
    QVERIFY(support::saveScreen(stage.pane, QStringLiteral("target-difference")));
    QVERIFY(widgets::changedCount(difference->lines()) > 0);
}

void TestTargetDetailPane::redirectsAndSchemesAreShown()
{
    view::TargetDetailView detail;
    detail.redirects = { { 301, "https://other/metrics", true } };
    detail.authSchemes = { "Bearer", "Basic" };
    detail.status = 401;
    const QString text = allOf(headerLines(detail));
    QVERIFY(text.contains(QStringLiteral("301, led to https://other/metrics, asked without")));
    QVERIFY(text.contains(QStringLiteral("asks for credentials: Bearer, Basic")));
}

void TestTargetDetailPane::t2NotVerifiedIsAPermanentBadge()
{
    Stage stage;
    auto target = upTarget();
    stage.show(target);
    QVERIFY(!stage.shows(QStringLiteral("not verified")));
    target.insecureSkipVerify = true;
    stage.show(target);
    QVERIFY(stage.shows(QStringLiteral("not verified")));
    const auto note = models::noteOf(target, support::kSampleNowMs);
    QCOMPARE(note.text, QStringLiteral("not verified"));
    QCOMPARE(note.ink, theme::Ink::Critical);
    QVERIFY(!verdictOf(target, nullptr, support::kSampleNowMs, kZone).cause.isEmpty());
}

void TestTargetDetailPane::t9ACertificateThatEndsSoonIsWarnedOf_data()
{
    QTest::addColumn<qint64>("leftMs");
    QTest::addColumn<bool>("warned");
    QTest::newRow("15 days") << qint64(15 * kDayMs) << false;
    QTest::newRow("13 days") << qint64(13 * kDayMs) << true;
    QTest::newRow("over") << qint64(-kDayMs) << true;
}

void TestTargetDetailPane::t9ACertificateThatEndsSoonIsWarnedOf()
{
    QFETCH(qint64, leftMs);
    QFETCH(bool, warned);
    Stage stage;
    auto target = upTarget();
    target.certificateNotAfterMs = support::kSampleNowMs + leftMs;
    stage.show(target);
    QCOMPARE(stage.shows(QStringLiteral("certificate end")), warned);
    QCOMPARE(!models::noteOf(target, support::kSampleNowMs).text.isEmpty(), warned);
    QCOMPARE(!verdictOf(target, nullptr, support::kSampleNowMs, kZone).cause.isEmpty(), warned);
}

void TestTargetDetailPane::h41HonoredLabelsAreABadge()
{
    Stage stage;
    auto target = upTarget();
    target.honorLabels = true;
    stage.show(target);
    QVERIFY(stage.shows(QStringLiteral("honor_labels")));
    QCOMPARE(models::noteOf(target, 0).text, QStringLiteral("honor_labels"));
}

void TestTargetDetailPane::aPushgatewayGetsItsFix()
{
    Stage stage;
    auto target = upTarget();
    target.wantsHonorLabels = true;
    QSignalSpy fixes(&stage.pane, &TargetDetailPane::fixRequested);
    stage.show(target);
    stage.button(QStringLiteral("Set honor_labels"))->click();
    QCOMPARE(fixes.size(), 1);
    const auto fix = fixes.first().first().value<view::JobFix>();
    QCOMPARE(fix.kind, view::JobFix::Kind::HonorLabels);
    QCOMPARE(fix.job, std::string("push"));
}

void TestTargetDetailPane::aPlainRequestToTlsGetsItsFix()
{
    Stage stage;
    auto target = upTarget();
    target.health = view::Health::Down;
    target.error = "400 Bad Request";
    stage.show(target);
    QVERIFY(!stage.button(QStringLiteral("Ask over https"))->isVisible());
    target.wantsHttps = true;
    stage.show(target);
    QVERIFY(stage.button(QStringLiteral("Ask over https"))->isVisible());
}

QTEST_MAIN(TestTargetDetailPane)
#include "tst_target_detail_pane.moc"
