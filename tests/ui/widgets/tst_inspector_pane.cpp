// Goal: a long text in the inspector is shown to its last line.
#include "tests/support/theme_fixture.h"
#include "ui/widgets/inspector_pane.h"
#include "ui/widgets/plain_label.h"

#include <QTest>
#include <QVBoxLayout>

using namespace fleetglass;

class TestInspectorPane : public QObject
{
    Q_OBJECT

private slots:
    void wrappedTextIsNotCut();
};

void TestInspectorPane::wrappedTextIsNotCut()
{
    const support::ThemeFixture theme;
    QWidget content;
    auto* layout = new QVBoxLayout(&content);
    auto* section = new widgets::InspectorSection({}, &content);
    auto* label = new widgets::PlainLabel(section);
    label->setWordWrap(true);
    section->add(label);
    layout->addWidget(section);
    layout->addStretch(1);
    content.resize(280, 800);
    content.show();
    label->setText(
        QStringLiteral("input to histogram_quantile needed to be fixed for monotonicity, "
                       "from buckets 0.075 to 0.075, with a max diff of 35, over 6 "
                       "samples from 2026-11-20T14:16:36 to 2026-11-20T14:17:01"));
    QTRY_VERIFY(label->height() >= label->heightForWidth(label->width()));
    QVERIFY(label->height() > 4 * label->fontMetrics().height());
    // What is left goes to the end, not into the section.
    QVERIFY(section->height() < 400);
}

QTEST_MAIN(TestInspectorPane)
#include "tst_inspector_pane.moc"
