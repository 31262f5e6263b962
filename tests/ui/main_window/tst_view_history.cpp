// The way back through views and ranges.
#include "ui/main_window/view_history.h"

#include <QtTest>

using fleetglass::main_window::ViewHistory;

class TestViewHistory : public QObject
{
    Q_OBJECT

private slots:
    void stepsComeBackInTheirOrder()
    {
        ViewHistory history;
        history.pageLeft(0); // To page 2.
        history.rangeDepthChanged(1);
        auto step = history.back(2);
        QVERIFY(step && step->isRange);
        history.settle(0);
        step = history.back(2);
        QVERIFY(step && !step->isRange);
        QCOMPARE(step->page, 0);
        history.settle(0);
        QVERIFY(!history.canGoBack());
        step = history.forward(0);
        QCOMPARE(step->page, 2);
        history.settle(0);
        step = history.forward(2);
        QVERIFY(step->isRange);
    }

    void anUndoneRangeIsNoStepAnyMore()
    {
        ViewHistory history;
        history.rangeDepthChanged(1);
        history.rangeDepthChanged(0); // Double-click in a chart.
        QVERIFY(!history.canGoBack());
    }

    void aNewStepForgetsTheWayForward()
    {
        ViewHistory history;
        history.pageLeft(0);
        history.back(1);
        history.settle(0);
        QVERIFY(history.canGoForward());
        history.pageLeft(0);
        QVERIFY(!history.canGoForward());
    }
};

QTEST_GUILESS_MAIN(TestViewHistory)
#include "tst_view_history.moc"
