// Goal: a chart behaves under hand and data as the behaviour contract says. Method: offscreen
// widgets, synthetic events, and pixels read back.
#include "tests/ui/charts/sample_curves.h"
#include "ui/charts/chart_export.h"
#include "ui/charts/chart_picture.h"
#include "ui/charts/lane_chart.h"
#include "ui/charts/time_chart.h"
#include "ui/theme/fonts.h"

#include <QAccessible>
#include <QApplication>
#include <QDir>
#include <QMenuBar>
#include <QMouseEvent>
#include <QPainter>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTest>
#include <QTimeZone>
#include <QToolTip>
#include <QWheelEvent>

using namespace fleetglass;
using namespace fleetglass::charts;

namespace {

theme::Zone berlin()
{
    return { false, QTimeZone("Europe/Berlin") };
}

QString screen(const QString& name)
{
    const QString folder = qEnvironmentVariable("FLEETGLASS_BINARY_DIR", QDir::tempPath())
        + QStringLiteral("/screens");
    QDir().mkpath(folder);
    return folder + QLatin1Char('/') + name;
}

void dress(theme::Scheme scheme)
{
    theme::applyApplicationFont(1);
    QApplication::setPalette(theme::paletteOf(theme::tokens(scheme)));
}

// QTest::mouseMove goes by way of the cursor, which the offscreen platform moves only once.
void moveMouse(QWidget& widget, QPoint position, Qt::MouseButtons buttons = Qt::NoButton)
{
    QMouseEvent event(
        QEvent::MouseMove, position, widget.mapToGlobal(position), Qt::NoButton, buttons, {});
    QApplication::sendEvent(&widget, &event);
}

int countPixels(const QImage& image, const QColor& color)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y).rgb() == color.rgb() ? 1 : 0;
    }
    return count;
}

// Counts what is painted anew after everything had been painted.
class PaintCounter : public QObject
{
public:
    bool settled()
    {
        const bool quiet = m_count == m_before;
        m_before = m_count;
        m_count = quiet ? 0 : m_count;
        m_before = quiet ? 0 : m_before;
        return quiet;
    }
    int count() const { return m_count; }

protected:
    bool eventFilter(QObject*, QEvent* event) override
    {
        m_count += event->type() == QEvent::Paint ? 1 : 0;
        return false;
    }

private:
    int m_count = 0;
    int m_before = -1;
};

} // namespace

class TestTimeChart : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void picturesInBothThemes_data();
    void picturesInBothThemes();
    void dragAcrossAsksForTheRange();
    void dragUpZoomsValuesAndDoubleClickUndoes();
    void doubleClickAsksForTheFormerRange();
    void plainWheelPassesOn();
    void crosshairMovesInAllChartsOfTheGroup();
    void arrowKeysMoveTheCrosshairByOneStep();
    void fiveLinesOfTwoHundredAreTheLimit();
    void infinityDoesNotFlattenTheOtherLines();
    void everyMissedScrapeHasATick();
    void hiddenChartDrawsWhenShown();
    void shownChartDrawsNewContentByItself();
    void appendKeepsTheOrderOfTime();
    void emptyChartSaysWhy();
    void screenReaderHearsASummary();
    void vectorsStayVectors();
    void aMenuBarIsReadableInAnSvg();
    void unknownEndingIsRefused();
    void ribbonTellsTheRenderedAnnotation();
};

void TestTimeChart::initTestCase()
{
    dress(theme::Scheme::Light);
}

