#include "core/config/yaml_reader.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <sys/stat.h>

using namespace fleetglass;
using namespace fleetglass::config;

namespace {

QString errorOf(const Result<YamlDocument>& document)
{
    return document ? QStringLiteral("(read)") : QString::fromStdString(document.error().at("f"));
}

std::string aliasBomb()
{
    std::string text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 20; ++i) {
        const std::string last = "*a" + std::to_string(i - 1);
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int j = 0; j < 9; ++j)
            text += (j > 0 ? "," : "") + last;
        text += "]\n";
    }
    return text;
}

} // namespace

class YamlReaderTest : public QObject
{
    Q_OBJECT
private slots:
    void refusesWithPlaceAndReason_data();
    void refusesWithPlaceAndReason();
    void anEmptyTextIsANullDocument();
    void nodesKnowTheirPlaces();
    void c6DuplicateKeysAreKeptAsideWithBothPlaces();
    void c6DuplicatesInALargeMapAreFound();
    void c8MergeKeysGiveWhatIsNotWritten();
    void c8OnlyMapsCanBeMerged();
    void quotedScalarsAreNotPlain();
    void aSecondDocumentMayBeIgnoredWhereItIsMarked();
    void aByteOrderMarkIsSkipped();
    void c4PipesAndDirectoriesAreNotRead();
    void c4ALargeFileIsRefusedBeforeItIsRead();
    void aMissingFileIsNotFound();
};

void YamlReaderTest::refusesWithPlaceAndReason_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("error");
    const auto row = [](const char* name, const std::string& text, const char* error) {
        QTest::newRow(name) << QByteArray::fromStdString(text) << QString::fromUtf8(error);
    };
    row("C1 alias bomb", aliasBomb(),
        "f:7:14: config too large after alias expansion: more than 1,000,000 nodes");
    row("C2 alias cycle", "a: &a {b: *a}\n", "f:1:11: this alias refers to itself");
    row("C3 nesting", std::string(100'000, '['),
        "f:1:33: nested deeper than the limit of 64 levels");
    row("C4 NUL", std::string("a: b\nc: \0d", 10), "f:2:4: binary data, not a text: a NUL byte");
    row("C4 UTF-16",
        "\xFF\xFE"
        "a",
        "f:1:1: the text is UTF-16; save it as UTF-8");
    row("C4 not UTF-8", "a: b\nc: \xC3(\n", "f:2:4: the text is not UTF-8 here");
    row("C4 control character", "a: \x01\n", "f:1:4: control characters are not allowed");
    row("C4 HTML", "\n<!DOCTYPE html>\n<html>", "f:1:1: a page of HTML or XML, not YAML");
    row("C5 lost indentation", "- job_name: a\nmetrics_path: /m\n",
        "f:2:1: the document ends before this line, the rest would be ignored: \"metrics_path: "
        "/m\" "
        "(is its indentation lost?)");
    row("C5 second document", "a: 1\n---\nb: 2\n",
        "f:2:1: a second document starts here; only one is allowed");
    row("tab", "a:\n\tb: 1\n", "f:2:3: found a tab where only spaces may indent");
    row("template", "a: {{ value }}\n",
        "f:1:5: a key must be a text, not a list or a map (missing quotes around {{ }}?)");
}

void YamlReaderTest::refusesWithPlaceAndReason()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, error);
    QCOMPARE(errorOf(readYaml(text.toStdString())), error);
}

void YamlReaderTest::anEmptyTextIsANullDocument()
{
    const auto document = readYaml("# only a comment\n");
    QVERIFY(document.has_value());
    QVERIFY(document->root->isNull());
}

void YamlReaderTest::nodesKnowTheirPlaces()
{
    const auto document = readYaml("top:\n  - name: x\n    list: [a, b]\n");
    QVERIFY(document.has_value());
    const YamlEntry* top = document->root->find("top");
    QVERIFY(top != nullptr);
    QCOMPARE(top->keyPosition, (Position { 1, 1 }));
    const YamlEntry* list = top->value->items.at(0)->find("list");
    QCOMPARE(list->keyPosition, (Position { 3, 5 }));
    QCOMPARE(list->value->items.at(1)->position, (Position { 3, 15 }));
}

