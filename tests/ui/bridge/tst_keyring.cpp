// Goal: a secret is in the desktop's secret service after a restart, or the user is told that it is
// not. Method: a session bus and gnome-keyring of the test's own, in a folder of its own.
#include "ui/bridge/keyring.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <optional>

using namespace fleetglass;
using bridge::Keyring;

namespace {

// `kept` of a write; nothing where no answer came.
std::optional<bool> write(Keyring& keyring, const QString& path, const QString& secret)
{
    std::optional<bool> answer;
    keyring.write(path, secret, [&](bool kept) { answer = kept; });
    [&] { QTRY_VERIFY_WITH_TIMEOUT(answer.has_value(), 30'000); }();
    return answer;
}

std::optional<QString> read(Keyring& keyring, const QString& path)
{
    std::optional<QString> answer;
    keyring.read(path, [&](const QString& secret) { answer = secret; });
    [&] { QTRY_VERIFY_WITH_TIMEOUT(answer.has_value(), 30'000); }();
    return answer;
}

} // namespace

class TestKeyring : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void withoutAServiceASecretIsHeldUntilTheEnd();
    void aSecretIsThereAfterARestart();
    void anotherSecretReplacesTheFirst();
    void whatWasNeverKeptReadsAsEmpty();
    void theSecretIsNotReadableInTheServicesFiles();
    void aServiceThatGoesAwayLosesNothingOfThisRun();
    void cleanupTestCase();

private:
    void startService();

    QTemporaryDir m_home;
    QProcess m_bus;
    QProcess m_service;
};

void TestKeyring::initTestCase()
{
    QVERIFY(m_home.isValid());
    for (const char* name : { "HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR" })
        qputenv(name, m_home.path().toUtf8());
    // A bus that nobody serves; the real session's keyring must not be asked.
    qputenv("DBUS_SESSION_BUS_ADDRESS",
        "unix:path=" + m_home.filePath(QStringLiteral("none")).toUtf8());
}

void TestKeyring::withoutAServiceASecretIsHeldUntilTheEnd()
{
    Keyring keyring;
    QCOMPARE(write(keyring, QStringLiteral("etcha/key"), QStringLiteral("s3cret")), false);
    QCOMPARE(read(keyring, QStringLiteral("etcha/key")), QStringLiteral("s3cret"));
    Keyring afterRestart;
    QCOMPARE(read(afterRestart, QStringLiteral("etcha/key")), QString());
}

void TestKeyring::startService()
{
    if (m_service.state() == QProcess::Running)
        return;
    const QString bus = QStandardPaths::findExecutable(QStringLiteral("dbus-daemon"));
    const QString service = QStandardPaths::findExecutable(QStringLiteral("gnome-keyring-daemon"));
    if (bus.isEmpty() || service.isEmpty())
        QSKIP("dbus-daemon and gnome-keyring are not installed");
    m_bus.start(bus,
        { QStringLiteral("--session"), QStringLiteral("--nofork"),
            QStringLiteral("--print-address=1") });
    QVERIFY(m_bus.waitForReadyRead(10'000));
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_bus.readLine().trimmed());
    m_service.start(service,
        { QStringLiteral("--foreground"), QStringLiteral("--unlock"),
            QStringLiteral("--components=secrets") });
    QVERIFY(m_service.waitForStarted(10'000));
    m_service.write("a password for the login keyring");
    m_service.closeWriteChannel();
    // A call to the service itself would make the bus start a second one.
    QProcess probe;
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            probe.start(QStringLiteral("dbus-send"),
                { QStringLiteral("--session"), QStringLiteral("--print-reply"),
                    QStringLiteral("--dest=org.freedesktop.DBus"), QStringLiteral("/"),
                    QStringLiteral("org.freedesktop.DBus.NameHasOwner"),
                    QStringLiteral("string:org.freedesktop.secrets") });
            return probe.waitForFinished(5'000) && probe.readAll().contains("boolean true");
        }(),
        20'000);
}

void TestKeyring::aSecretIsThereAfterARestart()
{
    startService();
    {
        Keyring keyring;
        QCOMPARE(write(keyring, QStringLiteral("awx/token"), QStringLiteral("tøken-1")), true);
    }
    Keyring afterRestart;
    QCOMPARE(read(afterRestart, QStringLiteral("awx/token")), QStringLiteral("tøken-1"));
}

void TestKeyring::anotherSecretReplacesTheFirst()
{
    startService();
    Keyring keyring;
    QCOMPARE(write(keyring, QStringLiteral("awx/token"), QStringLiteral("second")), true);
    QCOMPARE(read(keyring, QStringLiteral("awx/token")), QStringLiteral("second"));
}

void TestKeyring::whatWasNeverKeptReadsAsEmpty()
{
    startService();
    Keyring keyring;
    QCOMPARE(read(keyring, QStringLiteral("nobody/nothing")), QString());
}

void TestKeyring::theSecretIsNotReadableInTheServicesFiles()
{
    startService();
    Keyring keyring;
    QCOMPARE(
        write(keyring, QStringLiteral("db/password"), QStringLiteral("plainly-visible")), true);
    QProcess grep;
    grep.start(QStringLiteral("grep"),
        { QStringLiteral("-r"), QStringLiteral("plainly-visible"), m_home.path() });
    QVERIFY(grep.waitForFinished(10'000));
    QCOMPARE(grep.exitCode(), 1);
}

void TestKeyring::aServiceThatGoesAwayLosesNothingOfThisRun()
{
    startService();
    m_service.kill();
    QVERIFY(m_service.waitForFinished(10'000));
    Keyring keyring;
    QCOMPARE(write(keyring, QStringLiteral("late"), QStringLiteral("held")), false);
    QCOMPARE(read(keyring, QStringLiteral("late")), QStringLiteral("held"));
}

void TestKeyring::cleanupTestCase()
{
    for (QProcess* process : { &m_service, &m_bus }) {
        process->kill();
        process->waitForFinished(5'000);
    }
}

QTEST_GUILESS_MAIN(TestKeyring)
#include "tst_keyring.moc"
