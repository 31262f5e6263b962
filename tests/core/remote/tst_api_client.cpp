// Goal: a server's answer comes through as it is, and what is no answer of an API says so.
#include "core/remote/api_client.h"

#include "tests/support/fault_server.h"
#include "tests/support/live_transport.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::test;

namespace {

FaultHandler answerWithText(std::string answer)
{
    return [answer = std::move(answer)](
               FaultConnection& connection, const ReceivedRequest&) { connection.send(answer); };
}

} // namespace

class TestApiClient : public QObject
{
    Q_OBJECT

private slots:
    void parametersAreEscapedAndThePrefixStays()
    {
        FaultServer server(
            answerWithText(httpAnswer("{\"status\":\"success\"}", "application/json")));
        LiveTransport live;
        const remote::ApiClient client(live.transport(), server.url("/prom//"));
        const auto body
            = client.get("query", { { "query", "up{a=\"b&c\"} + 1" }, { "time", "5" } });
        QVERIFY2(body.has_value(), body ? "" : body.error().message.c_str());
        QCOMPARE(*body, std::string("{\"status\":\"success\"}"));
        QCOMPARE(server.requests().at(0).path,
            std::string("/prom/api/v1/query?query=up%7Ba%3D%22b%26c%22%7D%20%2B%201&time=5"));
    }

    void healthIsAskedBesideTheApi()
    {
        FaultServer server(answerWithText(httpAnswer("Prometheus Server is Healthy.\n")));
        LiveTransport live;
        const remote::ApiClient client(live.transport(), server.url("/prom/"));
        QVERIFY(client.probe("healthy"));
        QCOMPARE(server.requests().at(0).path, std::string("/prom/-/healthy"));
        FaultServer starting(
            answerWithText(httpAnswer("not ready", "text/plain", "503 Service Unavailable")));
        QVERIFY(!remote::ApiClient(live.transport(), starting.url("")).probe("ready"));
    }

    void anErrorOfTheApiIsAnAnswer()
    {
        FaultServer server(answerWithText(
            httpAnswer("{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse\"}",
                "application/json", "400 Bad Request")));
        LiveTransport live;
        const auto body = remote::ApiClient(live.transport(), server.url("")).get("query", {});
        QVERIFY(body);
        QVERIFY(body->find("bad_data") != std::string::npos);
    }

    void whatIsNoApiIsTold_data()
    {
        QTest::addColumn<QString>("answer");
        QTest::addColumn<QString>("part");
        QTest::newRow("page") << QString::fromStdString(
            httpAnswer("<html>hello</html>", "text/html"))
                              << QStringLiteral(
                                     "the answer is not that of a Prometheus-compatible API");
        QTest::newRow("status") << QString::fromStdString(httpAnswer("nope", "text/plain",
            "404 Not Found")) << QStringLiteral("404");
        QTest::newRow("other JSON") << QString::fromStdString(httpAnswer("[1]", "application/json"))
                                    << QStringLiteral("not that of a Prometheus-compatible API");
    }
    void whatIsNoApiIsTold()
    {
        QFETCH(QString, answer);
        QFETCH(QString, part);
        FaultServer server(answerWithText(answer.toStdString()));
        LiveTransport live;
        const auto body = remote::ApiClient(live.transport(), server.url("")).get("query", {});
        QVERIFY(!body);
        const auto message = QString::fromStdString(body.error().message);
        QVERIFY2(message.contains(part), qPrintable(message));
        QVERIFY(message.startsWith(QString::fromStdString(server.url(""))));
        QCOMPARE(body.error().code, ErrorCode::Unavailable);
    }

    void nobodyThereIsTold()
    {
        LiveTransport live;
        const auto url = "http://127.0.0.1:" + std::to_string(closedPort());
        const auto body = remote::ApiClient(live.transport(), url).get("labels", {});
        QVERIFY(!body);
        QVERIFY(body.error().message.find("refused") != std::string::npos);
    }

    void aPasswordInTheUrlIsNotShown()
    {
        LiveTransport live;
        const auto body = remote::ApiClient(live.transport(), "http://u:hunter22@127.0.0.1:1")
                              .get("labels", {});
        QVERIFY(!body);
        QVERIFY2(body.error().message.find("hunter22") == std::string::npos,
            body.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(TestApiClient)
#include "tst_api_client.moc"
