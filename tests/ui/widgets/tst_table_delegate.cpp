// Tables and raw text as they are drawn; leaves pictures in $FLEETGLASS_BINARY_DIR/screens.
#include "tests/support/sample_view.h"
#include "tests/support/theme_fixture.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/ink.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/raw_text_view.h"
#include "ui/widgets/table_delegate.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>
#include <QtTest>

using namespace fleetglass;
using namespace fleetglass::widgets;

namespace {

void addRow(QStandardItemModel& model, const view::TargetView& target)
{
    const bool down = target.health == view::Health::Down;
    auto* state = new QStandardItem(down ? QStringLiteral("DOWN") : QStringLiteral("up"));
    state->setData(int(down ? theme::Glyph::Critical : theme::Glyph::Ok), theme::GlyphRole);
    state->setData(int(down ? theme::Ink::Critical : theme::Ink::Ok), theme::InkRole);
    auto* job = new QStandardItem(QString::fromStdString(target.job));
    job->setData(int(theme::Ink::Muted), theme::InkRole);
    auto* instance = new QStandardItem(QString::fromStdString(target.instance));
    instance->setData(QStringLiteral("(\u221215 s)"), theme::DetailRole);
    auto* took = new QStandardItem(QStringLiteral("%1 ms").arg(target.durationMs));
    took->setData(true, theme::NumberRole);
    auto* spark = new QStandardItem;
    spark->setData(QVariant::fromValue(theme::SparkCell { target.spark, 20.0 }), theme::SparkRole);
    auto* ribbon = new QStandardItem;
    std::vector<theme::RibbonCell::Part> parts;
    for (const view::AttemptView& attempt : *target.attemptsRecent)
        parts.push_back(attempt.ok ? theme::RibbonCell::Part::Good : theme::RibbonCell::Part::Bad);
    ribbon->setData(
        QVariant::fromValue(theme::RibbonCell {
            std::make_shared<const std::vector<theme::RibbonCell::Part>>(std::move(parts)) }),
        theme::RibbonRole);
    model.appendRow({ state, job, instance, took, spark, ribbon });
}

} // namespace

class TestTableDelegate : public QObject
{
    Q_OBJECT

private slots:
    void tablesAndRawTextCanBeSeen_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("widgets-dark") << true;
        QTest::newRow("widgets-light") << false;
    }

    void tablesAndRawTextCanBeSeen()
    {
        QFETCH(bool, dark);
        support::ThemeFixture themed;
        themed.theme.setChoice(dark ? theme::ThemeChoice::Dark : theme::ThemeChoice::Light);
        QStandardItemModel model;
        model.setHorizontalHeaderLabels(
            { QStringLiteral("State"), QStringLiteral("Job"), QStringLiteral("Instance"),
                QStringLiteral("Took"), QStringLiteral("1 h"), QStringLiteral("attempts") });
        const auto fleet = support::sampleView();
        for (const auto& target : fleet->targets)
            addRow(model, *target);
        QWidget window;
        auto* lines = new QVBoxLayout(&window);
        auto* chips = new QHBoxLayout;
        for (auto* chip :
            { new Chip(QStringLiteral("critical"), theme::State::Critical, ChipFill::Solid),
                new Chip(QStringLiteral("warning"), theme::State::Warning, ChipFill::Solid),
                new Chip(QStringLiteral("pending"), theme::State::Pending),
                new Chip(QStringLiteral("unknown"), theme::State::Unknown),
                new Chip(QStringLiteral("phase TLS")) }) {
            chip->setCount(4);
            chips->addWidget(chip);
        }
        chips->addStretch(1);
        lines->addLayout(chips);
        auto* table = new QTableView(&window);
        table->setModel(&model);
        setUpTable(*table, theme::size::kRow);
        table->setColumnWidth(2, 240);
        table->setColumnWidth(5, 180);
        table->selectRow(1);
        lines->addWidget(table);
        auto* raw = new RawTextView(&window);
        const auto detail = support::sampleParseErrorDetail(*fleet->targets[12]);
        raw->setLines(rawLines(detail.body.text, detail.body.errorLine, detail.body.errorColumn,
            QStringLiteral("column 38: a quote inside a label value must be written \\\"")));
        lines->addWidget(raw);
        window.resize(1000, 700);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QVERIFY(support::saveScreen(window, QString::fromLatin1(QTest::currentDataTag())));
        QCOMPARE(table->rowHeight(0), 22);
        QCOMPARE(table->horizontalHeader()->height(), 24);
        QVERIFY(raw->findText(QStringLiteral("build_info"), true));
        QVERIFY(!raw->findText(QStringLiteral("not there"), true));
    }
};

QTEST_MAIN(TestTableDelegate)
#include "tst_table_delegate.moc"
