// Goal: the command line keeps its contract, and nothing that leaves the program holds a secret.
// Method: the built program, run as a script would.
#include "core/demo/scenario.h"
#include "tests/support/real_parts.h"

#include <QDirIterator>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace fleetglass;
using support::runFleetglass;

namespace {

QStringList words(const char* text)
{
    return QString::fromLatin1(text).split(QLatin1Char(' '));
}

} // namespace

class TestCommandLine : public QObject
{
    Q_OBJECT

private slots:
    void exitCodesAreAContract_data();
    void exitCodesAreAContract();
    void errorsNameFileLineAndColumn();
    void metricsAreLintedFromStandardInput();
    void theDemoFleetLeavesFilesWithoutSecrets();

private:
    QTemporaryDir m_folder;
};

void TestCommandLine::exitCodesAreAContract_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("help") << words("--help") << 0;
    QTest::newRow("version") << words("--version") << 0;
    QTest::newRow("check what") << words("check") << 2;
    QTest::newRow("check something else") << words("check everything x") << 2;
    QTest::newRow("unknown flag") << words("check config --lnt x.yml") << 2;
    QTest::newRow("no such file") << words("check config /nonexistent.yml") << 1;
    QTest::newRow("scrape without once") << words("scrape x.yml") << 2;
    QTest::newRow("bad duration") << words("record x.yml --for soon") << 2;
    QTest::newRow("query nothing") << words("query instant") << 2;
    QTest::newRow("query no such source") << words("query instant /nonexistent up") << 1;
    QTest::newRow("demo beyond loopback") << words("demo-fleet --listen 0.0.0.0:9000") << 2;
    QTest::newRow("snapshot without output") << words("snapshot --demo") << 2;
}

void TestCommandLine::exitCodesAreAContract()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    const auto outcome = runFleetglass(arguments);
    QVERIFY2(outcome.exitCode == exitCode, (outcome.output + outcome.errors).constData());
    if (exitCode != 0)
        QVERIFY(!outcome.errors.isEmpty());
}

void TestCommandLine::errorsNameFileLineAndColumn()
{
    const QString file = m_folder.filePath(QStringLiteral("bad.yml"));
    support::writeText(file,
        "scrape_configs:\n- job_name: a\n  relabel_configs:\n  - action: kepp\n    regex: x\n");
    const auto outcome = runFleetglass({ QStringLiteral("check"), QStringLiteral("config"), file });
    QCOMPARE(outcome.exitCode, 1);
    QVERIFY2(outcome.errors.contains("bad.yml:4:"), outcome.errors.constData());
    QVERIFY2(outcome.errors.contains("kepp"), outcome.errors.constData());
}

void TestCommandLine::metricsAreLintedFromStandardInput()
{
    QCOMPARE(runFleetglass(words("check metrics"),
                 "# HELP a_total Things.\n# TYPE a_total counter\na_total 1\n")
                 .exitCode,
        0);
    QCOMPARE(
        runFleetglass(words("check metrics"), "# HELP a Things.\n# TYPE a counter\na 1\n").exitCode,
        3);
    QCOMPARE(runFleetglass(words("check metrics"), "a{ 1\n").exitCode, 1);
}

void TestCommandLine::theDemoFleetLeavesFilesWithoutSecrets()
{
    QStringList arguments = words("snapshot --demo --for 4s");
    for (const char* ending : { "png", "svg", "pdf", "html", "csv", "json", "om", "fgsnap" })
        arguments << QStringLiteral("--output")
                  << m_folder.filePath(QStringLiteral("demo.") + QLatin1String(ending));
    const auto outcome = runFleetglass(arguments, {}, 240'000);
    QVERIFY2(outcome.exitCode == 0, outcome.errors.constData());

    const std::string_view secrets[]
        = { demo::kEtchaKey, demo::kAwxToken, demo::kOperatorPassword };
    QDirIterator files(m_folder.path(), { QStringLiteral("demo.*") }, QDir::Files);
    int count = 0;
    while (files.hasNext()) {
        QFile file(files.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        QVERIFY2(bytes.size() > 500, qPrintable(file.fileName()));
        for (const auto secret : secrets)
            QVERIFY2(
                !bytes.contains(QByteArray(secret.data(), static_cast<qsizetype>(secret.size()))),
                qPrintable(file.fileName()));
        ++count;
    }
    QCOMPARE(count, 8);

    // The capsule opens again and answers a new query.
    const auto answer = runFleetglass({ QStringLiteral("query"), QStringLiteral("instant"),
        m_folder.filePath(QStringLiteral("demo.fgsnap")), QStringLiteral("count by (job) (up)"),
        QStringLiteral("--format"), QStringLiteral("json") });
    QVERIFY2(answer.exitCode == 0, answer.errors.constData());
    const QJsonObject json = QJsonDocument::fromJson(answer.output).object();
    QCOMPARE(json[QStringLiteral("status")].toString(), QStringLiteral("success"));
    QVERIFY2(answer.output.contains("etcha"), answer.output.constData());
}

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_command_line.moc"
