// Goal: from a half-remembered metric to a chart, and nothing lost on the way. Method: the page on
// a sample fleet; answers come when the test says so.
#include "tests/support/sample_port.h"
#include "tests/support/sample_view.h"
#include "tests/support/theme_fixture.h"
#include "tests/ui/charts/sample_curves.h"
#include "ui/charts/time_chart.h"
#include "ui/pages/explore_content.h"
#include "ui/pages/explore_legend.h"
#include "ui/pages/explore_metric_panel.h"
#include "ui/pages/explore_page.h"
#include "ui/pages/explore_queries.h"
#include "ui/pages/explore_status.h"
#include "ui/widgets/inspector_pane.h"
#include "ui/widgets/query_editor.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QTimeZone>
#include <QTreeView>

using namespace fleetglass;
using namespace fleetglass::pages;

namespace {

const QString kLatency = QStringLiteral(
    "histogram_quantile(0.95,\n  sum by (instance, template, le) "
    "(rate(synse_http_request_latency_sec_bucket{template=~\"/v3/(read|scan|info)\"}[1m]))\n)");

// The curves of the chart's own picture as an answer.
view::QueryAnswer latencyAnswer()
{
    view::QueryAnswer answer;
    answer.ok = true;
    answer.seriesSelected = 1344;
    answer.samplesRead = 322'560;
    answer.elapsedMs = 41;
    for (const charts::Series& series : curves::latency().series) {
        view::SeriesView view;
        const QStringList parts = series.name.split(QLatin1Char(' '));
        view.labels = { { "instance", parts[0].toStdString() + ":5000" },
            { "template", parts[1].toStdString() } };
        for (const charts::Sample& sample : *series.samples) {
            view.timestampsMs.push_back(static_cast<int64_t>(sample.timeMs) / 15'000 * 15'000);
            view.values.push_back(sample.value);
        }
        answer.series.push_back(view);
    }
    return answer;
}

struct Stage
{
    support::ThemeFixture theme;
    view::FleetViewPtr view = support::sampleView();
    support::SamplePort port { view };
    widgets::TimeController time;
    theme::SeriesColors colors;
    std::unique_ptr<ExplorePage> page;

    Stage()
    {
        time.setZone({ false, QTimeZone("Europe/Berlin") });
        time.setNow(support::kSampleNowMs);
        page = std::make_unique<ExplorePage>(port, time, colors);
        page->resize(1248, 900);
        page->showView(view);
        page->show();
    }

    ExploreLegend& legend() { return *page->findChild<ExploreLegend*>(); }
    widgets::QueryEditor& editor() { return *page->findChild<widgets::QueryEditor*>(); }
    QString status() { return page->findChild<ExploreStatus*>()->text(); }
    int queries(const std::string& text) const
    {
        return static_cast<int>(
            std::count(port.calls().begin(), port.calls().end(), "query " + text));
    }
};

} // namespace

class TestExplorePage : public QObject
{
    Q_OBJECT

private slots:
    void picturesInBothThemes_data();
    void picturesInBothThemes();
    void defaultQueryFollowsDeclaredType_data();
    void defaultQueryFollowsDeclaredType();
    void filterAndEnterChartAMetric();
    void oldAnswersAreDropped();
    void wrongQueryAsksNothingAndSaysWhere();
    void errorKeepsTheOldLines();
    void emptyResultNamesThePartAndAFix();
    void timeGoesOnByWholeSteps();
    void isolationSurvivesANewAnswerAndARestart();
    void closedTabComesBack();
    void offeredQueriesGiveWayToOnesOwn();
    void comparisonAddsGhosts();
    void linkWithAMetricWritesItsQuery();
    void oneHostKeepsItsColour();
};

