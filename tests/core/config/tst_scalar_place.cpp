// Goal: one value of a file is exchanged and nothing else moves. Method: every style a scalar can
// be written in; the text is read back.
#include "core/config/scalar_place.h"
#include "core/config/yaml_reader.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::config;

namespace {

const YamlNode& secretOf(const YamlNode& root)
{
    const auto* map = &root;
    if (const auto* list = root.find("list"))
        map = list->value->items.front();
    return *map->find("password")->value;
}

} // namespace

class TestScalarPlace : public QObject
{
    Q_OBJECT
private slots:
    void everyStyleIsExchanged_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        const auto row = [](const char* name, const char* before, const char* after) {
            QTest::newRow(name) << QString::fromUtf8(before) << QString::fromUtf8(after);
        };
        row("plain", "password: geheim\nb: 1\n", "password: 'X'\nb: 1\n");
        row("plain with a comment", "password: geheim  # old\nb: 1\n",
            "password: 'X'  # old\nb: 1\n");
        row("double quotes", "password: \"a\\\"b\" # c\n", "password: 'X' # c\n");
        row("single quotes", "password: 'it''s'\r\nb: 1\r\n", "password: 'X'\r\nb: 1\r\n");
        row("quotes over two lines", "password: \"a\n  b\"\nb: 1\n", "password: 'X'\nb: 1\n");
        row("folded plain", "password: a\n  b\nb: 1\n", "password: 'X'\nb: 1\n");
        row("literal", "password: |\n  k1\n\n  k2\nb: 1\n", "password: 'X'\nb: 1\n");
        row("folded", "password: >-\n  k1\n  k2\n# c\nb: 1\n", "password: 'X'\n# c\nb: 1\n");
        row("flow", "{password: geheim, b: 1}\n", "{password: 'X', b: 1}\n");
        row("flow, last", "{b: 1, password: geheim}\n", "{b: 1, password: 'X'}\n");
        row("under a dash", "list:\n  - password: geheim\n    b: 1\n",
            "list:\n  - password: 'X'\n    b: 1\n");
        row("block under a dash", "list:\n  - password: |\n      k\n    b: 1\n",
            "list:\n  - password: 'X'\n    b: 1\n");
        row("without a last line break", "password: geheim", "password: 'X'");
        row("with letters of more bytes", "a: \xc3\xa4\npassword: g\xc3\xa4h\nb: 1\n",
            "a: \xc3\xa4\npassword: 'X'\nb: 1\n");
    }
    void everyStyleIsExchanged()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        const auto text = before.toStdString();
        const auto document = readYaml(text);
        QVERIFY2(document.has_value(), document ? "" : document.error().message.c_str());
        const auto changed = replaceScalar(text, secretOf(*document->root).position, "'X'");
        QVERIFY2(changed.has_value(), changed ? "" : changed.error().message.c_str());
        QCOMPARE(QString::fromStdString(*changed), after);
        QVERIFY(readYaml(*changed).has_value());
    }

    void whatIsNoScalarIsRefused()
    {
        const auto changed = replaceScalar("a: [1]\n", { 1, 4 }, "'X'");
        QVERIFY(!changed);
        QVERIFY(changed.error().message.starts_with("the value that stands here"));
        QVERIFY(!replaceScalar("a: 1\n", { 7, 1 }, "'X'"));
    }
};

QTEST_GUILESS_MAIN(TestScalarPlace)
#include "tst_scalar_place.moc"
