// What Ctrl+K finds.
#include "ui/widgets/palette_search.h"

#include <QtTest>

using namespace fleetglass::widgets;

namespace {

QVector<PaletteItem> items()
{
    const auto item = [](PaletteKind kind, const char* text, const char* detail = "") {
        return PaletteItem {
            .kind = kind, .text = QLatin1String(text), .detail = QLatin1String(detail)
        };
    };
    return { item(PaletteKind::Host, "web-07:4000", "etcha"),
        item(PaletteKind::Host, "db-02:4000", "etcha"),
        item(PaletteKind::Metric, "node_load1", "1m load average"),
        item(PaletteKind::Alert, "NodeLoadHigh", "{instance=\"build-02\"}"),
        item(PaletteKind::Command, "Reset layout", "View"),
        item(PaletteKind::View, "Shells", "view"),
        item(PaletteKind::Metric, "etcha_sources_shells") };
}

} // namespace

class TestPaletteSearch : public QObject
{
    Q_OBJECT

private slots:
    void theBestComesFirst_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QVector<int>>("found");
        const auto row = [](const char* typed, QVector<int> found) {
            QTest::newRow(typed) << QString::fromLatin1(typed) << found;
        };
        row("web", { 0 });
        row("WEB-07", { 0 });
        row("shells", { 5, 6 });
        row("node load", { 2, 3 });
        row("etcha", { 6, 1, 0 });
        row("@etcha", { 1, 0 });
        row("# load", { 2 });
        row("!load", { 3 });
        row(">reset", { 4 });
        row(":", { 5 });
        row("no such thing", {});
    }

    void theBestComesFirst()
    {
        QFETCH(QString, typed);
        QFETCH(QVector<int>, found);
        QCOMPARE(searchPalette(items(), typed, 10), found);
    }

    void theListHasAnEnd() { QCOMPARE(searchPalette(items(), {}, 3), (QVector<int> { 0, 1, 2 })); }
};

QTEST_GUILESS_MAIN(TestPaletteSearch)
#include "tst_palette_search.moc"
