// Goal: the legend keeps its rows, order and selection while answers come in. Method: the model
// under QAbstractItemModelTester, answers by hand.
#include "ui/models/differing_labels.h"
#include "ui/models/legend_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>
#include <limits>

using namespace fleetglass;
using namespace fleetglass::models;

namespace {

using Pair = std::pair<std::string, std::vector<double>>;

view::QueryAnswerPtr answer(const std::vector<Pair>& series, const std::string& label = "instance")
{
    auto result = std::make_shared<view::QueryAnswer>();
    result->ok = true;
    result->request = { "x", 0, 60'000, 15'000 };
    for (const auto& [name, values] : series) {
        view::SeriesView view;
        view.labels = { { "__name__", "x" }, { "job", "synse" }, { label, name } };
        for (size_t i = 0; i < values.size(); ++i) {
            view.timestampsMs.push_back(static_cast<int64_t>(i) * 15'000);
            view.values.push_back(values[i]);
        }
        result->series.push_back(view);
    }
    return result;
}

theme::SeriesStyle plain(const labels::Labels&)
{
    return {};
}

QString text(const LegendModel& model, int row, LegendModel::Fixed fixed)
{
    return model.index(row, model.column(fixed)).data().toString();
}

} // namespace

class TestLegendModel : public QObject
{
    Q_OBJECT

private slots:
    void showsOnlyTheLabelsThatDiffer();
    void statisticsLeaveOutNaN();
    void newAnswerChangesRangesAndNeverResets();
    void linesComeAndGoByKey();
    void crosshairChangesOneColumnOnly();
    void sortingKeepsTheSelectedLine();
    void filterLooksAtNamesAndValues();
    void otherLabelsMakeOtherColumns();
    void randomTicksKeepTheModelSound();
    void sharedLabelsAreSaidOnce();
};

void TestLegendModel::showsOnlyTheLabelsThatDiffer()
{
    LegendModel model;
    QAbstractItemModelTester tester(&model);
    model.setAnswer(answer({ { "synse-01", { 1, 2 } }, { "synse-03", { 5, 7 } } }), plain);
    QCOMPARE(model.headerData(1, Qt::Horizontal).toString(), QStringLiteral("instance"));
    QCOMPARE(model.sparkColumn(), 2);
    QCOMPARE(model.index(0, 1).data().toString(), QStringLiteral("synse-03"));
    QCOMPARE(model.nameAt(1), QStringLiteral("synse-01"));
    QCOMPARE(
        model.keyAt(0), QStringLiteral("{__name__=\"x\", instance=\"synse-03\", job=\"synse\"}"));
}

void TestLegendModel::statisticsLeaveOutNaN()
{
    LegendModel model;
    QAbstractItemModelTester tester(&model);
    model.setUnit(theme::unitFromWord(QStringLiteral("s")));
    model.setAnswer(
        answer({ { "a", { 0.2, std::numeric_limits<double>::quiet_NaN(), 0.4, 0.72 } } }), plain);
    QCOMPARE(text(model, 0, LegendModel::Fixed::Last), QStringLiteral("720 ms"));
    QCOMPARE(text(model, 0, LegendModel::Fixed::Min), QStringLiteral("200 ms"));
    QCOMPARE(text(model, 0, LegendModel::Fixed::Avg), QStringLiteral("440 ms"));
    QCOMPARE(text(model, 0, LegendModel::Fixed::Max), QStringLiteral("720 ms"));
    QCOMPARE(text(model, 0, LegendModel::Fixed::Delta), QStringLiteral("+520 ms"));
}

void TestLegendModel::newAnswerChangesRangesAndNeverResets()
{
    LegendModel model;
    QAbstractItemModelTester tester(&model);
    model.setAnswer(answer({ { "a", { 1 } }, { "b", { 2 } }, { "c", { 3 } } }), plain);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    model.setAnswer(answer({ { "a", { 9 } }, { "b", { 8 } }, { "c", { 7 } } }), plain);
    QCOMPARE(resets.size(), 0);
    QCOMPARE(changes.size(), 1);
    QCOMPARE(changes[0][0].toModelIndex().row(), 0);
    QCOMPARE(changes[0][1].toModelIndex().row(), 2);
    // Falling by the first answer; a tick does not move rows.
    QCOMPARE(model.nameAt(0), QStringLiteral("c"));
    QCOMPARE(text(model, 0, LegendModel::Fixed::Last), QStringLiteral("7"));
}

void TestLegendModel::linesComeAndGoByKey()
{
    LegendModel model;
    QAbstractItemModelTester tester(&model);
    model.setAnswer(answer({ { "a", { 1 } }, { "b", { 2 } }, { "c", { 3 } } }), plain);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    model.setAnswer(answer({ { "a", { 1 } }, { "c", { 3 } }, { "d", { 9 } } }), plain);
    QCOMPARE(resets.size(), 0);
    QCOMPARE(removed.size(), 1);
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.nameAt(2), QStringLiteral("d"));
}