void TestExplorePage::picturesInBothThemes_data()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void TestExplorePage::picturesInBothThemes()
{
    QFETCH(bool, dark);
    Stage stage;
    stage.theme.theme.setChoice(dark ? theme::ThemeChoice::Dark : theme::ThemeChoice::Light);
    stage.theme.theme.apply();
    stage.port.setAnswer(kLatency.toStdString(), latencyAnswer());
    QWidget window;
    auto* layout = new QHBoxLayout(&window);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* pane = new widgets::InspectorPane(&window);
    pane->setFixedWidth(280);
    layout->addWidget(stage.page.get(), 1);
    layout->addWidget(pane);
    pane->showContent(stage.page->inspector());
    window.resize(1528, 884);
    window.show();
    stage.page->showQuery(kLatency);
    stage.port.deliver();
    auto* tree = stage.page->findChild<QTreeView*>();
    tree->expandAll();
    stage.legend().select(keyOf({ { "instance", "synse-03:5000" }, { "template", "/v3/read" } }));
    QCoreApplication::processEvents();
    for (int i = 0; i < 70; ++i) {
        QTest::qWait(30);
        stage.port.deliver();
    }
    charts::TimeChart& chart = stage.page->chart();
    const QPoint at = chart.positionOf(support::kSampleNowMs - 630'000.0, 0.62).toPoint();
    QMouseEvent move(QEvent::MouseMove, at, chart.mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
    QCoreApplication::sendEvent(&chart, &move);
    QTest::qWait(60);
    QVERIFY(stage.status().contains(QStringLiteral("8 series, 322,560 samples, 41.0 ms")));
    QVERIFY(support::saveScreen(
        window, dark ? QStringLiteral("explore-dark") : QStringLiteral("explore-light")));
    pane->showContent(nullptr);
    stage.page->setParent(nullptr);
}

void TestExplorePage::defaultQueryFollowsDeclaredType_data()
{
    QTest::addColumn<labels::MetricType>("type");
    QTest::addColumn<QString>("query");
    using labels::MetricType;
    QTest::newRow("counter") << MetricType::Counter << QStringLiteral("rate(x_total[1m])");
    QTest::newRow("gauge that ends in _total") << MetricType::Gauge << QStringLiteral("x_total");
    QTest::newRow("histogram")
        << MetricType::Histogram
        << QStringLiteral(
               "histogram_quantile(0.95,\n  sum by (instance, le) (rate(x_total_bucket[1m]))\n)");
    QTest::newRow("unknown") << MetricType::Unknown << QStringLiteral("x_total");
}

void TestExplorePage::defaultQueryFollowsDeclaredType()
{
    QFETCH(labels::MetricType, type);
    view::MetricView metric;
    metric.name = "x_total";
    metric.type = type;
    QTEST(defaultQuery(metric, 15'000), "query");
    QVERIFY(type != labels::MetricType::Counter
        || defaultQuery(metric, 60'000) == QStringLiteral("rate(x_total[4m])"));
}

void TestExplorePage::filterAndEnterChartAMetric()
{
    Stage stage;
    stage.page->focusFilter();
    auto* field = stage.page->findChild<ExploreMetricPanel*>()->findChild<QLineEdit*>();
    QVERIFY(field != nullptr);
    field->setText(QStringLiteral("commands tot"));
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(stage.editor().text(), QStringLiteral("rate(etcha_commands_total[1m])"));
    QCOMPARE(stage.queries("rate(etcha_commands_total[1m])"), 1);
}

void TestExplorePage::oldAnswersAreDropped()
{
    Stage stage;
    view::QueryAnswer first = latencyAnswer();
    first.series.resize(1);
    stage.port.setAnswer("up", first);
    stage.port.setAnswer("node_load1", latencyAnswer());
    stage.page->showQuery(QStringLiteral("up"));
    stage.page->showQuery(QStringLiteral("node_load1"));
    stage.port.deliver();
    QCOMPARE(stage.page->chart().content().series.size(), size_t { 8 });
    QVERIFY(stage.status().contains(QStringLiteral("8 series")));
}

void TestExplorePage::wrongQueryAsksNothingAndSaysWhere()
{
    Stage stage;
    stage.editor().setText(QStringLiteral("rat(up[5m])"));
    const auto before = stage.port.calls().size();
    emit stage.editor().runRequested();
    QCOMPARE(stage.port.calls().size(), before);
    QVERIFY2(stage.status().contains(QStringLiteral("wrong at 1:1")), qPrintable(stage.status()));
    QVERIFY(stage.status().contains(QStringLiteral("unknown function")));
}

void TestExplorePage::errorKeepsTheOldLines()
{
    Stage stage;
    stage.page->showQuery(QStringLiteral("up"));
    stage.port.deliver();
    const size_t lines = stage.page->chart().content().series.size();
    view::QueryAnswer failed;
    failed.error = "found duplicate series for the match group";
    failed.errorLine = 1;
    failed.errorColumn = 4;
    stage.port.setAnswer("up / node_load1", failed);
    stage.editor().setText(QStringLiteral("up / node_load1"));
    emit stage.editor().runRequested();
    stage.port.deliver();
    QCOMPARE(stage.page->chart().content().series.size(), lines);
    QVERIFY2(stage.status().contains(QStringLiteral("1:4 found duplicate series")),
        qPrintable(stage.status()));
}

void TestExplorePage::emptyResultNamesThePartAndAFix()
{
    const view::MetricCatalog catalog = support::sampleMetrics();
    view::QueryAnswer empty;
    empty.ok = true;
    empty.request.expression = "rate(etcha_comands_total[1m])";
    const EmptyReason misspelt = emptyReason(empty, &catalog);
    QCOMPARE(misspelt.title, QStringLiteral("No metric is called etcha_comands_total"));
    QCOMPARE(misspelt.text, QStringLiteral("Did you mean etcha_commands_total?"));
    empty.request.expression = "up{job=\"sinse\"}";
    empty.emptyReason = "job=\"sinse\" matched nothing";
    QCOMPARE(emptyReason(empty, &catalog).title, QStringLiteral("job=\"sinse\" matched nothing"));
    QVERIFY(!emptyReason(empty, &catalog).text.isEmpty());
    empty.emptyReason.clear();
    QCOMPARE(emptyReason(empty, &catalog).title,
        QStringLiteral("up has 45 series, none fits these matchers in this range"));
}

void TestExplorePage::timeGoesOnByWholeSteps()
{
    Stage stage;
    stage.page->showQuery(QStringLiteral("up"));
    stage.port.deliver();
    const int before = stage.queries("up");
    const int64_t step = stage.time.stepMs();
    stage.time.setNow(support::kSampleNowMs - support::kSampleNowMs % step + step);
    stage.page->setTimeRange(stage.time.range());
    QCOMPARE(stage.queries("up"), before + 1);
    stage.port.deliver();
    stage.time.setNow(stage.time.nowMs() + step / 4);
    stage.page->setTimeRange(stage.time.range());
    QCOMPARE(stage.queries("up"), before + 1);
}

void TestExplorePage::isolationSurvivesANewAnswerAndARestart()
{
    Stage stage;
    stage.port.setAnswer("up", latencyAnswer());
    stage.page->showQuery(QStringLiteral("up"));
    stage.port.deliver();
    const QString key = keyOf({ { "instance", "synse-03:5000" }, { "template", "/v3/read" } });
    stage.legend().activate(key, false);
    QCOMPARE(stage.legend().hidden().size(), 7);
    emit stage.editor().runRequested();
    stage.port.deliver();
    QCOMPARE(stage.legend().hidden().size(), 7);
    QCOMPARE(stage.legend().current(), key);
    const QJsonObject state = stage.page->saveState();
    Stage later;
    later.port.setAnswer("up", latencyAnswer());
    later.page->restoreState(state);
    later.port.deliver();
    QCOMPARE(later.editor().text(), QStringLiteral("up"));
    QCOMPARE(later.legend().hidden().size(), 7);
    QVERIFY(!later.legend().hidden().contains(key));
    later.legend().activate(key, false);
    QVERIFY(later.legend().hidden().isEmpty());
}

void TestExplorePage::closedTabComesBack()
{
    Stage stage;
    stage.editor().setText(QStringLiteral("sum(up)"));
    stage.page->showQuery(QStringLiteral("node_load1"));
    QCOMPARE(stage.editor().text(), QStringLiteral("node_load1"));
    QTest::keyClick(stage.page.get(), Qt::Key_W, Qt::ControlModifier);
    QCOMPARE(stage.editor().text(), QStringLiteral("sum(up)"));
    QTest::keyClick(stage.page.get(), Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(stage.editor().text(), QStringLiteral("node_load1"));
}

void TestExplorePage::offeredQueriesGiveWayToOnesOwn()
{
    const QStringList offered { QStringLiteral("up"), QStringLiteral("node_load1") };
    Stage empty;
    empty.page->offerQueries(offered);
    QCOMPARE(empty.editor().text(), QStringLiteral("up"));
    QCOMPARE(empty.queries("up"), 1);
    QTest::keyClick(empty.page.get(), Qt::Key_W, Qt::ControlModifier);
    QCOMPARE(empty.editor().text(), QStringLiteral("node_load1"));

    Stage used;
    used.editor().setText(QStringLiteral("sum(up)"));
    used.page->offerQueries(offered);
    QCOMPARE(used.editor().text(), QStringLiteral("sum(up)"));
    QCOMPARE(used.queries("up"), 0);
}

void TestExplorePage::comparisonAddsGhosts()
{
    Stage stage;
    stage.port.setAnswer("up", latencyAnswer());
    stage.page->showQuery(QStringLiteral("up"));
    stage.port.deliver();
    stage.time.setCompareMs(86'400'000);
    stage.port.deliver();
    const auto& series = stage.page->chart().content().series;
    QCOMPARE(series.size(), size_t { 16 });
    QVERIFY(series.front().ghost);
    QVERIFY(!series.back().ghost);
    QCOMPARE(
        series.front().samples->front().timeMs - series[8].samples->front().timeMs, 86'400'000.0);
}

void TestExplorePage::linkWithAMetricWritesItsQuery()
{
    Stage stage;
    stage.page->open(
        { .page = QStringLiteral("explore"), .query = QStringLiteral("etcha_commands_total") });
    QCOMPARE(stage.editor().text(), QStringLiteral("rate(etcha_commands_total[1m])"));
    stage.page->open({ .page = QStringLiteral("explore"), .query = QStringLiteral("sum(up) > 1") });
    QCOMPARE(stage.editor().text(), QStringLiteral("sum(up) > 1"));
}

void TestExplorePage::oneHostKeepsItsColour()
{
    theme::SeriesColors colors;
    view::QueryAnswer cpu;
    view::QueryAnswer memory;
    for (const char* host : { "a", "b", "c" })
        cpu.series.push_back({ { { "instance", host }, { "__name__", "cpu" } }, {}, {} });
    for (const char* host : { "c", "a" })
        memory.series.push_back({ { { "instance", host }, { "__name__", "memory" } }, {}, {} });
    const auto first = styleFor(cpu, colors);
    const auto second = styleFor(memory, colors);
    QCOMPARE(first(cpu.series[2].labels), second(memory.series[0].labels));
    QCOMPARE(first(cpu.series[0].labels), second(memory.series[1].labels));
    QVERIFY(first(cpu.series[0].labels) != first(cpu.series[1].labels));
}

QTEST_MAIN(TestExplorePage)
#include "tst_explore_page.moc"
