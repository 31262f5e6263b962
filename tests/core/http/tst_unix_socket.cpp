// Goal: a target behind a socket file is asked like any other, and what is wrong with the file is
// said. Method: a server on a socket of its own in a fresh folder.
#include "tests/support/fault_server.h"
#include "tests/support/live_transport.h"

#include <QTemporaryDir>
#include <QTest>
#include <fcntl.h>
#include <unistd.h>

using namespace fleetglass;
using namespace fleetglass::http;
using namespace fleetglass::test;

namespace {

Request requestOn(const std::string& socket, const std::string& url = "http://docker/v1.44/info")
{
    auto client = std::make_shared<ClientOptions>();
    client->unixSocket = socket;
    client->proxy.url = Secret("http://127.0.0.1:1"); // Must not be asked.
    Request request;
    request.url = url;
    request.client = std::move(client);
    request.timeout = std::chrono::seconds(5);
    return request;
}

class Answers
{
public:
    explicit Answers(FaultHandler handler)
        : path(folder.path().toStdString() + "/api.sock")
        , server(std::move(handler), options(path))
    {
    }

    QTemporaryDir folder;
    const std::string path;
    FaultServer server;

private:
    static FaultServerOptions options(const std::string& path)
    {
        FaultServerOptions result;
        result.unixSocket = path;
        return result;
    }
};

} // namespace

class TestUnixSocket : public QObject
{
    Q_OBJECT
private slots:
    void theSocketAnswersForTheHost();
    void connectionsAreUsedAgain();
    void redirectToAnotherOriginLeavesTheSocket();
    void missingSocketIsNamed();
    void deadSocketRefuses();
    void badPathsAreErrors_data();
    void badPathsAreErrors();
};

void TestUnixSocket::theSocketAnswersForTheHost()
{
    Answers answers([](FaultConnection& c, const ReceivedRequest&) { c.send(httpAnswer("{}")); });
    LiveTransport live;
    const Exchange exchange = live.fetch(requestOn(answers.path));
    QVERIFY2(!exchange.failure, exchange.failure ? exchange.failure->message.c_str() : "");
    QCOMPARE(exchange.body, std::string("{}"));
    QCOMPARE(exchange.remoteAddress, "unix:" + answers.path);
    QCOMPARE(answers.server.requests().front().path, std::string("/v1.44/info"));
    QCOMPARE(answers.server.requests().front().header("Host"), std::string("docker"));
}

void TestUnixSocket::connectionsAreUsedAgain()
{
    Answers answers([](FaultConnection& c, const ReceivedRequest&) {
        c.send(httpAnswer("{}"));
        c.keepAlive();
    });
    LiveTransport live;
    QVERIFY(!live.fetch(requestOn(answers.path)).failure);
    const Exchange second = live.fetch(requestOn(answers.path));
    QVERIFY(second.connectionReused);
    QCOMPARE(answers.server.connections(), 1);
}

void TestUnixSocket::redirectToAnotherOriginLeavesTheSocket()
{
    FaultServer other(
        [](FaultConnection& c, const ReceivedRequest&) { c.send(httpAnswer("elsewhere")); });
    const std::string to = other.url("/there");
    Answers answers([to](FaultConnection& c, const ReceivedRequest&) {
        c.send(httpAnswer("", "text/plain", "302 Found", "Location: " + to + "\r\n"));
    });
    Request request = requestOn(answers.path);
    auto client = std::make_shared<ClientOptions>(*request.client);
    client->proxy.url = {};
    request.client = client;
    LiveTransport live;
    const Exchange exchange = live.fetch(std::move(request));
    QCOMPARE(exchange.body, std::string("elsewhere"));
    QVERIFY(exchange.redirects.at(0).bare);
    QCOMPARE(answers.server.connections(), 1);
}

void TestUnixSocket::missingSocketIsNamed()
{
    const QTemporaryDir folder;
    const std::string path = folder.path().toStdString() + "/none.sock";
    LiveTransport live;
    const Exchange exchange = live.fetch(requestOn(path));
    QCOMPARE(exchange.failure->message, "there is no socket " + path);
    QCOMPARE(exchange.failure->phase, Phase::Tcp);
}

void TestUnixSocket::deadSocketRefuses()
{
    std::string path;
    QTemporaryDir folder;
    path = folder.path().toStdString() + "/file.sock";
    {
        FaultServerOptions options;
        options.unixSocket = path;
        FaultServer server([](FaultConnection&, const ReceivedRequest&) {}, options);
    }
    LiveTransport live;
    const Exchange exchange = live.fetch(requestOn(path));
    QCOMPARE(exchange.failure->message, "connection refused by the socket " + path);
}

void TestUnixSocket::badPathsAreErrors_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("message");
    QTest::newRow("relative") << QStringLiteral(
        "run/x.sock") << QStringLiteral("the socket path \"run/x.sock\" must begin with a slash");
    const QString longOne = QLatin1Char('/') + QString(107, QLatin1Char('a'));
    QTest::newRow("too long")
        << longOne
        << QStringLiteral("the socket path %1... is longer than 107 bytes").arg(longOne.left(40));
}

void TestUnixSocket::badPathsAreErrors()
{
    QFETCH(QString, path);
    LiveTransport live;
    const Exchange exchange = live.fetch(requestOn(path.toStdString()));
    QTEST(QString::fromStdString(exchange.failure->message), "message");
    QCOMPARE(exchange.failure->code, FailureCode::BadUrl);
}

QTEST_GUILESS_MAIN(TestUnixSocket)
#include "tst_unix_socket.moc"
