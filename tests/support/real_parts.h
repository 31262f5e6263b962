// Real programs on loopback for tests: Debian's exporters, nginx, prometheus. Each is started with
// files of its own in a folder of the test's and ends with it. Used from one thread at a time.
#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>
#include <memory>

namespace fleetglass::support {

// A port that was free a moment ago.
int freePort();
// Whether something accepts connections there within ten seconds.
bool waitForPort(int port);

class Program
{
public:
    // An empty path: the program is not installed.
    static QString find(const QString& name);

    Program(const QString& path, const QStringList& arguments);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    QProcess& process() { return m_process; }

private:
    QProcess m_process;
};

// A socket that takes connections into its backlog and never says a word.
class SilentServer
{
public:
    SilentServer();
    ~SilentServer();
    SilentServer(const SilentServer&) = delete;
    SilentServer& operator=(const SilentServer&) = delete;
    int port() const { return m_port; }

private:
    int m_descriptor = -1;
    int m_port = 0;
};

struct Outcome
{
    int exitCode = -1;
    QByteArray output;
    QByteArray errors;
};

// Runs the built program and waits for it.
Outcome runFleetglass(
    const QStringList& arguments, const QByteArray& input = {}, int timeoutMs = 120'000);
QString fleetglassPath();

void writeText(const QString& path, const QByteArray& text);

} // namespace fleetglass::support