void TestLegendModel::crosshairChangesOneColumnOnly()
{
    LegendModel model;
    QAbstractItemModelTester tester(&model);
    model.setAnswer(answer({ { "a", { 1, 2, 3, 4 } } }), plain);
    QCOMPARE(text(model, 0, LegendModel::Fixed::At), QString());
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    model.setCrosshair(31'000, 15'000);
    QCOMPARE(text(model, 0, LegendModel::Fixed::At), QStringLiteral("3"));
    QCOMPARE(changes.size(), 1);
    QCOMPARE(changes[0][0].toModelIndex().column(), model.column(LegendModel::Fixed::At));
    QCOMPARE(changes[0][1].toModelIndex().column(), model.column(LegendModel::Fixed::At));
    model.setCrosshair(3'000'000, 15'000);
    QCOMPARE(text(model, 0, LegendModel::Fixed::At), QStringLiteral("\u2013"));
}

void TestLegendModel::sortingKeepsTheSelectedLine()
{
    LegendModel model;
    QAbstractItemModelTester tester(&model);
    model.setAnswer(answer({ { "a", { 1 } }, { "b", { 2 } }, { "c", { 3 } } }), plain);
    const QPersistentModelIndex selected = model.index(0, 0);
    model.sort(model.column(LegendModel::Fixed::Last), Qt::AscendingOrder);
    QCOMPARE(model.nameAt(0), QStringLiteral("a"));
    QCOMPARE(selected.row(), 2);
    model.sort(1, Qt::DescendingOrder);
    QCOMPARE(model.nameAt(0), QStringLiteral("c"));
}

void TestLegendModel::filterLooksAtNamesAndValues()
{
    LegendModel model;
    QAbstractItemModelTester tester(&model);
    model.setAnswer(
        answer({ { "web-01", { 1 } }, { "web-02", { 2 } }, { "db-01", { 3 } } }), plain);
    model.setFilter(QStringLiteral("WEB"));
    QCOMPARE(model.rowCount(), 2);
    model.setAnswer(
        answer({ { "web-01", { 1 } }, { "db-01", { 3 } }, { "web-03", { 3 } } }), plain);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.keys().size(), 3);
    model.setFilter({});
    QCOMPARE(model.rowCount(), 3);
}

void TestLegendModel::otherLabelsMakeOtherColumns()
{
    LegendModel model;
    QAbstractItemModelTester tester(&model);
    model.setAnswer(answer({ { "a", { 1 } }, { "b", { 2 } } }), plain);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    model.setAnswer(answer({ { "/read", { 1 } }, { "/scan", { 2 } } }, "template"), plain);
    QCOMPARE(resets.size(), 1);
    QCOMPARE(model.headerData(1, Qt::Horizontal).toString(), QStringLiteral("template"));
}

void TestLegendModel::randomTicksKeepTheModelSound()
{
    LegendModel model;
    QAbstractItemModelTester tester(&model);
    model.setAnswer(answer({ { "h0", { 1 } }, { "h1", { 1 } }, { "hx", { 1 } } }), plain);
    for (unsigned tick = 0; tick < 60; ++tick) {
        std::vector<Pair> series { { "hx", { 1 } }, { "hy", { 1 } } };
        for (unsigned i = 0; i < 12; ++i) {
            if ((tick * 2654435761U >> (i + 7)) & 1U)
                series.push_back({ "h" + std::to_string(i), { static_cast<double>(tick + i) } });
        }
        model.setFilter(tick % 7 == 3 ? QStringLiteral("h1") : QString());
        model.setAnswer(answer(series), plain);
        QCOMPARE(static_cast<size_t>(model.keys().size()), series.size());
    }
}

void TestLegendModel::sharedLabelsAreSaidOnce()
{
    const std::vector<labels::Labels> sets {
        { { "__name__", "x" }, { "job", "synse" }, { "instance", "a" } },
        { { "__name__", "x" }, { "job", "synse" }, { "instance", "b" }, { "z", "1" } },
    };
    QCOMPARE(sharedLabels(sets).toString(), "{job=\"synse\"}");
    QCOMPARE(sharedMetric(sets), "x");
    QCOMPARE(differingLabels(sets), (std::vector<std::string> { "instance", "z" }));
}

QTEST_GUILESS_MAIN(TestLegendModel)
#include "tst_legend_model.moc"