void YamlReaderTest::c6DuplicateKeysAreKeptAsideWithBothPlaces()
{
    const auto document = readYaml("a: 1\nb: 2\na: 3\n");
    QVERIFY(document.has_value());
    QCOMPARE(document->root->entries.size(), size_t { 2 });
    QCOMPARE(document->root->duplicates.size(), size_t { 1 });
    QCOMPARE(document->root->duplicates[0].first, (Position { 1, 1 }));
    QCOMPARE(document->root->duplicates[0].second, (Position { 3, 1 }));
}

void YamlReaderTest::c6DuplicatesInALargeMapAreFound()
{
    std::string text;
    for (int i = 0; i < 200; ++i)
        text += "key" + std::to_string(i) + ": x\n";
    const auto document = readYaml(text + "key7: y\nkey150: z\n");
    QVERIFY(document.has_value());
    QCOMPARE(document->root->entries.size(), size_t { 200 });
    QCOMPARE(document->root->duplicates.size(), size_t { 2 });
    QCOMPARE(document->root->duplicates[0].first.line, 8);
    QCOMPARE(document->root->duplicates[1].first.line, 151);
}

void YamlReaderTest::c8MergeKeysGiveWhatIsNotWritten()
{
    const auto document = readYaml("base: &base {a: 1, b: 2}\nmore: &more {b: 3, c: 4}\n"
                                   "use:\n  <<: [*base, *more]\n  a: own\n");
    QVERIFY(document.has_value());
    const YamlNode& use = *document->root->find("use")->value;
    QCOMPARE(use.find("a")->value->text, std::string("own"));
    QCOMPARE(use.find("b")->value->text, std::string("2"));
    QCOMPARE(use.find("c")->value->text, std::string("4"));
    QVERIFY(use.find("<<") == nullptr);
}

void YamlReaderTest::c8OnlyMapsCanBeMerged()
{
    QCOMPARE(errorOf(readYaml("a:\n  <<: text\n")),
        QStringLiteral("f:2:3: map merge requires map or sequence of maps as the value"));
}

void YamlReaderTest::quotedScalarsAreNotPlain()
{
    const auto document = readYaml("[yes, \"yes\", 'yes']");
    QVERIFY(document.has_value());
    QVERIFY(document->root->items[0]->plain);
    QVERIFY(!document->root->items[1]->plain);
    QVERIFY(!document->root->items[2]->plain);
}

void YamlReaderTest::aSecondDocumentMayBeIgnoredWhereItIsMarked()
{
    const auto document = readYaml("a: 1\n---\nb: 2\n", LaterDocuments::Ignore);
    QVERIFY(document.has_value());
    QCOMPARE(document->ignoredFrom, (Position { 2, 1 }));
    QVERIFY(!readYaml("- a\nb: 2\n", LaterDocuments::Ignore).has_value());
    QVERIFY(readYaml("a: 1\n---\n").has_value());
}

void YamlReaderTest::aByteOrderMarkIsSkipped()
{
    const auto document = readYaml("\xEF\xBB\xBF"
                                   "a: 1\n");
    QVERIFY(document.has_value());
    QVERIFY(document->root->find("a") != nullptr);
}

void YamlReaderTest::c4PipesAndDirectoriesAreNotRead()
{
    QTemporaryDir folder;
    const std::string fifo = folder.filePath(QStringLiteral("pipe.yml")).toStdString();
    QCOMPARE(::mkfifo(fifo.c_str(), 0600), 0);
    QCOMPARE(
        readTextFile(fifo).error().message, fifo + ": is a pipe or a device, not a regular file");
    QCOMPARE(readTextFile("/dev/zero").error().message,
        std::string("/dev/zero: is a pipe or a device, not a regular file"));
    const std::string path = folder.path().toStdString();
    QCOMPARE(readTextFile(path).error().message, path + ": is a directory, not a file");
}

void YamlReaderTest::c4ALargeFileIsRefusedBeforeItIsRead()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("large.yml")).toStdString();
    std::ofstream(path).close();
    QCOMPARE(::truncate(path.c_str(), 100'000'000), 0);
    const auto text = readTextFile(path);
    QVERIFY(!text.has_value());
    QCOMPARE(text.error().message, path + ": 100000000 bytes are more than the limit of 16 MiB");
    QCOMPARE(text.error().code, ErrorCode::Limit);
}

void YamlReaderTest::aMissingFileIsNotFound()
{
    const auto text = readTextFile("/nonexistent/prometheus.yml");
    QVERIFY(!text.has_value());
    QCOMPARE(text.error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(YamlReaderTest)
#include "tst_yaml_reader.moc"
