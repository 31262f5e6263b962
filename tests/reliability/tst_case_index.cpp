// Goal: no case of the list is without its test. Method: the names of test functions and rows in
// the sources, against tests/reliability/cases.txt.
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

namespace {

QString testFolder()
{
    return qEnvironmentVariable("FLEETGLASS_SOURCE_DIR") + QStringLiteral("/tests/");
}

QString textOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QStringList listedIds()
{
    QStringList ids;
    const QStringList lines
        = textOf(testFolder() + QStringLiteral("reliability/cases.txt")).split(QLatin1Char('\n'));
    for (const QString& line : lines) {
        if (!line.isEmpty() && !line.startsWith(QLatin1Char('#')))
            ids.append(line.section(QLatin1Char(' '), 0, 0));
    }
    return ids;
}

// "h26T10Cookies..." proves two; "H25 RST_STREAM ..." is a row's name.
QSet<QString> provenIds()
{
    static const QRegularExpression kFunction(
        QStringLiteral("void (?:\\w+::)?((?:[htkcHTKC]\\d+)+)[A-Z]\\w*\\("));
    static const QRegularExpression kRow(QStringLiteral("\"([HTKC]\\d+) [^\"]"));
    static const QRegularExpression kId(QStringLiteral("[HTKC]\\d+"));
    QSet<QString> ids;
    QDirIterator files(
        testFolder(), { QStringLiteral("tst_*.cpp") }, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString text = textOf(files.next());
        for (const auto* pattern : { &kFunction, &kRow }) {
            for (auto found = pattern->globalMatch(text); found.hasNext();) {
                const QString names = found.next().captured(1).toUpper();
                for (auto id = kId.globalMatch(names); id.hasNext();)
                    ids.insert(id.next().captured());
            }
        }
    }
    return ids;
}

} // namespace

class TestCaseIndex : public QObject
{
    Q_OBJECT
private slots:
    void everyCaseHasItsTest_data();
    void everyCaseHasItsTest();
    void theListIsWhole();
};

void TestCaseIndex::everyCaseHasItsTest_data()
{
    QTest::addColumn<bool>("proven");
    const QSet<QString> proven = provenIds();
    for (const QString& id : listedIds())
        QTest::newRow(qPrintable(id)) << proven.contains(id);
}

void TestCaseIndex::everyCaseHasItsTest()
{
    QFETCH(bool, proven);
    QVERIFY2(proven, "no test carries this id in its name");
}

void TestCaseIndex::theListIsWhole()
{
    const QStringList ids = listedIds();
    QCOMPARE(QSet<QString>(ids.begin(), ids.end()).size(), ids.size());
    const auto all = [&](const QString& letter, int last) {
        for (int i = 1; i <= last; ++i)
            QVERIFY2(ids.contains(letter + QString::number(i)), qPrintable(letter));
    };
    all(QStringLiteral("H"), 45);
    all(QStringLiteral("T"), 10);
    all(QStringLiteral("K"), 8);
}

QTEST_GUILESS_MAIN(TestCaseIndex)
#include "tst_case_index.moc"
