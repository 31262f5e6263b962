#include "tests/support/real_parts.h"

#include <QElapsedTimer>
#include <QFile>
#include <QStandardPaths>
#include <QThread>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fleetglass::support {

namespace {

sockaddr_in loopback(int port)
{
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    return address;
}

int bindToAnyPort(int descriptor)
{
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (bind(descriptor, reinterpret_cast<sockaddr*>(&address), size) != 0
        || getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        return 0;
    return ntohs(address.sin_port);
}

} // namespace

int freePort()
{
    const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    const int port = bindToAnyPort(descriptor);
    close(descriptor);
    return port;
}

bool waitForPort(int port)
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 10'000) {
        const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
        const sockaddr_in address = loopback(port);
        const bool connected
            = connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        close(descriptor);
        if (connected)
            return true;
        QThread::msleep(20);
    }
    return false;
}

QString Program::find(const QString& name)
{
    return QStandardPaths::findExecutable(name,
        { QStringLiteral("/usr/bin"), QStringLiteral("/usr/sbin"),
            QStringLiteral("/usr/local/bin") });
}

Program::Program(const QString& path, const QStringList& arguments)
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(path, arguments);
    m_process.waitForStarted();
}

Program::~Program()
{
    m_process.terminate();
    if (!m_process.waitForFinished(5'000)) {
        m_process.kill();
        m_process.waitForFinished(5'000);
    }
}

SilentServer::SilentServer()
    : m_descriptor(socket(AF_INET, SOCK_STREAM, 0))
    , m_port(bindToAnyPort(m_descriptor))
{
    listen(m_descriptor, 16);
}

SilentServer::~SilentServer()
{
    close(m_descriptor);
}

QString fleetglassPath()
{
    return qEnvironmentVariable("FLEETGLASS_BINARY_DIR") + QStringLiteral("/fleetglass");
}

Outcome runFleetglass(const QStringList& arguments, const QByteArray& input, int timeoutMs)
{
    QProcess process;
    process.start(fleetglassPath(), arguments);
    process.write(input);
    process.closeWriteChannel();
    Outcome outcome;
    if (!process.waitForFinished(timeoutMs)) {
        process.kill();
        process.waitForFinished(5'000);
        outcome.errors = "timed out\n";
    } else if (process.exitStatus() == QProcess::NormalExit) {
        outcome.exitCode = process.exitCode();
    }
    outcome.output = process.readAllStandardOutput();
    outcome.errors += process.readAllStandardError();
    return outcome;
}

void writeText(const QString& path, const QByteArray& text)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("cannot write %s", qPrintable(path));
}

} // namespace fleetglass::support
