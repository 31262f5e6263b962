// Goal: what a desktop reads about the program agrees with the program. Method: the files are read
// from the source tree and compared with the help text, the flags and the capsule's format.
#include "core/snapshot/capsule_format.h"

#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

namespace {

const QString kId = QStringLiteral("io.github.fleetglass.Fleetglass");

QString readText(const QString& path)
{
    QFile file(qEnvironmentVariable("FLEETGLASS_SOURCE_DIR") + QLatin1Char('/') + path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QString resource(const QString& ending)
{
    return readText(QStringLiteral("resources/") + kId + ending);
}

// "Group/Key" to value, as the Desktop Entry Specification has it.
QMap<QString, QString> desktopKeys()
{
    QMap<QString, QString> keys;
    QString group;
    for (const QString& line : resource(QStringLiteral(".desktop")).split(QLatin1Char('\n'))) {
        if (line.startsWith(QLatin1Char('[')))
            group = line.mid(1, line.size() - 2);
        else if (const auto equals = line.indexOf(QLatin1Char('=')); equals > 0)
            keys.insert(group + QLatin1Char('/') + line.left(equals), line.mid(equals + 1));
    }
    return keys;
}

struct Element
{
    QString name;
    QXmlStreamAttributes attributes;
    QString text; // Up to the first child.
};

QList<Element> elementsOf(const QString& xml, QString* error)
{
    QList<Element> elements;
    QXmlStreamReader reader(xml);
    while (!reader.atEnd()) {
        const auto token = reader.readNext();
        if (token == QXmlStreamReader::StartElement)
            elements.append({ reader.name().toString(), reader.attributes(), {} });
        else if (token == QXmlStreamReader::Characters && !elements.isEmpty())
            elements.last().text += reader.text();
    }
    *error = reader.hasError() ? reader.errorString() : QString();
    return elements;
}

const Element* find(const QList<Element>& elements, const QString& name)
{
    const auto found = std::find_if(elements.begin(), elements.end(),
        [&](const Element& element) { return element.name == name; });
    return found == elements.end() ? nullptr : &*found;
}

QStringList captured(const QString& text, const QString& pattern)
{
    QStringList words;
    auto matches
        = QRegularExpression(pattern, QRegularExpression::MultilineOption).globalMatch(text);
    while (matches.hasNext())
        words << matches.next().captured(1);
    words.removeDuplicates();
    return words;
}

// The words behind "fleetglass" in the lines of the help text.
QStringList verbs()
{
    const QString source = readText(QStringLiteral("app/main.cpp"));
    const auto begin = source.indexOf(QLatin1String("R\"("));
    const QString help = source.mid(begin, source.indexOf(QLatin1String(")\""), begin) - begin);
    return captured(help, QStringLiteral("^  fleetglass ([a-z][a-z-]*)"));
}

// The man page writes its dashes as "\-".
QString documentText(const QString& path)
{
    return readText(path).replace(QLatin1String("\\-"), QLatin1String("-"));
}

bool hasWord(const QString& text, const QString& word)
{
    const QRegularExpression pattern(QStringLiteral("(?<![A-Za-z0-9_.-])")
        + QRegularExpression::escape(word) + QStringLiteral("(?![A-Za-z0-9_-])"));
    return text.contains(pattern);
}

} // namespace

class TestResources : public QObject
{
    Q_OBJECT

private slots:
    void desktopEntryStartsTheProgramWithFiles();
    void everyDesktopActionIsDescribed();
    void desktopEntryOpensWhatTheMimeFileDescribes();
    void windowNamesTheDesktopEntry();
    void mimeMagicIsTheCapsulesApplicationId();
    void metainfoNamesTheSameThings();
    void metainfoKnowsTheVersion();
    void iconIsAScalableSquare();
    void everyVerbIsDocumented_data();
    void everyVerbIsDocumented();
    void everyFlagIsDocumented_data();
    void everyFlagIsDocumented();
    void everyResourceIsInstalled_data();
    void everyResourceIsInstalled();
};

void TestResources::desktopEntryStartsTheProgramWithFiles()
{
    const auto keys = desktopKeys();
    const auto key = [&](const char* name) {
        return keys.value(QStringLiteral("Desktop Entry/") + QLatin1String(name));
    };
    QCOMPARE(key("Type"), QStringLiteral("Application"));
    QCOMPARE(key("Name"), QStringLiteral("Fleetglass"));
    // %U would hand over file:// addresses, which the command line takes for URLs of targets.
    QCOMPARE(key("Exec"), QStringLiteral("fleetglass %F"));
    QCOMPARE(key("Icon"), kId);
    QCOMPARE(key("Terminal"), QStringLiteral("false"));
    for (const char* name : { "Comment", "Categories", "Keywords", "TryExec" })
        QVERIFY2(!key(name).isEmpty(), name);
}

void TestResources::everyDesktopActionIsDescribed()
{
    const auto keys = desktopKeys();
    const QStringList actions = keys.value(QStringLiteral("Desktop Entry/Actions"))
                                    .split(QLatin1Char(';'), Qt::SkipEmptyParts);
    QVERIFY(actions.contains(QStringLiteral("demo")));
    for (const QString& action : actions) {
        const QString group = QStringLiteral("Desktop Action ") + action + QLatin1Char('/');
        QVERIFY2(!keys.value(group + QStringLiteral("Name")).isEmpty(), qPrintable(action));
        QVERIFY2(
            keys.value(group + QStringLiteral("Exec")).startsWith(QLatin1String("fleetglass ")),
            qPrintable(action));
    }
    QCOMPARE(keys.value(QStringLiteral("Desktop Action demo/Exec")),
        QStringLiteral("fleetglass --demo"));
}

void TestResources::desktopEntryOpensWhatTheMimeFileDescribes()
{
    QString error;
    const auto elements
        = elementsOf(readText(QStringLiteral("resources/fleetglass-mime.xml")), &error);
    QVERIFY2(error.isEmpty(), qPrintable(error));
    const Element* type = find(elements, QStringLiteral("mime-type"));
    QVERIFY(type);
    QCOMPARE(desktopKeys().value(QStringLiteral("Desktop Entry/MimeType")),
        type->attributes.value(QStringLiteral("type")).toString() + QLatin1Char(';'));
    const Element* glob = find(elements, QStringLiteral("glob"));
    QVERIFY(glob);
    QCOMPARE(
        glob->attributes.value(QStringLiteral("pattern")).toString(), QStringLiteral("*.fgsnap"));
}

void TestResources::windowNamesTheDesktopEntry()
{
    QVERIFY(readText(QStringLiteral("app/verb_window.cpp"))
                .contains(QStringLiteral("setDesktopFileName(QStringLiteral(\"") + kId
                    + QStringLiteral("\"))")));
}

void TestResources::mimeMagicIsTheCapsulesApplicationId()
{
    QString error;
    const auto elements
        = elementsOf(readText(QStringLiteral("resources/fleetglass-mime.xml")), &error);
    QList<QXmlStreamAttributes> matches;
    for (const Element& element : elements) {
        if (element.name == QLatin1String("match"))
            matches << element.attributes;
    }
    QCOMPARE(matches.size(), 2);
    QCOMPARE(
        matches[0].value(QStringLiteral("value")).toString(), QStringLiteral("SQLite format 3\\0"));
    QCOMPARE(matches[0].value(QStringLiteral("offset")).toString(), QStringLiteral("0"));
    // SQLite keeps the application id at byte 68, big endian (file format, "The Database Header").
    QCOMPARE(matches[1].value(QStringLiteral("offset")).toString(), QStringLiteral("68"));
    QCOMPARE(matches[1].value(QStringLiteral("type")).toString(), QStringLiteral("big32"));
    bool isNumber = false;
    const uint value = matches[1].value(QStringLiteral("value")).toString().toUInt(&isNumber, 16);
    QVERIFY(isNumber);
    QCOMPARE(value, fleetglass::snapshot::kApplicationId);
}

void TestResources::metainfoNamesTheSameThings()
{
    QString error;
    const auto elements = elementsOf(resource(QStringLiteral(".metainfo.xml")), &error);
    QVERIFY2(error.isEmpty(), qPrintable(error));
    const auto text = [&](const char* name) {
        const Element* element = find(elements, QLatin1String(name));
        return element ? element->text.trimmed() : QString();
    };
    QCOMPARE(text("id"), kId);
    QCOMPARE(text("launchable"), kId + QStringLiteral(".desktop"));
    QCOMPARE(text("project_license"), QStringLiteral("GPL-3.0-or-later"));
    QCOMPARE(text("binary"), QStringLiteral("fleetglass"));
    QCOMPARE(text("mediatype") + QLatin1Char(';'),
        desktopKeys().value(QStringLiteral("Desktop Entry/MimeType")));
}

void TestResources::metainfoKnowsTheVersion()
{
    const QStringList versions = captured(readText(QStringLiteral("CMakeLists.txt")),
        QStringLiteral("^project\\(Fleetglass VERSION ([0-9.]+)"));
    QCOMPARE(versions.size(), 1);
    QString error;
    const auto elements = elementsOf(resource(QStringLiteral(".metainfo.xml")), &error);
    const Element* release = find(elements, QStringLiteral("release"));
    QVERIFY(release);
    QCOMPARE(release->attributes.value(QStringLiteral("version")).toString(), versions.first());
    QVERIFY(readText(QStringLiteral("resources/man/fleetglass.1"))
                .startsWith(QStringLiteral(".TH FLEETGLASS 1 "))
        && readText(QStringLiteral("resources/man/fleetglass.1"))
               .section(QLatin1Char('\n'), 0, 0)
               .contains(QStringLiteral("\"Fleetglass ") + versions.first()));
}

void TestResources::iconIsAScalableSquare()
{
    QString error;
    const auto elements = elementsOf(resource(QStringLiteral(".svg")), &error);
    QVERIFY2(error.isEmpty(), qPrintable(error));
    const Element* svg = find(elements, QStringLiteral("svg"));
    QVERIFY(svg);
    const QStringList box
        = svg->attributes.value(QStringLiteral("viewBox")).toString().split(QLatin1Char(' '));
    QCOMPARE(box.size(), 4);
    QCOMPARE(box[2], box[3]);
}

void TestResources::everyVerbIsDocumented_data()
{
    QTest::addColumn<QString>("path");
    for (const char* path : { "resources/man/fleetglass.1", "installer/completions/fleetglass.bash",
             "installer/completions/_fleetglass", "installer/completions/fleetglass.fish" })
        QTest::newRow(path) << QString::fromUtf8(path);
}

void TestResources::everyVerbIsDocumented()
{
    QFETCH(QString, path);
    const QStringList all = verbs();
    QVERIFY2(all.size() >= 6, "the help text of app/main.cpp was not understood");
    const QString text = documentText(path);
    for (const QString& verb : all)
        QVERIFY2(hasWord(text, verb), qPrintable(verb));
}

void TestResources::everyFlagIsDocumented_data()
{
    everyVerbIsDocumented_data();
}

void TestResources::everyFlagIsDocumented()
{
    QFETCH(QString, path);
    QStringList flags;
    for (const char* verb :
        { "window", "check", "test", "scrape", "record", "query", "snapshot", "demo_fleet" })
        flags << captured(readText(QStringLiteral("app/verb_%1.cpp").arg(QLatin1String(verb))),
            QStringLiteral("\\{ \"([a-z][a-z.-]*)\"(?:, false)? \\}"));
    QVERIFY2(flags.size() >= 30, "the flags of app/verb_*.cpp were not understood");
    const bool isFish = path.endsWith(QLatin1String(".fish"));
    const QString text = documentText(path);
    for (const QString& flag : flags) {
        const QString word = isFish ? QStringLiteral("-l ") + flag : QStringLiteral("--") + flag;
        QVERIFY2(hasWord(text, word), qPrintable(word));
    }
}

void TestResources::everyResourceIsInstalled_data()
{
    QTest::addColumn<QString>("line");
    for (const char* line :
        { "${id}.desktop", "${id}.metainfo.xml", "${id}.svg", "fleetglass-mime.xml",
            "man/fleetglass.1", "fleetglass.bash", "_fleetglass", "fleetglass.fish" })
        QTest::newRow(line) << QString::fromUtf8(line);
}

void TestResources::everyResourceIsInstalled()
{
    QFETCH(QString, line);
    const QString rules = readText(QStringLiteral("cmake/install.cmake"));
    QVERIFY(rules.contains(QRegularExpression(QStringLiteral("install\\(FILES \"\\$\\{[a-z]+\\}/")
        + QRegularExpression::escape(line) + QLatin1Char('"'))));
}

QTEST_GUILESS_MAIN(TestResources)
#include "tst_resources.moc"
