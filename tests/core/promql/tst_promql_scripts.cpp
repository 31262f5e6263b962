// Every script under tests/data/promql must pass.
#include "tests/support/promqltest.h"

#include <QTest>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace fleetglass;

class PromqlScripts : public QObject
{
    Q_OBJECT

private slots:
    void scriptPasses_data()
    {
        QTest::addColumn<QString>("file");
        const char* root = std::getenv("FLEETGLASS_SOURCE_DIR");
        QVERIFY2(root, "FLEETGLASS_SOURCE_DIR is not set");
        for (const auto& entry : std::filesystem::directory_iterator(
                 std::filesystem::path(root) / "tests/data/promql")) {
            if (entry.path().extension() == ".test")
                QTest::addRow("%s", entry.path().filename().c_str())
                    << QString::fromStdString(entry.path().string());
        }
    }

    void scriptPasses()
    {
        QFETCH(QString, file);
        std::ifstream stream(file.toStdString());
        std::ostringstream text;
        text << stream.rdbuf();
        int asked = 0;
        std::string problems;
        const auto broken
            = test::runPromqltest(text.str(), test::promqltestOptions(), [&](const auto& outcome) {
                  ++asked;
                  if (outcome.error)
                      problems += *outcome.error + '\n';
              });
        QVERIFY2(!broken, broken.value_or("").c_str());
        QVERIFY2(problems.empty(), problems.c_str());
        QVERIFY(asked > 0);
    }
};

QTEST_GUILESS_MAIN(PromqlScripts)
#include "tst_promql_scripts.moc"
