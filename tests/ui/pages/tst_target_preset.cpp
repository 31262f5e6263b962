// Goal: a known system is added with its host and secret only; it can be tried before it is saved.
#include "tests/support/sample_port.h"
#include "tests/support/sample_view.h"
#include "tests/support/theme_fixture.h"
#include "ui/pages/target_preset.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/phase_bar.h"
#include "ui/widgets/plain_label.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QTest>

using namespace fleetglass;
using namespace fleetglass::pages;

namespace {

struct Stage
{
    support::ThemeFixture theme;
    support::SamplePort port { support::sampleView() };
    TargetPreset dialog { port, QStringLiteral("awx") };

    Stage()
    {
        port.deliver();
        dialog.show();
    }
    template<class T>
    T* field(const char* name)
    {
        for (T* one : dialog.findChildren<T*>()) {
            if (one->accessibleName() == QLatin1String(name))
                return one;
        }
        return nullptr;
    }
    void press(const char* text)
    {
        for (auto* one : dialog.findChildren<widgets::KeyButton*>()) {
            if (one->text() == QLatin1String(text))
                one->click();
        }
        port.deliver();
    }
    bool asked(const std::string& call) const
    {
        const auto& calls = port.calls();
        return std::any_of(calls.begin(), calls.end(),
            [&](const std::string& one) { return one.find(call) != std::string::npos; });
    }
    bool says(const QString& text)
    {
        const auto labels = dialog.findChildren<widgets::PlainLabel*>();
        return std::any_of(labels.begin(), labels.end(),
            [&](const auto* one) { return one->text().contains(text); });
    }
};

} // namespace

class TestTargetPreset : public QObject
{
    Q_OBJECT
private slots:
    void itsFieldsAreThoseOfThePreset();
    void theSecretIsNeverShown();
    void whatIsMissingIsSaidAtItsField();
    void itIsTriedBeforeItIsSaved();
    void savingWatchesIt();
    void anotherPresetHasAnotherForm();
    void somethingElseIsAddedInTheEditor();
};

void TestTargetPreset::itsFieldsAreThoseOfThePreset()
{
    Stage stage;
    QVERIFY(stage.field<QLineEdit>("Host") != nullptr);
    auto* version = stage.field<QComboBox>("Version");
    QVERIFY(version != nullptr);
    version->setCurrentIndex(1);
    stage.dialog.findChild<QCheckBox*>()->setChecked(true);
    const auto choice = stage.dialog.choice();
    QCOMPARE(choice.id, std::string("awx"));
    QCOMPARE(choice.values[2].second, std::string("/b"));
    QCOMPARE(choice.values[3].second, std::string("true"));
}

void TestTargetPreset::theSecretIsNeverShown()
{
    Stage stage;
    QCOMPARE(stage.field<QLineEdit>("Token")->echoMode(), QLineEdit::Password);
}

void TestTargetPreset::whatIsMissingIsSaidAtItsField()
{
    Stage stage;
    stage.press("Watch");
    QVERIFY(stage.says(QStringLiteral("give at least one host")));
    QVERIFY(!stage.asked("saveDefinition"));
    QVERIFY(stage.field<QLineEdit>("Host")->hasFocus() || !stage.dialog.isActiveWindow());
}

void TestTargetPreset::itIsTriedBeforeItIsSaved()
{
    Stage stage;
    stage.field<QLineEdit>("Host")->setText(QStringLiteral("ctl"));
    stage.press("Test");
    QVERIFY(support::saveScreen(stage.dialog, QStringLiteral("target-preset")));
    QVERIFY(stage.asked("testDefinition awx"));
    QVERIFY(!stage.asked("saveDefinition"));
    QVERIFY(!stage.dialog.findChild<widgets::PhaseBar*>()->spokenText().isEmpty());
}

void TestTargetPreset::savingWatchesIt()
{
    Stage stage;
    QSignalSpy saved(&stage.dialog, &TargetPreset::saved);
    stage.field<QLineEdit>("Host")->setText(QStringLiteral(" ctl "));
    stage.press("Watch");
    QVERIFY(stage.asked("presetJobs awx host=ctl"));
    QVERIFY(stage.asked("saveDefinition awx"));
    QCOMPARE(saved.size(), 1);
    QVERIFY(!stage.dialog.isVisible());
}

void TestTargetPreset::anotherPresetHasAnotherForm()
{
    Stage stage;
    stage.dialog.findChild<QListWidget*>()->setCurrentRow(1);
    QCOMPARE(stage.dialog.choice().id, std::string("node"));
    QCOMPARE(stage.dialog.choice().values.size(), size_t(1));
}

void TestTargetPreset::somethingElseIsAddedInTheEditor()
{
    Stage stage;
    QSignalSpy other(&stage.dialog, &TargetPreset::otherRequested);
    stage.press("All settings ...");
    QCOMPARE(other.size(), 1);
}

QTEST_MAIN(TestTargetPreset)
#include "tst_target_preset.moc"
