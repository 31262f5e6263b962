// Goal: the tree stays the plan. Method: every #include of core and ui is compared with the arrows
// that CMake declares (module_graph.txt), foreign libraries with the one folder that may know them.
#include <QDirIterator>
#include <QFile>
#include <QHash>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

namespace {

struct Include
{
    QString file; // From the root.
    int line = 0;
    QString name; // What stands between the quotes or brackets.
    bool quoted = false;
};

QString rootPath()
{
    return qEnvironmentVariable("FLEETGLASS_SOURCE_DIR");
}

QString readText(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QStringList sourcesBelow(const QStringList& folders)
{
    QStringList files;
    for (const QString& folder : folders) {
        QDirIterator it(rootPath() + QLatin1Char('/') + folder,
            { QStringLiteral("*.h"), QStringLiteral("*.cpp") }, QDir::Files,
            QDirIterator::Subdirectories);
        while (it.hasNext())
            files << it.next().mid(rootPath().size() + 1);
    }
    files.sort();
    return files;
}

QList<Include> includesOf(const QString& file)
{
    static const QRegularExpression kPattern(
        QStringLiteral("^\\s*#\\s*include\\s*([\"<])([^\">]+)[\">]"));
    QList<Include> includes;
    const QStringList lines
        = readText(rootPath() + QLatin1Char('/') + file).split(QLatin1Char('\n'));
    for (int i = 0; i < lines.size(); ++i) {
        const auto match = kPattern.match(lines[i]);
        if (match.hasMatch())
            includes.append(
                { file, i + 1, match.captured(2), match.captured(1) == QLatin1String("\"") });
    }
    return includes;
}

QString folderOf(const QString& path)
{
    return path.left(path.lastIndexOf(QLatin1Char('/')));
}

QString place(const Include& include)
{
    return QStringLiteral("%1:%2").arg(include.file).arg(include.line);
}

// The foreign headers that only one folder may know.
struct ForeignLibrary
{
    const char* pattern;
    const char* folder;
};

constexpr ForeignLibrary kForeign[] = {
    { "^curl/", "core/http" },
    { "^yaml-cpp/", "core/config" },
    { "^re2/", "core/regex" },
    { "^sqlite3\\.h$", "core/snapshot" },
    { "^httplib\\.h$", "core/demo" },
    { "^qcustomplot\\.h$", "ui/charts" },
    { "^qt6keychain/", "ui/bridge" },
};

} // namespace

class TestArrows : public QObject
{
    Q_OBJECT

private slots:
    void everyIncludeBetweenFoldersIsADeclaredArrow();
    void aForeignLibraryIsKnownToOneFolder();
    void coreKnowsNoQt();
    void includesNameTheirPathFromTheRoot();
    void patternsFromOutsideAreNeverStdRegex();
    void sourcesStayWithinTheColumnLimit();
};

void TestArrows::everyIncludeBetweenFoldersIsADeclaredArrow()
{
    QHash<QString, QSet<QString>> arrows;
    const QString graph = readText(
        qEnvironmentVariable("FLEETGLASS_BINARY_DIR") + QStringLiteral("/module_graph.txt"));
    for (const QString& line : graph.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        const QString module = line.section(QLatin1Char(':'), 0, 0);
        const auto targets
            = line.section(QLatin1Char(':'), 1).split(QLatin1Char(' '), Qt::SkipEmptyParts);
        arrows[module] = QSet<QString>(targets.begin(), targets.end());
    }
    QVERIFY(arrows.size() > 10);

    QStringList errors;
    for (const QString& file : sourcesBelow({ QStringLiteral("core"), QStringLiteral("ui") })) {
        const QString module = folderOf(file);
        for (const Include& include : includesOf(file)) {
            const QString target = folderOf(include.name);
            if (include.quoted && target != module && !arrows.value(module).contains(target))
                errors << QStringLiteral("%1: %2 does not depend on %3")
                              .arg(place(include), module, target);
        }
    }
    QVERIFY2(errors.isEmpty(), qPrintable(errors.join(QLatin1Char('\n'))));
}

void TestArrows::aForeignLibraryIsKnownToOneFolder()
{
    QStringList errors;
    for (const QString& file :
        sourcesBelow({ QStringLiteral("core"), QStringLiteral("ui"), QStringLiteral("app") })) {
        for (const Include& include : includesOf(file)) {
            for (const ForeignLibrary& library : kForeign) {
                const bool is = QRegularExpression(QLatin1String(library.pattern))
                                    .match(include.name)
                                    .hasMatch();
                if (is && folderOf(file) != QLatin1String(library.folder))
                    errors << QStringLiteral("%1: only %2 may know %3")
                                  .arg(place(include), QLatin1String(library.folder), include.name);
            }
        }
    }
    QVERIFY2(errors.isEmpty(), qPrintable(errors.join(QLatin1Char('\n'))));
}

void TestArrows::coreKnowsNoQt()
{
    static const QRegularExpression kQt(QStringLiteral("^Qt?[A-Z]"));
    QStringList errors;
    for (const QString& file : sourcesBelow({ QStringLiteral("core") })) {
        for (const Include& include : includesOf(file)) {
            if (!include.quoted && kQt.match(include.name).hasMatch())
                errors << place(include) + QStringLiteral(": ") + include.name;
        }
    }
    QVERIFY2(errors.isEmpty(), qPrintable(errors.join(QLatin1Char('\n'))));
}

void TestArrows::includesNameTheirPathFromTheRoot()
{
    static const QRegularExpression kQualified(QStringLiteral("^(app|core|ui|tests)/"));
    QStringList errors;
    for (const QString& file :
        sourcesBelow({ QStringLiteral("core"), QStringLiteral("ui"), QStringLiteral("app") })) {
        for (const Include& include : includesOf(file)) {
            const bool generated = include.name.endsWith(QLatin1String(".moc"));
            if (include.quoted && !generated && !kQualified.match(include.name).hasMatch())
                errors << place(include) + QStringLiteral(": \"") + include.name + QLatin1Char('"');
        }
    }
    QVERIFY2(errors.isEmpty(), qPrintable(errors.join(QLatin1Char('\n'))));
}

void TestArrows::patternsFromOutsideAreNeverStdRegex()
{
    // std::regex overflows the stack on a label of 20,000 characters.
    QStringList errors;
    for (const QString& file : sourcesBelow({ QStringLiteral("core"), QStringLiteral("app") })) {
        for (const Include& include : includesOf(file)) {
            if (include.name == QLatin1String("regex"))
                errors << place(include);
        }
    }
    QVERIFY2(errors.isEmpty(), qPrintable(errors.join(QLatin1Char('\n'))));
}

void TestArrows::sourcesStayWithinTheColumnLimit()
{
    constexpr int kColumnsMax
        = 130; // clang-format breaks at 100; string literals may stand out a little.
    QStringList errors;
    for (const QString& file :
        sourcesBelow({ QStringLiteral("core"), QStringLiteral("ui"), QStringLiteral("app") })) {
        const QStringList lines
            = readText(rootPath() + QLatin1Char('/') + file).split(QLatin1Char('\n'));
        for (int i = 0; i < lines.size(); ++i) {
            if (lines[i].size() > kColumnsMax)
                errors << QStringLiteral("%1:%2: %3 columns")
                              .arg(file)
                              .arg(i + 1)
                              .arg(lines[i].size());
        }
    }
    QVERIFY2(errors.isEmpty(), qPrintable(errors.join(QLatin1Char('\n'))));
}

QTEST_GUILESS_MAIN(TestArrows)
#include "tst_arrows.moc"
