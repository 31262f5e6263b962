// Goal: typing a query is helped and never held up. Method: keys into the offscreen editor, answers
// of the port given by hand.
#include "tests/support/sample_port.h"
#include "tests/support/sample_view.h"
#include "tests/support/theme_fixture.h"
#include "ui/widgets/query_editor.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>

using namespace fleetglass;
using namespace fleetglass::widgets;

class TestQueryEditor : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void metricsAreOfferedWhileTyping();
    void tabInsertsAndEscapeCloses();
    void labelValuesComeThroughThePort();
    void lateWordsAreDropped();
    void controlEnterRuns();
    void historyGoesUpAndComesBackToTheDraft();
    void formatSpreadsALongQuery();
    void wrongQueryIsMarked();

private:
    std::unique_ptr<support::ThemeFixture> m_theme;
    std::unique_ptr<support::SamplePort> m_port;
    std::unique_ptr<QWidget> m_window;
    QueryEditor* m_editor = nullptr;
};

void TestQueryEditor::init()
{
    m_theme = std::make_unique<support::ThemeFixture>();
    m_port = std::make_unique<support::SamplePort>(support::sampleView());
    m_window = std::make_unique<QWidget>();
    m_window->resize(800, 400);
    m_editor = new QueryEditor(*m_port, m_window.get());
    m_editor->setGeometry(0, 0, 800, 80);
    m_editor->setCatalog(std::make_shared<view::MetricCatalog>(support::sampleMetrics()));
    m_window->show();
    m_window->activateWindow();
    m_editor->setFocus();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void TestQueryEditor::cleanup()
{
    m_window.reset();
    m_port.reset();
    m_theme.reset();
}

void TestQueryEditor::metricsAreOfferedWhileTyping()
{
    QTest::keyClicks(m_editor, QStringLiteral("rate(synse_http_req"));
    QVERIFY(m_editor->isCompleting());
    QCOMPARE(
        m_editor->completions()[0].text, QStringLiteral("synse_http_request_latency_sec_bucket"));
    QVERIFY(support::saveScreen(*m_window, QStringLiteral("query-editor")));
}

void TestQueryEditor::tabInsertsAndEscapeCloses()
{
    QTest::keyClicks(m_editor, QStringLiteral("node_lo"));
    QTest::keyClick(m_editor, Qt::Key_Tab);
    QCOMPARE(m_editor->text(), QStringLiteral("node_load1"));
    QVERIFY(!m_editor->isCompleting());
    QTest::keyClicks(m_editor, QStringLiteral(" + node_"));
    QVERIFY(m_editor->isCompleting());
    QTest::keyClick(m_editor, Qt::Key_Escape);
    QVERIFY(!m_editor->isCompleting());
}

void TestQueryEditor::labelValuesComeThroughThePort()
{
    QTest::keyClicks(m_editor, QStringLiteral("up{job=\"sy"));
    QCOMPARE(m_port->calls().back(), "labelValues job up");
    QVERIFY(!m_editor->isCompleting());
    m_port->deliver();
    QVERIFY(m_editor->isCompleting());
    QCOMPARE(m_editor->completions()[0].text, QStringLiteral("synse"));
    QTest::keyClick(m_editor, Qt::Key_Return);
    QCOMPARE(m_editor->text(), QStringLiteral("up{job=\"synse"));
}

void TestQueryEditor::lateWordsAreDropped()
{
    QTest::keyClicks(m_editor, QStringLiteral("up{jo"));
    m_editor->setText(QStringLiteral("up"));
    m_port->deliver();
    QVERIFY(!m_editor->isCompleting());
}

void TestQueryEditor::controlEnterRuns()
{
    QSignalSpy runs(m_editor, &QueryEditor::runRequested);
    QTest::keyClicks(m_editor, QStringLiteral("up"));
    QTest::keyClick(m_editor, Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(runs.size(), 1);
    QTest::keyClick(m_editor, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(runs.size(), 1);
    QCOMPARE(m_editor->text(), QStringLiteral("up\n"));
}

void TestQueryEditor::historyGoesUpAndComesBackToTheDraft()
{
    m_editor->setHistory({ QStringLiteral("one"), QStringLiteral("two") });
    m_editor->setText(QStringLiteral("draft"));
    QTest::keyClick(m_editor, Qt::Key_Up, Qt::ControlModifier);
    QCOMPARE(m_editor->text(), QStringLiteral("two"));
    QTest::keyClick(m_editor, Qt::Key_Up, Qt::ControlModifier);
    QTest::keyClick(m_editor, Qt::Key_Up, Qt::ControlModifier);
    QCOMPARE(m_editor->text(), QStringLiteral("one"));
    QTest::keyClick(m_editor, Qt::Key_Down, Qt::ControlModifier);
    QTest::keyClick(m_editor, Qt::Key_Down, Qt::ControlModifier);
    QCOMPARE(m_editor->text(), QStringLiteral("draft"));
}

void TestQueryEditor::formatSpreadsALongQuery()
{
    m_editor->setText(QStringLiteral("histogram_quantile(0.95,sum "
                                     "by(instance,template,le)(rate(synse_http_request_latency_sec_"
                                     "bucket{template=~\"/v3/(read|scan|info)\"}[1m])))"));
    m_editor->format();
    QVERIFY(m_editor->text().contains(QLatin1Char('\n')));
    QCOMPARE(m_editor->check().state, QueryState::Valid);
}

void TestQueryEditor::wrongQueryIsMarked()
{
    m_editor->setText(QStringLiteral("rat(up[5m])"));
    QCOMPARE(m_editor->check().state, QueryState::Wrong);
    QCOMPARE(m_editor->extraSelections().size(), 1);
    QCOMPARE(m_editor->accessibleDescription(), m_editor->check().message);
    m_editor->setText(QStringLiteral("rate(up[5m])"));
    QVERIFY(m_editor->extraSelections().isEmpty());
}

QTEST_MAIN(TestQueryEditor)
#include "tst_query_editor.moc"