void TestTimeChart::picturesInBothThemes_data()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void TestTimeChart::picturesInBothThemes()
{
    QFETCH(bool, dark);
    dress(dark ? theme::Scheme::Dark : theme::Scheme::Light);
    CrosshairGroup group;
    TimeChart chart(group);
    chart.resize(968, 488);
    chart.setZone(berlin());
    chart.setContent(curves::latency());
    ChartOptions options;
    options.framed = true;
    chart.setOptions(options);
    chart.setTimes(curves::kHour, curves::kStepMs, curves::kNowMs);
    chart.show();
    group.frames().flush();
    const QPointF at = chart.positionOf(curves::kNowMs - 630'000, 0.62);
    moveMouse(chart, at.toPoint());
    group.frames().flush();
    const QImage image = renderImage(chart, 1);
    image.save(screen(dark ? QStringLiteral("chart-dark.png") : QStringLiteral("chart-light.png")));
    const theme::Tokens& tokens = theme::tokensOf(chart.palette());
    QVERIFY(countPixels(image, tokens.surface) > 50'000);
    QVERIFY(countPixels(image, tokens.crosshair) > 300);
    QVERIFY(countPixels(image, tokens.of(theme::State::Warning).solid) > 300);
    dress(theme::Scheme::Light);
}

void TestTimeChart::dragAcrossAsksForTheRange()
{
    CrosshairGroup group;
    TimeChart chart(group);
    chart.resize(600, 300);
    chart.setContent(curves::latency());
    chart.setTimes(curves::kHour, curves::kStepMs, curves::kNowMs);
    chart.show();
    group.frames().flush();
    QSignalSpy ranges(&chart, &TimeChart::rangeRequested);
    const QPoint from = chart.positionOf(curves::kNowMs - 1'800'000, 0.4).toPoint();
    const QPoint to = chart.positionOf(curves::kNowMs - 900'000, 0.4).toPoint();
    QTest::mousePress(&chart, Qt::LeftButton, {}, from);
    moveMouse(chart, to, Qt::LeftButton);
    QTest::mouseRelease(&chart, Qt::LeftButton, {}, to);
    QCOMPARE(ranges.size(), 1);
    QVERIFY(qAbs(ranges[0][0].toDouble() - (curves::kNowMs - 1'800'000)) < 10'000);
    QVERIFY(qAbs(ranges[0][1].toDouble() - (curves::kNowMs - 900'000)) < 10'000);
}

void TestTimeChart::dragUpZoomsValuesAndDoubleClickUndoes()
{
    CrosshairGroup group;
    TimeChart chart(group);
    chart.resize(600, 300);
    chart.setContent(curves::latency());
    chart.setTimes(curves::kHour, curves::kStepMs, curves::kNowMs);
    chart.show();
    group.frames().flush();
    QSignalSpy undone(&chart, &TimeChart::undoRequested);
    const QPoint from = chart.positionOf(curves::kNowMs - 1'800'000, 0.2).toPoint();
    const QPoint to = chart.positionOf(curves::kNowMs - 1'790'000, 0.6).toPoint();
    QTest::mousePress(&chart, Qt::LeftButton, {}, from);
    moveMouse(chart, to, Qt::LeftButton);
    QTest::mouseRelease(&chart, Qt::LeftButton, {}, to);
    QVERIFY(chart.isZoomedY());
    QTest::mouseDClick(&chart, Qt::LeftButton, {}, from);
    QVERIFY(!chart.isZoomedY());
    QCOMPARE(undone.size(), 0);
}

void TestTimeChart::doubleClickAsksForTheFormerRange()
{
    CrosshairGroup group;
    TimeChart chart(group);
    chart.resize(600, 300);
    QSignalSpy undone(&chart, &TimeChart::undoRequested);
    QTest::mouseDClick(&chart, Qt::LeftButton, {}, QPoint(300, 150));
    QCOMPARE(undone.size(), 1);
}

void TestTimeChart::plainWheelPassesOn()
{
    CrosshairGroup group;
    TimeChart chart(group);
    chart.resize(600, 300);
    QSignalSpy zooms(&chart, &TimeChart::zoomRequested);
    QSignalSpy pans(&chart, &TimeChart::panRequested);
    const auto turn = [&](Qt::KeyboardModifiers modifiers) {
        QWheelEvent event(QPointF(300, 150), chart.mapToGlobal(QPointF(300, 150)), {},
            QPoint(0, 120), Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&chart, &event);
        return event.isAccepted();
    };
    QVERIFY(!turn(Qt::NoModifier));
    QVERIFY(turn(Qt::ControlModifier));
    QVERIFY(turn(Qt::ShiftModifier));
    QCOMPARE(zooms.size(), 1);
    QVERIFY(zooms[0][0].toDouble() < 1);
    QCOMPARE(pans.size(), 1);
}

void TestTimeChart::crosshairMovesInAllChartsOfTheGroup()
{
    CrosshairGroup group;
    TimeChart one(group);
    TimeChart two(group);
    for (TimeChart* chart : { &one, &two }) {
        chart->resize(600, 300);
        chart->setContent(curves::latency());
        chart->setTimes(curves::kHour, curves::kStepMs, curves::kNowMs);
        chart->show();
    }
    group.frames().flush();
    const QRgb ink = theme::tokensOf(two.palette()).crosshair.rgb();
    moveMouse(one, one.positionOf(curves::kNowMs - 1'200'000, 0.4).toPoint());
    QVERIFY(group.timeMs().has_value());
    const QPoint at = two.positionOf(*group.timeMs(), 0.62).toPoint();
    const QImage image = renderImage(two, 1);
    QVERIFY(image.pixel(at) == ink || image.pixel(at - QPoint(1, 0)) == ink);
}

void TestTimeChart::arrowKeysMoveTheCrosshairByOneStep()
{
    CrosshairGroup group;
    TimeChart chart(group);
    chart.resize(900, 300);
    chart.setContent(curves::latency());
    chart.setTimes(curves::kHour, curves::kStepMs, curves::kNowMs);
    chart.show();
    group.frames().flush();
    group.moveTo(curves::kNowMs - 700'000 - 5'000, nullptr);
    const double before = *group.timeMs();
    QTest::keyClick(&chart, Qt::Key_Right);
    QVERIFY(qAbs(*group.timeMs() - before - curves::kStepMs) <= curves::kStepMs / 2);
    QTest::keyClick(&chart, Qt::Key_Left, Qt::ShiftModifier);
    QVERIFY(*group.timeMs() < before - 8 * curves::kStepMs);
    QTest::keyClick(&chart, Qt::Key_Space, Qt::ControlModifier);
    QCOMPARE(group.pinsMs().size(), size_t { 1 });
    for (int i = 0; i < 6; ++i) {
        QTest::keyClick(&chart, Qt::Key_Left);
        QTest::keyClick(&chart, Qt::Key_Space, Qt::ControlModifier);
    }
    QCOMPARE(group.pinsMs().size(), size_t { kPinsMax });
    QTest::keyClick(&chart, Qt::Key_Escape);
    QVERIFY(group.pinsMs().empty());
}

void TestTimeChart::fiveLinesOfTwoHundredAreTheLimit()
{
    ChartScene scene;
    scene.options.seriesMax = 5;
    scene.timesMs = curves::kHour;
    scene.stepMs = curves::kStepMs;
    for (int i = 0; i < 9; ++i)
        scene.content.series.push_back(curves::line(
            QString::number(i), i, curves::curve(static_cast<unsigned>(i), i + 1, 0.01)));
    ChartPicture picture;
    picture.layOut(scene, { 600, 300 });
    QCOMPARE(picture.lines().size(), size_t { 5 });
    QCOMPARE(picture.lines().front().series, size_t { 4 });
    QCOMPARE(picture.restCount(), size_t { 4 });
    QVERIFY(!picture.restBand().empty());
}

void TestTimeChart::infinityDoesNotFlattenTheOtherLines()
{
    ChartScene scene;
    scene.timesMs = curves::kHour;
    auto wild = std::make_shared<Samples>(*curves::curve(1, 5, 0.1));
    (*wild)[10].value = std::numeric_limits<double>::infinity();
    (*wild)[20].value = 1e308;
    (*wild)[30].value = std::numeric_limits<double>::quiet_NaN();
    scene.content.series = { curves::line(QStringLiteral("a"), 0, wild) };
    ChartPicture picture;
    picture.layOut(scene, { 600, 300 });
    QVERIFY(picture.y().values.end < 10);
    QCOMPARE(picture.lines().front().pieces.size(), size_t { 4 });
}

void TestTimeChart::everyMissedScrapeHasATick()
{
    CrosshairGroup group;
    TimeChart chart(group);
    chart.resize(600, 300);
    chart.setTimes(curves::kHour, curves::kStepMs, curves::kNowMs);
    ChartContent content;
    content.series = { curves::line(QStringLiteral("a"), 0, curves::curve(1, 5, 0.1)) };
    content.missesMs = { curves::kNowMs - 3'000'000, curves::kNowMs - 1'000'000 };
    chart.setContent(content);
    const QImage image = renderImage(chart, 1);
    const QColor red = theme::tokensOf(chart.palette()).of(theme::State::Critical).text;
    QCOMPARE(countPixels(image, red), 2 * 5);
}

void TestTimeChart::hiddenChartDrawsWhenShown()
{
    CrosshairGroup group;
    TimeChart chart(group);
    chart.resize(600, 300);
    chart.setContent(curves::latency());
    chart.setTimes(curves::kHour, curves::kStepMs, curves::kNowMs);
    group.frames().flush();
    QCOMPARE(chart.positionOf(curves::kNowMs, 0).x(), 0.0);
    chart.show();
    group.frames().flush();
    QVERIFY(chart.positionOf(curves::kNowMs, 0).x() > 300);
}

void TestTimeChart::shownChartDrawsNewContentByItself()
{
    CrosshairGroup group;
    TimeChart chart(group);
    chart.resize(600, 300);
    chart.show();
    QVERIFY(QTest::qWaitForWindowExposed(&chart));
    QCoreApplication::processEvents();
    PaintCounter paints;
    for (QWidget* child : chart.findChildren<QWidget*>())
        child->installEventFilter(&paints);
    QTRY_COMPARE(paints.settled(), true);
    chart.setContent(curves::latency());
    QTRY_VERIFY(paints.count() > 0);
}

void TestTimeChart::appendKeepsTheOrderOfTime()
{
    CrosshairGroup group;
    TimeChart chart(group);
    ChartContent content;
    content.series = { curves::line(
        QStringLiteral("a"), 0, std::make_shared<Samples>(Samples { { 1000, 1 }, { 2000, 2 } })) };
    chart.setContent(content);
    const Samples newer { { 1500, 9 }, { 2000, 9 }, { 3000, 3 } };
    chart.append(QStringLiteral("a"), newer);
    QCOMPARE(
        *chart.content().series[0].samples, (Samples { { 1000, 1 }, { 2000, 2 }, { 3000, 3 } }));
    chart.setTimes({ 0, 4000 }, 1000, 0);
    QCOMPARE(chart.valueAt(QStringLiteral("a"), 2900), std::optional<double>(3));
}

void TestTimeChart::emptyChartSaysWhy()
{
    CrosshairGroup group;
    TimeChart chart(group);
    ChartContent content;
    content.title = QStringLiteral("Latency");
    chart.setContent(content);
    chart.setEmptyText(
        QStringLiteral("Nothing matches job=\"sinse\""), QStringLiteral("Did you mean \"synse\"?"));
    QVERIFY(chart.summary().contains(QStringLiteral("Nothing matches job=\"sinse\"")));
    QVERIFY(chart.summary().contains(QStringLiteral("Did you mean")));
}

void TestTimeChart::screenReaderHearsASummary()
{
    CrosshairGroup group;
    TimeChart chart(group);
    chart.setZone(berlin());
    chart.setContent(curves::latency());
    chart.setTimes(curves::kHour, curves::kStepMs, curves::kNowMs);
    QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(&chart);
    QVERIFY(accessible != nullptr);
    QCOMPARE(accessible->role(), QAccessible::Chart);
    QCOMPARE(accessible->text(QAccessible::Name), QStringLiteral("HTTP latency, p95"));
    const QString text = accessible->text(QAccessible::Description);
    QVERIFY2(text.contains(QStringLiteral("13:41:40 to 14:42:52")), qPrintable(text));
    QVERIFY(text.contains(QStringLiteral("alert SynseLatencyP95 synse-03, warning")));
    QVERIFY(text.contains(QStringLiteral("10 missed scrape")));
}

void TestTimeChart::vectorsStayVectors()
{
    CrosshairGroup group;
    TimeChart chart(group);
    chart.resize(600, 300);
    chart.setContent(curves::latency());
    chart.setTimes(curves::kHour, curves::kStepMs, curves::kNowMs);
    const QByteArray svg = renderSvg(chart, QStringLiteral("Latency"));
    QVERIFY(svg.contains("<polyline"));
    QVERIFY(!svg.contains("<image"));
    const QByteArray pdf = renderPdf(chart, QStringLiteral("Latency"));
    QVERIFY(pdf.startsWith("%PDF-"));
    QVERIFY(!pdf.contains("/Subtype /Image"));
    QVERIFY(exportPicture(chart, screen(QStringLiteral("chart.pdf")), 1).has_value());
    QVERIFY(exportPicture(chart, screen(QStringLiteral("chart.svg")), 1).has_value());
    QVERIFY(exportPicture(chart, screen(QStringLiteral("chart@2.png")), 2).has_value());
}

void TestTimeChart::aMenuBarIsReadableInAnSvg()
{
    QWidget window;
    window.resize(400, 60);
    QMenuBar menus(&window);
    menus.setNativeMenuBar(false);
    menus.addMenu(QStringLiteral("File"));
    menus.resize(400, 27);
    const QImage png = renderImage(window, 1);
    QImage svg(png.size(), QImage::Format_RGB32);
    svg.fill(Qt::black);
    QPainter painter(&svg);
    const QByteArray text = renderSvg(window, QStringLiteral("Window"));
    QCOMPARE(text.count("<svg "), 1);
    QSvgRenderer(text).render(&painter);
    painter.end();
    const QRgb empty = png.pixel(399, 20);
    const auto inked = [&](const QImage& image) {
        int count = 0;
        for (int y = 0; y < 27; ++y) {
            for (int x = 0; x < 60; ++x)
                count += image.pixel(x, y) != empty ? 1 : 0;
        }
        return count;
    };
    QVERIFY(inked(png) > 20);
    QVERIFY2(inked(svg) > 20, "the menu's name is painted over");
}

void TestTimeChart::unknownEndingIsRefused()
{
    QWidget widget;
    const auto result = exportPicture(widget, QStringLiteral("a.gif"), 1);
    QVERIFY(!result.has_value());
    QCOMPARE(QString::fromStdString(result.error().message),
        QStringLiteral("cannot write \"a.gif\": the ending must be .png, .svg or .pdf"));
    const auto nowhere = exportPicture(widget, QStringLiteral("/nonexistent/a.png"), 1);
    QVERIFY(!nowhere.has_value());
    QVERIFY(QString::fromStdString(nowhere.error().message)
                .startsWith(QStringLiteral("cannot write \"/nonexistent/a.png\": ")));
}

void TestTimeChart::ribbonTellsTheRenderedAnnotation()
{
    CrosshairGroup group;
    TimeChart chart(group);
    chart.resize(900, 400);
    chart.setContent(curves::latency());
    chart.setTimes(curves::kHour, curves::kStepMs, curves::kNowMs);
    chart.show();
    group.frames().flush();
    QString found;
    for (int y = 0; y < 80 && found.isEmpty(); ++y) {
        moveMouse(
            chart, QPoint(static_cast<int>(chart.positionOf(curves::kNowMs - 100'000, 0).x()), y));
        found = QToolTip::text();
    }
    QVERIFY2(found.contains(QStringLiteral("p95 of synse-03 is 0.72 s")), qPrintable(found));
    QVERIFY(found.contains(QStringLiteral("firing since")));
}

QTEST_MAIN(TestTimeChart)
#include "tst_time_chart.moc"
